"""Who was forgotten doesn't come back by a platform that tells all again, or by an imported log."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from bot.chat import Host
from bot.erasure.holdings import holdings
from bot.erasure.people import find_people
from bot.erasure.text_redaction import NAME_REMOVED
from bot.messages import Author, Message
from bot.reporting.record import record
from bot.settings.settings import Settings, Store
from bot.store import author_history, chats, person_rows
from bot.store.database import Database
from bot.transfer import Imported, export_events, import_events
from tests.erasure.pretend_hour import CHAT, STARTS, Person, an_hour
from tests.erasure.test_erasing import as_read, compare, forget, found_in, traces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

MINUTES = timedelta(minutes=1)


def test_a_log_that_is_imported_again_brings_nobody_back_and_replies_find_their_stand_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    hour = an_hour(120, 12)
    settings = Settings(store=Store(url=sqlite_url), schedules=tmp_path)
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, hour.events())
        person = hour.said[0].by
        forget(settings, database, person)
        mine = next(one for one in hour.said if one.by == person)
        other = next(one for one in hour.people if one.place == person.place and one != person)
        reply = Message(
            place=person.place,
            id="4" * 18,
            author=other.author,
            text="So do I",
            at=STARTS + 65 * MINUTES,
            reply_to=mine.id,
        )
        log = hour.events()
        imported = import_events(database, CHAT, [*log, reply])
        others = len(hour.events(frozenset([person])))
        assert imported == Imported(new=1, known=others, refused=len(log) - others)
        compare(export_events(database, CHAT)[:-1], hour.events(frozenset([person])))
        later = export_events(database, CHAT)[-1]
        assert isinstance(later, Message)
        assert later.reply_to is not None
        assert later.reply_to.startswith("gone-")
        assert database.file is not None
        own = [one for one in traces(hour, person) if one != person.author.handle.lstrip("@").encode()]
        assert found_in(list(database.file.parent.glob("*.db*")), own) == []


def test_in_a_later_chat_they_are_a_new_participant(sqlite_url: str, tmp_path: Path) -> None:
    hour = an_hour(60, 6)
    settings = Settings(store=Store(url=sqlite_url), schedules=tmp_path)
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, hour.events())
        person = hour.said[0].by
        forget(settings, database, person)
        starts = STARTS.replace(year=2024)
        later = msgspec.structs.replace(CHAT, name="pretend/later", starts=starts, questions=())
        said = Message(place=person.place, id="5" * 18, author=person.author, text="Again", at=starts + 5 * MINUTES)
        import_events(database, later, [said])
        assert [one[3] for one in as_read(record(later, export_events(database, later)))] == ["Again"]


def test_a_person_is_found_by_any_handle_and_of_two_who_had_the_same_one_neither_is_taken_for_the_other(
    store_url: str, tmp_path: Path
) -> None:
    first, renamed = (Author(id="771234567", handle=one, name="Kate Pretend") for one in ("@Kate_OT", "@kate_brown"))
    second = Author(id="881234567", handle="@kate_ot", name="Sam Pretend")
    hour = [(first, "We meet here"), (renamed, "So do we"), (second, "And I"), (second, "Thanks @kate_brown")]
    said = [
        Message(place="x", id=f"99123456{n}", author=one, text=text, at=STARTS + n * MINUTES)
        for n, (one, text) in enumerate(hour, 1)
    ]
    ask = msgspec.structs.replace(said[3], id="5" * 9, text="@kate_ot is who?", at=STARTS + 400 * MINUTES)
    hosts = (Host(name="Sam Pretend", handles={"x": "@kate_ot"}),)
    later = msgspec.structs.replace(CHAT, name="pretend/later", starts=ask.at - MINUTES, questions=(), hosts=hosts)
    with closing(Database(store_url)) as database:
        import_events(database, CHAT, said)
        import_events(database, later, [ask])

        def found(wanted: str) -> dict[str, str]:
            known = database.read_sync(person_rows.accounts)

            def earlier(called: str, field: Literal["handle", "name"]) -> Mapping[tuple[str, str], datetime]:
                return database.read_sync(author_history.who_was_called, called, field)

            return {one.reference: one.shown for one in find_people(wanted, known, {"x": "x"}, earlier)}

        assert list(found("x/@Kate_Brown")) == ["x/771234567"]
        both = found("@KATE_OT")
        assert sorted(both) == ["x/771234567", "x/881234567"]
        assert both["x/771234567"].endswith(", called @KATE_OT until 13 Oct 2020")
        assert "called" not in both["x/881234567"]
        assert list(found("x/881234567")) == ["x/881234567"]
        assert found("@kate") == {}
        held = database.read_sync(holdings, {("x", "771234567")})
        assert held.names == ("@Kate_OT", "@kate_brown", "Kate Pretend")
        forget(Settings(store=Store(url=store_url), schedules=tmp_path), database, Person("x", renamed))
        assert list(found("@kate_ot")) == ["x/881234567"]
        texts = [one[3] for chat in (CHAT, later) for one in as_read(record(chat, export_events(database, chat)))]
        assert texts == ["And I", f"Thanks {NAME_REMOVED}", "@kate_ot is who?"], "the other person is still there"
        assert {one.chat.name: one.chat.hosts for one in database.read_sync(chats.all_chats)}[later.name] == hosts


def test_every_name_and_handle_that_they_ever_had_goes_from_others_words(sqlite_url: str, tmp_path: Path) -> None:
    before = Author(id="7000001", handle="@tremblayotter", name="Kate Tremblay \N{SEEDLING}")
    after = Author(id="7000001", handle="@SunnyDayz", name="Kate Tremblay-Otter")
    sam = Author(id="7000002", handle="@pretend_sam", name="Sam")
    texts = (
        "A1 as tremblayotter and SunnyDayz said",
        "A1 Tremblay and Otter, kate tremblay too",
        "A1 twitter.com/tremblayotter/status/5551234567",
    )
    said = [
        Message(place="x", id="8000001", author=before, text="A1 me first", at=STARTS + 11 * MINUTES),
        Message(place="x", id="8000002", author=after, text="A1 me again", at=STARTS + 12 * MINUTES),
        *(
            Message(place="x", id=f"900000{n}", author=sam, text=text, at=STARTS + 13 * MINUTES)
            for n, text in enumerate(texts)
        ),
    ]
    wanted = [b"remblay", b"Otter", b"otter", b"SunnyDayz", b"5551234567", b"7000001", b"8000001"]
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, said)
        forget(Settings(store=Store(url=sqlite_url), schedules=tmp_path), database, Person("x", after))
        assert database.file is not None
        assert found_in(list(database.file.parent.glob("*.db*")), wanted) == []
        assert [one[3] for one in as_read(record(CHAT, export_events(database, CHAT)))] == [
            f"A1 as {NAME_REMOVED} and {NAME_REMOVED} said",
            f"A1 {NAME_REMOVED} and {NAME_REMOVED}, {NAME_REMOVED} too",
            f"A1 {NAME_REMOVED}",
        ]


def test_a_reply_stays_under_its_question_when_what_it_replied_to_is_erased(sqlite_url: str, tmp_path: Path) -> None:
    kate, sam = (Author(id=f"70000{n}", handle=f"@pretend_{n}", name=f"Pretend {n}") for n in (1, 2))
    first = Message(place="x", id="800001", author=kate, text="A1 we meet at noon", at=STARTS + 11 * MINUTES)
    reply = Message(place="x", id="800002", author=sam, text="So do we", at=STARTS + 45 * MINUTES, reply_to="800001")
    posted = [one for one in an_hour(0, 1).events() if one.place == "x"]
    settings = Settings(store=Store(url=sqlite_url), schedules=tmp_path)
    with closing(Database(sqlite_url)) as database:
        import_events(database, CHAT, [*posted, first, reply])
        person = next(one for one in an_hour(1, 3).people if one.place == "x")
        forget(settings, database, type(person)("x", kate))
        assert as_read(record(CHAT, export_events(database, CHAT))) == [("x", "800002", "q1", "So do we")]
