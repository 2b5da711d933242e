"""Corrections: what becomes of a record afterwards, by people who lead the chat or by a platform, as events.

The latest of several about one thing counts, so a correction is taken back by a later one. None has a participant's
words; a summary is the host's own.
"""

from __future__ import annotations

from datetime import UTC

from bot.messages.values import Event, Name


class Correction(Event, frozen=True, kw_only=True):
    """A correction of what is known of one message: `id` on its place."""

    id: Name
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The message and the moment: a correction may be taken back."""
        return f"{self.id} {self.at.astimezone(UTC).isoformat()}"


class MessageMoved(Correction, frozen=True, kw_only=True, tag="moved"):
    """A message belongs to `question`: a question's key, `before` or `after`. None: where it stood by itself."""

    question: Name | None = None


class MessagesMerged(Correction, frozen=True, kw_only=True, tag="merged"):
    """A message is a copy of the message `into`, on `into_place` if that is another place: both count once.

    With `into` None it counts by itself again.
    """

    into: Name | None = None
    into_place: Name | None = None

    @property
    def original(self) -> tuple[str, str] | None:
        """The place and id of the message of which it is a copy."""
        return (self.into_place or self.place, self.into) if self.into else None


class MessageHighlighted(Correction, frozen=True, kw_only=True, tag="highlighted"):
    """A message is a highlight of the chat, or with `on` false it is none any more."""

    on: bool = True


class MessageWithheld(Correction, frozen=True, kw_only=True, tag="withheld"):
    """A platform shows a message to nobody for now: its author is suspended or protected. `on` false: it does again."""

    on: bool = True


class SummaryWritten(Event, frozen=True, kw_only=True, tag="summary"):
    """The host's summary of the chat, as CommonMark. An empty `text` takes it away."""

    text: str = ""
    chat: str | None = None

    @property
    def identity(self) -> str:
        """The moment and the chat: several chats may get a summary at once."""
        return f"{self.at.astimezone(UTC).isoformat()} {self.chat or ''}".rstrip()
