"""Heard once: stores every event with the reading position, then shows what follows from it.

Batches form by themselves: while one is written, what arrives waits for the next. So a single message is visible at
once and a flood costs little a message. Never judges by itself; `sorting` does.
"""

from __future__ import annotations

import asyncio

import msgspec
import structlog
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.listening.bell import Bell
from bot.listening.floors import Floors
from bot.listening.sorting import Sorting
from bot.messages import AnyEvent, Message
from bot.store import incoming
from bot.store.database import Database

_LARGEST = 1000
"""Most events in one transaction: small enough that nothing else waits long for the write lock."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder[AnyEvent](AnyEvent).decode

_log = structlog.get_logger()


class _Entry:
    __slots__ = ("error", "event", "position")

    def __init__(self, event: AnyEvent, position: str | None) -> None:
        self.event = event
        self.position = position
        self.error: Exception | None = None


class _Batch:
    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.done = asyncio.Event()


class Inbox:
    """The one ear for all places."""

    def __init__(self, database: Database, floors: Floors, bell: Bell) -> None:
        self._database = database
        self._floors = floors
        self._bell = bell
        self._batches = [_Batch()]
        self._wake = asyncio.Event()
        self._absent: set[incoming.Ident] = set()

    async def open(self) -> None:
        """Read what the store remembers. Call before `run`."""
        self._absent = await self._database.read(incoming.absentees)
        for chat, counts in (await self._database.read(incoming.counts)).items():
            if chat in self._floors.halls:
                self._floors.halls[chat].counts.update(counts)

    async def hear(self, event: AnyEvent, position: str | None = None) -> None:
        """Return once the event is stored. Raises StoreError if it was not, or could not be read again."""
        batch = self._batches[-1]
        entry = _Entry(_sound(event), position)
        batch.entries.append(entry)
        if len(batch.entries) >= _LARGEST:
            self._batches.append(_Batch())
        self._wake.set()
        await batch.done.wait()
        if entry.error is not None:
            raise StoreError("This could not be stored. Please try again in a moment.") from entry.error

    async def position(self, place: str) -> str | None:
        """Where reading stopped on a place."""
        return await self._database.read(incoming.position, place)

    async def run(self) -> None:
        """Write batches until cancelled, and then what is left."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._write_all()
        finally:
            await self._write_all()

    async def _write_all(self) -> None:
        while self._batches[0].entries:
            batch = self._batches.pop(0)
            if not self._batches:
                self._batches.append(_Batch())
            try:
                await self._write(batch.entries)
            finally:
                batch.done.set()

    async def _write(self, entries: list[_Entry]) -> None:
        try:
            changes = await self._database.write("inward", self._receive, entries)
        except Exception as error:  # noqa: BLE001 -- one odd event must not end the listening for all
            await self._refused(entries, error)
            return
        for (chat, question), by in changes.items():
            hall = self._floors.halls.get(chat)
            if hall is not None:
                hall.counts[question] += by
        for chat in {chat for chat, _ in changes}:
            self._bell.ring(chat, "heard")

    async def _refused(self, entries: list[_Entry], error: Exception) -> None:
        """An event that cannot be stored must not take its neighbours along; a store that is busy takes none."""
        _log.warning("inbox.batch_refused", events=len(entries), error=type(error).__name__)
        if len(entries) > 1 and not (isinstance(error, StoreError) and not error.unfit):
            for entry in entries:
                await self._write([entry])
            return
        for entry in entries:
            entry.error = error

    def _receive(self, connection: Connection, entries: list[_Entry]) -> dict[tuple[str, str], int]:
        """One transaction: what these events change, written. Returns how the counts under questions changed."""
        rows = incoming.standing(connection, _spoken_of(entries, self._floors))
        absent = set(self._absent)
        sorting = Sorting(rows, absent, self._floors)
        for entry in entries:
            sorting.take(entry.event)
        incoming.store_raw(connection, sorting.raw)
        incoming.keep(connection, sorting.fresh, sorting.changed)
        for ident in incoming.leave_out(connection, sorting.leaving):
            sorting.counts[ident] -= 1
        incoming.move(connection, {one.event.place: one.position for one in entries if one.position is not None})
        self._absent = absent
        return {key: by for key, by in sorting.counts.items() if key[0] in self._floors.halls}


def _spoken_of(entries: list[_Entry], floors: Floors) -> set[incoming.Ident]:
    """The messages a batch speaks of, and those it replies to."""
    found = set()
    for entry in entries:
        event = entry.event
        id = getattr(event, "id", None)
        if id is not None:
            found.add((event.place, id))
        if isinstance(event, Message) and event.reply_to and not floors.ours(event.place, event.reply_to):
            found.add((event.place, event.reply_to))
    return found


def _sound(event: AnyEvent) -> AnyEvent:
    """The event, if its values are what they should be: an adapter's slip must not poison the store."""
    try:
        sound: AnyEvent = _decode(_encode(event))
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise StoreError("This cannot be stored: a value in it is not what it should be.", unfit=True) from error
    return sound
