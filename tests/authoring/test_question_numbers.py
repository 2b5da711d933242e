"""The host's own numbers before questions are taken off, or doubted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.loader import load
from bot.authoring.question_numbers import number_mark


def asked(folder: Path, *texts: str) -> tuple[list[str], list[str]]:
    """The questions of a chat, and its problems."""
    path = folder / "c.toml"
    head = 'title = "T"\nstarts = 2027-07-13T20:30\ntimezone = "UTC"\n'
    path.write_text(head + "".join(f"[[questions]]\ntext = '''{text}'''\n" for text in texts), encoding="utf-8")
    found = load(path)
    assert found.chat, found.problems
    return [one.text for one in found.chat.questions], [f"{one.line}: {one.message}" for one in found.problems]


@pytest.mark.parametrize(
    "texts",
    [
        ("Q1. Who?", "Q2: Why?", "Q3) How?"),
        ("T1 Who?", "T2 Why?", "T3 How?"),
        ("Q1 Who?", "(Q2) Why?", "[Q3] How?"),
        ("1. Who?", "2) Why?", "(3) How?"),
        ("1: Who?", "2 - Why?", "3 \u2013 How?"),
        ("Q1 of 3: Who?", "2/3: Why?", "(3/3) How?"),
        ("Question 1: Who?", "Question #2. Why?", "Question three: How?"),
        ("Frage 1: Who?", "Pregunta 2. Why?", "Topic 3 - How?"),
        ("q.1 Who?", "Q 2: Why?", "**Q3** How?"),
        ("1\ufe0f\u20e3 Who?", "\u2461Why?", "Q3\ufe0f\u20e3 How?"),
        ("Q1- Who?", "Q2.) Why?", "Q3-How?"),
        ("Q1 Who?", "Q2 Why?", "> Q3 How?"),
        ("#1: Who?", "No. 2: Why?", "Qu3: How?"),
        ("1st question: Who?", "Second question - Why?", "3rd topic. How?"),
        ("#1 Who?", "#2 Why?", "\u21163 How?"),
        ("P1: Who?", "F2. Why?", "\u04123) How?"),
        ("1/3 Who?", "2/3 Why?", "3\u00ba: How?"),
        ("\u7b2c1\u554f Who?", "Q2\u3002Why?", "3) How?"),
        ("\u554f1\uff1aWho?", "\uff31\uff12\uff0eWhy?", "3\u3001How?"),
    ],
)
def test_own_numbers_are_taken_off(tmp_path: Path, texts: tuple[str, ...]) -> None:
    assert asked(tmp_path, *texts) == (["Who?", "Why?", "How?"], [])


def test_a_hashtag_before_the_number_stays(tmp_path: Path) -> None:
    assert asked(tmp_path, "#OTalk Q1: Who?", "Why?") == (["#OTalk Who?", "Why?"], [])


@pytest.mark.parametrize(
    "text",
    [
        *("4 things that help?", "1:1 sessions: do they help?", "1.5 hours a day: enough?", "24/7 care: who pays?"),
        *(
            "3D printing: where?",
            "5-7 visits: too few?",
            "1st visits: who goes?",
            "1st question to ask: who?",
            "Two of us: who?",
            "10 years on",
        ),
        *("T1-weighted MRI: who?", "Q1+2: who?", "#1 reason: why?", "1 in 4 people: why?", "7.30pm: too late?"),
        *("(2 visits) Who pays?", "1", "Q1.", "", "2020: what was new?", "Tea: who drinks it?", "Question time?"),
        *("B12 deficiency: who tests?", "L2 fractures: which grade?", "#4 on your list: who?"),
    ],
)
def test_a_number_in_the_text_is_none_of_the_question(text: str) -> None:
    assert number_mark(text, 6) is None


@pytest.mark.parametrize(
    "text",
    [
        "T1 diabetes: what helps?",
        "T1 MRI: who orders it?",
        "Q1 figures: who reads them?",
        "Q1 & Q2: who?",
        "1. Mai: wer kommt?",
    ],
)
def test_what_may_be_a_number_stays_and_is_doubted(tmp_path: Path, text: str) -> None:
    texts, (doubt,) = asked(tmp_path, text, "Why?")
    assert texts == [text, "Why?"]
    assert "and Q1 is written before it; leave it out if it is the number of the question." in doubt


def test_a_letter_of_any_language_may_number_a_question_but_only_this_one(tmp_path: Path) -> None:
    texts, doubts = asked(tmp_path, "C6: which splint?", "L2: which grade?", "Why?")
    assert texts == ["C6: which splint?", "L2: which grade?", "Why?"]
    assert [one.partition(";")[0] for one in doubts] == ["7: the text begins with 'L2:', and Q2 is written before it"]


def test_another_number_is_doubted(tmp_path: Path) -> None:
    texts, doubts = asked(tmp_path, "Q2. Who?", "3) Why?", "Q3. How?")
    assert texts == ["Q2. Who?", "3) Why?", "How?"]
    assert doubts == [
        "5: the text begins with 'Q2.', but this is question 1.",
        "7: the text begins with '3)', but this is question 2.",
    ]


@pytest.mark.parametrize(
    "mark", ["Q1a:", "Q1 a)", "1a)", "(1b)", "Q1.1", "Q1(a)", "Q1b.", "T1a", "Q1A:", "Question 1a:", "1 a)"]
)
def test_a_sub_question_is_explained(tmp_path: Path, mark: str) -> None:
    texts, (doubt,) = asked(tmp_path, f"{mark} What is A?", "What is B?")
    assert texts == [f"{mark} What is A?", "What is B?"]
    assert doubt.startswith(f"5: the text begins with '{mark}', but is posted as Q1: ")
    assert '"What helps? (a) At home? (b) At work?"' in doubt


def test_a_number_at_the_end_is_doubted(tmp_path: Path) -> None:
    _, doubts = asked(tmp_path, "Who? (Q1)", "Why? 2/3", "How does this follow from Q1?")
    assert doubts == [
        "5: the text ends with '(Q1)'; leave it out, Q1 is written before it.",
        "7: the text ends with '2/3'; leave it out, Q2 is written before it.",
    ]


def test_the_numbers_of_other_wordings_are_taken_off_and_doubted_too(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    head = 'title = "T"\nstarts = 2027-07-13T20:30\ntimezone = "UTC"\n'
    path.write_text(head + '[[questions]]\ntext = "Q1 - Who?"\n[questions.says]\nx = "T1: W?"\nroom = "Q2. W?"\n')
    found = load(path)
    assert found.chat
    (question,) = found.chat.questions
    assert (question.text, question.says) == ("Who?", {"x": "W?", "room": "Q2. W?"})
    assert [(one.line, one.message) for one in found.problems] == [
        (8, "the text begins with 'Q2.', but this is question 1.")
    ]
