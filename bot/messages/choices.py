"""Participants' choices about the record, as events: being in it again, and taking single messages out.

That somebody asked to be left out is `Withdrawn`, in `events`. The latest choice of a person counts, and the latest
about a message. Who may choose is known before such an event is made: a person for themselves, an author for a message.
"""

from __future__ import annotations

from datetime import UTC

from bot.messages.corrections import Correction
from bot.messages.values import Author, Event


class Returned(Event, frozen=True, kw_only=True):
    """A person wants to be in the record: they take back that they asked to be left out, or say yes beforehand."""

    author: Author
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The person and the moment: they may think better of it again."""
        return f"{self.author.id} {self.at.astimezone(UTC).isoformat()}"


class TakenOut(Correction, frozen=True, kw_only=True, tag="taken_out"):
    """An author takes a message of their own out of the record, or with `on` false puts it back."""

    on: bool = True
