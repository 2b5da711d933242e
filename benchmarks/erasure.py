"""What it takes to forget people, and whether anything of them is left: `python -m benchmarks.erasure 20000 100`.

A pretend chat in the room, on X and on Discord, published with a site, a report and two logs. People are forgotten one
by one, then the rest in one go. After that a search through every byte of all files looks for their ids, handles,
names, messages' ids and words; a search before shows that it finds them. What is left has to be, to the figure, the
chat as if they had never been there. A third argument is an empty PostgreSQL store and its data folder is searched.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import msgspec
import re2
from sqlalchemy import Connection, text

from bot.erasure.eraser import Eraser
from bot.messages import event_log
from bot.publication import PublicationChoice
from bot.reporting.numbers import count_numbers
from bot.reporting.record import record
from bot.settings.settings import Settings, Store
from bot.site.build import build_site
from bot.store import chats, erasures
from bot.store.database import Database
from bot.store.erasures import ErasedPerson
from bot.store.outputs import remember_output
from bot.transfer import export_events, import_events, keyed_events
from bot.wiring.outputs import outside, write_report
from bot.wiring.published_chats import published_chats, site_of
from tests.erasure.pretend_hour import CHAT, PLACES, Hour, Person, an_hour

_NOW = CHAT.ends + timedelta(days=900)
_ALONE = 3
"""People who are forgotten one by one."""


def main(messages: int = 2000, people: int = 10, url: str = "") -> None:
    """Do it, and print times and what was found."""
    hour = an_hour(messages, people * 4)
    chosen = random.Random(7).sample(hour.people, people)  # noqa: S311 -- nothing secret
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(store=Store(url=url or f"sqlite:///{folder}/convenor.db"), schedules=folder / "schedules")
        with closing(Database(settings.store.url)) as database:
            _publish(settings, database, hour, folder)
            searched = [folder, *([database.read_sync(_data_folder)] if url else [])]
            everything = [one for person in chosen for one in _traces(hour, person)]
            print(f"{messages} messages, {people} people, {len(everything)} texts and ids to look for")
            print(f"before: {len(_found(searched, everything))} of them found")
            for one in chosen[:_ALONE]:
                _forget(settings, database, [one], "one person")
            if rest := chosen[_ALONE:]:
                _forget(settings, database, rest, f"{len(rest)} people in one go")
            print(f"after: {len(_found(searched, everything))} of them found")
            _compare(database, hour, frozenset(chosen))


def _publish(settings: Settings, database: Database, hour: Hour, folder: Path) -> None:
    import_events(database, CHAT, hour.events())
    database.write_sync(_mark_published)
    for path, kind in (("report", "report"), ("keyed.jsonl", "export"), ("full.jsonl", "full export")):
        database.write_sync(remember_output, folder / path, kind, _NOW, CHAT.name)  # type: ignore[arg-type]
    database.write_sync(remember_output, folder / "site", "site", _NOW)
    write_report(settings, database, CHAT, folder / "report", _NOW)
    for path, events in (("keyed.jsonl", keyed_events), ("full.jsonl", export_events)):
        with (folder / path).open("wb") as log:
            event_log.write(events(database, CHAT), log)
    site = site_of(settings)
    build_site(folder / "site", site, published_chats(database, site, _NOW), _NOW)


def _mark_published(connection: Connection) -> None:
    stored = chats.find(connection, CHAT.name)
    assert stored is not None
    choice = PublicationChoice(published_at=_NOW)
    chats.save_state(connection, CHAT.name, msgspec.structs.replace(stored.state, publication=choice))


def _forget(settings: Settings, database: Database, people: Iterable[Person], title: str) -> None:
    asked = [database.write_sync(erasures.request, ErasedPerson(accounts=(one.key,)), _NOW) for one in people]
    eraser = Eraser(
        database, outside(settings, database, lambda: _NOW), platforms={one: one for one in PLACES}, worker="benchmark"
    )
    wall, cpu = time.perf_counter(), time.process_time()
    done = eraser.work(asked, lambda: _NOW, waiting=False, whole=True)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert all(done[id].stage == "done" for id in asked)
    print(f"{title}: {cpu / len(asked):.2f} s of work a person, {wall / len(asked):.2f} s by the clock")


def _traces(hour: Hour, person: Person) -> list[bytes]:
    author, said = person.author, [one for one in hour.said if one.by == person]
    found = [author.id, author.handle.lstrip("@"), author.name, *(one.id for one in said), *(one.words for one in said)]
    return [one.encode() for one in found if one]


def _data_folder(connection: Connection) -> Path:
    connection.execute(text("CHECKPOINT"))
    return Path(str(connection.scalar(text("SHOW data_directory"))))


def _found(folders: Iterable[Path], wanted: Collection[bytes]) -> set[bytes]:
    """Those that are in a file of these folders, though it be in the middle of another word."""
    options = re2.Options()
    options.max_mem = 1 << 30
    find: Callable[[bytes], list[bytes]] = re2.compile(b"|".join(map(re2.escape, sorted(wanted))), options).findall
    found = set[bytes]()
    for path in (one for folder in folders for one in folder.rglob("*") if one.is_file()):
        with suppress(FileNotFoundError):  # PostgreSQL deletes files meanwhile
            found |= set(find(path.read_bytes()))
    return found


def _compare(database: Database, hour: Hour, people: frozenset[Person]) -> None:
    after, never = record(CHAT, export_events(database, CHAT)), record(CHAT, hour.events(people))
    same = [(one.place, one.id, one.question, one.text) for one in after.messages] == [
        (one.place, one.id, one.question, one.text) for one in never.messages
    ]
    figures = count_numbers(after) == count_numbers(never)
    print(f"as if they had never been there: messages {'yes' if same else 'NO'}, numbers {'yes' if figures else 'NO'}")


if __name__ == "__main__":
    _messages, _people, _url, *_ = [*sys.argv[1:], *("2000", "10", "")[len(sys.argv) - 1 :]]
    main(int(_messages), int(_people), _url)
