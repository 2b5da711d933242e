"""Queries on chat files as they were last read, so that those that have not changed are not read again.

And how many are still to be read, while there are thousands of new ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from sqlalchemy import Connection, delete, select

from bot.chat import Chat, FileVersion
from bot.messages import Value
from bot.store import chats
from bot.store.database import dialect_insert
from bot.store.schema import chat_files

_READING = "reading"
"""The fact that says how many files are still to be read; empty if none is."""

_chat = msgspec.json.Decoder(Chat).decode


class FileReading(Value, frozen=True, kw_only=True):
    """How many of all chat files are still to be read and planned."""

    left: int
    total: int

    @property
    def told(self) -> str:
        """The same in words; empty if all are planned."""
        return f"still reading {self.left:,} of {self.total:,} chat files" if self.left else ""


_reading = msgspec.json.Decoder(FileReading).decode


def all_files(connection: Connection) -> dict[str, FileVersion]:
    """The chat of each file, by name. One that this version of the program can't read is left out."""
    found = {}
    for row in connection.execute(select(chat_files)):
        try:
            found[row.name] = FileVersion(state=row.state, chat=_chat(row.definition))
        except msgspec.DecodeError:
            continue
    return found


def save_files(connection: Connection, files: Iterable[FileVersion]) -> None:
    """Insert or update files."""
    rows = [
        {"name": one.chat.name, "state": one.state, "definition": msgspec.json.encode(one.chat).decode()}
        for one in sorted(files, key=lambda one: one.chat.name)
    ]
    if rows:
        statement = dialect_insert(connection, chat_files)
        new = {name: statement.excluded[name] for name in ("state", "definition")}
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=new), rows)


def forget_files(connection: Connection, names: Collection[str]) -> None:
    """Delete files that there are no more."""
    connection.execute(delete(chat_files).where(chat_files.c.name.in_(list(names))))


def save_reading(connection: Connection, reading: FileReading) -> None:
    """Save how far the reading of the files is."""
    chats.set_fact(connection, _READING, msgspec.json.encode(reading).decode())


def reading(connection: Connection) -> FileReading | None:
    """How far the reading of the files is, as a bot last saved it; None if it never did, or another version did."""
    try:
        return _reading(chats.get_fact(connection, _READING) or "")
    except msgspec.DecodeError:
        return None
