"""The channel's history: messages from while the connection was down, and deleted messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import discord

from adapters.discord.content import NameOf
from adapters.discord.errors import (
    CLOSED_TO_US,
    MAY_NOT_READ,
    NO_PERMISSION,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    code_of,
    for_this_post,
)
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.rest import PAGE, Json, Rest, mapping, mappings, number
from adapters.discord.settings import DiscordSettings
from adapters.discord.translation import as_if_unasked, to_messages
from adapters.kit.odd_parts import OddParts
from bot.errors import PlatformError
from bot.messages import AnyEvent, Edited
from bot.ports.platform import CurrentMessages, Page, ReadRequest

_MOST = 3000
"""Messages in one reading, give or take a page; `more` continues with the rest."""

_ARCHIVED_PAGES = 5
"""The most pages of archived threads that are searched."""

_MOST_MEMBERS = 20
"""The most people who are looked up in one reading; all others have no role from Discord."""

_NOWHERE = 0
"""The channel of messages in a forum whose post isn't known."""

_PATIENCE = 2.0
"""Wall seconds for each lookup; after one that took longer, or failed, there are no more."""


class History:
    """The channel and its threads, by REST. `only_mentions`: the bot may read all, but for another place of it."""

    def __init__(
        self,
        *,
        location: Location,
        settings: DiscordSettings,
        rest: Rest,
        channels: ChannelIndex,
        threads: Callable[[], set[int]],
        only_mentions: bool,
        name_of: NameOf,
        odd: OddParts,
    ) -> None:
        self._name_of, self._odd = name_of, odd
        self._only_mentions = only_mentions
        self._location, self._settings, self._rest = location, settings, rest
        self._channels, self._threads = channels, threads
        self._members = MemberRoles(location=location, rest=rest)
        self._seen: dict[int, Json] = {}

    async def read(self, reading: ReadRequest) -> Page:
        """All messages since a time, from the channel and each thread; there may be `more`. Raises PlatformError.

        A forum has no messages but those in its posts.
        """
        since = discord.utils.time_snowflake(reading.since)
        marks = _positions(reading.more) or dict.fromkeys(self._wheres(reading.posts), since)
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
        """The number of messages read, and the position to continue from if there are more."""
        seen = 0
        try:
            async for page in self._rest.history(where, after):
                for one in page:
                    self._channels.note(number(one.get("id")), where)
                    whole = await self._members.with_member({**self._as_heard(one), "channel_id": str(where)})
                    events += to_messages(whole, location=self._location, name_of=self._name_of, note=self._odd.note)
                seen += len(page)
                if seen >= most and len(page) == PAGE:
                    return seen, number(page[-1].get("id"))
        except PlatformError as error:
            if where == self._location.channel or code_of(error) not in CLOSED_TO_US:
                raise  # a post without a thread, or a deleted thread, has nothing to read
        return seen, None

    def _wheres(self, asked: Iterable[str]) -> list[int]:
        """The channel, the known threads, and those that the chat's posts may have."""
        in_threads = self._rest.forum or self._settings.features.threads != "none"
        ours = {number(id) for id in asked} - {0} if in_threads else set()
        there = sorted(ours | self._threads())
        return there if self._rest.forum else [self._location.channel, *there]

    async def find_deleted(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Messages that are nowhere any more: each one that no page shows is asked for by id. Raises PlatformError."""
        try:
            return await self._find_deleted(ids)
        except PlatformError as error:
            if code_of(error) != NO_PERMISSION:
                raise
            raise PlatformError(MAY_NOT_READ, permanent=True, code=error.code) from error.__cause__

    async def find_current(self, ids: Sequence[str]) -> CurrentMessages:
        """The present state of messages. Of an id that can't be Discord's, nothing is said."""
        self._seen = {}
        deleted = await self.find_deleted(ids)
        there = tuple(id for id in ids if number(id) and id not in deleted)
        edits = [
            one
            for id in there
            if (payload := self._seen.get(number(id)))
            for one in to_messages(
                self._as_heard(payload), location=self._location, name_of=self._name_of, note=self._odd.note
            )
            if isinstance(one, Edited)
        ]
        self._seen = {}
        return CurrentMessages(there=there, edits=tuple(edits), deleted=deleted)

    def _as_heard(self, payload: Json) -> Json:
        return as_if_unasked(payload, self._location.me) if self._only_mentions else payload

    async def _find_deleted(self, ids: Sequence[str]) -> tuple[str, ...]:
        asked = {number(id): id for id in ids if number(id)}
        by_where: dict[int, list[int]] = {}
        elsewhere = _NOWHERE if self._rest.forum else self._location.channel
        for id in sorted(asked):
            by_where.setdefault(self._channels.of(id) or elsewhere, []).append(id)
        missing: list[int] = []
        for where, group in by_where.items():
            missing += group if where == _NOWHERE else await self._absent(where, group)
        threads = await self.all_threads() if missing else {}
        lost = [id for id in missing if await self._among(id, threads) is None]
        return tuple(asked[id] for id in sorted(lost))

    async def _absent(self, where: int, ids: list[int]) -> list[int]:
        """The missing ones. A message in a page exists; one in no page may exist too, as Discord may withhold pages."""
        seen: set[int] = set()
        rest = list(ids)
        while rest:
            try:
                page = await self._rest.page(where, rest[0] - 1)
            except PlatformError as error:
                if where == self._location.channel:
                    raise
                if code_of(error) != UNKNOWN_CHANNEL:
                    raise for_this_post(error) from error.__cause__
                break
            found = {number(one.get("id")) for one in page}
            self._seen |= {number(one.get("id")): {**one, "channel_id": str(where)} for one in page}
            seen |= found
            last = max(found, default=0) if len(page) == PAGE else rest[-1]
            rest = [id for id in rest[1:] if id > last]
        return [id for id in ids if id not in seen and not await self._there(where, id)]

    async def _there(self, where: int, id: int) -> bool:
        try:
            found = await self._rest.call(self._rest.http.get_message(where, id))
            self._seen[id] = {**mapping(found), "channel_id": str(where)}
        except PlatformError as error:
            in_thread = where != self._location.channel
            if code_of(error) == UNKNOWN_MESSAGE or (in_thread and code_of(error) == UNKNOWN_CHANNEL):
                return False
            if in_thread:
                raise for_this_post(error) from error.__cause__
            raise
        return True

    async def locate(self, id: int) -> int | None:
        """The thread of a message, if one of the channel's threads has it. Raises PlatformError."""
        return await self._among(id, await self.all_threads())

    async def _among(self, id: int, threads: dict[int, int]) -> int | None:
        """The thread that has the message, among those that were open at its time."""
        for thread, last in threads.items():
            if thread <= id <= last and await self._there(thread, id):
                return thread
        return None

    async def all_threads(self) -> dict[int, int]:
        """Every public thread of the channel, open or archived, with the id of its last message."""
        http, channel = self._rest.http, self._location.channel
        active = mapping(await self._rest.call(http.get_active_threads(self._location.guild)))
        found = [one for one in mappings(active.get("threads")) if number(one.get("parent_id")) == channel]
        before: Any = None
        for _ in range(_ARCHIVED_PAGES):
            folded = mapping(await self._rest.call(http.get_public_archived_threads(channel, before, PAGE)))
            page = mappings(folded.get("threads"))
            found += page
            if not folded.get("has_more") or not page:
                break
            before = mapping(page[-1].get("thread_metadata")).get("archive_timestamp")
        newest = (1 << 63) - 1
        return {number(one.get("id")): number(one.get("last_message_id")) or newest for one in found}


class MemberRoles:
    """The roles of authors, for one reading: each person is looked up at most once.

    History carries no roles, so they are looked up where they matter.
    """

    def __init__(self, *, location: Location, rest: Rest) -> None:
        self._location, self._rest = location, rest
        self._known: dict[int, Json | None] = {}
        self._left = _MOST_MEMBERS

    async def with_member(self, one: Json) -> Json:
        """A message with its author's membership if it may be a command. People who can't be found have no role."""
        author = one.get("author")
        id = number(author.get("id")) if isinstance(author, dict) else 0
        if not id or not self._location.ranks or not self._commands(str(one.get("content"))):
            return one
        if id not in self._known and self._left > 0:
            self._left -= 1
            self._known[id] = await self._member(id)
        member = self._known.get(id)
        return {**one, "member": member} if member else one

    def _commands(self, text: str) -> bool:
        me = self._location.me
        return text.lstrip().startswith(("!", "/")) or f"<@{me}>" in text or f"<@!{me}>" in text

    async def _member(self, id: int) -> Json | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._rest.call(self._rest.http.get_member(self._location.guild, id))
        except (PlatformError, TimeoutError) as error:
            if code_of(error) not in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                self._left = 0
            return None
        return dict(found) if isinstance(found, dict) else None


def _positions(more: str | None) -> dict[int, int]:
    pairs = (one.split(":") for one in (more or "").split(";") if one)
    return {int(where): int(after) for where, after in pairs}
