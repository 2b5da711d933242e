"""Forgetting a person: nothing of theirs is left in any file, and everything else stays as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.erasure.eraser import Eraser, Outside, Rewritten
from bot.messages import AnyEvent
from bot.reporting.numbers import count_numbers
from bot.reporting.record import Record, record
from bot.settings.settings import Settings, Store
from bot.store import erasures
from bot.store.database import Database
from bot.store.erasures import ErasedPerson, Erasure
from bot.store.outputs import remember_output
from bot.transfer import export_events, import_events
from bot.wiring.outputs import outside, write_report
from tests.erasure.pretend_hour import CHAT, STARTS, Hour, Person, an_hour

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

NOW = STARTS.replace(year=2023)


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> Settings:
    return Settings(store=Store(url=store_url), schedules=tmp_path / "schedules")


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    with closing(Database(settings.store.url)) as database:
        yield database


def forget(settings: Settings, database: Database, person: Person) -> Erasure:
    (done,) = forget_all(settings, database, [person])
    return done


def forget_all(
    settings: Settings, database: Database, people: Iterable[Person], around: Outside | None = None
) -> list[Erasure]:
    asked = [database.write_sync(erasures.request, ErasedPerson(accounts=(one.key,)), NOW) for one in people]
    places = {"room": "room", "x": "x", "discord": "discord"}
    around = around or outside(settings, database, lambda: NOW)
    eraser = Eraser(database, around, platforms=places, worker="test")
    done = eraser.work(asked, lambda: NOW, waiting=False, whole=True)
    assert [done[id].stage for id in asked] == ["done"] * len(asked)
    return [done[id] for id in asked]


def traces(hour: Hour, person: Person) -> list[bytes]:
    """All that must not be found: id, handle, name, the ids of messages, and their texts."""
    author, said = person.author, [one for one in hour.said if one.by == person]
    found = [author.id, author.handle.lstrip("@"), author.name, *(one.id for one in said), *(one.words for one in said)]
    return [one.encode() for one in found if one]


def found_in(files: list[Path], wanted: list[bytes]) -> list[tuple[Path, bytes]]:
    return [(file, one) for file in files for one in wanted if one in file.read_bytes()]


def as_read(found: Record) -> list[tuple[str, str, str, str]]:
    return [(one.place, one.id, one.question, one.text) for one in found.messages]


def compare(found: list[AnyEvent], expected: list[AnyEvent]) -> None:
    after, before = record(CHAT, found), record(CHAT, expected)
    assert as_read(after) == as_read(before)
    assert count_numbers(after) == count_numbers(before)


def test_nothing_of_a_person_is_left_in_the_store_and_the_numbers_are_as_if_they_had_never_been_there(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    hour = an_hour(400, 40)
    import_events(database, CHAT, hour.events())
    out = tmp_path / "out"
    database.write_sync(remember_output, out, "report", NOW, CHAT.name)
    write_report(settings, database, CHAT, out, NOW)
    files = [database.file] if database.file else []
    for person in (hour.people[0], hour.people[1], hour.people[2]):
        wanted = traces(hour, person)
        assert found_in(list(out.iterdir()), wanted)
        done = forget(settings, database, person)
        assert done.receipt.messages == sum(one.by == person for one in hour.said)
        assert done.receipt.folders == (str(out),)
        whole = [*out.iterdir(), *(path for one in files for path in one.parent.glob(f"{one.name}*"))]
        assert found_in(whole, wanted) == []
    compare(export_events(database, CHAT), hour.events(frozenset(hour.people[:3])))


def test_many_are_forgotten_in_one_go_and_what_was_written_is_written_again_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    hour, out = an_hour(900, 60), tmp_path / "out"
    settings, people = Settings(store=Store(url=sqlite_url), schedules=tmp_path), hour.people[:15]
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, hour.events())
        database.write_sync(remember_output, out, "report", NOW, CHAT.name)
        write_report(settings, database, CHAT, out, NOW)
        wanted = [trace for one in people for trace in traces(hour, one)]
        around, written = outside(settings, database, lambda: NOW), list[set[str]]()

        def rewrite(chats: Collection[str]) -> Rewritten:
            written.append(set(chats))
            return around.rewrite(chats)

        done = forget_all(settings, database, people, msgspec.structs.replace(around, rewrite=rewrite))
        assert written == [{CHAT.name}]
        assert [one.receipt.messages for one in done] == [sum(said.by == one for said in hour.said) for one in people]
        assert found_in([path for path in tmp_path.rglob("*") if path.is_file()], wanted) == []
        compare(export_events(database, CHAT), hour.events(frozenset(people)))
