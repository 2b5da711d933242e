"""An SQLite file that another program writes over, in place, is noticed by its mark; what SQLite does itself is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store import chats
from bot.store.database import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "convenor.db"


@pytest.fixture
def store(file: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{file}")) as made:
        made.mark_file()
        made.write_sync(chats.set_fact, "a", "one")
        yield made


def another(folder: Path) -> bytes:
    path = folder / "another.db"
    with closing(Database(f"sqlite:///{path}")) as made:
        made.mark_file()
    return path.read_bytes()


@pytest.mark.parametrize("what", ["another store", "an empty file", "no store", "an older backup"])
def test_a_file_that_is_written_over_in_place_takes_nothing_more(store: Database, file: Path, what: str) -> None:
    before = file.stat().st_ino
    contents = {"another store": another(file.parent), "an empty file": b"", "no store": b"x" * 5000}
    backup = file.parent / "backup.db"
    backup.write_bytes(file.read_bytes())
    with closing(Database(f"sqlite:///{backup}")) as made:
        made.mark_file()  # it was taken when an earlier bot ran
    contents["an older backup"] = backup.read_bytes()
    with file.open("r+b") as opened:
        opened.truncate()
        opened.write(contents[what])
    assert file.stat().st_ino == before
    with pytest.raises(StoreError):
        store.write_sync(chats.set_fact, "a", "two")
    told = store.trouble()
    assert told is not None
    assert "written over" in told


def test_what_sqlite_writes_itself_is_no_alarm(store: Database, file: Path) -> None:
    with closing(Database(f"sqlite:///{file}")) as other:  # a verb, beside the bot
        for number in range(60):
            store.write_sync(chats.set_fact, f"fact {number}", "x" * 100_000)
            other.write_sync(chats.set_fact, "from the shell", f"{number}")
    assert store.read_sync(chats.get_fact, "from the shell") == "59"
    assert store.trouble() is None
    assert file.stat().st_size > 1_000_000, "SQLite has brought its log into the file"
