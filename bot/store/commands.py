"""Queries on commands: waiting, carried out, undone.

A command is stored once by its place and id, as platforms may deliver it twice. What it means is not known here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, select, update

from bot.messages import Author, Command, Outcome, Value
from bot.store.bulk import BulkWrite
from bot.store.database import dialect_insert
from bot.store.instant import microseconds
from bot.store.messages import append_events
from bot.store.schema import commands

_command = msgspec.json.Decoder(Command).decode
_encode = msgspec.json.Encoder().encode

_WAITING = "waiting"
_LATE: Outcome = "late"
_NOT_PICKED_UP = "Nobody was there to carry it out, so it was withdrawn."

MAX_LENGTH = 4000
"""Characters of a command's text that are stored."""

OWN_PLACE = "convenor"
"""The place of the bot's own decisions, in the log."""

_CONVENOR = Author(id="convenor", name="Convenor")


def own_command(chat: str, now: datetime, text: str) -> Command:
    """A command of the bot to itself."""
    return Command(
        place=OWN_PLACE, at=now, id=secrets.token_hex(8), author=_CONVENOR, text=text, chat=chat, role="admin"
    )


def log_own(connection: Connection, chat: str, now: datetime, text: str, receipt: str) -> None:
    """Log something that the bot did by itself, for hosts and moderators: on the host's page and in `log`."""
    command = own_command(chat, now, text)
    enqueue(connection, [command])
    done = msgspec.structs.replace(command, outcome="done", receipt=receipt)
    save_outcome(connection, done, name="")


class CommandRow(Value, frozen=True, kw_only=True):
    """A command and its outcome; None while it waits. `change` is what undoing it needs, as JSON."""

    seq: int
    command: Command
    outcome: Outcome | None
    name: str | None = None
    receipt: str | None = None
    change: str | None = None
    undone: bool = False


def enqueue(connection: Connection, received: Iterable[Command]) -> None:
    """Insert waiting commands. Those that are already stored stay as they are."""
    _new_commands.run(
        connection,
        [
            (
                one.place,
                one.id,
                _encode(msgspec.structs.replace(one, text=one.text[:MAX_LENGTH])).decode(),
                one.chat,
                microseconds(one.at),
                _WAITING,
                False,
            )
            for one in received
        ],
    )


_new_commands = BulkWrite(
    lambda connection: dialect_insert(connection, commands).on_conflict_do_nothing(),
    ("place", "id", "raw", "chat", "at", "state", "undone"),
)

# Made once, as a thousand people may give commands at once: to make one takes longer than to run it.

_HERE = commands.c.place == bindparam("of_place"), commands.c.id == bindparam("of_id")
_ONE = select(commands).where(*_HERE)
_LOCKED = _ONE.with_for_update()
_ANSWER = ("raw", "chat", "state", "name", "receipt", "change")
_OUTCOME = (
    update(commands)
    .where(*_HERE)
    .values({name: bindparam(f"new_{name}") for name in _ANSWER})
    .returning(commands.c.seq)
)

_first_waiting = select(commands).where(commands.c.state == _WAITING).order_by(commands.c.seq).limit(bindparam("most"))


def waiting(connection: Connection, limit: int = 100) -> list[CommandRow]:
    """The waiting commands, in the order in which they came."""
    return [_command_row(row) for row in connection.execute(_first_waiting, {"most": limit})]


def find(connection: Connection, place: str, id: str, *, lock: bool = False) -> CommandRow | None:
    """One command, or None. With `lock` its row is locked until the transaction ends."""
    row = connection.execute(_LOCKED if lock else _ONE, {"of_place": place, "of_id": id}).first()
    return _command_row(row) if row else None


def withdraw(connection: Connection, place: str, id: str) -> bool:
    """Withdraw a waiting command, as one that came too late. Returns whether it was still waiting."""
    waiting = commands.c.place == place, commands.c.id == id, commands.c.state == _WAITING
    answer = {"state": _LATE, "receipt": _NOT_PICKED_UP}
    return (
        connection.execute(update(commands).where(*waiting).values(answer).returning(commands.c.seq)).first()
        is not None
    )


def save_outcome(connection: Connection, done: Command, *, name: str, change: str | None = None) -> int | None:
    """Save a command's outcome, here and in the event log. `done` has outcome and receipt. Returns its number."""
    values = {
        "new_raw": _encode(done).decode(),
        "new_chat": done.chat,
        "new_state": done.outcome,
        "new_name": name,
        "new_receipt": done.receipt,
        "new_change": change,
    }
    number: int | None = connection.scalar(_OUTCOME, {"of_place": done.place, "of_id": done.id, **values})
    append_events(connection, [(done.chat, done)])
    return number


def mark_undone(connection: Connection, seq: int) -> None:
    """Mark a command as undone."""
    connection.execute(update(commands).where(commands.c.seq == seq).values(undone=True))


def forbid_undo(connection: Connection, seq: int) -> None:
    """Delete what undoing a command needs: it can't be undone any more."""
    connection.execute(update(commands).where(commands.c.seq == seq).values(change=None))


def chats_with_commands(connection: Connection) -> set[str]:
    """The chats in which a command was ever given."""
    return set(connection.scalars(select(commands.c.chat).where(commands.c.chat.is_not(None)).distinct()))


def recent(
    connection: Connection, chat: str, limit: int = 20, *, changes: bool = False, without: Collection[str] = ()
) -> list[CommandRow]:
    """The latest answered commands of a chat, newest first, except those called `without`.

    With `changes` only those that can be undone.
    """
    query = select(commands).where(commands.c.chat == chat, commands.c.state != _WAITING)
    if without:
        query = query.where(func.coalesce(commands.c.name, "").not_in(list(without)))
    if changes:
        query = query.where(commands.c.change.is_not(None), commands.c.undone == False)  # noqa: E712 -- a column
    return [_command_row(row) for row in connection.execute(query.order_by(commands.c.seq.desc()).limit(limit))]


def last_given_at(connection: Connection, chat: str, place: str, names: Iterable[str]) -> datetime | None:
    """When the latest of these commands carried out in a chat was given, from one place; None if none was."""
    query = select(commands.c.at).where(
        commands.c.chat == chat,
        commands.c.place == place,
        commands.c.state == "done",
        commands.c.name.in_(list(names)),
    )
    return connection.scalar(query.order_by(commands.c.at.desc()).limit(1))


def _command_row(row: Row[Any]) -> CommandRow:
    return CommandRow(
        seq=row.seq,
        command=_command(row.raw),
        outcome=None if row.state == _WAITING else row.state,
        name=row.name,
        receipt=row.receipt,
        change=row.change,
        undone=row.undone,
    )
