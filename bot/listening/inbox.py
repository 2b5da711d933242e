"""The inbox: stores every event exactly once, together with the reading position, and then applies it.

Events that arrive while a batch is written form the next one. So a single message is visible at once, and in a flood
each message costs little. `BatchWriter` works out what follows from a batch.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec
import structlog
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.listening.batch_writer import BatchWriter, Changes, RoleLookup
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Value
from bot.moderation.decision_writer import PlaceCapabilities
from bot.moderation.policy import Policy
from bot.ports.inbound import Charge
from bot.store import ledger, messages, people
from bot.store.database import Database

_FEWEST, _MOST = 50, 1000
"""Events in one transaction, if so many wait."""

_TURN = 0.05
"""Seconds of work that a transaction should take: commands and posts wait for it."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder[AnyEvent](AnyEvent).decode

_log = structlog.get_logger()


PositionMark = tuple[str, str]
"""A reading position: its name, and how far was read."""


class Wakeups(Value, frozen=True, kw_only=True):
    """Called after a batch is stored: `outbox` if there is something to post, `commands` if there are commands."""

    outbox: Callable[[], None] = lambda: None
    commands: Callable[[], None] = lambda: None


class _Entry:
    """An event that waits, of a call that waits for it. It was refused if there is an `error`."""

    __slots__ = ("call", "error", "event", "mark")

    def __init__(self, event: AnyEvent, mark: PositionMark | None, call: _Call) -> None:
        self.event = event
        self.mark = mark
        self.call = call
        self.error: Exception | None = None


class _Call:
    """A call that waits until so many events are stored or refused."""

    def __init__(self, events: int) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._waiting = events

    def count_down(self) -> None:
        """Another one is."""
        self._waiting -= 1
        if not self._waiting and not self.done.done():  # whoever waited may have been cancelled
            self.done.set_result(None)


class Inbox:
    """The inbox of all places.

    With a `policy` messages are judged, and commands are recognized among them; both wait in the store for others.
    Without one, events are only stored and attributed.
    """

    def __init__(
        self,
        database: Database,
        live_chats: LiveChats,
        notifications: Notifications,
        *,
        policy: Policy | None = None,
        capabilities: PlaceCapabilities | None = None,
        roles: RoleLookup | None = None,
        wakeups: Wakeups | None = None,
    ) -> None:
        self._database = database
        self._live_chats = live_chats
        self._notifications = notifications
        self._capabilities = capabilities or PlaceCapabilities()
        self._wakeups = wakeups or Wakeups()
        self._batch_writer = BatchWriter(
            live_chats, policy=policy, capabilities=self._capabilities, roles=roles or RoleLookup()
        )
        self._charges: list[tuple[str, Charge]] = []
        self._waiting: list[_Entry] = []
        self._most = _FEWEST
        self._wake = asyncio.Event()
        self._stuck: set[str] = set()
        self._in_doubt = False

    async def open(self) -> None:
        """Read from the store who is left out, who told the bot to stop, and the counts. Call it before `run`."""
        self._batch_writer.left_out = await self._database.read(messages.excluded_people)
        self._batch_writer.stopped = await self._database.read(people.silenced_people)
        for chat, counts in (await self._database.read(messages.question_counts)).items():
            if chat in self._live_chats.by_name:
                self._live_chats.by_name[chat].counts.update(counts)
                self._notifications.notify(chat, "heard")

    async def reload_people(self) -> None:
        """Read again who is left out, and who told the bot to stop, as another process stored it. Raises StoreError."""
        await self._database.write("incoming", self._batch_writer.reload_people)

    async def hear(self, event: AnyEvent, mark: PositionMark | None = None) -> None:
        """Store an event, and with it a reading position. Returns once both are stored.

        Raises StoreError if they were not; it is `invalid` if the event itself is the cause.
        """
        [entry] = await self._written([_validated(event)], mark)
        if entry.error is not None:
            raise _refusal(entry.error)

    async def hear_all(self, events: Iterable[AnyEvent]) -> list[StoreError]:
        """Store events in their order. Returns once each is stored or refused: the refusals, as `hear` raises them.

        An invalid event does not hold up the others.
        """
        valid, refusals = [], []
        for event in events:
            try:
                valid.append(_validated(event))
            except StoreError as error:
                refusals.append(error)
        return refusals + [_refusal(one.error) for one in await self._written(valid) if one.error is not None]

    async def _written(self, events: Sequence[AnyEvent], mark: PositionMark | None = None) -> list[_Entry]:
        """Let events wait to be written, and wait for that."""
        if not events:
            return []
        call = _Call(len(events))
        entries = [_Entry(event, mark, call) for event in events]
        self._waiting += entries
        self._wake.set()
        await call.done
        return entries

    async def paid(self, place: str, charges: Iterable[Charge]) -> None:
        """Write charges to the ledger. Charges that can't be written now are kept and written with the next."""
        self._charges += ((place, charge) for charge in charges)
        due, self._charges = self._charges, []
        try:
            await self._database.write("incoming", ledger.add_charges, due)
        except StoreError as error:
            self._charges = due + self._charges
            _log.warning("inbox.charges_not_written", charges=len(due), error=str(error))

    async def stop_writing_to(self, place: str, author: str) -> None:
        """Never write to this person again: they told the bot to stop, in private. Raises StoreError."""
        stopped = {(each, author): None for each in self._capabilities.accounts(place)}
        await self._database.write("incoming", people.silence_people, stopped)
        self._batch_writer.stopped = self._batch_writer.stopped | stopped.keys()

    async def save_position(self, mark: PositionMark) -> None:
        """Store a reading position, everything before it included."""
        self._stuck.discard(mark[0])
        await self._database.write("incoming", messages.save_positions, dict([mark]))

    async def stored(self, places: Collection[str], ids: Collection[str]) -> set[str]:
        """The ids among these of messages that are stored, on any of these places."""
        return await self._database.read(messages.existing_ids, places, ids)

    async def position(self, name: str) -> str | None:
        """A reading position, as last stored."""
        return await self._database.read(messages.get_position, name)

    async def run(self) -> None:
        """Write batches until cancelled, then write the rest."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._write_all()
        finally:
            await self._write_all()
            await self.paid("", ())

    async def _write_all(self) -> None:
        while self._waiting:
            entries, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._write(entries)
            finally:
                for entry in entries:
                    entry.call.count_down()

    async def _write(self, entries: list[_Entry]) -> None:
        try:
            if self._in_doubt:  # what had no answer may be stored all the same
                await self.open()
                self._in_doubt = False
            changes = await self._database.write("incoming", self._store, entries)
        except Exception as error:  # noqa: BLE001 -- one odd event must not stop the inbox
            self._batch_writer.rollback()
            await self._refused(entries, error)
            return
        for (chat, question), by in changes.counts.items():
            live = self._live_chats.by_name.get(chat)
            if live is not None:
                live.counts[question] += by
        for chat in changes.chats:
            self._notifications.notify(chat, "heard", [question for one, question in changes.counts if one == chat])
        for chat in changes.queues:
            self._notifications.notify(chat, "queue")
        if changes.planned:
            self._wakeups.outbox()
        if changes.commands:
            self._wakeups.commands()

    async def _refused(self, entries: list[_Entry], error: Exception) -> None:
        """Write a refused batch event by event, so that only an invalid one fails. A busy store refuses all of them."""
        _log.warning("inbox.batch_refused", events=len(entries), error=type(error).__name__)
        if len(entries) > 1 and not (isinstance(error, StoreError) and not error.invalid):
            for entry in entries:
                await self._write([entry])
            return
        for entry in entries:
            entry.error = error
        self._in_doubt |= isinstance(error, StoreError) and not error.invalid
        if not (isinstance(error, StoreError) and error.invalid):
            # later events must not move a position past one that was not stored
            self._stuck.update(entry.mark[0] for entry in entries if entry.mark is not None)

    def _store(self, connection: Connection, entries: list[_Entry]) -> Changes:
        """Store a batch in one transaction, and learn from it how many events the next may have."""
        begun = time.thread_time()
        marks = [one.mark for one in entries if one.mark is not None]
        messages.save_positions(connection, {name: at for name, at in marks if name not in self._stuck})
        try:
            changes = self._batch_writer.write(connection, [one.event for one in entries])
        except BaseException:
            self._batch_writer.rollback()  # the database may run this once more
            raise
        self._most = batch_size(self._most, stored=len(entries), seconds=time.thread_time() - begun)
        return changes


def batch_size(before: int, *, stored: int, seconds: float) -> int:
    """How many events the next transaction may have, after one that worked so many `seconds` on those it `stored`."""
    in_time = round(stored * _TURN / max(seconds, 1e-6))
    return min(max(in_time, _FEWEST), 2 * before, _MOST)


def _refusal(cause: Exception) -> StoreError:
    """The refusal of an event, as whoever waits for it is told. It is `invalid` if the event itself is the cause."""
    invalid = isinstance(cause, StoreError) and cause.invalid
    refusal = StoreError("This could not be stored. Please try again in a moment.", invalid=invalid)
    refusal.__cause__ = cause
    return refusal


def _validated(event: AnyEvent) -> AnyEvent:
    """The event, if its values are valid: an adapter's mistake must not get into the store. Raises StoreError."""
    try:
        valid: AnyEvent = _decode(_encode(event))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
        raise StoreError("This cannot be stored: a value in it is not what it should be.", invalid=True) from error
    return valid
