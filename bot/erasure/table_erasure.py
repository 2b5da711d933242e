"""Erases a person from the tables: reads what they left, works out the changes, and then writes them at once.

Reading takes long and keeps nobody waiting; only the write has a transaction of its own. Between the two others may
write, so the caller repeats it until nothing is found any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from bot.erasure.event_changes import EventChanges
from bot.erasure.row_changes import OWN_TABLES, Change, RowChanges
from bot.erasure.text_redaction import TextRedactor
from bot.erasure.traces import ErasedMessage, Ident, Traces
from bot.messages import AnyEvent, Command, Message, Posted, Repost, Value
from bot.store import author_history, erasures, person_rows
from bot.store.erasures import ErasureReceipt
from bot.store.message_rows import MessageRow
from bot.store.messages import append_events, get_rows, save_rows

ROOM = "room"
"""The platform on which anybody can choose any name."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_OPEN_AFTER = timedelta(hours=1)
"""How long after its end a chat may still hear messages."""

Key = tuple[Any, ...]

StandIn = tuple[str | None, AnyEvent]
"""An event that stands in for an erased one, and its chat."""


class Changes(Value, frozen=True, kw_only=True):
    """The changes to write: rows to delete and to change, by table, and stand-ins for messages that are referred to.

    `chats` are those whose record changes. `waits`: something for the person is still under way. `stamp` is the
    store's before it was read.
    """

    stamp: tuple[int, ...]

    deleted: Mapping[str, list[Key]]
    changed: Mapping[str, list[tuple[Key, dict[str, Any]]]]
    stand_ins: tuple[StandIn, ...]
    chats: frozenset[str]
    waits: bool

    @property
    def any(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.deleted or self.changed)


def find_traces(connection: Connection, accounts: Collection[Ident], labels: Collection[str]) -> Traces:
    """All that the store has of the person with these accounts. `labels` are the chat files' names for their places."""
    mine = frozenset(accounts)
    rows = person_rows.messages_of(connection, mine)
    events = [*person_rows.events_of(connection, mine), *person_rows.commands_of(connection, mine)]
    written = frozenset(ident for one in (*events, *rows) if (ident := _ident(one)))
    edits = person_rows.edits_of(connection, written)
    versions = {(one.place, id) for one in (*events, *edits) for id in _versions(one)}
    versions |= person_rows.versions_of(connection, written)
    named = [getattr(one, "author", None) for one in (*events, *rows)]
    named += [one.author for one in person_rows.accounts(connection) if (one.place, one.author.id) in mine]
    authors = [one for one in named if one is not None and one.id in {id for _, id in mine}]
    texts = [(one.at, one.text) for one in rows if one.text]
    texts += [(one.at, text) for one in (*events, *edits) if (text := getattr(one, "text", ""))]
    posts = person_rows.posts_to(connection, mine, {id for _, id in written | versions})
    items = written | versions | {(one.place, one.id) for one in posts if one.id}
    spelled = frozenset(handle for one in authors if (handle := one.handle.lstrip("@")))
    handles = frozenset(one.casefold() for one in spelled)
    shared = frozenset(one for one in handles if _others_had(connection, one, mine))
    return Traces(
        accounts=mine,
        handles=handles - shared,
        shared=shared,
        spelled=frozenset(one for one in spelled if one.casefold() not in shared),
        names=frozenset(one.name.strip() for one in authors if one.name.strip()),
        messages={(one.place, one.id): _erased(one) for one in rows},
        items=items,
        keys=frozenset(one.key for one in posts),
        words=tuple(texts),
        chats=frozenset(chat for one in (*events, *rows) if (chat := getattr(one, "chat", None))),
        labels=frozenset(labels),
        chosen_since=min((one.at for one in (*events, *rows)), default=_LONG_AGO) if ROOM in labels else None,
    )


def _others_had(connection: Connection, handle: str, mine: Collection[Ident]) -> bool:
    """Whether somebody else has or had a handle on a place of the person's."""
    places = {place for place, _ in mine}
    had = author_history.who_was_called(connection, handle)
    return any(place in places and (place, id) not in mine for place, id in had)


def refuse_traces(connection: Connection, traces: Traces, now: datetime) -> None:
    """Have the inbox store nothing of theirs again: none of their messages, and nothing of their accounts.

    For an account that holds up to now or to the end of a chat that it is in; for good if it is banned.
    """
    made = erasures.digests(connection)
    ends = [ends + _OPEN_AFTER for ends in person_rows.ends_of(connection, traces.chats)]
    banned = person_rows.banned(connection, traces.accounts)
    erasures.refuse(connection, [made.account(*one) for one in traces.accounts - banned], max([now, *ends]))
    erasures.refuse(connection, [made.account(*one) for one in banned], None)
    erasures.refuse(connection, [made.message(*one) for one in traces.items], None)


def find_changes(connection: Connection, traces: Traces, *, waiting: bool) -> Changes:
    """The changes after which nothing of the person is left. With `waiting` receipts to them may still go out."""
    made, stamp = erasures.digests(connection), person_rows.stamp(connection)
    rules = RowChanges(traces, _redactor(connection, traces), made.stand_in, waiting=waiting)
    found = _Found()
    for table in person_rows.tables_with_text(connection):
        if table.name not in OWN_TABLES:
            for row in person_rows.rows(connection, table):
                found.add(table.name, row, rules.of(table.name, row.values))
    return Changes(
        stamp=stamp,
        deleted=found.deleted,
        changed=found.changed,
        stand_ins=_missing(connection, rules.events),
        chats=frozenset(found.chats),
        waits=found.waits,
    )


def write_changes(
    connection: Connection, changes: Changes, erasure: str, receipt: ErasureReceipt
) -> tuple[ErasureReceipt, bool]:
    """Write all of it, and count it in the receipt. Returns that, and whether somebody wrote something meanwhile."""
    meanwhile = person_rows.stamp(connection) != changes.stamp
    tables = {table.name: table for table in person_rows.tables_with_text(connection)}
    for name, touched in _touched(changes).items():
        person_rows.lock(connection, tables[name], touched)
    for name, keys in changes.deleted.items():
        person_rows.delete_rows(connection, tables[name], keys)
    for name, rows in changes.changed.items():
        person_rows.update_rows(connection, tables[name], rows)
    append_events(connection, changes.stand_ins)
    save_rows(connection, [_row(one) for _, one in changes.stand_ins if isinstance(one, Message)], [])
    new = _counted(receipt, changes)
    erasures.advance(connection, erasure, "asked", new)
    return new, meanwhile


def _touched(changes: Changes) -> dict[str, set[Key]]:
    """The rows to delete and to change, by table: chats first, then messages, then the others by their names."""
    names = sorted({*changes.deleted, *changes.changed}, key=lambda name: (name != "chats", name != "messages", name))
    return {
        name: {*changes.deleted.get(name, ()), *(key for key, _ in changes.changed.get(name, ()))} for name in names
    }


class _Found:
    """The changes of rows, collected."""

    def __init__(self) -> None:
        self.deleted: dict[str, list[Key]] = {}
        self.changed: dict[str, list[tuple[Key, dict[str, Any]]]] = {}
        self.chats: set[str] = set()
        self.waits = False

    def add(self, table: str, row: person_rows.RowOf, change: Change) -> None:
        if change is None:
            return
        if change == "wait":
            self.waits = True
            return
        if change == "delete":
            self.deleted.setdefault(table, []).append(row.key)
        else:
            self.changed.setdefault(table, []).append((row.key, change))
        chat = row.values.get("name" if table == "chats" else "chat")
        if table in {"events", "messages", "chats"} and chat:
            self.chats.add(chat)


def _ident(event: AnyEvent | MessageRow) -> Ident | None:
    """The id of what they wrote; None for a reaction, whose id is that of another's message."""
    return (event.place, event.id) if isinstance(event, Message | Repost | Command | MessageRow) else None


def _versions(event: AnyEvent) -> Iterable[str]:
    return [*getattr(event, "versions", ()), *([one] if (one := getattr(event, "version", None)) else [])]


def _erased(row: MessageRow) -> ErasedMessage:
    return ErasedMessage(chat=row.chat, at=row.at, questions=(row.question, *row.also))


def _redactor(connection: Connection, traces: Traces) -> TextRedactor:
    """It knows what others are called, and what they said in the chats of the person."""
    names, said, replied = set[str](), list[tuple[datetime, str]](), False
    for event in person_rows.chat_events_of(connection, traces.chats):
        author = getattr(event, "author", None)
        if author is not None and (event.place, author.id) in traces.accounts:
            continue
        if isinstance(event, Message):
            names |= {event.author.name, "" if traces.chosen_since is None else event.author.handle} - {""}
            replied |= (event.reply_place or event.place, event.reply_to) in traces.items
        if text := getattr(event, "text", ""):
            said.append((_LONG_AGO if isinstance(event, Posted) else event.at, text))
    if traces.chosen_since is None:
        names -= traces.names
    return TextRedactor(traces, others=names, said=said, replied=replied)


def _missing(connection: Connection, events: EventChanges) -> tuple[StandIn, ...]:
    """The stand-ins that are not there yet."""
    found = events.stand_ins()
    known = get_rows(connection, [(one.place, one.id) for _, one in found if isinstance(one, Message)])
    return tuple((chat, one) for chat, one in found if (one.place, one.identity) not in known)


def _row(event: Message) -> MessageRow:
    first, *also = event.text.casefold().split("/")
    return MessageRow(
        place=event.place,
        id=event.id,
        chat=event.chat,
        question=first,
        reason="mark",
        at=event.at,
        author=event.author,
        text="",
        reply_to=None,
        reply_place=None,
        url=None,
        gone=True,
        also=tuple(also),
    )


def _counted(receipt: ErasureReceipt, changes: Changes) -> ErasureReceipt:
    deleted = {name: len(keys) for name, keys in changes.deleted.items()}
    return msgspec.structs.replace(
        receipt,
        chats=tuple(sorted({*receipt.chats, *changes.chats})),
        messages=receipt.messages + deleted.pop("messages", 0),
        events=receipt.events + deleted.pop("events", 0),
        rows=receipt.rows + sum(deleted.values()),
        mentions=receipt.mentions + len(changes.changed.get("messages", ())),
    )
