"""Reading again: what was said while nobody listened, and what is not there any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import discord

from adapters.discord.channel_index import ChannelIndex
from adapters.discord.errors import NO_ACCESS, UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_USER, code_of
from adapters.discord.payloads import Home
from adapters.discord.rest import PAGE, Json, Rest, mapping, mappings, number
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import to_messages
from bot.errors import PlatformError
from bot.messages import AnyEvent
from bot.ports.platform import Page, ReadRequest

_MOST = 3000
"""Messages in one reading, give or take a page; what is left is read with the next one's `more`."""

_FOLDED = 5
"""Pages of folded-away threads that are looked through at most."""

_MOST_MEMBERS = 20
"""People who are asked about in one reading; the others have no role by Discord's means."""

_PATIENCE = 2.0
"""Wall seconds for each; after one that took longer, or failed, nobody else is asked about."""


class History:
    """The channel and its threads, by REST."""

    def __init__(
        self,
        *,
        home: Home,
        settings: DiscordSettings,
        rest: Rest,
        channels: ChannelIndex,
        threads: Callable[[], set[int]],
    ) -> None:
        self._home, self._settings, self._rest = home, settings, rest
        self._channels, self._threads = channels, threads
        self._members = MemberRoles(home=home, rest=rest)

    async def read(self, reading: ReadRequest) -> Page:
        """Everything since, from the channel and each thread; there may be `more`. Raises PlatformError."""
        since = discord.utils.time_snowflake(reading.since)
        marks = _marks(reading.more) or dict.fromkeys(self._wheres(reading.posts), since)
        events: list[AnyEvent] = []
        left: dict[int, int] = {}
        read = 0
        for where, after in marks.items():
            if read >= _MOST:
                left[where] = after
                continue
            seen, end = await self._drain(where, after, _MOST - read, events)
            read += seen
            if end is not None:
                left[where] = end
        return Page(events=tuple(events), more=";".join(f"{where}:{after}" for where, after in left.items()) or None)

    async def _drain(self, where: int, after: int, most: int, events: list[AnyEvent]) -> tuple[int, int | None]:
        """How many messages were read, and where to go on if that was not all."""
        seen = 0
        try:
            async for page in self._rest.history(where, after):
                for one in page:
                    self._channels.note(number(one.get("id")), where)
                    whole = await self._members.vouch({**one, "channel_id": str(where)})
                    events.extend(to_messages(whole, home=self._home))
                seen += len(page)
                if seen >= most and len(page) == PAGE:
                    return seen, number(page[-1].get("id"))
        except PlatformError as error:
            if where == self._home.channel or code_of(error) not in {UNKNOWN_CHANNEL, NO_ACCESS}:
                raise  # a post without a thread, or a thread that is gone, has nothing to read
        return seen, None

    def _wheres(self, asked: Iterable[str]) -> list[int]:
        """The channel, the threads we know, and those that would be on the chat's posts."""
        ours = {number(id) for id in asked} - {0} if self._settings.features.threads != "none" else set()
        return [self._home.channel, *sorted(ours | self._threads())]

    async def find_deleted(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Those that are in no place any more: each one that is not seen is asked for by name. Raises PlatformError."""
        asked = {number(id): id for id in ids if number(id)}
        by_where: dict[int, list[int]] = {}
        for id in sorted(asked):
            by_where.setdefault(self._channels.of(id) or self._home.channel, []).append(id)
        missing: list[int] = []
        for where, group in by_where.items():
            missing += await self._absent(where, group)
        threads = await self._all_threads() if missing else {}
        lost = [id for id in missing if await self._among(id, threads) is None]
        return tuple(asked[id] for id in sorted(lost))

    async def _absent(self, where: int, ids: list[int]) -> list[int]:
        """Which are not there. Seen in a page is there; not seen proves nothing, as a page may be withheld."""
        seen: set[int] = set()
        rest = list(ids)
        while rest:
            try:
                page = await self._rest.page(where, rest[0] - 1)
            except PlatformError as error:
                if where == self._home.channel or code_of(error) != UNKNOWN_CHANNEL:
                    raise
                break
            found = {number(one.get("id")) for one in page}
            seen |= found
            last = max(found, default=0) if len(page) == PAGE else rest[-1]
            rest = [id for id in rest[1:] if id > last]
        return [id for id in ids if id not in seen and not await self._there(where, id)]

    async def _there(self, where: int, id: int) -> bool:
        try:
            await self._rest.call(self._rest.http.get_message(where, id))
        except PlatformError as error:
            if code_of(error) == UNKNOWN_MESSAGE or (where != self._home.channel and code_of(error) == UNKNOWN_CHANNEL):
                return False
            raise
        return True

    async def locate(self, id: int) -> int | None:
        """The thread that has a message, if any of the channel's has. Raises PlatformError."""
        return await self._among(id, await self._all_threads())

    async def _among(self, id: int, threads: dict[int, int]) -> int | None:
        """The one of the threads that were open then which has it."""
        for thread, last in threads.items():
            if thread <= id <= last and await self._there(thread, id):
                return thread
        return None

    async def _all_threads(self) -> dict[int, int]:
        """Every public thread of the channel, open or folded away, with its last message."""
        http, channel = self._rest.http, self._home.channel
        active = mapping(await self._rest.call(http.get_active_threads(self._home.guild)))
        found = [one for one in mappings(active.get("threads")) if number(one.get("parent_id")) == channel]
        before: Any = None
        for _ in range(_FOLDED):
            folded = mapping(await self._rest.call(http.get_public_archived_threads(channel, before, PAGE)))
            page = mappings(folded.get("threads"))
            found += page
            if not folded.get("has_more") or not page:
                break
            before = mapping(page[-1].get("thread_metadata")).get("archive_timestamp")
        newest = (1 << 63) - 1
        return {number(one.get("id")): number(one.get("last_message_id")) or newest for one in found}


class MemberRoles:
    """For one reading: everybody is asked about at most once."""

    def __init__(self, *, home: Home, rest: Rest) -> None:
        self._home, self._rest = home, rest
        self._known: dict[int, Json | None] = {}
        self._left = _MOST_MEMBERS

    async def vouch(self, one: Json) -> Json:
        """A message with its author's membership, if it may be a command. Whoever cannot be looked up has no role."""
        author = one.get("author")
        id = number(author.get("id")) if isinstance(author, dict) else 0
        if not id or not self._home.ranks or not self._commands(str(one.get("content"))):
            return one
        if id not in self._known and self._left > 0:
            self._left -= 1
            self._known[id] = await self._member(id)
        member = self._known.get(id)
        return {**one, "member": member} if member else one

    def _commands(self, text: str) -> bool:
        me = self._home.me
        return text.lstrip().startswith(("!", "/")) or f"<@{me}>" in text or f"<@!{me}>" in text

    async def _member(self, id: int) -> Json | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._rest.call(self._rest.http.get_member(self._home.guild, id))
        except (PlatformError, TimeoutError) as error:
            if code_of(error) not in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                self._left = 0
            return None
        return dict(found) if isinstance(found, dict) else None


def _marks(more: str | None) -> dict[int, int]:
    pairs = (one.split(":") for one in (more or "").split(";") if one)
    return {int(where): int(after) for where, after in pairs}
