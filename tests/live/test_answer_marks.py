"""Marks as people write them, and ordinary talk that has none."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.live import answer_marks
from bot.live.answer_mark_words import ANSWER_WORDS, SPELLED
from bot.live.answer_marks import named_questions, questions_named_in

KEYS = frozenset({"q1", "q2", "q3", "q4"})
ROWS = Path(__file__).parents[1] / "data" / "marks.tsv"
"""The questions that a text names, a tab, and the text; before the tab a dash if it names none."""


def rows(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(named, text.replace("\\n", "\n")) for named, text in (line.split("\t", 1) for line in lines if line)]


@pytest.mark.parametrize(("named", "text"), rows(ROWS))
def test_a_text_names_its_questions_and_ordinary_talk_none(named: str, text: str) -> None:
    assert (",".join(named_questions(text, KEYS)) or "-") == named


def test_many_texts_at_once_name_what_each_names_by_itself() -> None:
    texts = [text for _, text in rows(ROWS)]
    for letters in (("A", "Q"), ("R",), ("ANT",)):
        alone = {text: named_questions(text, KEYS, letters) for text in texts}
        assert questions_named_in(texts, KEYS, letters) == alone
    assert questions_named_in([], KEYS) == {}


def test_only_questions_of_the_chat_are_named() -> None:
    assert named_questions("A2 Teams", frozenset({"q1"})) == ()
    assert named_questions("A2/9 Teams", KEYS) == ("q2",)
    assert named_questions("A22 Teams", KEYS | {"q22"}) == ("q22",)


def test_the_letters_are_those_of_the_chat() -> None:
    assert named_questions("R2 Teams", KEYS, ("A", "R")) == ("q2",)
    assert named_questions("R2 Teams", KEYS) == ()
    assert named_questions("Ant2 Teams", KEYS, ("ANT",)) == ("q2",)
    assert named_questions("A2 Teams", KEYS, ("R",)) == ()
    assert named_questions("A2: Teams", KEYS, ("R",)) == ("q2",)
    assert named_questions("T2 diabetes, T2 scans", KEYS, ("T",)) == ()


LONG = ["A2" * 5000, "A1, " * 2000 + "x", "#" * 9000 + "1", "hi " * 3000 + "A2", "(A1" * 3000]


@pytest.mark.parametrize("text", [*LONG, "A1: x " * 2000, "A1" + ", 2" * 3000])
def test_a_long_text_is_read_in_time_that_grows_with_its_length(text: str) -> None:
    assert set(named_questions(text, KEYS)) <= KEYS


_PIECES = (
    *ANSWER_WORDS,
    *SPELLED,
    *"aAqQt\xe9\u017f\u0430 \xa0.:-_#>12\u2026\u2019\u201c\n\u20e3",
    "nr",
    "\xc4\xd6",
)


@given(
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=12).map("".join),
    st.sampled_from(["AQ", ["A", "\xc4\xd6"]]),
)
def test_the_quick_looks_miss_nothing(text: str, letters: str) -> None:
    plain = answer_marks._BEYOND_ASCII.sub(answer_marks._common, unicodedata.normalize("NFKC", text).casefold())
    assert answer_marks._plain(text) == (text.lower() if text.isascii() else plain)
    grammar = answer_marks._grammar(tuple(letters))
    assert grammar.look(plain.encode(errors="replace")) or not answer_marks._may_name(plain, grammar)
