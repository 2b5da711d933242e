"""Queries on the chat files of all machines that use one PostgreSQL, so that the process on duty plans all of them.

A file belongs to its origin: a machine with its folder. Only its origin changes or deletes it. Of files with one name
the one that was changed last counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Column, Connection, Table, Text, delete, select, tuple_

from bot.chat import Chat
from bot.store.claims import database_now
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

_chat = msgspec.json.Decoder(Chat).decode

shared_files = Table(
    "shared_files",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("definition", Text, nullable=False),
    Column("changed", Instant, nullable=False),
)
"""Chats as their files have them; `changed` is by the database's clock. Used on PostgreSQL only."""

Stamp = tuple[str, str, object]
"""The origin and name of a file, and when it was changed."""


def publish(connection: Connection, origin: str, chats: Iterable[Chat], gone: Collection[str]) -> None:
    """Insert or update the files of an origin, and delete those that there are no more."""
    rows = [
        {"origin": origin, "name": one.name, "definition": msgspec.json.encode(one).decode()}
        for one in sorted(chats, key=lambda one: one.name)
    ]
    if rows:
        statement = dialect_insert(connection, shared_files).values(changed=database_now())
        new = {"definition": statement.excluded.definition, "changed": statement.excluded.changed}
        is_new = shared_files.c.definition != statement.excluded.definition
        update = statement.on_conflict_do_update(index_elements=["origin", "name"], set_=new, where=is_new)
        connection.execute(update, rows)
    if gone:
        of_origin = shared_files.c.origin == origin
        connection.execute(delete(shared_files).where(of_origin, shared_files.c.name.in_(list(gone))))


def names_of(connection: Connection, origin: str) -> set[str]:
    """The names of the files of an origin."""
    return set(connection.scalars(select(shared_files.c.name).where(shared_files.c.origin == origin)))


def stamps(connection: Connection) -> list[Stamp]:
    """All files, the one that was changed last at the end."""
    columns = shared_files.c.origin, shared_files.c.name, shared_files.c.changed
    rows = connection.execute(select(*columns).order_by(shared_files.c.changed, shared_files.c.origin))
    return [(row.origin, row.name, row.changed) for row in rows]


def find(connection: Connection, wanted: Collection[Stamp]) -> dict[Stamp, Chat]:
    """The chats of these files. One that this version of the program can't read is left out."""
    found: dict[Stamp, Chat] = {}
    keys = [(origin, name) for origin, name, _ in wanted]
    query = select(shared_files).where(tuple_(shared_files.c.origin, shared_files.c.name).in_(keys))
    for row in connection.execute(query) if keys else ():
        try:
            found[row.origin, row.name, row.changed] = _chat(row.definition)
        except msgspec.DecodeError:
            continue
    return found
