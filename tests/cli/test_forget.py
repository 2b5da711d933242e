"""`convenor forget`: what it shows before it asks, whom it takes for meant, and what a kill in the middle leaves."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from bot.cli.forget import receipt_lines
from bot.clock import WallClock
from bot.messages import Author
from bot.store import erasures
from bot.store.database import Database
from bot.store.erasures import ErasureReceipt
from bot.store.outputs import remember_output
from bot.transfer import import_events
from tests.cli.run import DATA, a_place, as_json, convenor, ended, environment, eventually, hosting, started
from tests.erasure.pretend_hour import CHAT, Hour, Person, an_hour
from tests.erasure.test_erasing import found_in, traces

LOG = "log.jsonl"


@pytest.fixture
def hour() -> Hour:
    return an_hour(40, 6)


@pytest.fixture
def place(tmp_path: Path, sqlite_url: str, hour: Hour) -> Path:
    """A folder whose store has a pretend hour, with its event log exported beside it."""
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, hour.events())
        database.write_sync(remember_output, tmp_path / LOG, "full export", CHAT.ends, CHAT.name)
    (tmp_path / LOG).write_text("as it was", encoding="utf-8")
    return a_place(tmp_path)


def reference(person: Person) -> str:
    return f"{person.place}/{person.author.id}"


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_first_only_a_look_is_given_and_with_yes_a_receipt_that_names_nobody(place: Path, hour: Hour) -> None:
    person = hour.said[0].by
    number = sum(one.by == person for one in hour.said)
    look = ended(convenor("forget", reference(person), cwd=place), 1)
    assert person.author.name in look.stdout
    assert f"{CHAT.name}: {number} message" in look.stdout
    assert "Add --yes" in look.stderr
    told = as_json(convenor("forget", reference(person), "--json", cwd=place))
    assert (told["person"], told["held"]["messages"], told["done"]) == (reference(person), {CHAT.name: number}, False)
    assert found_in(everything(place), [person.author.id.encode()]), "to look changes nothing"
    done = ended(convenor("forget", reference(person), "--yes", "--json", cwd=place), 0).stdout
    receipt = msgspec.json.decode(done)
    assert (receipt["done"], receipt["messages"], receipt["folders"]) == (True, number, [str(place / LOG)])
    assert not [one for one in traces(hour, person) if one in done.encode()]
    assert found_in(everything(place), traces(hour, person)) == []
    assert "Nobody called" in ended(convenor("forget", reference(person), cwd=place), 1).stderr
    assert "Nothing that was begun" in ended(convenor("forget", cwd=place), 0).stdout


def test_several_people_are_erased_at_once_and_nobody_if_one_of_them_is_unknown(place: Path, hour: Hour) -> None:
    people = list(dict.fromkeys(one.by for one in hour.said))[:3]
    wanted = [reference(one) for one in people]
    ended(convenor("forget", *wanted, "x/@nobody_at_all", "--yes", cwd=place), 1)
    looks = as_json(convenor("forget", *wanted, "--json", cwd=place))
    assert [one["person"] for one in looks] == wanted
    assert all(found_in(everything(place), [one.author.id.encode()]) for one in people), "to look changes nothing"
    receipts = as_json(convenor("forget", *wanted, wanted[0], "--yes", "--json", cwd=place))
    assert [one["messages"] for one in receipts] == [sum(said.by == one for said in hour.said) for one in people]
    assert all(one["done"] and one["folders"] == [str(place / LOG)] for one in receipts)
    assert found_in(everything(place), [trace for one in people for trace in traces(hour, one)]) == []


def test_a_receipt_for_several_people_names_each_file_once() -> None:
    first = ErasureReceipt(messages=3, folders=("out/a", "site"), left=("log.jsonl",))
    other = ErasureReceipt(messages=4, folders=("out/b", "site"), backups=("old.db",), left=("log.jsonl",))
    done = [
        erasures.Erasure(id=id, asked=CHAT.ends, stage="done", person=None, receipt=receipt)
        for id, receipt in (("aa", first), ("bb", other))
    ]
    lines = receipt_lines(done)
    assert [line.partition(" messages")[0] for line in lines[:2]] == ["Erased: 3", "Erased: 4"]
    named = [path for line in lines for path in ("out/a", "out/b", "site", "old.db", "log.jsonl") if path in line]
    assert named == ["out/a", "out/b", "site", "old.db", "log.jsonl"]
    assert lines[-1].startswith("Receipt aa (asked on 13 Oct 2020 at 20:00 UTC), bb (")


def test_of_several_who_may_be_meant_all_are_listed_and_none_is_erased(place: Path, hour: Hour) -> None:
    first, other = hour.people[0], hour.people[1]
    renamed = Author(id="71" * 9, handle="@pretend_other", name=first.author.name)
    said = next(one for one in hour.events() if getattr(one, "author", None) == other.author and hasattr(one, "text"))
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        again = msgspec.structs.replace(said, id="72" * 9, author=renamed)
        import_events(database, CHAT, [*hour.events(), again])
    name, both = first.author.name, {reference(first), f"{other.place}/{renamed.id}"}
    told = ended(convenor("forget", name, "--yes", cwd=place), 1).stderr
    assert all(one in told for one in both)
    found = as_json(convenor("forget", name, "--yes", "--json", cwd=place), 1)["found"]
    assert {one["person"] for one in found} == both
    assert as_json(convenor("forget", "nobody/at all", "--yes", "--json", cwd=place), 1) == {"found": []}
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        assert database.read_sync(erasures.unfinished) == []


def test_a_log_that_was_imported_is_left_to_people_and_named(tmp_path: Path) -> None:
    log = tmp_path / "theirs.jsonl"
    log.write_bytes((DATA / "events.jsonl").read_bytes())
    ended(convenor("import", log, "--chat", DATA / "chat.toml", cwd=tmp_path), 0)
    ended(convenor("replay", log, "--chat", DATA / "chat.toml", "--out", "of-log", cwd=tmp_path), 0)
    left = as_json(convenor("forget", "x/@lee", "--yes", "--json", cwd=tmp_path))["left"]
    assert left[-1] == str(log)
    assert str(tmp_path / "of-log" / "transcript.html") in left
    log.unlink()
    shutil.rmtree(tmp_path / "of-log")
    other = as_json(convenor("forget", "x/@mo", "--yes", "--json", cwd=tmp_path))
    assert (other["done"], other["left"]) == (True, [])


# Killed in the middle --------------------------------------------------------------------------------------


@contextmanager
def stopped_before_the_tables(place: Path) -> Iterator[None]:
    """A chat file that never gives its text: it is looked through before anything is erased."""
    yield from _pipe(place / "schedules" / "pretend.toml")


@contextmanager
def stopped_before_the_files(place: Path) -> Iterator[None]:
    """An exported log that can't be written again: what it is first written to never opens."""
    yield from _pipe(place / f".{LOG}.unfinished")


@contextmanager
def stopped_before_the_disk(place: Path) -> Iterator[None]:
    """A reader of the store that goes on reading: its log can't be cut off."""
    with closing(sqlite3.connect(place / "convenor.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        yield


def _pipe(path: Path) -> Iterator[None]:
    os.mkfifo(path)
    try:
        yield
    finally:
        path.unlink()


def stage_at_work(connection: Connection) -> str | None:
    """How far the request is that a process works on."""
    rows = erasures.erasures.c
    return connection.scalar(select(rows.stage).where(rows.worker.is_not(None)))


def long_silent(connection: Connection) -> None:
    """As if the process had been dead for a minute."""
    connection.execute(update(erasures.erasures).values(seen=WallClock().now() - timedelta(minutes=1)))


def kill_at(place: Path, database: Database, person: Person, stage: str) -> None:
    """Begin to forget, and kill that once it has got as far as this."""
    process = started("forget", reference(person), "--yes", cwd=place, env=environment())
    try:
        eventually(lambda: database.read_sync(stage_at_work) == stage, f"the request is {stage}")
    finally:
        process.kill()
        process.wait(60)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


@pytest.mark.parametrize(
    ("stage", "stopped"),
    [
        ("asked", stopped_before_the_tables),
        ("erased", stopped_before_the_files),
        ("rewritten", stopped_before_the_disk),
    ],
)
def test_what_a_kill_interrupted_is_finished_by_the_next_forget(
    place: Path, hour: Hour, stage: str, stopped: Callable[[Path], AbstractContextManager[None]]
) -> None:
    person = hour.said[0].by
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        with stopped(place):
            kill_at(place, database, person, stage)
        early = ended(convenor("forget", cwd=place), 2).stderr
        assert "30 s" in early, "whether the other process is dead can't be known before"
        database.write_sync(long_silent)
    done = as_json(convenor("forget", "--json", cwd=place))
    assert done["done"]
    assert done["messages"] == sum(one.by == person for one in hour.said)
    assert found_in(everything(place), traces(hour, person)) == []


def test_what_a_kill_interrupted_is_finished_by_the_bot(place: Path, hour: Hour) -> None:
    person = hour.said[0].by
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        with stopped_before_the_files(place):
            kill_at(place, database, person, "erased")
        database.write_sync(long_silent)
        with hosting(place):
            eventually(lambda: not database.read_sync(erasures.unfinished), "the bot finished it")
    assert found_in(everything(place), traces(hour, person)) == []


# A full disk -----------------------------------------------------------------------------------------------


def test_on_a_full_disk_the_old_file_stays_whole_and_with_room_again_the_rest_is_done(place: Path, hour: Hour) -> None:
    person = hour.said[0].by
    (place / f".{LOG}.unfinished").symlink_to("/dev/full")
    told = ended(convenor("forget", reference(person), "--yes", cwd=place), 2).stderr
    assert "No space left on device. Make room" in told
    assert (place / LOG).read_text(encoding="utf-8") == "as it was", "the old one, not half of the new"
    with closing(Database(f"sqlite:///{place / 'convenor.db'}")) as database:
        (begun,) = database.read_sync(erasures.unfinished)
        assert begun.stage == "erased"
        database.write_sync(long_silent)
    done = as_json(convenor("forget", "--json", cwd=place))
    assert (done["done"], done["folders"]) == (True, [str(place / LOG)])
    assert found_in(everything(place), traces(hour, person)) == []
