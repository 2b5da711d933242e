from __future__ import annotations

import pytest

from bot.live.quotes import linked, question_texts, quoted_question
from tests.reporting.sample_events import chat

KEYS = frozenset({"q1", "q2", "q3"})
TEXTS = question_texts(
    chat(),
    [
        ("q1", "Q1. First? #RepChat"),
        ("q2", "Q2. Which groups do you run online now, and for whom? #RepChat https://example.org/a"),
        ("q3", "Correction to Q3: Which groups help?"),
    ],
)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("> Q1. First?\nWe use Teams", "q1"),
        ("> First?\nWe use Teams", "q1"),
        ("> first\n> \nWe use Teams", "q1"),
        ("> **Q1. First?** #RepChat\nWe use Teams", "q1"),
        ("We use Teams\n> Q1: First?", "q1"),
        (">\uff26\uff29\uff32\uff33\uff34\uff1f\nWe use Teams", "q1"),
        (">>> First?", "q1"),
        ("> Which groups do you run online now, and for whom?\nNone", "q2"),
        ("> Which groups do you run onl…\nNone", "q2"),
        ("> Which groups do\n> you run online now\nNone", "q2"),
        ("> Which groups help?\nNone", "q3"),
        ("> Pretend question 3?\nNone", "q3"),
        ("> @kate: A2 we run three\nSo do we", "q2"),
        ("> Q2\nNone", "q2"),
        ("> Which groups help?\n> \u2014 @host\nNone", "q3"),
        ("> Bot:\n> Which groups help?\nNone", "q3"),
        ("> Q9. First?\nNone", "q1"),
        ("> Which groups\nNone", None),
        ("> Which\nNone", None),
        ("> 60 minutes is too long\nYes", None),
        ("First? We use Teams", None),
        ("3 > 2", None),
        (">", None),
        (">_<", None),
    ],
)
def test_a_block_of_quoted_lines_is_of_its_question(text: str, question: str | None) -> None:
    assert quoted_question(text, TEXTS, KEYS) == question


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("see https://twitter.com/RepBot/status/500", {"500"}),
        ("see https://mobile.twitter.com/RepBot/status/500?s=20.", {"500"}),
        ("(https://x.com/i/web/status/500/)", {"500"}),
        ("https://x.com/kate/status/500/photo/1", {"500"}),
        ("<https://discord.com/channels/1/2/500>", {"500"}),
        ("https://chat.example.org/a/b#m-room-500", {"500"}),
        ("https://[oops and https://x.com/i/status/500", {"500"}),
        ("x.com/i/status/500", set()),
        ("https://x.com/kate/status/500/quotes", {"500"}),
        ("https://example.org", set()),
        ("https://example.org/500 and https://example.org/guide#500", set()),
    ],
)
def test_a_link_may_lead_to_a_message(text: str, ids: set[str]) -> None:
    assert set(linked(text).ids) == ids


def test_a_link_is_compared_whole_and_without_its_query() -> None:
    assert linked("https://a.example/b?c=d#q1, then").addresses == (
        "https://a.example/b?c=d#q1",
        "https://a.example/b#q1",
    )
    assert linked("no link") == ((), ())
