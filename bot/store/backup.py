"""A copy of the store in one file, taken while a bot runs; and the store made anew from such a copy.

SQLite only; `dumps.py` has PostgreSQL. Restoring under a running bot is not looked for here: the caller holds the lock.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, update

from bot.errors import StoreError
from bot.messages import Value
from bot.store.chats import ALIVE, STOPPED, get_fact, set_fact
from bot.store.database import Database
from bot.store.schema import outbox

_BESIDE = ("-wal", "-shm")
"""Files that SQLite keeps beside an open database."""


class Restored(Value, frozen=True, kw_only=True):
    """The result of a restore: the last sign of life in the copy, None if there was none, and the posts in doubt.

    `kept` is where the store is that was there before.
    """

    taken: datetime | None
    doubtful: int
    kept: Path | None = None


def back_up(store: Path, target: Path) -> None:
    """Copy the store as it is at one moment, whole or not at all. Writers are not kept waiting. Raises StoreError."""
    if not store.is_file():
        raise StoreError(f"There is no store at {store}.")
    _apart(store, target)
    with _whole(target) as draft, _refusals(store):
        _copy(store, draft)


def restore(backup: Path, store: Path, now: datetime) -> Restored:
    """Put a copy in the place of the store, whole or not at all; what was there is kept beside it.

    Raises StoreError if the copy is damaged, none of Convenor's, or newer than this program.
    """
    if not backup.is_file():
        raise StoreError(f"There is no backup at {backup}.")
    _apart(store, backup)
    with _whole(store, like=store) as draft:
        with _refusals(backup):
            _copy(backup, draft)
            if not _has_tables(draft):
                raise StoreError(f"{backup} is no backup of a store.")
        with closing(Database(f"sqlite:///{_escaped(draft)}")) as database:  # which brings its tables up to date
            restored = database.write_sync(doubt, now)
        _gather(draft)
        kept = _keep(store, now) if store.exists() else None
    return Restored(taken=restored.taken, doubtful=restored.doubtful, kept=kept)


def doubt(connection: Connection, now: datetime) -> Restored:
    """Have every post that was due since the copy was taken looked for before it is posted: it may be out already.

    The bot that ran when it was taken counts as stopped at that moment.
    """
    alive = get_fact(connection, ALIVE, None)
    if alive:
        set_fact(connection, STOPPED, alive)
    taken = datetime.fromisoformat(alive) if alive else None
    due = outbox.c.state.in_(("planned", "retry")), outbox.c.next_at <= now, outbox.c.expires > now
    values = {"state": "ambiguous", "attempted_at": outbox.c.due, "next_at": now}
    found = connection.execute(update(outbox).where(*due).values(values)).rowcount
    return Restored(taken=taken, doubtful=found)


def _apart(store: Path, other: Path) -> None:
    if other.exists() and store.exists() and other.samefile(store):
        raise StoreError(f"{other} is the store itself; name another file.")


def _copy(source: Path, target: Path) -> None:
    """Copy a database in one step, and look whether the copy is sound. Raises sqlite3.Error and StoreError."""
    with closing(_open(source)) as read, closing(_open(target)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE").close()  # one file, nothing beside it
        ((found, *_), *_) = written.execute("PRAGMA integrity_check(1)").fetchall()
        if found != "ok":
            raise StoreError(f"{source} is damaged: {found}.")


def _open(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there; it isn't made."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)


def _has_tables(path: Path) -> bool:
    with closing(_open(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {"alembic_version", outbox.name} <= names


def _gather(path: Path) -> None:
    """Bring everything of a closed database into its one file."""
    with _refusals(path), closing(_open(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        connection.execute("PRAGMA journal_mode=DELETE").close()


def _keep(store: Path, now: datetime) -> Path:
    """Copy the store to a name of its own, with all that lies beside it, which must not stay beside another file."""
    kept = store.with_name(f"{store.name}.before-{now:%Y%m%dT%H%M%S}")
    with contextlib.suppress(sqlite3.Error, StoreError):  # a damaged one is kept as it is
        _gather(store)
    shutil.copy2(store, kept)
    for end in _BESIDE:
        beside = store.with_name(store.name + end)
        if beside.exists():
            beside.replace(kept.with_name(kept.name + end))
    return kept


@contextlib.contextmanager
def _whole(target: Path, like: Path | None = None) -> Iterator[Path]:
    """A file to write to that becomes the target at the end of the block; only its owner may read it.

    It has the owner of the file `like`, where that is there and may be given.
    """
    draft = target.with_name(f".{target.name}.unfinished")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        draft.chmod(0o600)
        yield draft
        if like is not None and like.exists():
            with contextlib.suppress(OSError):
                os.chown(draft, like.stat().st_uid, like.stat().st_gid)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        for end in ("", *_BESIDE):
            draft.with_name(draft.name + end).unlink(missing_ok=True)


@contextlib.contextmanager
def _refusals(file: Path) -> Iterator[None]:
    """SQLite's errors as errors for people."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file} cannot be read as a store: {error}.") from error


def _escaped(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3F")
