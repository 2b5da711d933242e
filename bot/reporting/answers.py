"""How each question was answered: by how many, what share of the participants, and how fast. Pure.

An answer is a post under a question, in the time in which posts count. Times are counted from when the question was
asked on the place of the answer. Nobody is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_high, median_low

from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import Key
from bot.reporting.record import Record
from bot.reporting.rounding import divide_rounded, percent
from bot.translation import pending

ANSWER_RULES: Mapping[str, str] = {
    "posts": pending("posts in that window under the question; one that names several questions counts under each"),
    "participants": pending("accounts with at least one of these posts; in brackets, their share of all participants"),
    "first_answer": pending("when the first of these posts came; in brackets, how long after the question"),
    "median_answer": pending(
        "from the question to a participant's first post under it: half of them were faster, half slower;"
        " a post before the question counts as 0 s"
    ),
}
"""The rule for each figure of a question, in the words that are printed beside it."""


class QuestionFigures(Value, frozen=True, kw_only=True):
    """The figures of one question.

    `answered_percent` is the share of all participants. Seconds are whole, from the question to its first answer, and
    to a participant's first answer: the median. They are None if nobody answered, or if it was never asked.
    """

    posts: int
    participants: int
    answered_percent: int = 0
    first_answer_at: datetime | None = None
    first_answer_seconds: int | None = None
    median_answer_seconds: int | None = None


def question_figures(record: Record, posts: Iterable[MessageView], participants: int) -> dict[str, QuestionFigures]:
    """The figures of every question, asked or not. `posts` are in order of time."""
    answers: dict[str, list[MessageView]] = {question.key: [] for question in record.chat.questions}
    for one in posts:
        for question in one.questions:
            if question in answers:
                answers[question].append(one)
    return {key: _figures(record, key, found, participants) for key, found in answers.items()}


def count_answering(record: Record, posts: Iterable[MessageView]) -> int:
    """The number of accounts with at least one answer to any question."""
    keys = {question.key for question in record.chat.questions}
    return len({(one.place, one.author.id) for one in posts if not keys.isdisjoint(one.questions)})


def _figures(record: Record, key: str, answers: Sequence[MessageView], participants: int) -> QuestionFigures:
    first: dict[Key, MessageView] = {}
    for one in answers:
        first.setdefault((one.place, one.author.id), one)
    waits, waits_of_first = _waits(record, key, first.values()), _waits(record, key, answers[:1])
    return QuestionFigures(
        posts=len(answers),
        participants=len(first),
        answered_percent=percent(len(first), participants),
        first_answer_at=answers[0].at.astimezone(UTC) if answers else None,
        first_answer_seconds=_median_seconds(waits_of_first),
        median_answer_seconds=_median_seconds(waits),
    )


def _waits(record: Record, key: str, answers: Iterable[MessageView]) -> list[int]:
    """The microseconds from a question to each answer, but for those where it was never asked."""
    found = ((one.at, record.asked_on[one.place].get(key)) for one in answers)
    return [max((at - asked) // timedelta(microseconds=1), 0) for at, asked in found if asked]


def _median_seconds(waits: Sequence[int]) -> int | None:
    return divide_rounded(median_low(waits) + median_high(waits), 2_000_000) if waits else None
