"""Attribution: the question that a message belongs to, and why. Pure.

The first rule that holds decides: a reply to a question's own post, or to a message in its thread; a mark, such as `A2`
(`bot.live.marks`); the question on the floor at that moment; else before or after. The bot never
demands the mark; people write it by custom. Nothing here looks anything up: the parent is an argument.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Literal

from bot.chat import DEFAULT_MARKS
from bot.live.marks import named_questions
from bot.messages import Value

Reason = Literal["reply", "thread", "mark", "floor", "corrected"]

BEFORE = "before"
AFTER = "after"

REPEATING_KINDS = frozenset({"notice", "question"})
"""Kinds of posts that bring back the question they repeat. A correction only takes over its answers."""


class Parent(Value, frozen=True, kw_only=True):
    """The message that another replies to: the question it belongs to, and whether it is that question's own post."""

    question: str
    is_question: bool


class QuestionTimeline(Value, frozen=True, kw_only=True):
    """A chat's questions over time. `asked` holds (instant, key) in order of time; `keys` are all its questions.

    `letters` mark a question without further signs.
    """

    asked: tuple[tuple[datetime, str], ...]
    ends: datetime
    keys: frozenset[str]
    letters: tuple[str, ...] = DEFAULT_MARKS

    def question_at(self, moment: datetime) -> str:
        """The question on the floor at a moment, else `before` the first, else `after` the end."""
        if moment >= self.ends:
            return AFTER
        index = bisect_right(self.asked, moment, key=lambda pair: pair[0])
        return self.asked[index - 1][1] if index else BEFORE


def attribute(text: str, at: datetime, parent: Parent | None, timeline: QuestionTimeline) -> tuple[str, Reason]:
    """The question's key (or `before`, `after`) and the reason.

    `parent` is the message it replies to, or None if it replies to none that is known.
    """
    if parent is not None and parent.question in timeline.keys:
        return parent.question, "reply" if parent.is_question else "thread"
    if marked := named_questions(text, timeline.keys, timeline.letters):
        return marked[0], "mark"
    return timeline.question_at(at), "floor"
