"""A rehearsal: a chat as `run` hosts it, on a fast clock, with pretend participants.

It runs the real bot with a database of its own and only the room, on the loopback address, so nothing leaves this
machine. The script's participants use the room's public pages, and each is marked as pretend. The clock waits for posts
that are due and for what a participant does, so that a rehearsal is the same at any speed and on a busy machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat, Programme
from bot.errors import PlatformError, StoreError
from bot.messages import AnyEvent
from bot.rehearsal import discovery
from bot.rehearsal.rehearsal_clock import RehearsalClock
from bot.rehearsal.script import Script, ScriptLine
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.store import chats, messages, outbox_queries, private_links
from bot.store.post_states import OPEN_STATES
from bot.wiring.adapters import address
from bot.wiring.convenor import Convenor
from bot.wiring.participants import BrowserClient

_log = structlog.get_logger()

_WARM_UP = timedelta(seconds=2)
"""Wall time before the chat's start."""

_COOL_DOWN = timedelta(seconds=3)
"""Wall time after the closing post, for the last answers."""

_POLL = 0.2
"""Wall seconds between two reads of new events."""

_STEP = 0.05
"""Wall seconds between two steps of the clock."""

_PATIENCE = 30.0
"""Wall seconds that the clock waits for posts that are due: something that never comes must not stop the rehearsal."""

_NO_LIMIT = "100000/minute"
"""All pretend participants share one address, and their minutes are short."""


class Rehearsal:
    """A running rehearsal. `address` is the chat's page, which can be joined."""

    def __init__(self, chat: Chat, convenor: Convenor, clock: RehearsalClock) -> None:
        self.chat = chat
        self.clock = clock
        self.room = address(convenor.places["room"])
        self.address = f"{self.room}/{chat.name}"
        self._convenor = convenor
        self._ids: dict[tuple[str, int], str] = {}

    async def play(self, script: Script) -> None:
        """Play the script, and return when the chat is over, even if commands changed its plan."""
        async with AsyncExitStack() as stack:
            people = {name: BrowserClient(self.room, self.chat.name, name) for name in script.people}
            for client in people.values():
                await stack.enter_async_context(client)
                with self.clock.held():  # released in between, so that each has a moment of its own
                    await client.join()
            async with asyncio.TaskGroup() as group:
                playing = group.create_task(self._play_lines(people, script))
                if await self._wait_for_end() < self.chat.ends:
                    playing.cancel()

    async def keep_pace(self) -> None:
        """Let the clock run, but wait for posts that are due. Runs until cancelled."""
        while True:
            self.clock.step()
            await asyncio.sleep(_STEP)
            if await self._is_behind():
                with self.clock.held():
                    await self._catch_up()

    async def _catch_up(self) -> None:
        """Wait until every post that is due was sent. The clock must be held meanwhile."""
        for _ in range(round(_PATIENCE / _STEP)):
            if not await self._is_behind():
                return
            await asyncio.sleep(_STEP)
        _log.warning("rehearsal.behind", seconds=_PATIENCE)

    async def _is_behind(self) -> bool:
        """Whether a post that is due was not sent yet."""
        now = self.clock.now()
        try:
            rows = await self._convenor.database.read(outbox_queries.outbox_rows, self.chat.name)
        except StoreError:
            return False
        return any(
            (row.post.due if row.state == "sending" else row.next_at) <= now for row in rows if row.state in OPEN_STATES
        )

    async def create_host_link(self, name: str) -> str:
        """Create a private link for a host of this name. Returns its address."""
        database, now = self._convenor.database, self.clock.now()
        _, key = await database.write(
            "outgoing", private_links.create_link, chat=self.chat.name, name=name, role="host", now=now
        )
        return f"{self.room}{private_links.link_path(key)}"

    async def _wait_for_end(self) -> datetime:
        """Wait until a little after the chat has ended or was cancelled. Returns when that was."""
        cancelled_at: datetime | None = None
        while True:
            now, known = self.clock.now(), await self._convenor.database.read(_stored_chat, self.chat.name)
            cancelled_at = (cancelled_at or now) if known and known.state.cancelled else None
            ends = cancelled_at or (known.ends if known else self.chat.ends)
            if now >= ends + _COOL_DOWN * self.clock.speed:
                return ends
            await asyncio.sleep(_POLL)

    async def events(self, after: int = 0) -> list[tuple[int, AnyEvent]]:
        """The events after the one numbered `after`, with their numbers."""
        return await self._convenor.database.read(messages.chat_events_after, self.chat.name, after)

    async def watch(self) -> AsyncIterator[AnyEvent]:
        """All events as they come, until the caller stops."""
        seen = 0
        while True:
            for number, event in await self.events(seen):
                seen = number
                yield event
            await asyncio.sleep(_POLL)

    async def _play_lines(self, people: Mapping[str, BrowserClient], script: Script) -> None:
        """Play everything that the script has for this chat's questions, one after the other, each at its time."""
        steps = [(at, change, line) for line in script.lines for at, change in self._times(line)]
        for at, change, line in sorted(steps, key=lambda step: step[0]):
            await self.clock.sleep_until(at)
            with self.clock.held():
                await self._catch_up()
                await self._play(people[line.person], line, change=change)

    def _times(self, line: ScriptLine) -> list[tuple[datetime, bool]]:
        """When a line is posted, and when it is changed, if it is (True). Nothing if the chat has fewer questions."""
        question = self.chat.question(f"q{line.question}")
        if line.question and question is None:
            return []
        at = (question.at if question else self.chat.starts) + line.after
        return [(at, False), *([(at + line.then, True)] if line.edit or line.delete else [])]

    async def _play(self, client: BrowserClient, line: ScriptLine, *, change: bool) -> None:
        """Post a line, or change it. A refusal is part of the rehearsal."""
        key = (line.person, line.question)
        try:
            if not change:
                to = f"q{line.question}" if line.question else ""
                reply = self._ids.get((line.replies_to or "", line.question), "")
                self._ids[key] = await client.post(line.text, question=to, reply=reply)
            elif key in self._ids and line.edit:
                await client.edit(self._ids[key], line.edit)
            elif key in self._ids:
                await client.delete(self._ids[key])
        except PlatformError as error:
            _log.warning("rehearsal.refused", error=str(error))


def _stored_chat(connection: Connection, name: str) -> chats.StoredChat | None:
    return next((one for one in chats.all_chats(connection) if one.chat.name == name), None)


@asynccontextmanager
async def rehearsing(
    chat: Chat, settings: Settings, *, speed: float, port: int, folder: Path, behind_proxy: bool = False
) -> AsyncIterator[Rehearsal]:
    """Run a rehearsal in `folder`, on `port` (0: any free one), until the block ends. Others can discover it.

    `behind_proxy`: another process on this machine hands on the requests.
    """
    chat = msgspec.structs.replace(chat, places=("room",), announcement=None, reminders=())
    clock = RehearsalClock(chat.starts - _WARM_UP * speed, speed)
    own = _settings(settings, speed=speed, port=port, folder=folder, behind_proxy=behind_proxy)
    convenor = Convenor(own, clock=clock, programme=lambda: Programme(chats=(chat,)))
    async with convenor.running(), asyncio.TaskGroup() as group:
        rehearsal = Rehearsal(chat, convenor, clock)

        def mark() -> Path:
            return discovery.write_marker(
                folder, settings, clock, chat=chat.name, store=own.store.url, room=rehearsal.room
            )

        marker = mark()
        tasks = [group.create_task(rehearsal.keep_pace()), group.create_task(_repeat(mark))]
        try:
            yield rehearsal
        finally:
            for task in tasks:
                task.cancel()
            marker.unlink(missing_ok=True)


async def _repeat(mark: Callable[[], Path]) -> None:
    """Tell other processes the time once a second."""
    while True:
        await asyncio.sleep(1)
        mark()


def _settings(settings: Settings, *, speed: float, port: int, folder: Path, behind_proxy: bool) -> Settings:
    """The operator's settings, but with only the room, on this machine, and with timeouts that fit the speed.

    It keeps no archive and makes no drafts on a blog. Every page of the room bears the community's name, and so says
    that it is a rehearsal.
    """
    room = RoomPlace(
        platform="room",
        host="127.0.0.1",
        port=port,
        behind_proxy=behind_proxy,
        per_person=_NO_LIMIT,
        per_address=_NO_LIMIT,
    )
    hosting = settings.hosting.model_copy(
        update={
            "late": settings.hosting.late * speed,
            "absent": settings.hosting.absent * speed,
            # participants join during the warm-up, and stay after the closing post
            "open_before": max(settings.hosting.open_before, _WARM_UP * speed),
            "open_after": max(settings.hosting.open_after, _COOL_DOWN * speed),
        }
    )
    store = settings.store.model_copy(update={"url": f"sqlite:///{folder / 'rehearsal.db'}"})
    name = settings.community.name
    community = settings.community.model_copy(update={"name": f"Rehearsal: {name}" if name else "Rehearsal"})
    site = settings.site.model_copy(update={"folder": ""})
    blog = settings.wordpress.model_copy(update={"address": ""})
    changed = {
        "wordpress": blog,
        "places": {"room": room},
        "hosting": hosting,
        "store": store,
        "community": community,
        "site": site,
    }
    return settings.model_copy(update=changed)
