"""When a record is compared with its platforms, and when they are believed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.listening.resync_plan import AT_PUBLICATION, add, gives_up, is_doubtful, pause, steps
from bot.listening.resync_words import describe
from bot.ports.platform import CurrentMessages
from bot.publication import Publication
from bot.store.resyncs import ResyncRow, State, Tally
from tests.fakes.clock import NOON

DAY = timedelta(days=1)
AFTER = (DAY, 7 * DAY, 30 * DAY)
DUE, PUBLISHED = NOON + 2 * DAY, Publication(phase="published", since=NOON + 2 * DAY)


def planned(found: Publication, now: datetime) -> dict[str, float]:
    """The steps with their days after the end."""
    return {step: (at - NOON) / DAY for step, at in steps(found, NOON, AFTER, now)}


def test_a_record_is_compared_before_it_is_published_and_three_times_after_it() -> None:
    waiting = Publication(phase="waiting", due=DUE)
    assert planned(waiting, NOON) == {AT_PUBLICATION: pytest.approx(2 - 1 / 48)}
    assert planned(PUBLISHED, DUE) == {AT_PUBLICATION: 2, "1 day after": 3, "7 days after": 9, "30 days after": 32}


def test_what_was_missed_by_a_week_is_left_out_and_an_old_chat_is_not_followed() -> None:
    assert planned(PUBLISHED, NOON + 12 * DAY) == {"7 days after": 9, "30 days after": 32}
    assert planned(PUBLISHED, NOON + 91 * DAY) == {}
    late = Publication(phase="published", since=NOON + 400 * DAY)
    assert planned(late, NOON + 400 * DAY) == {}, "a program that is new here does not pay for years of chats"


@pytest.mark.parametrize("phase", ["draft", "withheld"])
def test_what_is_not_to_be_published_is_not_compared(phase: str) -> None:
    assert planned(Publication(phase=phase, due=DUE if phase == "draft" else None), NOON) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gone", "asked", "state", "sure", "doubtful"),
    [
        (10, 10, "waiting", False, False),
        (11, 21, "waiting", False, True),
        (11, 22, "waiting", False, False),
        (300, 300, "waiting", False, True),
        (300, 300, "waiting", True, False),
        (300, 300, "doubtful", False, False),
    ],
)
def test_most_of_a_chat_gone_at_once_is_doubted_once(
    *, gone: int, asked: int, state: State, sure: bool, doubtful: bool
) -> None:
    tally = Tally(asked=asked, deleted=tuple(map(str, range(gone - 1))), withheld=("x",))
    row = ResyncRow(chat="a/b", place="x", step="s", next_at=NOON, state=state, sure=sure, tally=tally)
    assert is_doubtful(row) is doubtful


def test_only_what_was_asked_and_answered_counts() -> None:
    answer = CurrentMessages(there=("1", "4"), deleted=("2", "77"), withheld=("3", "5"))
    found = add(Tally(total=9, asked=2), ["1", "2", "3", "4", "5", "6"], answer, frozenset({"4", "5"}))
    assert (found.deleted, found.withheld, found.back) == (("2",), ("3",), ("4",)), "5 was withheld before"
    assert (found.asked, found.unanswered) == (8, 1)


def test_a_failure_is_tried_again_ever_later_for_a_day() -> None:
    waits = [pause(attempt, None, refused=False) / timedelta(minutes=1) for attempt in range(1, 9)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert pause(1, 900, refused=False) == timedelta(minutes=15)
    assert pause(1, None, refused=True) == timedelta(hours=1)
    assert [gives_up(attempts) for attempts in (1, 23, 24)] == [False, False, True]


def test_what_was_found_is_told_in_a_line() -> None:
    found = Tally(total=9, asked=8, deleted=("1",), edited=2, unanswered=1, unpaid=1, micros=40_000)
    assert describe(found, "X") == (
        "X: 8 of 9 messages were looked at; 1 deleted, 2 edited since. Of 1 it said nothing; they stay. For 1 no money"
        " was left within the cap; they stay. It cost $0.04."
    )
    assert describe(Tally(total=3, asked=3), "Discord") == (
        "Discord: 3 of 3 messages were looked at; all are as they were."
    )
