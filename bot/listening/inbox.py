"""Heard once: stores every event with the reading position, then shows what follows from it.

Batches form by themselves: while one is written, what arrives waits for the next. So a single message is visible at
once and a flood costs little a message. Never judges by itself: `sorting` ties messages to their questions, `bench`
judges them, `aftermath` writes down what follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec
import structlog
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.listening.event_batch import EventBatch
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.live.receipts import receipt
from bot.messages import ActionKind, AnyEvent, Message
from bot.moderation.bench import Leads
from bot.moderation.decisions import BatchDecisions
from bot.moderation.effects import DecisionWriter, Team
from bot.moderation.judge import Judge
from bot.moderation.policy import Policy
from bot.ports.inbound import Charge
from bot.store import ledger, messages, people, planned_posts
from bot.store.database import Database
from bot.store.message_rows import Ident

_LARGEST = 1000
"""Most events in one transaction: small enough that nothing else waits long for the write lock."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder[AnyEvent](AnyEvent).decode

_log = structlog.get_logger()


Mark = tuple[str, str]
"""The name of something that is read, and how far."""


class _Entry:
    __slots__ = ("error", "event", "mark")

    def __init__(self, event: AnyEvent, mark: Mark | None) -> None:
        self.event = event
        self.mark = mark
        self.error: Exception | None = None


class _Batch:
    def __init__(self) -> None:
        self.entries: list[_Entry] = []
        self.done = asyncio.Event()


class _Changes(NamedTuple):
    """What a batch changed: counts under questions, chats that look different, chats with another queue."""

    counts: dict[tuple[str, str], int]
    chats: Collection[str]
    queues: Collection[str]
    commands: int


class Inbox:
    """The one ear for all places.

    On the places in `answering` whoever calls the bot gets a receipt; `answered` is told that there is one to post.
    `kin` are, for each account of ours, all those on which people are the same.

    With a `policy` messages are judged, and commands among them wait in the store: `commanded` is told. `leads` says
    whether somebody has a role, `team` whom to tell of what is held, on the places that are `reachable`; its author is
    told on those that are `private`. `deeds` is what each place lets us do.
    """

    def __init__(  # noqa: PLR0913 -- what it is put together from
        self,
        database: Database,
        live_chats: LiveChats,
        notifications: Notifications,
        *,
        answering: Collection[str] = (),
        answered: Callable[[], None] = lambda: None,
        same_platform: Mapping[str, Collection[str]] | None = None,
        policy: Policy | None = None,
        leads: Leads = lambda _message, _chat: False,
        commanded: Callable[[], None] = lambda: None,
        team: Team = lambda _chat: (),
        private: Collection[str] = (),
        reachable: Collection[str] | None = None,
        action_kinds: Mapping[str, frozenset[ActionKind]] | None = None,
    ) -> None:
        self._same_platform = same_platform or {}
        self._commanded = commanded
        self._judge = Judge(policy, live_chats, leads=leads, same_platform=self._same_platform) if policy else None
        self._aftermath = DecisionWriter(
            live_chats,
            team=team,
            private=private,
            reachable=private if reachable is None else reachable,
            action_kinds=action_kinds or {},
            same_platform=self._same_platform,
            remind=policy.remind if policy else False,
        )
        self._database = database
        self._live_chats = live_chats
        self._notifications = notifications
        self._answering = answering
        self._answered = answered
        self._charges: list[tuple[str, Charge]] = []
        self._batches = [_Batch()]
        self._wake = asyncio.Event()
        self._absent: set[Ident] = set()
        self._quiet: set[Ident] = set()
        self._replied = False
        self._stuck: set[str] = set()

    async def open(self) -> None:
        """Read what the store remembers. Call before `run`."""
        self._absent = await self._database.read(messages.excluded_people)
        self._quiet = await self._database.read(people.silenced_people)
        for chat, counts in (await self._database.read(messages.question_counts)).items():
            if chat in self._live_chats.by_name:
                self._live_chats.by_name[chat].counts.update(counts)

    async def hear(self, event: AnyEvent, mark: Mark | None = None) -> None:
        """Return once the event is stored, and with it how far was read.

        Raises StoreError if it was not, or could not be read again.
        """
        batch = self._batches[-1]
        entry = _Entry(_sound(event), mark)
        batch.entries.append(entry)
        if len(batch.entries) >= _LARGEST:
            self._batches.append(_Batch())
        self._wake.set()
        await batch.done.wait()
        if entry.error is not None:
            invalid = isinstance(entry.error, StoreError) and entry.error.invalid
            raise StoreError(
                "This could not be stored. Please try again in a moment.", invalid=invalid
            ) from entry.error

    async def paid(self, place: str, charges: Iterable[Charge]) -> None:
        """Return once these are in the ledger; what cannot be written now is kept, and written with the next."""
        self._charges += ((place, charge) for charge in charges)
        due, self._charges = self._charges, []
        try:
            await self._database.write("incoming", ledger.add_charges, due)
        except StoreError as error:
            self._charges = due + self._charges
            _log.warning("inbox.charges_not_written", charges=len(due), error=str(error))

    async def hush(self, place: str, author: str) -> None:
        """Somebody told the bot to stop, not in a message: it never writes to them again. Raises StoreError."""
        theirs = {(each, author): None for each in self._same_platform.get(place, (place,))}
        await self._database.write("incoming", people.silence_people, theirs)
        self._quiet = self._quiet | theirs.keys()

    async def reached(self, mark: Mark) -> None:
        """Write down how far was read, everything before it included."""
        self._stuck.discard(mark[0])
        await self._database.write("incoming", messages.save_positions, dict([mark]))

    async def heard(self, places: Collection[str], ids: Collection[str]) -> set[str]:
        """Which of these messages are stored, on any of these places."""
        return await self._database.read(messages.existing_ids, places, ids)

    async def position(self, name: str) -> str | None:
        """How far something was read, as last given."""
        return await self._database.read(messages.get_position, name)

    async def run(self) -> None:
        """Write batches until cancelled, and then what is left."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._write_all()
        finally:
            await self._write_all()
            await self.paid("", ())

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
            changes = await self._database.write("incoming", self._receive, entries)
        except Exception as error:  # noqa: BLE001 -- one odd event must not end the listening for all
            if self._judge:
                self._judge.undo()
            await self._refused(entries, error)
            return
        for (chat, question), by in changes.counts.items():
            live = self._live_chats.by_name.get(chat)
            if live is not None:
                live.counts[question] += by
        for chat in changes.chats:
            self._notifications.ring(chat, "heard")
        for chat in changes.queues:
            self._notifications.ring(chat, "queue")
        if self._replied or self._aftermath.planned:
            self._replied = self._aftermath.planned = False
            self._answered()
        if changes.commands:
            self._commanded()

    async def _refused(self, entries: list[_Entry], error: Exception) -> None:
        """An event that cannot be stored must not take its neighbours along; a store that is busy takes none."""
        _log.warning("inbox.batch_refused", events=len(entries), error=type(error).__name__)
        if len(entries) > 1 and not (isinstance(error, StoreError) and not error.invalid):
            for entry in entries:
                await self._write([entry])
            return
        for entry in entries:
            entry.error = error
        if not (isinstance(error, StoreError) and error.invalid):
            # what comes after it must not move a position past what was not stored
            self._stuck.update(entry.mark[0] for entry in entries if entry.mark is not None)

    def _receive(self, connection: Connection, entries: list[_Entry]) -> _Changes:
        """One transaction: what these events change, written."""
        rows = messages.get_rows(connection, _spoken_of(entries, self._live_chats))
        absent, names = set(self._absent), people.get_authors(connection, _strangers(entries))
        decisions = BatchDecisions(
            self._judge.sit(connection, [one.event for one in entries], rows) if self._judge else None
        )
        sorting = EventBatch(rows, absent, self._live_chats, names, self._same_platform, decisions)
        for entry in entries:
            sorting.take(entry.event)
        fresh, changed = sorting.fresh, sorting.changed
        messages.append_events(connection, sorting.raw)
        messages.save_rows(connection, fresh, changed)
        for ident in messages.exclude_people(connection, sorting.leaving):
            sorting.counts[ident] -= 1
        marks = (one.mark for one in entries if one.mark is not None)
        messages.save_positions(connection, {name: at for name, at in marks if name not in self._stuck})
        people.save_names(connection, sorting.named)
        quiet = self._answer(connection, sorting)
        queues = self._aftermath.write(connection, decisions, sorting.leaving, quiet)
        self._absent, self._quiet = absent, self._quiet | quiet
        counts = {key: by for key, by in sorting.counts.items() if key[0] in self._live_chats.by_name}
        chats = {chat for chat, _ in counts} | {one.chat for one in (*fresh, *changed) if one.chat}
        return _Changes(counts, chats, queues, len(decisions.commands))

    def _answer(self, connection: Connection, sorting: EventBatch) -> set[Ident]:
        """Plan the receipts, each once, but never for somebody who told the bot to stop. Returns who did."""
        quiet = self._quiet | sorting.stopping.keys()
        people.silence_people(connection, sorting.stopping)
        wanted = [
            receipt(message, chat)
            for chat, message in sorting.summons
            if message.place in self._answering and (message.place, message.author.id) not in quiet
        ]
        planned_posts.save_plan(connection, wanted)
        self._replied = self._replied or bool(wanted)
        return quiet


def _strangers(entries: list[_Entry]) -> set[Ident]:
    """People who speak in a batch without a name of any kind."""
    spoken = (one.event for one in entries if isinstance(one.event, Message))
    return {(one.place, one.author.id) for one in spoken if not one.author.handle and not one.author.name}


def _spoken_of(entries: list[_Entry], live_chats: LiveChats) -> set[Ident]:
    """The messages a batch speaks of, and those it replies to."""
    found = set()
    for entry in entries:
        event = entry.event
        id = getattr(event, "id", None)
        if id is not None:
            found.add((event.place, id))
        if isinstance(event, Message) and event.reply_to and not live_chats.ours(*event.parent):
            found.add(event.parent)
    return found


def _sound(event: AnyEvent) -> AnyEvent:
    """The event, if its values are what they should be: an adapter's slip must not poison the store."""
    try:
        sound: AnyEvent = _decode(_encode(event))
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise StoreError("This cannot be stored: a value in it is not what it should be.", invalid=True) from error
    return sound
