"""The timeline of a chat, and how the rest moves after downtime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Chat, Host, Question, Slot
from bot.scheduling import timeline

START = datetime(2020, 10, 13, 19, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SLACK = 15 * MINUTE


def chat(*at: float, length: int = 60, **other: object) -> Chat:
    fields: dict[str, object] = {
        "name": "otalk/x",
        "title": "Groups",
        "hashtag": "#OTalk",
        "starts": START,
        "length": length * MINUTE,
        "timezone": "Europe/London",
        "questions": tuple(
            Question(key=f"q{n}", text=f"Text {n}?", at=START + one * MINUTE) for n, one in enumerate(at, 1)
        ),
        "welcome": "Welcome",
        "rules": "Rules",
        "closing": "Bye",
        **other,
    }
    return Chat(**fields)  # type: ignore[arg-type]


def minutes(slots: tuple[Slot, ...]) -> list[tuple[str, float]]:
    return [(slot.key, (slot.at - START) / MINUTE) for slot in slots]


def test_slots() -> None:
    made = timeline.all_slots(
        chat(10, 25, reminders=(timedelta(days=1), timedelta(minutes=90)), hosts=(Host(name="Pat"),))
    )
    assert minutes(made) == [
        ("reminder-24h", -1440),
        ("reminder-1h30m", -90),
        ("welcome", 0),
        ("rules", 1),
        ("q1", 10),
        ("q2", 25),
        ("closing", 60),
    ]
    assert [slot.kind for slot in made][:3] == ["reminder", "reminder", "welcome"]
    assert made[0].text == (
        "Coming up on Tuesday 13 October, 20:00 (Europe/London): Groups, with Pat. "
        "Come and answer, or just read along. #OTalk"
    )
    assert made[4].text == "Q1. Text 1? #OTalk"


def test_rules_come_before_an_early_question() -> None:
    assert minutes(timeline.all_slots(chat(2)))[1] == ("rules", 0.5)


@pytest.mark.parametrize(
    ("text", "posted"),
    [
        ("Why?", "Q1. Why? #OTalk"),
        ("Why #otalk?", "Q1. Why #otalk?"),
        ("Why #OTalk", "Q1. Why #OTalk"),
        ("Why #OTalk2020", "Q1. Why #OTalk2020 #OTalk"),
        ("Why OTalk", "Q1. Why OTalk #OTalk"),
    ],
)
def test_hashtag_is_not_doubled(text: str, posted: str) -> None:
    question = Question(key="q1", text=text, at=START + MINUTE, says={"x": text})
    slot = timeline.all_slots(chat(questions=(question,)))[2]
    assert (slot.text, slot.says) == (posted, {"x": posted})


def test_no_hashtag() -> None:
    assert timeline.all_slots(chat(10, hashtag=""))[2].text == "Q1. Text 1?"


def test_due_late_over() -> None:
    slots = timeline.all_slots(chat(10))
    assert [slot.key for slot in timeline.due_slots(slots, START + 10 * MINUTE)] == ["welcome", "rules", "q1"]
    assert not timeline.is_late(START, START + MINUTE, MINUTE)
    assert timeline.is_late(START, START + MINUTE + timedelta(microseconds=1), MINUTE)
    assert not timeline.is_over(chat(10), START + timedelta(minutes=59, seconds=59))
    assert timeline.is_over(chat(10), START + 60 * MINUTE)


def after(now: float, *keys: str, at: tuple[float, ...] = (10, 20, 30, 40)) -> list[tuple[str, float]]:
    """The rest of a chat at minute `now` if only `keys` are not sent yet; all keys if none is named."""
    made = chat(*at, reminders=(30 * MINUTE,))
    left = tuple(slot for slot in timeline.all_slots(made) if not keys or slot.key in keys)
    return minutes(timeline.reflow(left, START + now * MINUTE, made.ends, SLACK))


def test_nothing_is_late() -> None:
    assert after(-40)[0] == ("reminder-30m", -30)
    assert after(15, "q2", "q3", "closing") == [("q2", 20), ("q3", 30), ("closing", 60)]


def test_overdue_reminder_is_dropped() -> None:
    assert after(-10)[0] == ("welcome", 0)


def test_late_opening() -> None:
    assert after(5)[:3] == [("welcome", 5), ("rules", 5), ("q1", 10)]


def test_gaps_are_kept_where_there_is_time() -> None:
    assert after(26, "q2", "q3", "q4", "closing") == [("q2", 26), ("q3", 36), ("q4", 46), ("closing", 66)]


def test_gaps_shrink_where_there_is_none() -> None:
    assert after(55, "q2", "q3", "q4", "closing") == [("q2", 55), ("q3", 60), ("q4", 65), ("closing", 75)]


def test_all_at_once() -> None:
    assert after(45)[:3] == [("welcome", 45), ("rules", 45), ("q1", 45)]


def test_no_welcome_after_a_question() -> None:
    assert after(26, "welcome", "rules", "q2", "closing") == [("q2", 26), ("closing", 66)]


def test_only_the_closing_is_late() -> None:
    assert after(70, "closing") == [("closing", 70)]


def test_too_late() -> None:
    assert after(75, "q4", "closing") == [("q4", 75), ("closing", 75)]
    assert after(75.1, "q4", "closing") == []


@given(
    st.lists(st.integers(1, 3599), min_size=1, max_size=12, unique=True),
    st.integers(0, 14),
    st.integers(-3_000_000, 5_000_000),
    st.integers(0, 1800),
)
def test_reflowed(seconds: list[int], said: int, now_ms: int, slack_s: int) -> None:
    made = chat(*(one / 60 for one in sorted(seconds)), reminders=(30 * MINUTE,))
    left = timeline.all_slots(made)[said:]
    now, slack = START + timedelta(milliseconds=now_ms), timedelta(seconds=slack_s)
    moved = timeline.reflow(left, now, made.ends, slack)
    if now > made.ends + slack:
        assert moved == ()
        return
    if all(slot.at >= now for slot in left):
        assert moved == left
    before = {slot.key: slot.at for slot in left}
    assert [slot.key for slot in moved] == [slot.key for slot in left if slot.key in {one.key for one in moved}]
    assert {slot.key for slot in left if slot.kind in {"question", "closing"}} <= {slot.key for slot in moved}
    assert all(now <= slot.at <= made.ends + slack and slot.at >= before[slot.key] for slot in moved)
    assert list(moved) == sorted(moved, key=lambda slot: slot.at)
