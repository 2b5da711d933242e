"""Queries on all that the store has of a person, and on every row of every table, to change or delete it.

What belongs to a person, and what becomes of a row, is decided in `bot.erasure`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    Connection,
    Delete,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    delete,
    func,
    inspect,
    or_,
    select,
    tuple_,
    update,
)

from bot.messages import AnyEvent, Author, Command
from bot.store import tables
from bot.store.lock_order import lock_rows
from bot.store.lookups import one_of
from bot.store.message_rows import Ident, MessageRow, row_of
from bot.store.message_schema import absent, events, messages, muted, people, versions
from bot.store.schema import chats, commands, outbox

_author = msgspec.json.Decoder(Author).decode
_event = msgspec.json.Decoder[AnyEvent](AnyEvent).decode
_command = msgspec.json.Decoder(Command).decode

_AT_ONCE = 1000


class AccountRow(NamedTuple):
    """An account as the store knows it, with its newest handle and name, and when it was last heard of."""

    place: str
    author: Author
    last: datetime


class RowOf(NamedTuple):
    """A row of a table: the values of its primary key, and all its values by column."""

    key: tuple[Any, ...]
    values: Mapping[str, Any]


def accounts(connection: Connection) -> list[AccountRow]:
    """All accounts that wrote, joined or were named: each with its newest author, the latest heard first."""
    found: dict[Ident, AccountRow] = {}
    wrote = select(messages.c.place, messages.c.author, func.max(messages.c.at).label("at"))
    grouped = wrote.where(messages.c.author_id != "").group_by(
        messages.c.place, messages.c.author_id, messages.c.author
    )
    named = select(people.c.place, people.c.author, people.c.at)
    for place, author, at in [*connection.execute(grouped), *connection.execute(named)]:
        _add(found, AccountRow(place, _author(author), at))
    joined = ("joined", "reaction", "repost", "withdrawn")
    rows = connection.execute(select(events.c.raw).where(events.c.type.in_(joined)).order_by(events.c.seq))
    for (raw,) in rows:
        event = _event(raw)
        _add(found, AccountRow(event.place, event.author, event.at))
    for row in connection.execute(select(commands.c.raw)):
        command = _command(row.raw)
        _add(found, AccountRow(command.place, command.author, command.at))
    return sorted(found.values(), key=lambda one: one.last, reverse=True)


def _add(found: dict[Ident, AccountRow], one: AccountRow) -> None:
    key = one.place, one.author.id
    known = found.get(key)
    if known is None:
        found[key] = one
        return
    newest, other = (one, known) if one.last > known.last else (known, one)
    author = newest.author
    author = Author(
        id=author.id,
        handle=author.handle or other.author.handle,
        name=author.name or other.author.name,
        followers=author.followers,
    )
    found[key] = AccountRow(one.place, author, newest.last)


def messages_of(connection: Connection, idents: Collection[Ident]) -> list[MessageRow]:
    """The messages of these accounts."""
    rows = connection.execute(select(messages).where(_is_one_of(messages.c.place, messages.c.author_id, idents)))
    return [row_of(row) for row in rows]


def events_of(connection: Connection, idents: Iterable[Ident]) -> list[AnyEvent]:
    """The events of which one of these accounts is the author."""
    found: list[AnyEvent] = []
    for place, id in idents:
        begins = '"author":{"id":' + msgspec.json.encode(id).decode() + ","
        query = select(events.c.raw).where(events.c.place == place, events.c.raw.contains(begins, autoescape=True))
        found += [_event(raw) for raw in connection.scalars(query)]
    return found


def edits_of(connection: Connection, idents: Collection[Ident]) -> list[AnyEvent]:
    """The edits of these messages."""
    places = sorted({place for place, _ in idents})
    query = select(events.c.raw).where(events.c.type == "edited", events.c.place.in_(places))
    found = [_event(raw) for raw in connection.scalars(query)] if idents else []
    return [one for one in found if (one.place, getattr(one, "id", "")) in idents]


def commands_of(connection: Connection, idents: Collection[Ident]) -> list[Command]:
    """The commands of these accounts."""
    places = sorted({place for place, _ in idents})
    found = map(_command, connection.scalars(select(commands.c.raw).where(commands.c.place.in_(places))))
    return [one for one in found if (one.place, one.author.id) in idents]


def versions_of(connection: Connection, idents: Collection[Ident]) -> set[Ident]:
    """The further ids of these messages."""
    places = sorted({place for place, _ in idents})
    rows = connection.execute(select(versions).where(versions.c.place.in_(places)))
    return {(row.place, row.version) for row in rows if (row.place, row.id) in idents}


class PostTo(NamedTuple):
    """A post to a person: its place and key, and its id there once it is sent."""

    place: str
    key: str
    id: str | None


def posts_to(connection: Connection, idents: Collection[Ident], ids: Collection[str]) -> list[PostTo]:
    """The posts to these accounts, or below messages with these ids on their places."""
    places = sorted({place for place, _ in idents})
    columns = outbox.c.key, outbox.c.place, outbox.c.to, outbox.c.reply_to, outbox.c.receipt
    either = or_(outbox.c.to.is_not(None), outbox.c.reply_to.is_not(None))
    rows = connection.execute(select(*columns).where(outbox.c.place.in_(places), either, outbox.c.kind == "receipt"))
    wanted = set(ids)
    found = (row for row in rows if (row.place, row.to) in idents or row.reply_to in wanted)
    return [PostTo(row.place, row.key, row.receipt) for row in found]


def banned(connection: Connection, idents: Collection[Ident]) -> set[Ident]:
    """The accounts among these that are banned for good."""
    query = select(muted.c.place, muted.c.author_id).where(muted.c.chat == "", muted.c.until.is_(None))
    return {(row.place, row.author_id) for row in connection.execute(query)} & set(idents)


def left_out(connection: Connection, idents: Collection[Ident]) -> set[Ident]:
    """The accounts among these that asked to be left out."""
    return {(row.place, row.author_id) for row in connection.execute(select(absent))} & set(idents)


def chat_events_of(connection: Connection, names: Collection[str]) -> Iterator[AnyEvent]:
    """All events of these chats."""
    query = select(events.c.raw).where(one_of(connection, events.c.chat, names))
    for (raw,) in connection.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield _event(raw)


def ends_of(connection: Connection, names: Collection[str]) -> list[datetime]:
    """When these chats end, in UTC."""
    return list(connection.scalars(select(chats.c.ends).where(one_of(connection, chats.c.name, names))))


def tables_with_text(connection: Connection) -> list[Table]:
    """The tables of this database that have texts."""
    there = set(inspect(connection).get_table_names())
    return [
        table
        for table in tables.ALL
        if table.name in there and any(isinstance(one.type, Text) for one in table.columns)
    ]


def rows(connection: Connection, table: Table) -> Iterator[RowOf]:
    """All rows of a table, without what can name nobody: of its columns those of its key and those with texts."""
    columns = [one for one in table.columns if one.primary_key or isinstance(one.type, Text)]
    at = [n for n, one in enumerate(columns) if one.primary_key]
    names = [one.name for one in columns]
    for row in connection.execute(select(*columns), execution_options={"yield_per": _AT_ONCE}):
        yield RowOf(tuple(row[n] for n in at), dict(zip(names, row, strict=True)))


def stamp(connection: Connection) -> tuple[int, ...]:
    """Numbers that change whenever somebody writes what may name a person: events, commands, posts."""
    newest = (events.c.seq, commands.c.seq, outbox.c.id)
    return tuple(connection.scalar(select(func.max(one))) or 0 for one in newest)


def lock(connection: Connection, table: Table, keys: Collection[tuple[Any, ...]]) -> None:
    """Lock the rows with these primary keys."""
    ordered, key = sorted(keys), tuple_(*table.primary_key.columns)
    for first in range(0, len(ordered), _AT_ONCE):
        lock_rows(connection, table, key.in_(ordered[first : first + _AT_ONCE]))


def delete_rows(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete the rows with these primary keys."""
    _for_each(connection, delete(table), table, [(key, {}) for key in keys])


def update_rows(
    connection: Connection, table: Table, changed: Sequence[tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    """Change the rows with these primary keys."""
    by_columns: dict[tuple[str, ...], list[tuple[tuple[Any, ...], dict[str, Any]]]] = {}
    for key, new in changed:
        by_columns.setdefault(tuple(sorted(new)), []).append((key, new))
    for columns, rows_ in by_columns.items():
        statement = update(table).values({name: bindparam(f"new_{name}") for name in columns})
        _for_each(connection, statement, table, rows_)


def _for_each(
    connection: Connection,
    statement: Update | Delete,
    table: Table,
    changed: Sequence[tuple[tuple[Any, ...], dict[str, Any]]],
) -> None:
    if not changed:
        return
    columns = list(table.primary_key.columns)
    here = and_(*(one == bindparam(f"key_{one.name}") for one in columns))
    values = [
        {f"key_{one.name}": part for one, part in zip(columns, key, strict=True)}
        | {f"new_{name}": value for name, value in new.items()}
        for key, new in changed
    ]
    connection.execute(statement.where(here), values)


def _is_one_of(place: Any, id: Any, idents: Collection[Ident]) -> Any:  # noqa: ANN401 -- columns
    return tuple_(place, id).in_(sorted(idents))
