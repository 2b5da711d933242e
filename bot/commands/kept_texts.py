"""Half-written forms of people who plan or lead chats, in the store. Implements `KeptTexts`."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bot.clock import Clock
from bot.errors import ChangedDraftError, TeamError
from bot.ports.kept_texts import MOST_KEPT, KeptText
from bot.store import kept_texts
from bot.store.database import Database
from bot.translation import _, pending

_CHANGED = pending(
    "This text was changed in another window or on another device meanwhile. Nothing is lost: look at both, and choose."
)
_TOO_LONG = pending("This text is too long to be kept here. Read it now, or send it as a file.")


class StoredKeptTexts:
    """Implements `bot.ports.kept_texts.KeptTexts`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def of(self, about: str, owner: str) -> Mapping[str, KeptText]:
        """All that somebody has half written."""
        return await self._database.read(kept_texts.of_owner, about, owner, self._clock.now())

    async def keep(self, text: KeptText) -> KeptText:
        """Keep a form, or remove it if it is empty."""
        if sum(map(len, text.fields.values())) > MOST_KEPT:
            raise TeamError(_(_TOO_LONG))
        if any(value.strip() for value in text.fields.values()):
            revision = await self._database.write("outgoing", kept_texts.save, text, self._clock.now())
        elif not text.revision or await self._database.write("outgoing", kept_texts.remove_revision, text):
            revision = 0
        else:
            revision = None
        if revision is None:
            raise ChangedDraftError(_(_CHANGED))
        return replace(text, revision=revision)

    async def remove(self, about: str, owner: str, form: str) -> None:
        """Remove a form."""
        await self._database.write("outgoing", kept_texts.remove, about, owner, form)
