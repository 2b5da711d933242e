"""Which question a message answers, and why. Pure.

The rules, first that holds: a reply to a question's own post, or to anything in its thread; an explicit mark at the
beginning (`A2`, `Q2`, `A2.`, `a2:`); the question on the floor at that moment; else before or after. The bot
never demands the mark, people write it by custom. Nothing here stores or looks anything up: the parent is an argument.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import datetime
from typing import Literal

from bot.messages import Value

Reason = Literal["reply", "thread", "mark", "floor", "corrected"]

BEFORE = "before"
AFTER = "after"

BACK = frozenset({"notice", "question"})
"""Kinds of posts that bring a question back to the floor, if they repeat one. A correction only takes its answers."""

_MARK = re.compile(
    r"""\s*(?:(?:[@#][\w.]+|<[@#][!&]?\d+>)[,:]?\s+|https?://\S+\s+)*   # whom it is to, and hashtags, often come first
        [(\[]?[aq](\d{1,2})                          # A2, q2
        (?:[.:;,)\]/&+\u2013\u2014-]|\s|$)""",
    re.IGNORECASE | re.VERBOSE,
)


class Parent(Value, frozen=True, kw_only=True):
    """What a message replies to: the question it belongs to, and whether it is that question's own post."""

    question: str
    asked: bool


class QuestionTimeline(Value, frozen=True, kw_only=True):
    """What was asked when. `asked` holds (instant, key) in order of time; `keys` are all the chat's questions."""

    asked: tuple[tuple[datetime, str], ...]
    ends: datetime
    keys: frozenset[str]

    def at(self, moment: datetime) -> str:
        """The question on the floor, else `before` the first, else `after` the end."""
        if moment >= self.ends:
            return AFTER
        index = bisect_right(self.asked, moment, key=lambda pair: pair[0])
        return self.asked[index - 1][1] if index else BEFORE


def mark(text: str, keys: frozenset[str]) -> str | None:
    """The question a text names at its beginning, if the chat has it."""
    found = _MARK.match(text)
    key = f"q{int(found[1])}" if found else None
    return key if key in keys else None


def attribute(text: str, at: datetime, parent: Parent | None, floor: QuestionTimeline) -> tuple[str, Reason]:
    """The question's key (or `before`, `after`) and the reason.

    `parent` is what the message replies to, or None where it replies to nothing we know.
    """
    if parent is not None and parent.question in floor.keys:
        return parent.question, "reply" if parent.asked else "thread"
    marked = mark(text, floor.keys)
    if marked:
        return marked, "mark"
    return floor.at(at), "floor"
