"""The lookup of people's roles, by the chat file, the settings and the platform; never by a display name.

What each role may do is in `grammar/permissions.py`. A handle counts only if the platform itself says whose it is. On a
platform whose messages come without handles (X), the account of a handle is looked up once, and from then on the
account's id counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.chat import Chat, Host
from bot.clock import Clock
from bot.commands.grammar.permissions import rank
from bot.errors import PlatformError, StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author, Message, Named, Role
from bot.ports.platform import Platform
from bot.store import people
from bot.store.chats import ChatState
from bot.store.database import Database

_LOOK_UP_BEFORE = timedelta(hours=2)
"""How long before a chat opens its handles are looked up."""

_RETRY_UNKNOWN = timedelta(minutes=10)
"""A handle that was not found is looked up again after this."""

_RETRY_FAILED = timedelta(minutes=1)
"""A place that did not answer is asked again after this."""

Ids = Mapping[tuple[str, str], str]
"""The ids of the handles that were looked up, by place and handle (casefolded, with its `@`)."""

_log = structlog.get_logger()


def role_of(chat: Chat, state: ChatState, place: str, author: Author, ids: Ids, platform: str = "") -> Role:
    """The role of an account in a chat, by the chat file and by `handover`, without the platform's own roles."""
    if (place, author.id) in state.hosts or _is_among(chat.hosts, place, platform, author, ids):
        return "host"
    if _is_among(chat.moderators, place, platform, author, ids):
        return "host" if state.moderators_lead else "moderator"
    return "participant"


def _is_among(persons: Iterable[Host], place: str, platform: str, author: Author, ids: Ids) -> bool:
    return any(_is_account(_handle(one, place, platform), place, author, ids) for one in persons)


def _handle(one: Host, place: str, platform: str) -> str:
    return one.handles.get(place) or one.handles.get(platform) or ""


def _is_account(handle: str, place: str, author: Author, ids: Ids) -> bool:
    """Whether a handle or id is that account's."""
    if not handle or not author.id:
        return False
    if handle.isascii() and handle.isdigit():
        return handle == author.id
    wanted = f"@{handle.removeprefix('@')}".casefold()
    id = ids.get((place, wanted))
    return id == author.id if id else bool(author.handle) and author.handle.casefold() == wanted


class Roles:
    """All roles in all chats. `admins` and `moderators` are those of the settings.

    `platforms` and `store_event` are set once the rest of the bot is built.
    """

    def __init__(
        self,
        *,
        database: Database,
        live_chats: LiveChats,
        clock: Clock,
        admins: Sequence[Host] = (),
        moderators: Sequence[Host] = (),
    ) -> None:
        self._database, self._live_chats, self._clock = database, live_chats, clock
        self._admins, self._moderators = tuple(admins), tuple(moderators)
        self._ids: dict[tuple[str, str], str] = {}
        self._seen_ids: dict[tuple[str, str], str] = {}
        self._platform_roles: dict[tuple[str, str], Role] = {}
        self._looked_up_at: dict[tuple[str, str], datetime] = {}
        self.platforms: Mapping[str, Platform] = {}
        self.store_event: Callable[[Named], Awaitable[None]] = _not_stored

    @property
    def staff_names(self) -> frozenset[str]:
        """The names of the admins and moderators of every chat."""
        return frozenset(one.name for one in (*self._admins, *self._moderators))

    def role(
        self, chat: Chat, state: ChatState, place: str, author: Author, platform_role: Role = "participant"
    ) -> Role:
        """The highest role of an account by any source. The account is remembered, so that it can be written to."""
        platform = self._platform(place)
        if platform_role != "participant":
            self._platform_roles[place, author.id] = platform_role
        platform_role = max(platform_role, self._platform_roles.get((place, author.id), platform_role), key=rank)
        if author.handle:
            self._seen_ids[place, author.handle.casefold()] = author.id
        if _is_among(self._admins, place, platform, author, self._ids):
            return "admin"
        found: list[Role] = [platform_role, role_of(chat, state, place, author, self._ids, platform)]
        if _is_among(self._moderators, place, platform, author, self._ids):
            found.append("host" if state.moderators_lead else "moderator")
        if state.moderators_lead and platform_role == "moderator":
            found.append("host")
        return max(found, key=rank)

    def has_role(self, message: Message, chat: str | None) -> bool:
        """Whether the author of a message has a role in its chat, or in the one that is on there."""
        live = self.find_chat(message.place, chat, self._clock.now())
        if live is None:
            return message.role != "participant"
        return self.role(live.chat, live.state, message.place, message.author, message.role) != "participant"

    def find_chat(self, place: str, chat: str | None, now: datetime, author: Author | None = None) -> LiveChat | None:
        """The chat that a command is about: the named one, else the current one, else the next, else the last.

        Of several current chats, one in which the author has a role; a chat that was called off is never on.
        """
        by_name = self._live_chats.by_name
        if chat is not None:
            return by_name.get(chat)
        there = [live for live in by_name.values() if place in live.places or place not in self.platforms]
        with_role = [
            one for one in there if one.opens <= now < one.shuts and author and self._has_role_in(one, place, author)
        ]
        if with_role:
            return max(with_role, key=lambda one: (one.is_on(now), one.chat.starts))
        on = self._live_chats.open_chat(place, now)
        coming = min((one for one in there if one.chat.starts > now), key=lambda one: one.chat.starts, default=None)
        past = max((one for one in there if one.chat.starts <= now), key=lambda one: one.ends, default=None)
        return by_name[on] if on else coming or past

    def with_handle(self, place: str, author: Author) -> Author:
        """The author with the handle that was looked up, on a platform whose messages have none."""
        if author.handle:
            return author
        handles = (handle for (where, handle), id in self._ids.items() if (where, id) == (place, author.id))
        return msgspec.structs.replace(author, handle=next(handles, ""))

    def _has_role_in(self, live: LiveChat, place: str, author: Author) -> bool:
        return self.role(live.chat, live.state, place, author) != "participant"

    def leader_accounts(self, chat: str) -> list[tuple[str, str]]:
        """The accounts of hosts and moderators of a chat whose ids are known: (place, id)."""
        live = self._live_chats.by_name.get(chat)
        if live is None:
            return []
        hosts = self._accounts(live, live.chat.hosts)
        return list(dict.fromkeys([*hosts, *live.state.hosts, *self.moderator_accounts(chat)]))

    def moderator_accounts(self, chat: str) -> list[tuple[str, str]]:
        """The accounts of moderators of a chat whose ids are known: (place, id)."""
        live = self._live_chats.by_name.get(chat)
        return self._accounts(live, (*live.chat.moderators, *self._moderators)) if live else []

    def _accounts(self, live: LiveChat, persons: Iterable[Host]) -> list[tuple[str, str]]:
        found = [(place, self._id(one, place)) for one in persons for place in live.places]
        return [(place, id) for place, id in found if id]

    async def open(self) -> None:
        """Load the handles that were looked up before."""
        for place, platform in self.platforms.items():
            if platform.traits.features.nameless:
                known_ids = await self._database.read(people.ids_by_handle, place)
                self._ids.update(((place, handle), id) for handle, id in known_ids.items())

    async def look_up_handles(self, now: datetime) -> None:
        """Look up the handles in chats that are on or will soon be."""
        for live in self._live_chats.near(now):
            if live.opens - _LOOK_UP_BEFORE <= now < live.shuts:
                for place in live.places:
                    if place in self.platforms and self.platforms[place].traits.features.nameless:
                        await self._look_up_chat(place, live.chat, now)

    async def look_up_handle(self, live: LiveChat, handle: str, place: str | None) -> None:
        """Look up an unknown handle on the places of a chat whose messages come without handles."""
        for each in live.places:
            nameless = each in self.platforms and self.platforms[each].traits.features.nameless
            if nameless and place in (None, each) and (each, handle.casefold()) not in self._ids:
                await self._look_up(each, [handle], live.chat, self._clock.now())

    async def _look_up_chat(self, place: str, chat: Chat, now: datetime) -> None:
        persons = (*chat.hosts, *chat.moderators, *self._moderators, *self._admins)
        handles = {_handle(one, place, self._platform(place)) for one in persons} - {""}
        wanted = {f"@{one.removeprefix('@')}" for one in handles if not one.isdigit()}
        wanted = {one for one in wanted if (place, one.casefold()) not in self._ids}
        due = [
            one
            for one in sorted(wanted)
            if now - self._looked_up_at.get((place, one), now - _RETRY_UNKNOWN) >= _RETRY_UNKNOWN
        ]
        if not due:
            return
        await self._look_up(place, due, chat, now)

    async def _look_up(self, place: str, handles: list[str], chat: Chat, now: datetime) -> None:
        """Look up handles on a place. It is asked again soon if it doesn't answer, later for unknown handles."""
        try:
            async with asyncio.timeout(self.platforms[place].traits.delivery.timeout):
                found = await self.platforms[place].find_handles(handles, chat.name)
        except (PlatformError, TimeoutError) as error:
            _log.warning("roles.not_found", place=place, error=type(error).__name__)
            self._looked_up_at.update(((place, one), now - _RETRY_UNKNOWN + _RETRY_FAILED) for one in handles)
            return
        self._looked_up_at.update(((place, one), now) for one in handles)
        for author in found:
            await self._save(place, author, now)

    async def _save(self, place: str, author: Author, now: datetime) -> None:
        self._ids[place, author.handle.casefold()] = author.id
        try:
            await self.store_event(Named(place=place, at=now, author=author))
        except StoreError:
            _log.warning("roles.not_stored", place=place)

    def _id(self, one: Host, place: str) -> str:
        handle = _handle(one, place, self._platform(place))
        if handle.isascii() and handle.isdigit():
            return handle
        key = (place, f"@{handle.removeprefix('@')}".casefold())
        return self._ids.get(key) or self._seen_ids.get(key, "") if handle else ""

    def _platform(self, place: str) -> str:
        platform = self.platforms.get(place)
        return platform.traits.platform if platform else ""


async def _not_stored(_event: Named) -> None:
    pass
