"""Announcements that somebody has pasted into the team's page and that are not read yet: values and a protocol.

There is one for each private link and series, so that whoever opens the same link elsewhere goes on from there.
"""

from __future__ import annotations

from typing import Protocol

from bot.messages import Time, Value

MOST_KEPT = 200_000
"""Characters of a text that are kept: three times those of a page of 10,000 words."""


class PastedText(Value, frozen=True, kw_only=True):
    """What stands in the box for an announcement, and the `day` that was chosen in the calendar (as `2027-01-05`).

    `revision` counts how often it was kept, 0 if it never was.
    """

    series: str
    link: str
    text: str = ""
    day: str = ""
    revision: int = 0
    at: Time | None = None


class PastedTexts(Protocol):
    """Keeps what is pasted. Whose link it is, and that it opens the series, is for the caller to know."""

    async def find(self, series: str, link: str) -> PastedText:
        """The text of a link for a series; an empty one if none is kept. Raises StoreError."""

    async def keep(self, pasted: PastedText) -> PastedText:
        """Keep a text as its next revision; an empty one removes it.

        Raises ChangedDraftError if another is kept already, TeamError if it is too long, and StoreError.
        """

    async def remove(self, pasted: PastedText) -> None:
        """Remove a text, unless another was kept meanwhile. Raises StoreError."""
