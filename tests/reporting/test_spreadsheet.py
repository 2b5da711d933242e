from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, Author, MessageHighlighted
from bot.reporting.record import record
from bot.reporting.spreadsheet import COLUMNS, harmless, spreadsheet
from tests.reporting.sample_events import asked, at, chat, edited, said

# the signs that OWASP's page on CSV injection names
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]


def rows(*events: AnyEvent) -> list[dict[str, str]]:
    text = "".join(spreadsheet(record(chat(), events)))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_message_is_a_row() -> None:
    events = (
        asked("q1", 10),
        asked("q2", 20),
        said("1", 'A1/2 "Teams",\nand more', 21, url="https://e.org/1", reply_to="0"),
        edited("1", 'A1/2 "Teams",\nand more', 22),
        MessageHighlighted(place="x", id="1", at=at(70)),
    )
    [one] = rows(*events)
    assert tuple(one) == COLUMNS
    assert one == {
        "questions": "q1 q2",
        "at": "2020-10-13 19:21:00",
        "local_time": "2020-10-13 20:21:00",
        "place": "x",
        "name": "Pretend participant A",
        "handle": "pretend_A",
        "text": 'A1/2 "Teams",\nand more',
        "url": "https://e.org/1",
        "id": "1",
        "reply_to": "0",
        "reason": "mark",
        "edited": "yes",
        "highlight": "yes",
    }


@pytest.mark.parametrize("formula", [*FORMULAS, " =1", "|calc", "%0A", '=cmd|"/C calc"!A0'])
def test_no_cell_is_a_formula(formula: str) -> None:
    [one] = rows(said("1", formula, 11, author=Author(id="1", name=formula, handle=formula)))
    for cell in one.values():
        assert cell[:1] not in tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20|%")
    assert formula.strip() in one["text"]


def test_harmless_words_stay_as_they_are() -> None:
    assert [harmless(text) for text in ("A1 = b", "2 - 1", "hello", "", "a@b.org")] == [
        "A1 = b",
        "2 - 1",
        "hello",
        "",
        "a@b.org",
    ]


@given(st.text(max_size=20))
def test_a_row_stays_a_row(text: str) -> None:
    [one] = rows(said("1", f"x{text}", 11))
    assert one["reason"] == "floor"
