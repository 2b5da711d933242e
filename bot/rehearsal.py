"""The whole hour in a minute: the same path as `run`, on a faster clock, with pretend participants.

It wires the real thing with a store of its own and only the room, bound to this machine, so nothing leaves it; then it
lets the script's people in through the room's front door. Each of them says that it is pretend.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import structlog

from bot.authoring.script import Line, Script
from bot.chat import Chat, Programme
from bot.clock import FastClock
from bot.config import Settings
from bot.errors import PlatformError
from bot.messages import AnyEvent
from bot.places import RoomPlace
from bot.store import incoming
from bot.wiring import Convenor, Visitor, address

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
        self.address = f"{address(convenor.places['room'])}/{chat.name}"
        self._convenor = convenor
        self._ids: dict[tuple[str, int], str] = {}

    async def play(self, script: Script) -> None:
        """Let the script's people take part, and return when the chat is over."""
        async with AsyncExitStack() as stack:
            room = address(self._convenor.places["room"])
            people = {name: Visitor(room, self.chat.name, name) for name in script.people}
            for visitor in people.values():
                await stack.enter_async_context(visitor)
                await visitor.join()
            async with asyncio.TaskGroup() as group:
                for line in script.lines:
                    group.create_task(self._perform(people[line.person], line))
                group.create_task(self.clock.sleep_until(self.chat.ends + _AFTERWARDS * self.clock.speed))

    async def events(self, after: int = 0) -> list[tuple[int, AnyEvent]]:
        """What happened since the event numbered `after`, numbered."""
        return await self._convenor.database.read(incoming.log_after, self.chat.name, after)

    async def watch(self) -> AsyncIterator[AnyEvent]:
        """What happens, as it happens, until the caller stops."""
        seen = 0
        while True:
            for number, event in await self.events(seen):
                seen = number
                yield event
            await asyncio.sleep(_GLANCE)

    async def _perform(self, visitor: Visitor, line: Line) -> None:
        """Say one line at its time, and later change it or take it back. A refusal is part of the rehearsal."""
        question = self.chat.question(f"q{line.question}")
        if line.question and question is None:
            return  # this chat has fewer questions than the script
        at = (question.at if question else self.chat.starts) + line.after
        try:
            await self.clock.sleep_until(at)
            reply = self._ids.get((line.replies_to or "", line.question), "")
            id = await visitor.say(line.text, question=question.key if question else "", reply=reply)
            self._ids[line.person, line.question] = id
            await self.clock.sleep_until(at + line.then)
            if line.edit:
                await visitor.edit(id, line.edit)
            if line.delete:
                await visitor.delete(id)
        except PlatformError as error:
            _log.warning("rehearsal.refused", error=str(error))


@asynccontextmanager
async def rehearsing(
    chat: Chat, settings: Settings, *, speed: float, port: int, folder: Path
) -> AsyncIterator[Rehearsal]:
    """Set a rehearsal going in `folder`, on `port` (0: any that is free); it is over when the block ends."""
    chat = msgspec.structs.replace(chat, places=("room",), reminders=())
    clock = FastClock(chat.starts - _WARM_UP * speed, speed)
    convenor = Convenor(
        _settings(settings, speed=speed, port=port, folder=folder),
        clock=clock,
        programme=lambda: Programme(chats=(chat,)),
    )
    async with convenor.running():
        yield Rehearsal(chat, convenor, clock)


def _settings(settings: Settings, *, speed: float, port: int, folder: Path) -> Settings:
    """The operator's settings, but with only the room, here, and a patience that fits the speed."""
    room = RoomPlace(platform="room", host="127.0.0.1", port=port, per_person=_PLENTY, per_address=_PLENTY)
    hosting = settings.hosting.model_copy(
        update={
            "late": settings.hosting.late * speed,
            # the pretend people come in during the warm-up, and stay for what is said afterwards
            "open_before": max(settings.hosting.open_before, _WARM_UP * speed),
            "open_after": max(settings.hosting.open_after, _AFTERWARDS * speed),
        }
    )
    store = settings.store.model_copy(update={"url": f"sqlite:///{folder / 'rehearsal.db'}"})
    return settings.model_copy(update={"places": {"room": room}, "hosting": hosting, "store": store})
