"""How each question was answered: shares, first answers, medians; and the busiest minute."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import AnyEvent
from bot.reporting.answers import QuestionFigures
from bot.reporting.figure_tables import answer_rules, figures, place_table, question_tables
from bot.reporting.formatting import duration
from bot.reporting.numbers import BusiestMinute, Numbers, count_numbers
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, deleted, said, withdrew
from tests.reporting.test_record import some


def count(*events: AnyEvent, **changes: object) -> Numbers:
    return count_numbers(record(chat(**changes), events))


def test_the_share_is_of_all_participants() -> None:
    found = count(said("1", "A1", 12), said("2", "A1", 13), said("3", "A2", 22, "B"), said("4", "hi", 1, "C"))
    assert [one.answered_percent for one in found.questions.values()] == [33, 33, 0]
    assert (found.answered, found.answered_percent) == (2, 67)


def test_nobody_answered() -> None:
    found = count(said("1", "hi", 1))
    assert (found.answered, found.answered_percent) == (0, 0)
    assert found.questions["q1"] == QuestionFigures(posts=0, participants=0)
    assert (count().answered_percent, count().busiest_minute) == (0, None)


def test_each_participant_is_timed_by_their_first_answer() -> None:
    found = count(
        asked("q1", 10),
        said("1", "A1", 11, "A"),
        said("2", "A1", 30, "A"),
        said("3", "A1", 12, "B"),
        said("4", "A1", 15, "C"),
    ).questions["q1"]
    assert (found.first_answer_at, found.first_answer_seconds, found.median_answer_seconds) == (at(11), 60, 120)


def test_between_two_the_median_is_in_the_middle() -> None:
    found = count(asked("q1", 10), said("1", "A1", 11), said("2", "A1", 12 + 1 / 60, "B"))
    assert found.questions["q1"].median_answer_seconds == 91, "90.5, rounded up"


def test_an_answer_before_its_question_took_no_time() -> None:
    found = count(asked("q1", 10), asked("q2", 20), said("1", "A2", 12), said("2", "A2", 21, "B")).questions["q2"]
    assert (found.first_answer_at, found.first_answer_seconds, found.median_answer_seconds) == (at(12), 0, 30)


def test_each_place_is_timed_by_its_own_question() -> None:
    found = count(
        asked("q1", 10),
        asked("q1", 14, place="room"),
        said("1", "A1", 12),
        said("2", "A1", 15, place="room"),
        places=("x", "room"),
    )
    seconds = {place: one.questions["q1"].first_answer_seconds for place, one in found.places.items()}
    assert seconds == {"x": 120, "room": 60}
    assert found.questions["q1"] == QuestionFigures(
        posts=2,
        participants=2,
        answered_percent=100,
        first_answer_at=at(12),
        first_answer_seconds=120,
        median_answer_seconds=90,
    )


def test_a_question_that_is_repeated_was_asked_when_it_first_was() -> None:
    again = asked("notice-1", 13, id="again", kind="notice", repeats="q1")
    assert count(again, asked("q1", 10), said("1", "A1", 14)).questions["q1"].first_answer_seconds == 240


def test_a_question_that_failed_on_one_place_is_timed_by_another() -> None:
    events = (asked("q1", 10), asked("q2", 21), asked("q1", 10, place="room"), said("1", "A2", 22, place="room"))
    assert count(*events).questions["q2"].first_answer_seconds == 60


def test_without_posts_of_questions_the_timetable_counts() -> None:
    assert count(said("1", "A1", 12)).questions["q1"].first_answer_seconds == 120


def test_an_answer_to_a_question_that_was_never_asked_has_a_time_of_day_only() -> None:
    found = count(asked("q1", 10), said("1", "A3", 32)).questions["q3"]
    assert (found.posts, found.first_answer_at) == (1, at(32))
    assert (found.first_answer_seconds, found.median_answer_seconds) == (None, None)


def test_late_deleted_and_withdrawn_answers_are_not_timed() -> None:
    gone = (said("1", "A1", 11), deleted("1"), said("2", "A1", 12, "B"), withdrew("B"), said("3", "A1", 80, "C"))
    found = count(asked("q1", 10), *gone, said("4", "A1", 13, "D")).questions["q1"]
    assert (found.posts, found.first_answer_seconds) == (1, 180)


def test_the_busiest_minute_is_the_first_of_equal_ones() -> None:
    minutes = (5.1, 5.9, 6, 7, 7.5, 9.99)
    found = count(*(said(f"{n}", minutes=m) for n, m in enumerate(minutes)))
    assert found.busiest_minute == BusiestMinute(at=at(5), posts=2)
    more = count(*(said(f"{n}", minutes=m) for n, m in enumerate((*minutes, 7.6))), said("r", minutes=9, place="room"))
    assert more.busiest_minute == BusiestMinute(at=at(7), posts=3)
    assert more.places["room"].busiest_minute == BusiestMinute(at=at(9), posts=1)


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_numbers_are_the_same_in_any_order_and_agree_with_the_record(number: int, dice: random.Random) -> None:
    events = some(number)
    shuffled = [*events, *events[:10]]
    dice.shuffle(shuffled)
    kept = record(chat(), shuffled)
    found = count_numbers(kept)
    assert found == count_numbers(record(chat(), events))
    for key, one in found.questions.items():
        assert one.posts == sum(there.questions[key].posts for there in found.places.values())
        assert one.participants == sum(there.questions[key].participants for there in found.places.values())
        waits: dict[tuple[str, str], float] = {}
        for each in kept.messages:
            if key in each.questions and at(0) <= each.at < kept.ends + kept.chat.window:
                wait = (each.at - kept.asked_on[each.place][key]).total_seconds()
                waits.setdefault((each.place, each.author.id), max(wait, 0))
        middle = int(median(waits.values()) + 0.5) if waits else None
        assert one.median_answer_seconds == middle
    assert found.answered == sum(there.answered for there in found.places.values()) <= found.participants


def test_lengths_of_time_are_in_words() -> None:
    found = [duration(one).replace("\N{NO-BREAK SPACE}", " ") for one in (0, 40, 60, 125, 3600, 3905, 90_000)]
    assert found == ["0 s", "40 s", "1 min", "2 min 5 s", "1 h", "1 h 5 min", "25 h"]


def test_the_figures_are_printed_with_their_rules_in_the_chats_own_time() -> None:
    made = record(chat(), [asked("q1", 10), said("1", "A1", 11), said("2", "A1", 11.5, place="room")])
    numbers = count_numbers(made)
    printed = {label: (value, rule) for label, value, rule in figures(made, numbers)}
    assert printed["Answered a question"][0] == "2 (100%)"
    assert printed["Busiest minute"][0] == "20:11 (2)"
    assert all(rule for _, rule in printed.values())
    together, room, x = question_tables(made, numbers)
    assert [label for label, _ in answer_rules()] == list(together.columns[1:])
    first = [row.cells for table in (together, room, x) for row in table.rows[:1]]
    assert [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells] for cells in first] == [
        ["2", "2 (100%)", "20:11 (1 min)", "1 min 15 s"],
        ["1", "1 (100%)", "20:11 (1 min 30 s)", "1 min 30 s"],
        ["1", "1 (100%)", "20:11 (1 min)", "1 min"],
    ]
    assert together.rows[1].cells == ("0", "0 (0%)", "n/a", "n/a")
    places = place_table(made, numbers)
    assert places
    assert places.columns == ("Figure", "Room", "X")
    assert "Minutes counted" not in {row.heading for row in places.rows}


def test_one_place_has_no_tables_of_its_own() -> None:
    made = record(chat(), [said("1", "A1", 11)])
    assert place_table(made, count_numbers(made)) is None
    assert len(question_tables(made, count_numbers(made))) == 1


def test_times_are_utc_in_the_file() -> None:
    found = count(said("1", "A1", 11)).questions["q1"].first_answer_at
    assert isinstance(found, datetime)
    assert found.tzinfo is UTC
