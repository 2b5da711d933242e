"""Puts the rooms together, starts them and stops them. The only room that names adapters; it decides nothing else."""

from __future__ import annotations

import asyncio
import gc
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from adapters import room
from adapters.room.visitor import Visitor
from bot.chat import Programme
from bot.config import RoomPlace, Settings
from bot.hosting.agenda import Agenda, Rules
from bot.hosting.conductor import Conductor
from bot.hosting.outbox import Outbox
from bot.hosting.pulse import Pulse
from bot.listening.bell import Bell
from bot.listening.board import ChatBoard
from bot.listening.floors import Floors
from bot.listening.inbox import Inbox
from bot.messages import Image, Posted, Value
from bot.port import Board, Clock, Ear, Platform, Traits
from bot.store import roll
from bot.store.database import Database

_log = structlog.get_logger()


class Given(Value, frozen=True, kw_only=True):
    """What every adapter is given: its place's name, the clock, where to tell what it heard, and what it may show."""

    place: str
    clock: Clock
    ear: Ear
    board: Board
    secret: str


Builder = Callable[[RoomPlace, Given], Platform]


def _room(settings: RoomPlace, given: Given) -> room.Room:
    return room.Room(
        place=given.place,
        clock=given.clock,
        ear=given.ear,
        board=given.board,
        host=settings.host,
        port=settings.port,
        public_url=settings.public_url,
        secret=settings.secret.get_secret_value() or given.secret,
        behind_proxy=settings.behind_proxy,
        per_person=settings.per_person,
        per_address=settings.per_address,
        longest=settings.longest,
    )


PLATFORMS: Mapping[str, Builder] = {"room": _room}
"""How to build an adapter, by the `platform` of a place in the settings."""

_TRAITS: Mapping[str, Traits] = {"room": room.TRAITS}


__all__ = ["PLATFORMS", "Builder", "Convenor", "Given", "Visitor", "address", "traits"]


def traits(settings: Settings) -> dict[str, Traits]:
    """What each configured place can do, without connecting to any."""
    return {name: _TRAITS[place.platform] for name, place in settings.places.items()}


def address(platform: Platform) -> str:
    """Where a place of our own can be visited; empty for any other."""
    return platform.address if isinstance(platform, room.Room) else ""


class Convenor:
    """Everything, wired. `running` is the whole of its life."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        programme: Callable[[], Programme],
        platforms: Mapping[str, Builder] = PLATFORMS,
    ) -> None:
        self._settings = settings
        self._programme = programme
        self.clock = clock
        self.database = Database(settings.store.url)
        self.floors = Floors()
        self.bell = Bell()
        self.inbox = Inbox(self.database, self.floors, self.bell)
        self.places = self._build(platforms)
        self._outbox = Outbox(
            self.database, self.places, clock=clock, lead=settings.hosting.lead, said=self._said, settled=self._ring
        )
        self._agenda = self._make_agenda()
        self._pulse = Pulse(database=self.database, floors=self.floors, inbox=self.inbox, clock=clock)
        self.conductor = Conductor(
            database=self.database,
            clock=clock,
            agenda=self._agenda,
            outbox=self._outbox,
            floors=self.floors,
            bell=self.bell,
        )

    def board(self, place: str) -> ChatBoard:
        """What a place may show."""
        return ChatBoard(place, floors=self.floors, bell=self.bell, database=self.database, clock=self.clock)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Host until the block ends, then stop cleanly: what is under way is finished and written down.

        Raises SetupError if a place cannot be opened as the settings have it.
        """
        settle_memory()
        async with AsyncExitStack() as stack:
            stack.callback(self.database.close)
            await self._agenda.open()
            await self._agenda.sync(self.clock.now())
            await self.inbox.open()
            await stack.enter_async_context(_going(self.inbox.run()))
            for place, platform in self.places.items():
                stack.push_async_callback(platform.close)
                await platform.open()
                _log.info("place.open", place=place, platform=platform.traits.platform)
            stack.push_async_callback(self._outbox.stop)
            await stack.enter_async_context(_going(self._outbox.run()))
            await stack.enter_async_context(_going(self._pulse.run()))
            await stack.enter_async_context(_going(self.conductor.run(), end=self.conductor.end))
            yield

    def _build(self, platforms: Mapping[str, Builder]) -> dict[str, Platform]:
        secret = self.database.run(roll.fact, "secret", lambda: secrets.token_urlsafe(32)) or ""
        return {
            place: platforms[settings.platform](
                settings,
                Given(place=place, clock=self.clock, ear=self.inbox, board=self.board(place), secret=secret),
            )
            for place, settings in self._settings.places.items()
        }

    def _make_agenda(self) -> Agenda:
        hosting = self._settings.hosting
        return Agenda(
            database=self.database,
            floors=self.floors,
            bell=self.bell,
            places={place: platform.traits for place, platform in self.places.items()},
            rules=Rules(
                late=hosting.late,
                shift=hosting.shift,
                open_before=hosting.open_before,
                open_after=hosting.open_after,
            ),
            programme=self._programme,
        )

    def _ring(self) -> None:
        """A post is settled, so the next may be due."""
        self.conductor.ring()

    def _said(self, posted: Posted, image: Image | None) -> None:
        """A post is out: show it, before any disk knows."""
        self.floors.say(posted, image)
        if posted.chat is not None:
            self.bell.ring(posted.chat, "asked")


def settle_memory() -> None:
    """Keep the garbage collector from walking through everything in the very second many posts are due.

    What is loaded by now stays for good, so it need not be looked at again; and young objects are looked at after more
    of them were made. With Python's own thresholds 10,000 posts due at once took four times as long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@asynccontextmanager
async def _going(work: Coroutine[None, None, None], end: Callable[[], None] | None = None) -> AsyncIterator[None]:
    """Let a task run during the block, then `end` it or cancel it.

    If it dies, the block ends with its error: half a bot is worse than none.
    """
    owner, task = asyncio.current_task(), asyncio.create_task(work)

    def fallen(task: asyncio.Task[None]) -> None:
        if owner is not None and not task.cancelled() and task.exception() is not None:
            owner.cancel()

    task.add_done_callback(fallen)
    try:
        yield
    except asyncio.CancelledError:
        if owner is not None and task.done() and not task.cancelled() and (error := task.exception()) is not None:
            owner.uncancel()
            raise error from None
        raise
    finally:
        task.remove_done_callback(fallen)
        if end is None:
            task.cancel()
        else:
            end()
        await asyncio.wait({task})
