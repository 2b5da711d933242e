"""Private links, their sessions, and who was handed the lead, for the room.

Whoever opens a page by one of these is not absent, and that is noted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from bot.clock import Clock
from bot.commands import hand_over
from bot.commands.link_openings import LinkOpenings
from bot.errors import StoreError
from bot.live.live_chats import LiveChats
from bot.ports.commands import LinkAccess
from bot.ports.platform import Traits
from bot.ports.views import PersonView
from bot.store import link_sessions, participants, private_links
from bot.store.database import Database


class Links:
    """Implements `bot.ports.commands.LinkPort`."""

    def __init__(self, database: Database, clock: Clock, live_chats: LiveChats, places: Mapping[str, Traits]) -> None:
        self._database, self._clock = database, clock
        self._live_chats, self._places = live_chats, places
        self.openings = LinkOpenings(database)

    async def begin(self, key: str) -> tuple[str, LinkAccess] | None:
        """Begin a session by a link's key. A wrong key costs no write."""
        if await self._database.read(private_links.find_by_key, key, self._clock.now()) is None:
            return None
        found = await self._database.write("outgoing", link_sessions.begin, key, self._clock.now())
        if found is not None:
            await self._note(found[1], found[1].chat)
        return found

    async def resume(self, token: str, chat: str) -> LinkAccess | None:
        """The access that a session gives, on a page of a chat. If its use can't be noted, it may end early."""
        now = self._clock.now()
        found = await self._database.read(link_sessions.resume, token, now)
        if found is None:
            return None
        if found.is_due:
            with suppress(StoreError):
                await self._database.write("pulse", link_sessions.renew, token, now)
        await self._note(found.access, chat)
        return found.access

    async def end(self, token: str, *, everywhere: bool = False) -> None:
        """End a session; with `everywhere` also those that others, or other devices, have by the same link."""
        await self._database.write("outgoing", link_sessions.end_all if everywhere else link_sessions.end, token)

    async def lasting(self, tokens: Collection[str]) -> set[str]:
        """The tokens among these whose sessions have not ended."""
        return await self._database.read(link_sessions.lasting, tokens, self._clock.now())

    async def has_lead(self, chat: str, place: str, id: str) -> bool:
        """Whether an account was handed the lead of a chat, and has it still: like a link, until two weeks after it.

        Whoever has it counts as being there.
        """
        live, now = self._live_chats.by_name.get(chat), self._clock.now()
        if live is None or (place, id) not in live.state.hosts or now >= live.chat.starts + private_links.VALID_FOR:
            return False
        await self.openings.note(chat, "host", now)
        return True

    async def candidates(self, chat: str) -> tuple[PersonView, ...]:
        """The people to whom the lead can be handed, the latest first."""
        live = self._live_chats.by_name.get(chat)
        return await self._database.read(hand_over.candidates, live, self._places) if live else ()

    async def holders(self, chat: str) -> frozenset[str]:
        """The names of all who have a link to a chat, or to its series, or were handed the lead.

        None if the store does not answer.
        """
        live = self._live_chats.by_name.get(chat)
        handed = live.state.hosts if live else ()
        try:
            names = await self._database.read(participants.names, chat, handed) if handed else []
            return await self._database.read(private_links.holders, chat) | frozenset(names)
        except StoreError:
            return frozenset()

    async def _note(self, access: LinkAccess, chat: str) -> None:
        if access.is_to(chat):
            await self.openings.note(chat, access.role, self._clock.now())
