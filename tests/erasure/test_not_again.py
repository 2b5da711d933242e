"""Who was forgotten doesn't come back by a platform that tells all again, or by an imported log."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from bot.erasure.text_redaction import NAME_MARK, WORDS_MARK, Marker
from bot.erasure.traces import Traces
from bot.messages import Author, Message
from bot.reporting.record import record
from bot.settings.settings import Settings, Store
from bot.store.database import Database
from bot.transfer import export_events, import_events
from tests.erasure.pretend_hour import CHAT, STARTS, an_hour
from tests.erasure.test_erasing import as_read, compare, forget, found_in, traces

if TYPE_CHECKING:
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
        import_events(database, CHAT, [*hour.events(), reply])
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


def test_words_that_the_person_repeated_from_somebody_stay_where_others_repeat_them_too() -> None:
    """Also what follows them by chance is the same: three words of each are nobody's quotation."""
    said, own = "We always begin with a cup of tea and biscuits", "then each of us names one small success"
    words = f'"{said}" was well put, {own}'
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS + MINUTES, words),))
    marker = Marker(found, said=[(STARTS, said)])
    assert marker.all(f'"{said}" was well put.') == f'"{said}" was well put.'
    assert marker.all(f'I say "{own}"') == f'I say "{WORDS_MARK}"'
    assert marker.all(f"I say {words}") == f'I say "{said}" {WORDS_MARK}'


def test_a_mark_is_nobodys_words() -> None:
    """Two people quoted somebody who is gone by now: what both said of it is no quotation."""
    quoted = f'"{WORDS_MARK}" was well put.'
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS, f"{quoted} So we do at our place"),))
    marker = Marker(found)
    assert marker.all(f"{quoted} We all like that") == f"{quoted} We all like that"
    assert marker.all(f"{quoted} So we do at our place") == f'"{WORDS_MARK}" {WORDS_MARK}'


def test_a_mention_of_somebody_else_is_no_part_of_a_quotation() -> None:
    said = "We always begin with a cup of tea"
    found = Traces(accounts=frozenset({("x", "7712345")}), words=((STARTS, f"@sam_ot {said}"),))
    assert Marker(found).all(f'@sam_ot "{said}" was well put') == f'@sam_ot "{WORDS_MARK}" was well put'


def test_names_handles_ids_and_quoted_words_get_a_mark_and_ordinary_words_none() -> None:
    said = "We always begin with a cup of tea and biscuits"
    found = Traces(
        accounts=frozenset({("x", "7712345")}),
        handles=frozenset({"kate_ot"}),
        names=frozenset({"Will Pretend", "Kate"}),
        items=frozenset({("x", "9912345")}),
        words=((STARTS, said),),
        chats=frozenset({"pretend/hour"}),
    )
    marker = Marker(found, others=["Sam Other"], said=[(STARTS + MINUTES, f"As she said: {said}!")])
    assert marker.all(f'@Kate_OT said "{said}", and will do') == f'{NAME_MARK} said "{WORDS_MARK}", and will do'
    assert (
        marker.all("Thanks Kate, see https://x.com/kate_ot/status/9912345 .")
        == f"Thanks {NAME_MARK}, see {NAME_MARK} ."
    )
    assert marker.all("<@7712345> will Will be there? I skate") == f"{NAME_MARK} will Will be there? I skate"
    assert marker.certain("Thanks Kate") == "Thanks Kate"
    everybody = Marker(found, said=[(STARTS - MINUTES, said)])
    assert everybody.all(f"Again: {said}") == f"Again: {said}", "somebody else had said it before"


def test_a_question_a_link_or_a_mark_that_both_have_is_no_quotation() -> None:
    """Two people answer one question and share a page. Only what one took from the other goes."""
    question = "What gets in the way when you take a group online?"
    link = "https://example.org/a/long/address/of/a/page?part=2"
    own = "people lose the thread when nobody keeps it for them"
    words = (f"A1 {question} Tea", f"A1 see {link}", f"A1 {own}")
    found = Traces(accounts=frozenset({("x", "7712345")}), words=tuple((STARTS + MINUTES, one) for one in words))
    marker = Marker(found, said=[(STARTS, f"Q1. {question} #tag")])
    for text in (f"A1 {question} Mine is time", f"A1 see {link}", f"({link})"):
        assert marker.all(text) == text
    assert marker.all(f"A2 {own}, as she said") == f"A2 {WORDS_MARK}, as she said"
