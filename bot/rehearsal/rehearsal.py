"""A rehearsal: a chat as `run` hosts it, on a fast clock, with pretend participants.

It runs the real bot with a database of its own and only the room, on the loopback address, so nothing leaves this
machine. The script's participants use the room's public pages, and each is marked as pretend.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat, Programme
from bot.clock import FastClock
from bot.errors import PlatformError
from bot.messages import AnyEvent
from bot.rehearsal import discovery
from bot.rehearsal.script import Script, ScriptLine
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.store import chats, messages, private_links
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

_NO_LIMIT = "100000/minute"
"""All pretend participants share one address, and their minutes are short."""


class Rehearsal:
    """A running rehearsal. `address` is the chat's page, which can be joined."""

    def __init__(self, chat: Chat, convenor: Convenor, clock: FastClock) -> None:
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
                await client.join()
            async with asyncio.TaskGroup() as group:
                lines = [group.create_task(self._play_line(people[line.person], line)) for line in script.lines]
                if await self._wait_for_end() < self.chat.ends:
                    for line in lines:
                        line.cancel()

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

    async def _play_line(self, client: BrowserClient, line: ScriptLine) -> None:
        """Post one line at its time, and later edit or delete it. A refusal is part of the rehearsal."""
        question = self.chat.question(f"q{line.question}")
        if line.question and question is None:
            return  # this chat has fewer questions than the script
        at = (question.at if question else self.chat.starts) + line.after
        try:
            await self.clock.sleep_until(at)
            reply = self._ids.get((line.replies_to or "", line.question), "")
            id = await client.post(line.text, question=question.key if question else "", reply=reply)
            self._ids[line.person, line.question] = id
            await self.clock.sleep_until(at + line.then)
            if line.edit:
                await client.edit(id, line.edit)
            if line.delete:
                await client.delete(id)
        except PlatformError as error:
            _log.warning("rehearsal.refused", error=str(error))


def _stored_chat(connection: Connection, name: str) -> chats.StoredChat | None:
    return next((one for one in chats.all_chats(connection) if one.chat.name == name), None)


@asynccontextmanager
async def rehearsing(
    chat: Chat, settings: Settings, *, speed: float, port: int, folder: Path
) -> AsyncIterator[Rehearsal]:
    """Run a rehearsal in `folder`, on `port` (0: any free one), until the block ends. Others can discover it."""
    chat = msgspec.structs.replace(chat, places=("room",), reminders=())
    clock = FastClock(chat.starts - _WARM_UP * speed, speed)
    own = _settings(settings, speed=speed, port=port, folder=folder)
    convenor = Convenor(own, clock=clock, programme=lambda: Programme(chats=(chat,)))
    async with convenor.running():
        rehearsal = Rehearsal(chat, convenor, clock)
        marker = discovery.write_marker(
            folder, settings, clock, chat=chat.name, store=own.store.url, room=rehearsal.room
        )
        try:
            yield rehearsal
        finally:
            marker.unlink(missing_ok=True)


def _settings(settings: Settings, *, speed: float, port: int, folder: Path) -> Settings:
    """The operator's settings, but with only the room, on this machine, and with timeouts that fit the speed."""
    room = RoomPlace(platform="room", host="127.0.0.1", port=port, per_person=_NO_LIMIT, per_address=_NO_LIMIT)
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
    return settings.model_copy(update={"places": {"room": room}, "hosting": hosting, "store": store})
