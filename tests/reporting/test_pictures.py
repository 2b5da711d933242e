"""The pictures of the hour and of who spoke with whom, and those of questions."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.chat import ParticipantOrder, Question
from bot.messages import AnyEvent, Author, Image
from bot.reporting.contents import contents_of
from bot.reporting.exchanges import MAX_PEOPLE, Exchanges
from bot.reporting.files import write
from bot.reporting.hour_chart import ROW, HourChart
from bot.reporting.pictures import LARGEST, question_pictures
from bot.reporting.record import record
from bot.settings.settings import Settings, Store
from bot.store import chat_pictures
from bot.store.database import Database
from bot.wiring.outputs import write_report
from tests.reporting.sample_events import asked, at, chat, said
from tests.reporting.whole_hour import whole_chat, whole_hour

ASKED = (asked("q1", 10), asked("q2", 20), asked("closing", 60))
PICTURE = b"\x89PNG\r\n\x1a\npretend"


def chart(*events: AnyEvent) -> HourChart:
    return contents_of(record(chat(2), [*ASKED, *events])).chart


def talk(*events: AnyEvent, lists: ParticipantOrder = "most") -> Exchanges | None:
    return contents_of(record(chat(2, lists=lists), [*ASKED, *events])).exchanges


def test_a_row_of_bars_for_all_and_for_each_question() -> None:
    found = chart(said("1", minutes=11), said("2", minutes=12, place="room", who="B"), said("3", "A1/2", 21))
    assert [row.label for row in found.rows] == ["All", "Q1", "Q2"]
    assert found.places == ("room", "x")
    every, first, second = found.rows
    assert [count for count, _, _ in every.sums] == [2, 1]
    assert [(count, len(row.bars)) for row in (first, second) for count, _, _ in row.sums] == [(2, 3), (1, 3), (1, 1)]
    assert [bar.shade for bar in first.bars] == [0, 1, 1]
    assert [row.asked for row in found.rows] == [None, at(10), at(20)]
    assert first.asked_x is not None
    assert first.asked_x == pytest.approx(found.left + (found.width - found.left) * 10 / 75, abs=0.1)


def test_bars_stand_on_each_other_and_on_the_ground() -> None:
    for row in contents_of(record(whole_chat(), whole_hour())).chart.rows:
        for bar in row.bars:
            below = [one for one in row.bars if one.x == bar.x and one.shade < bar.shade]
            foot = min([one.y for one in below], default=row.ground)
            assert bar.y + bar.height == pytest.approx(foot, abs=0.2)
            assert row.top - 0.2 <= bar.y
            assert bar.height > 0


def test_the_tallest_bar_of_a_question_has_the_whole_row() -> None:
    found = chart(*(said(f"{number}", minutes=11, who=f"{number}") for number in range(7)))
    [bar] = found.rows[1].bars
    assert bar.height == ROW


def test_the_table_says_the_same() -> None:
    table = chart(said("1", minutes=11), said("2", minutes=12, place="room", who="B")).table
    assert table.columns == ("Time", "All", "Q1", "Q2")
    assert [row.cells for row in table.rows if row.heading == "20:10\u201320:15"] == [
        ("2 (Room 1, X 1)", "2 (Room 1, X 1)", "0")
    ]
    assert table.rows[-1].heading == "21:10\u201321:15"


def test_people_who_replied_to_each_other_are_joined() -> None:
    found = talk(
        said("1", minutes=11),
        said("2", minutes=12, who="B", reply_to="1"),
        said("3", minutes=13, reply_to="2"),
        said("4", minutes=14, who="C", reply_to="1"),
        said("5", minutes=15, reply_to="1"),
        said("6", minutes=16, who="D", reply_to="bot-q1"),
    )
    assert found is not None
    assert [one.name for one in found.people] == [f"Pretend participant {letter}" for letter in "ABC"]
    assert [(one.above < one.below, one.thickness) for one in found.arcs] == [(True, 3.8), (True, 6.0)]
    assert (found.replies, found.pairs, found.others) == (3, 2, 0)
    assert [(row.heading, *row.cells) for row in found.table.rows] == [
        ("Pretend participant A on X", "Pretend participant B on X", "2"),
        ("Pretend participant A on X", "Pretend participant C on X", "1"),
    ]


def test_the_host_decides_whether_people_are_listed() -> None:
    events = (
        said("1", minutes=11, who="B"),
        said("2", minutes=12, reply_to="1"),
        said("3", minutes=13, who="B", reply_to="2"),
    )
    assert talk(*events, lists="none") is None
    found = talk(*events, said("4", minutes=14, who="C", reply_to="1"), lists="alphabetical")
    assert found is not None
    assert [one.name[-1] for one in found.people] == ["A", "B", "C"]
    assert talk(said("1", minutes=11)) is None


def test_the_picture_has_no_more_people_than_can_be_told_apart() -> None:
    crowd = (said(f"{n}", minutes=11 + n / 10, who=f"{n:02}", reply_to=f"{n - 1}") for n in range(30))
    found = talk(*crowd)
    assert found is not None
    assert (len(found.people), found.others) == (MAX_PEOPLE, 30 - MAX_PEOPLE)
    assert all(arc.below <= found.height for arc in found.arcs)


def test_a_long_name_is_cut_and_a_hostile_one_shown_literally(tmp_path: Path) -> None:
    evil = Author(id="e", name="</text><script>alert(1)</script>")
    found = [said("1", minutes=11), said("2", minutes=12, author=evil, reply_to="1")]
    page = write(tmp_path, chat(2), [*ASKED, *found]).html.read_text(encoding="utf-8")
    assert page.count("<script") == 1
    assert "&lt;/text&gt;&lt;script&gt;alert(…</text>" in page


@pytest.mark.parametrize(
    ("name", "data", "is_shown"),
    [
        ("a.png", PICTURE, True),
        ("a.png", None, False),
        ("a.txt", PICTURE, False),
        ("a.png", b"x" * (LARGEST + 1), False),
    ],
)
def test_a_question_has_its_picture_or_at_least_its_words(
    tmp_path: Path, name: str, data: bytes | None, *, is_shown: bool
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    image = Image(path=str(tmp_path / name), alt="a mind map")
    made = msgspec.structs.replace(chat(0), questions=(Question(key="q1", text="Which?", at=at(10), image=image),))
    assert bool(question_pictures(made)) is is_shown
    page = write(tmp_path / "out", made, []).html.read_text(encoding="utf-8")
    assert ('<img src="data:image/png;base64,' in page) is is_shown
    assert ("img-src data:" in page) is is_shown
    assert "a mind map" in page


def test_a_picture_that_is_in_the_store_is_in_the_report_as_well(tmp_path: Path, sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        database.write_sync(chat_pictures.put, chat(0).name, {"map.png": PICTURE})
        path = database.read_sync(chat_pictures.paths, chat(0).name)["map.png"]
        question = Question(key="q1", text="Which?", at=at(10), image=Image(path=path, alt="a mind map"))
        made = msgspec.structs.replace(chat(0), questions=(question,))
        written = write_report(Settings(store=Store(url=sqlite_url)), database, made, tmp_path / "out", at(60))
    assert '<img src="data:image/png;base64,' in written.html.read_text(encoding="utf-8")
