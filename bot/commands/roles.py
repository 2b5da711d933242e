"""Who may do what: by the chat file, the settings, and what a platform vouches for. Never by a display name.

A handle counts only where the platform itself says whose it is. Where people come without handles (X), whose each is
has to be asked once, and from then on the account's id counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from bot.chat import Chat, Host
from bot.clock import Clock
from bot.errors import PlatformError, StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author, Message, Named, Role
from bot.ports.platform import Platform
from bot.store import people
from bot.store.chats import ChatState
from bot.store.database import Database

_RANKS: dict[Role, int] = {"participant": 0, "moderator": 1, "host": 2, "admin": 3}

_EARLY = timedelta(hours=2)
"""How long before a chat opens we ask whose its handles are."""

_AGAIN = timedelta(minutes=10)
"""A handle that could not be found is asked for again after this."""

_SOON = timedelta(minutes=1)
"""A place that did not answer is asked again after this."""

Known = Mapping[tuple[str, str], str]
"""Ids by place and handle (casefolded, with its `@`), where they had to be asked for."""

_log = structlog.get_logger()


def rank(role: Role) -> int:
    """How much a role may; more is more."""
    return _RANKS[role]


def role_of(chat: Chat, state: ChatState, place: str, author: Author, known: Known, platform: str = "") -> Role:
    """Who somebody is in a chat, by its file and by what was handed over. What a platform vouches for is not here."""
    if (place, author.id) in state.hosts or _among(chat.hosts, place, platform, author, known):
        return "host"
    if _among(chat.moderators, place, platform, author, known):
        return "host" if state.deputised else "moderator"
    return "participant"


def _among(persons: Iterable[Host], place: str, platform: str, author: Author, known: Known) -> bool:
    return any(_is(_handle(one, place, platform), place, author, known) for one in persons)


def _handle(one: Host, place: str, platform: str) -> str:
    return one.handles.get(place) or one.handles.get(platform) or ""


def _is(handle: str, place: str, author: Author, known: Known) -> bool:
    """Whether this handle or id is that account."""
    if not handle or not author.id:
        return False
    if handle.isascii() and handle.isdigit():
        return handle == author.id
    wanted = f"@{handle.removeprefix('@')}".casefold()
    pinned = known.get((place, wanted))
    return pinned == author.id if pinned else bool(author.handle) and author.handle.casefold() == wanted


class Roles:
    """Every role in every chat. `admins` and `moderators` are those of the settings."""

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
        self._known: dict[tuple[str, str], str] = {}
        self._seen: dict[tuple[str, str], str] = {}
        self._vouched: dict[tuple[str, str], Role] = {}
        self._tried: dict[tuple[str, str], datetime] = {}
        self.platforms: Mapping[str, Platform] = {}
        self.store_event: Callable[[Named], Awaitable[None]] = _not_stored

    def role(self, chat: Chat, state: ChatState, place: str, author: Author, vouched: Role = "participant") -> Role:
        """The most that any of the sources says. Whoever is seen is remembered, so that they can be written to."""
        platform = self._platform(place)
        if vouched != "participant":
            self._vouched[place, author.id] = vouched
        vouched = max(vouched, self._vouched.get((place, author.id), vouched), key=rank)
        if author.handle:
            self._seen[place, author.handle.casefold()] = author.id
        if _among(self._admins, place, platform, author, self._known):
            return "admin"
        found: list[Role] = [vouched, role_of(chat, state, place, author, self._known, platform)]
        if _among(self._moderators, place, platform, author, self._known):
            found.append("host" if state.deputised else "moderator")
        if state.deputised and vouched == "moderator":
            found.append("host")
        return max(found, key=rank)

    def leads(self, message: Message, chat: str | None) -> bool:
        """Whether whoever wrote this has a role in its chat, or in the one that is on there."""
        live = self.live(message.place, chat, self._clock.now())
        if live is None:
            return message.role != "participant"
        return self.role(live.chat, live.state, message.place, message.author, message.role) != "participant"

    def live(self, place: str, chat: str | None, now: datetime, author: Author | None = None) -> LiveChat | None:
        """The chat that a command is about: the named one, else the one that is on, else the next, else the last.

        Where several are on, one in which whoever says it has a role.
        """
        by_name = self._live_chats.by_name
        if chat is not None:
            return by_name.get(chat)
        there = [live for live in by_name.values() if place in live.places or place not in self.platforms]
        led = [one for one in there if one.opens <= now < one.shuts and author and self._leads(one, place, author)]
        if led:
            return max(led, key=lambda one: (one.chat.starts <= now < one.ends, one.chat.starts))
        on = self._live_chats.open_chat(place, now)
        coming = min((one for one in there if one.chat.starts > now), key=lambda one: one.chat.starts, default=None)
        past = max((one for one in there if one.chat.starts <= now), key=lambda one: one.ends, default=None)
        return by_name[on] if on else coming or past

    def named(self, place: str, author: Author) -> Author:
        """The author with their handle, where people come without and we had to ask whose it is."""
        if author.handle:
            return author
        learnt = (handle for (where, handle), id in self._known.items() if (where, id) == (place, author.id))
        return msgspec.structs.replace(author, handle=next(learnt, ""))

    def _leads(self, live: LiveChat, place: str, author: Author) -> bool:
        return self.role(live.chat, live.state, place, author) != "participant"

    def team(self, chat: str) -> list[tuple[str, str]]:
        """The accounts of those who lead a chat and help to, as far as their ids are known: (place, id)."""
        live = self._live_chats.by_name.get(chat)
        if live is None:
            return []
        hosts = self._accounts(live, live.chat.hosts)
        return list(dict.fromkeys([*hosts, *live.state.hosts, *self.deputies(chat)]))

    def deputies(self, chat: str) -> list[tuple[str, str]]:
        """The accounts of those who help to lead a chat, as far as their ids are known: (place, id)."""
        live = self._live_chats.by_name.get(chat)
        return self._accounts(live, (*live.chat.moderators, *self._moderators)) if live else []

    def _accounts(self, live: LiveChat, persons: Iterable[Host]) -> list[tuple[str, str]]:
        found = [(place, self._id(one, place)) for one in persons for place in live.places]
        return [(place, id) for place, id in found if id]

    async def open(self) -> None:
        """Remember whose handles we learnt."""
        for place, platform in self.platforms.items():
            if platform.traits.features.nameless:
                learnt = await self._database.read(people.ids_by_handle, place)
                self._known.update(((place, handle), id) for handle, id in learnt.items())

    async def tend(self, now: datetime) -> None:
        """Ask whose the handles of the chats are that are on or will soon be."""
        for live in self._live_chats.by_name.values():
            if live.opens - _EARLY <= now < live.shuts:
                for place in live.places:
                    if place in self.platforms and self.platforms[place].traits.features.nameless:
                        await self._ask(place, live.chat, now)

    async def meet(self, live: LiveChat, handle: str, place: str | None) -> None:
        """Ask whose a handle is, on the places of a chat where people come without one, unless that is known."""
        for each in live.places:
            nameless = each in self.platforms and self.platforms[each].traits.features.nameless
            if nameless and place in (None, each) and (each, handle.casefold()) not in self._known:
                await self._find(each, [handle], live.chat, self._clock.now())

    async def _ask(self, place: str, chat: Chat, now: datetime) -> None:
        persons = (*chat.hosts, *chat.moderators, *self._moderators, *self._admins)
        handles = {_handle(one, place, self._platform(place)) for one in persons} - {""}
        wanted = {f"@{one.removeprefix('@')}" for one in handles if not one.isdigit()}
        wanted = {one for one in wanted if (place, one.casefold()) not in self._known}
        due = [one for one in sorted(wanted) if now - self._tried.get((place, one), now - _AGAIN) >= _AGAIN]
        if not due:
            return
        await self._find(place, due, chat, now)

    async def _find(self, place: str, handles: list[str], chat: Chat, now: datetime) -> None:
        """Ask a place whose these are. Where it does not answer it is asked again soon, where it knows none, later."""
        try:
            async with asyncio.timeout(self.platforms[place].traits.delivery.timeout):
                found = await self.platforms[place].find_handles(handles, chat.name)
        except (PlatformError, TimeoutError) as error:
            _log.warning("roles.not_found", place=place, error=type(error).__name__)
            self._tried.update(((place, one), now - _AGAIN + _SOON) for one in handles)
            return
        self._tried.update(((place, one), now) for one in handles)
        for author in found:
            await self._learn(place, author, now)

    async def _learn(self, place: str, author: Author, now: datetime) -> None:
        self._known[place, author.handle.casefold()] = author.id
        try:
            await self.store_event(Named(place=place, at=now, author=author))
        except StoreError:
            _log.warning("roles.not_stored", place=place)

    def _id(self, one: Host, place: str) -> str:
        handle = _handle(one, place, self._platform(place))
        if handle.isascii() and handle.isdigit():
            return handle
        known = (place, f"@{handle.removeprefix('@')}".casefold())
        return self._known.get(known) or self._seen.get(known, "") if handle else ""

    def _platform(self, place: str) -> str:
        platform = self.platforms.get(place)
        return platform.traits.platform if platform else ""


async def _not_stored(_event: Named) -> None:
    pass
