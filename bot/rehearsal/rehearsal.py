"""The whole hour in a minute: the same path as `run`, on a faster clock, with pretend participants.

It wires the real thing with a store of its own and only the room, bound to this machine, so nothing leaves it; then it
lets the script's people in through the room's front door. Each of them says that it is pretend.
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
from bot.rehearsal.script import Line, Script
from bot.settings.places import RoomPlace
from bot.settings.settings import Settings
from bot.store import chats, messages, private_links
from bot.wiring import BrowserClient, Convenor, address

_log = structlog.get_logger()

_WARM_UP = timedelta(seconds=2)
"""Wall time before the chat's hour."""

_AFTERWARDS = timedelta(seconds=3)
"""Wall time after the closing post, for the last answers."""

_GLANCE = 0.2
"""Wall seconds between two looks at what happened, for whoever watches."""

_PLENTY = "100000/minute"
"""All pretend participants share one address, and their minute is short."""


class Rehearsal:
    """One rehearsal that is going on. `address` is the chat's page, which can be joined."""

    def __init__(self, chat: Chat, convenor: Convenor, clock: FastClock) -> None:
        self.chat = chat
        self.clock = clock
        self.room = address(convenor.places["room"])
        self.address = f"{self.room}/{chat.name}"
        self._convenor = convenor
        self._ids: dict[tuple[str, int], str] = {}

    async def play(self, script: Script) -> None:
        """Let the script's people take part, and return when the chat is over, however it was steered."""
        async with AsyncExitStack() as stack:
            people = {name: BrowserClient(self.room, self.chat.name, name) for name in script.people}
            for visitor in people.values():
                await stack.enter_async_context(visitor)
                await visitor.join()
            async with asyncio.TaskGroup() as group:
                lines = [group.create_task(self._perform(people[line.person], line)) for line in script.lines]
                if await self._over() < self.chat.ends:
                    for line in lines:
                        line.cancel()

    async def invite(self, name: str) -> str:
        """The address of a new private link, for whoever leads the rehearsal under this name."""
        database, now = self._convenor.database, self.clock.now()
        _, key = await database.write(
            "outgoing", private_links.create_link, chat=self.chat.name, name=name, role="host", now=now
        )
        return f"{self.room}{private_links.link_path(key)}"

    async def _over(self) -> datetime:
        """Come back a little after the chat is over or was called off; when that was."""
        called_off: datetime | None = None
        while True:
            now, known = self.clock.now(), await self._convenor.database.read(_known, self.chat.name)
            called_off = (called_off or now) if known and known.state.cancelled else None
            ends = called_off or (known.ends if known else self.chat.ends)
            if now >= ends + _AFTERWARDS * self.clock.speed:
                return ends
            await asyncio.sleep(_GLANCE)

    async def events(self, after: int = 0) -> list[tuple[int, AnyEvent]]:
        """What happened since the event numbered `after`, numbered."""
        return await self._convenor.database.read(messages.chat_events_after, self.chat.name, after)

    async def watch(self) -> AsyncIterator[AnyEvent]:
        """What happens, as it happens, until the caller stops."""
        seen = 0
        while True:
            for number, event in await self.events(seen):
                seen = number
                yield event
            await asyncio.sleep(_GLANCE)

    async def _perform(self, visitor: BrowserClient, line: Line) -> None:
        """Say one line at its time, and later change it or take it back. A refusal is part of the rehearsal."""
        question = self.chat.question(f"q{line.question}")
        if line.question and question is None:
            return  # this chat has fewer questions than the script
        at = (question.at if question else self.chat.starts) + line.after
        try:
            await self.clock.sleep_until(at)
            reply = self._ids.get((line.replies_to or "", line.question), "")
            id = await visitor.post(line.text, question=question.key if question else "", reply=reply)
            self._ids[line.person, line.question] = id
            await self.clock.sleep_until(at + line.then)
            if line.edit:
                await visitor.edit(id, line.edit)
            if line.delete:
                await visitor.delete(id)
        except PlatformError as error:
            _log.warning("rehearsal.refused", error=str(error))


def _known(connection: Connection, name: str) -> chats.StoredChat | None:
    return next((one for one in chats.all_chats(connection) if one.chat.name == name), None)


@asynccontextmanager
async def rehearsing(
    chat: Chat, settings: Settings, *, speed: float, port: int, folder: Path
) -> AsyncIterator[Rehearsal]:
    """Set a rehearsal going in `folder`, on `port` (0: any that is free); it is over when the block ends.

    Meanwhile a sign in the folder says so.
    """
    chat = msgspec.structs.replace(chat, places=("room",), reminders=())
    clock = FastClock(chat.starts - _WARM_UP * speed, speed)
    own = _settings(settings, speed=speed, port=port, folder=folder)
    convenor = Convenor(own, clock=clock, programme=lambda: Programme(chats=(chat,)))
    async with convenor.running():
        rehearsal = Rehearsal(chat, convenor, clock)
        told = discovery.hang(folder, settings, clock, chat=chat.name, store=own.store.url, room=rehearsal.room)
        try:
            yield rehearsal
        finally:
            told.unlink(missing_ok=True)


def _settings(settings: Settings, *, speed: float, port: int, folder: Path) -> Settings:
    """The operator's settings, but with only the room, here, and a patience that fits the speed."""
    room = RoomPlace(platform="room", host="127.0.0.1", port=port, per_person=_PLENTY, per_address=_PLENTY)
    hosting = settings.hosting.model_copy(
        update={
            "late": settings.hosting.late * speed,
            "absent": settings.hosting.absent * speed,
            # the pretend people come in during the warm-up, and stay for what is said afterwards
            "open_before": max(settings.hosting.open_before, _WARM_UP * speed),
            "open_after": max(settings.hosting.open_after, _AFTERWARDS * speed),
        }
    )
    store = settings.store.model_copy(update={"url": f"sqlite:///{folder / 'rehearsal.db'}"})
    return settings.model_copy(update={"places": {"room": room}, "hosting": hosting, "store": store})
