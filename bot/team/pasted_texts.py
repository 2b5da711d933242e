"""Announcements that were pasted into the team's page and are not read yet, in the store. Implements `PastedTexts`."""

from __future__ import annotations

from msgspec.structs import replace

from bot.clock import Clock
from bot.errors import ChangedDraftError, TeamError
from bot.ports.pasted_texts import MOST_KEPT, PastedText
from bot.store import pasted_texts
from bot.store.database import Database
from bot.translation import _, pending

_CHANGED = pending(
    "This text was changed in another window or on another device meanwhile. Nothing is lost: look at both, and choose."
)
_TOO_LONG = pending("This text is too long to be kept here. Read it now, or send it as a file.")


class StoredPastedTexts:
    """Implements `bot.ports.pasted_texts.PastedTexts`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def find(self, series: str, link: str) -> PastedText:
        """The text of a link for a series."""
        found = await self._database.read(pasted_texts.find, series, link, self._clock.now())
        return found or PastedText(series=series, link=link)

    async def keep(self, pasted: PastedText) -> PastedText:
        """Keep a text, or remove it if it is empty."""
        if len(pasted.text) > MOST_KEPT:
            raise TeamError(_(_TOO_LONG))
        if pasted.text.strip():
            revision = await self._database.write("outgoing", pasted_texts.save, pasted, self._clock.now())
        elif not pasted.revision or await self._database.write("outgoing", pasted_texts.remove, pasted):
            revision = 0
        else:
            revision = None
        if revision is None:
            raise ChangedDraftError(_(_CHANGED))
        return replace(pasted, revision=revision)

    async def remove(self, pasted: PastedText) -> None:
        """Remove a text."""
        await self._database.write("outgoing", pasted_texts.remove, pasted)
