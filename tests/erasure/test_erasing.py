"""Forgetting a person: nothing of theirs is left in any file, and everything else stays as it was."""

from __future__ import annotations

import resource
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import Boolean, Connection, LargeBinary, Table, Text, inspect

from bot.erasure.eraser import Eraser, Outside, Rewritten
from bot.erasure.row_changes import OWN_TABLES
from bot.erasure.text_redaction import NAME_REMOVED
from bot.errors import StoreError
from bot.messages import AnyEvent, Author, Command, Message, MessagesMerged, Posted, SummaryWritten
from bot.reporting.numbers import count_numbers
from bot.reporting.record import Record, record
from bot.settings.settings import Settings, Store
from bot.store import blog_posts, corrections, erasures, message_schema, tables
from bot.store.blog_posts import BlogEntry
from bot.store.database import Database
from bot.store.erasures import ErasedPerson, Erasure
from bot.store.instant import Instant
from bot.store.messages import get_rows
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
    for name in (CHAT.name, "pretend/other"):
        entry = BlogEntry(chat=name, state="sent", digest="", next_at=NOW, post="12")
        database.write_sync(blog_posts.save_post, entry)
    files = [database.file] if database.file else []
    for person in (hour.people[0], hour.people[1], hour.people[2]):
        wanted = traces(hour, person)
        assert found_in(list(out.iterdir()), wanted)
        done = forget(settings, database, person)
        assert done.receipt.messages == sum(one.by == person for one in hour.said)
        assert done.receipt.folders == (str(out),)
        assert done.receipt.left == (f"the older revisions of post 12 on the blog ({CHAT.name})",)
        whole = [*out.iterdir(), *(path for one in files for path in one.parent.glob(f"{one.name}*"))]
        assert found_in(whole, wanted) == []
    compare(export_events(database, CHAT), hour.events(frozenset(hour.people[:3])))


def test_what_the_bot_asked_and_others_said_stays_whatever_somebody_was_called(sqlite_url: str, tmp_path: Path) -> None:
    """A name in the room can be anything. Where others mean the person by it, it goes."""
    words, kate, other = (
        Author(id="7712345", name="Which tools would"),
        Author(id="7712346", name="Kate Otter"),
        "7712347",
    )

    def said(id: str, author: Author, text: str, reply_to: str | None = None) -> Message:
        return Message(place="room", id=id, author=author, text=text, at=STARTS, reply_to=reply_to, chat=CHAT.name)

    question = "Q2. Which tools would Kate Otter take?"
    kept: list[AnyEvent] = [
        Posted(place="room", id="q2", key="q2", text=question, at=STARTS, kind="question", chat=CHAT.name),
        said("m-10", Author(id=other), f"{question} And which tools would you?"),
    ]
    summary = SummaryWritten(place="room", text=question, at=STARTS, chat=CHAT.name)
    theirs = [said("m-1", words, "hello", "q2"), said("m-2", kate, "hello", "q2")]
    thanks = said("m-11", Author(id=other), "Thanks, Kate Otter. Which tools would you take?", "q2")
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, [*kept, summary, *theirs, thanks])
        settings = Settings(store=Store(url=sqlite_url), schedules=tmp_path)
        forget_all(settings, database, [Person("room", words)])
        assert found_texts(database) == {question, f"{question} And which tools would you?", thanks.text, "hello"}
        forget_all(settings, database, [Person("room", kate)])
        left = f"Thanks, {NAME_REMOVED}. Which tools would you take?"
        told = f"Q2. Which tools would {NAME_REMOVED} take? And which tools would you?"
        assert found_texts(database) == {question, told, left}


def found_texts(database: Database) -> set[str]:
    return {one.text for one in export_events(database, CHAT) if isinstance(one, Message | Posted | SummaryWritten)}


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


OF_THE_PROGRAM = {
    "chat",
    "claim",
    "day",
    "digest",
    "file",
    "kind",
    "link",
    "name",
    "place",
    "role",
    "scope",
    "series",
    "state",
}
"""Columns with words of the program, names of chats and files, or random letters: nothing of people's."""


def a_row(table: Table, text: str, number: int, given: dict[str, object]) -> dict[str, Any]:
    """A row that is valid for the database, with this text wherever there may be one."""
    row: dict[str, Any] = {}
    for one in table.columns:
        if one.name in given:
            row[one.name] = given[one.name]
        elif isinstance(one.type, Text):
            row[one.name] = f"{number}" if one.primary_key or one.unique or one.name in OF_THE_PROGRAM else text
        elif isinstance(one.type, LargeBinary):
            row[one.name] = b"a picture"
        elif isinstance(one.type, Instant):
            row[one.name] = STARTS
        elif not (one.primary_key and one.autoincrement is True):
            row[one.name] = False if isinstance(one.type, Boolean) else number
    return row


def test_no_column_of_any_table_keeps_an_id_a_handle_a_name_or_words(sqlite_url: str, tmp_path: Path) -> None:
    """Each text column of each table names the person, as far as the program can write that there."""
    hour = an_hour(60, 6)
    mine = next(one for one in hour.said if one.by.place == "x")
    person, other = mine.by, next(one for one in hour.said if one.by.place == "x" and one.by != mine.by)
    author, elsewhere, version, answer = person.author, "5551234567", "66612345678", "7771234567890"
    link = f"https://x.com/{author.handle[1:]}/status/{elsewhere}"
    known = f"{author.handle} {author.id} {mine.id} {version} x.com/i/status/{mine.id} {link}"
    whole = f'{known} {author.name} wrote "{mine.words}"'
    wanted = [*traces(hour, person), *map(str.encode, (elsewhere, version, answer))]
    asked = Command(place="x", id="c1234567", author=other.by.author, text=f"mute {whole}", at=STARTS, chat=CHAT.name)
    theirs = Command(place="x", id="c7654321", author=author, text="held", at=STARTS, chat=CHAT.name)
    seen = msgspec.json.encode({"kind": "hide", "message": mine.id, "person": author.id}).decode()
    notices: list[dict[str, object]] = [
        {"key": f"flagged-1-{author.id}", "to": author.id},
        {"key": f"answer-{mine.id}", "reply_to": mine.id, "receipt": answer},
        {"key": "notice-1", "to": None, "reply_to": None, "state": "failed"},
        {"key": f"hide-{mine.id}", "to": None, "reply_to": None, "measure": seen},
        {"key": "notice-2", "to": None, "reply_to": None, "chat": ""},
    ]
    rows: dict[str, list[dict[str, object]]] = {
        "outbox": [{"chat": CHAT.name, "place": "x", "kind": "receipt", "measure": None} | one for one in notices],
        "commands": [
            {"raw": msgspec.json.encode(one).decode(), "place": "x", "id": one.id, "chat": CHAT.name}
            for one in (asked, theirs)
        ],
        "versions": [{"place": "x", "version": version, "id": mine.id}],
        "resyncs": [{"position": mine.id, "state": "waiting", "tally": f'{{"deleted":["{mine.id}","{other.id}"]}}'}],
        "charges": [{"place": "x", "resource": one} for one in (mine.id, author.id, f"p/{mine.id}", author.handle)],
        "concerns": [{"key": f"x refused {author.id}"}, {"key": "x is away"}],
        "chats": [{"definition": msgspec.json.encode({"title": known}).decode(), "written": None, "course": "{}"}],
        "queue": [{"place": "x", "id": mine.id}],
        "positions": [{"position": STARTS.isoformat()}],
        "blog_posts": [{"post": "12"}],
        "links": [{"name": known}],
        "link_sessions": [{"link": "1"}],
        "leases": [{"holder": "machine/1"}],
        "chat_texts": [{"text": known, "by": author.handle}],
        "muted": [{"place": "x", "author_id": author.id}],
    }  # fmt: skip
    for table in ("chat_files", "shared_files"):
        rows[table] = [{"definition": rows["chats"][0]["definition"]}]
    for table in ("absent", "silenced", "people"):
        rows[table] = [{"place": "x", "author_id": author.id, "author": msgspec.json.encode(author).decode()}]
    merged = MessagesMerged(place="x", id=other.id, chat=CHAT.name, at=NOW, into=mine.id)
    summary = SummaryWritten(place="convenor", chat=CHAT.name, at=NOW, text=f"[{whole}]({link}), and more")
    quoting = Message(
        place="x", id="8881234", author=other.by.author, text=f"A1 see {link}", at=STARTS, quotes=elsewhere
    )
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, [*hour.events(), merged, summary, quoting])

        def seed(connection: Connection) -> None:
            connection.execute(message_schema.people.delete())
            for table in tables.ALL:
                if table.name not in {"events", "messages", "meta", *OWN_TABLES}:
                    for n, given in enumerate(rows.get(table.name, [{}]), 1):
                        connection.execute(table.insert(), a_row(table, known, n, given))
            refers = msgspec.json.encode({"reply": ["x", mine.id], "linked": [mine.id, elsewhere], "addresses": [link]})
            theirs = message_schema.messages.update().where(message_schema.messages.c.id == "8881234")
            connection.execute(theirs.values(refers=refers.decode(), url=link))

        database.write_sync(seed)
        before = database.read_sync(lambda connection: set(inspect(connection).get_table_names()))
        assert before == {"alembic_version", *(one.name for one in tables.ALL)}, "every table is looked through"
        forget(Settings(store=Store(url=sqlite_url), schedules=tmp_path), database, person)
        assert database.file is not None
        assert found_in(list(database.file.parent.glob(f"{database.file.name}*")), wanted) == []
        left = database.read_sync(corrections.summary_of, CHAT.name)
        assert left is not None
        assert left.text.endswith(f"]({NAME_REMOVED}), and more")
        copy = database.read_sync(get_rows, [("x", other.id), ("x", "8881234")])
        assert copy["x", other.id].merged == "", "the copy counts by itself from now on"
        assert record(CHAT, export_events(database, CHAT)).messages


@contextmanager
def a_disk_with(room: int) -> Iterator[None]:
    """No file can grow beyond this many bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_under_the_store_leaves_it_old_or_new_and_with_room_again_the_rest_is_done(
    sqlite_url: str, tmp_path: Path
) -> None:
    hour = an_hour(150, 10)
    person, stages = hour.said[0].by, list[str]()
    settings = Settings(store=Store(url=sqlite_url), schedules=tmp_path)
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, hour.events())
        asked = database.write_sync(erasures.request, ErasedPerson(accounts=(person.key,)), NOW)
        old = as_read(record(CHAT, export_events(database, CHAT)))
    new = as_read(record(CHAT, hour.events(frozenset([person]))))
    while not stages or stages[-1] != "done":
        with closing(Database(sqlite_url)) as database:  # as after a restart
            around = outside(settings, database, lambda: NOW)
            eraser = Eraser(database, around, platforms={"x": "x"}, worker="test")
            with a_disk_with(40_000 * len(stages)), suppress(StoreError):
                eraser.work([asked], lambda: NOW, waiting=False, whole=True)
            found = database.read_sync(erasures.find_erasure, asked)
            assert found is not None
            stages.append(found.stage)
            read = as_read(record(CHAT, export_events(database, CHAT)))
            assert read == new or (read == old and found.stage == "asked")
    assert list(dict.fromkeys(stages)) == ["asked", "rewritten", "done"], "it was full for the tables and for the file"
    assert found_in(list(tmp_path.glob("*.db*")), traces(hour, person)) == []
