"""Pacing: when the next question of a chat that follows its answers is moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import Chat, Question, question_number
from bot.commands.grammar import command_types as types
from bot.commands.grammar.command_types import At
from bot.commands.grammar.parser import parse
from bot.commands.pacing import (
    DELAY_BEFORE_CLAIM,
    DELAY_STEP,
    LEAD,
    Flow,
    Shift,
    apply_shift,
    as_command,
    decide_shift,
    fixed_by,
    latest_look,
    total_shifts,
)
from bot.commands.plan.apply import change_plan
from bot.commands.plan.plan import Plan, PlanChange
from bot.scheduling import timeline

START = datetime(2026, 11, 10, 20, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)

CHAT = Chat(
    name="otalk/x",
    title="Groups",
    hashtag="#OTalk",
    starts=START,
    length=60 * MINUTE,
    timezone="UTC",
    questions=tuple(Question(key=f"q{n}", text=f"Text {n}?", at=START + n * 10 * MINUTE) for n in range(1, 6)),
    welcome="Welcome",
    rules="Rules",
    closing="Bye",
    pace="follow",
    later=3 * MINUTE,
    sooner=2 * MINUTE,
)
"""Q1 at 20:10 … Q5 at 20:50, closing at 21:00."""


def at(minutes: float, seconds: float = 0) -> datetime:
    return START + minutes * MINUTE + seconds * SECOND


def plan(minutes: float, chat: Chat = CHAT) -> Plan:
    """The plan as it is when all went by the timetable."""
    slots = timeline.all_slots(chat)
    asked = tuple((slot.key, slot.at) for slot in slots if slot.kind == "question" and slot.at <= at(minutes))
    return Plan(slots=tuple(slot for slot in slots if slot.at > at(minutes)), ends=chat.ends, asked=asked)


def flow(*answers: datetime) -> Flow:
    return Flow(answers=answers, messages=answers)


def before(when: datetime, *seconds: float) -> tuple[datetime, ...]:
    """So many seconds before that."""
    return tuple(when - one * SECOND for one in seconds)


def followed(
    plan: Plan,
    heard: Flow,
    now: datetime,
    *,
    chat: Chat = CHAT,
    shifts: dict[str, timedelta] | None = None,
    fixed: Sequence[str] = (),
) -> Shift | None:
    return decide_shift(chat, plan, heard, now, shifts=shifts or {}, fixed=frozenset(fixed))


def times(change: PlanChange) -> list[tuple[str, float]]:
    return [(slot.key, (slot.at - START) / MINUTE) for slot in change.slots]


# Later -----------------------------------------------------------------------------------------------------

DUE = at(39, 45)
"""Q4 is due in 15 seconds."""

MANY = before(DUE, 50, 40, 25, 12, 3)


def test_many_answers_hold_the_next_question_back() -> None:
    shift = followed(plan(32), flow(*MANY), DUE)
    assert shift == Shift(question="q4", at=at(40, 30), why="Q4 comes 30s later: 5 answers in the last minute.")
    change = apply_shift(plan(32), shift)
    assert times(change) == [("q4", 40.5), ("q5", 50), ("closing", 60)]
    assert (change.receipt, change.notice, change.reversible) == (shift.why, None, False)
    assert total_shifts({}, change) == {"q4": 30 * SECOND}
    assert as_command(shift, DUE) == "at q4 in 45s"


@pytest.mark.parametrize(
    ("heard", "now"),
    [
        (flow(), DUE),
        (flow(*before(DUE, 50, 25, 3)), DUE),  # too few
        (flow(*before(DUE, 59, 58, 57, 56, 31)), DUE),  # it has dried up
        (flow(*MANY, *before(DUE, *range(200, 212))), DUE),  # it was twice as busy before
        (flow(*before(at(29), 5, 4, 3, 2)), DUE),  # those answered the question before
        (flow(*MANY), at(39, 30)),  # it is not yet time to decide
        (flow(*before(at(40), 5, 4, 3, 2)), at(40)),  # it is being asked
        (Flow(messages=MANY), DUE),  # they speak of something else
    ],
)
def test_otherwise_it_comes_by_the_clock(heard: Flow, now: datetime) -> None:
    assert followed(plan(32), heard, now) is None


def test_a_question_is_held_back_repeatedly_up_to_the_limit() -> None:
    current, shifts, whys = plan(32), dict[str, timedelta](), list[str]()
    for _ in range(20):
        now = current.questions[0].at - LEAD - DELAY_BEFORE_CLAIM
        shift = followed(current, flow(*before(now, *range(0, 60, 5))), now, shifts=shifts)
        if shift is None:
            break
        change = apply_shift(current, shift)
        current, shifts = change.after, total_shifts(shifts, change)
        whys.append(shift.why)
    assert current.questions[0].at == at(43)
    assert len(whys) == 6
    assert whys[-1] == "Q4 comes 30s later, 3m in all: 12 answers in the last minute."


@pytest.mark.parametrize(
    ("offsets", "later", "fixed", "expected"),
    [
        ((30, 40, 50), 45 * SECOND, [], 40.75),
        ((30, 40, 50), timedelta(0), [], None),
        ((30, 40, 50), 3 * MINUTE, ["q2"], None),
        ((30, 40, 41.25), 3 * MINUTE, [], 40.5),
        ((30, 40, 41.25), 3 * MINUTE, ["q3"], 40.25),
        ((30, 40, 41), 3 * MINUTE, ["q3"], None),
        ((30, 40, 40.5), 3 * MINUTE, ["q3"], None),
        ((30, 40, 40.5), 3 * MINUTE, [], 40.5),
        ((30, 58, 59), 3 * MINUTE, [], None),
        ((30, 57.75, 58.5), 3 * MINUTE, [], 58.25),
        ((30, 59.25), 3 * MINUTE, [], None),
        ((30, 58.75), 3 * MINUTE, [], 59),
    ],
)
def test_the_questions_after_it_keep_their_time(
    offsets: tuple[float, ...], later: timedelta, fixed: list[str], expected: float | None
) -> None:
    """How far the second question may go in at most two steps."""
    questions = tuple(Question(key=f"q{n}", text="?", at=at(one)) for n, one in enumerate(offsets, 1))
    chat = msgspec.structs.replace(CHAT, questions=questions, later=later)
    current, shifts = plan(offsets[0], chat), dict[str, timedelta]()
    for _ in range(1 if later >= MINUTE else 2):
        now = current.questions[0].at - 15 * SECOND
        shift = followed(current, flow(*before(now, 50, 40, 20, 10)), now, chat=chat, shifts=shifts, fixed=fixed)
        if shift:
            change = apply_shift(current, shift)
            current, shifts = change.after, total_shifts(shifts, change)
    assert (current.questions[0].at if shifts else None) == (at(expected) if expected else None)


def test_the_question_after_it_keeps_its_distance() -> None:
    questions = tuple(Question(key=f"q{n}", text="?", at=at(one)) for n, one in enumerate((30, 40, 41.25, 42.5, 50), 1))
    chat = msgspec.structs.replace(CHAT, questions=questions)
    change = apply_shift(plan(30, chat), Shift(question="q2", at=at(40, 30), why=""))
    assert times(change) == [("q2", 40.5), ("q3", 41.5), ("q4", 42.5), ("q5", 50), ("closing", 60)]
    assert total_shifts({}, change) == {"q2": 30 * SECOND, "q3": 15 * SECOND}
    back = apply_shift(change.after, Shift(question="q2", at=at(40), why=""))
    assert total_shifts({"q1": MINUTE, "q2": 30 * SECOND, "q3": 15 * SECOND}, back) == {"q3": 15 * SECOND}


# Sooner ----------------------------------------------------------------------------------------------------

SPOKEN = (at(31), at(32), at(34))
"""Three answered Q3, which came at 20:30."""


def test_quiet_brings_the_next_question_forward() -> None:
    now = at(38)
    shift = followed(plan(32), flow(*SPOKEN), now)
    assert shift == Shift(question="q4", at=at(38, 5), why="Q4 comes 1m55s sooner: nothing was said for 4m.")
    change = apply_shift(plan(32), shift)
    assert times(change) == [("q4", 38 + 5 / 60), ("q5", 50), ("closing", 60)]
    assert total_shifts({}, change) == {"q4": -115 * SECOND}
    assert as_command(shift, now) == "at q4 in 5s"


@pytest.mark.parametrize(
    ("heard", "now", "shifts"),
    [
        (flow(*SPOKEN), at(37, 50), 0),  # more than `sooner` before its time
        (flow(*SPOKEN), at(38, 20), -30),  # it came 30 s sooner already
        (flow(*SPOKEN[:2]), at(38), 0),  # hardly anybody has answered yet
        (flow(*SPOKEN, at(36, 30)), at(38), 0),  # after eight minutes a silence of 90 seconds is no end
        (Flow(answers=SPOKEN, messages=(at(37),)), at(38), 0),  # they talk of something else
        (Flow(answers=SPOKEN, until=at(35)), at(38), 0),  # nobody has looked since
        (flow(*SPOKEN), at(39, 28), 0),  # not worth it
    ],
)
def test_otherwise_it_is_not_brought_forward(heard: Flow, now: datetime, shifts: int) -> None:
    found = followed(plan(32), heard, now, shifts={"q4": shifts * SECOND})
    assert found is None


def test_not_in_the_first_half() -> None:
    chat = msgspec.structs.replace(CHAT, sooner=15 * MINUTE)
    assert followed(plan(32), flow(*SPOKEN), at(34, 55), chat=chat) is None
    assert followed(plan(32), flow(*before(at(33), 9, 8, 7)), at(34, 59), chat=chat) is None
    assert followed(plan(32), flow(*before(at(33), 9, 8, 7)), at(35), chat=chat)


def test_a_question_held_back_is_measured_from_its_planned_time() -> None:
    assert followed(plan(32), flow(*SPOKEN), at(37, 25), shifts={"q4": 30 * SECOND})
    assert followed(plan(32), flow(*SPOKEN), at(37, 24), shifts={"q4": 30 * SECOND}) is None


def test_a_place_that_is_read_rarely_must_have_been_read() -> None:
    assert followed(plan(32), Flow(answers=SPOKEN, until=at(37, 30)), at(38)) is not None


# Never -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("heard", "now"), [(flow(*MANY), DUE), (flow(*SPOKEN), at(38))])
def test_questions_that_are_not_moved(heard: Flow, now: datetime) -> None:
    clock = msgspec.structs.replace(CHAT, pace="clock")
    assert followed(plan(32), heard, now)
    assert followed(plan(32), heard, now, chat=clock) is None
    assert followed(plan(32), heard, now, fixed=["q4"]) is None
    for changes in ({"paused_at": at(33)}, {"cancelled": True}, {"asked": ()}, {"ends": now}):
        assert followed(msgspec.structs.replace(plan(32), **changes), heard, now) is None
    assert followed(plan(51), flow(*before(at(58), 500, 450, 400)), at(59)) is None
    rules_first = msgspec.structs.replace(plan(32), slots=(*plan(0.5).slots[:1], *plan(32).slots))
    assert followed(rules_first, heard, now) is None
    claimed = msgspec.structs.replace(plan(32), asked=(*plan(32).asked, ("q4", at(40))), slots=plan(41).slots)
    assert followed(claimed, heard, now) is None


def test_a_reminder_does_not_prevent_a_shift() -> None:
    odd = msgspec.structs.replace(plan(32).slots[0], key="reminder-1h", kind="reminder", at=at(39, 50))
    assert followed(msgspec.structs.replace(plan(32), slots=(odd, *plan(32).slots)), flow(*MANY), DUE)


def test_the_latest_time_to_look() -> None:
    assert latest_look(CHAT, plan(32)) == at(39, 40)
    assert latest_look(CHAT, plan(32), lead=MINUTE) == at(38, 50)
    assert latest_look(CHAT, plan(51)) is None
    assert latest_look(CHAT, msgspec.structs.replace(plan(32), paused_at=at(33))) is None
    assert latest_look(msgspec.structs.replace(CHAT, pace="clock"), plan(32)) is None


@pytest.mark.parametrize("seconds", [4, 5, 45, 75, 3600])
def test_the_line_in_the_log_is_a_valid_command(seconds: int) -> None:
    line = as_command(Shift(question="q4", at=at(38, seconds), why=""), at(38))
    assert parse(line) == At(question="q4", after=seconds * SECOND)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (At(question="q5", clock=time(20, 45)), {"q5"}),
        (types.Extend(by=4 * MINUTE, question="q3"), {"q4"}),
        (types.Extend(by=4 * MINUTE, question="q5"), set[str]()),
        (types.Extend(by=4 * MINUTE), set[str]()),
        (types.Next(), set[str]()),
    ],
)
def test_questions_that_a_person_moved_are_fixed(command: types.Timing, expected: set[str]) -> None:
    change = change_plan(CHAT, plan(32), command, at(33))
    assert isinstance(change, PlanChange)
    assert fixed_by(command, change) == expected


# A whole hour, whoever speaks when -------------------------------------------------------------------------

LIMITS = st.timedeltas(min_value=timedelta(0), max_value=15 * MINUTE)
GAPS = st.lists(st.integers(20, 900), min_size=1, max_size=6)
BURSTS = st.lists(st.tuples(st.integers(0, 3600), st.integers(1, 12), st.integers(1, 30)), max_size=25)


@settings(max_examples=60, deadline=None)
@given(GAPS, LIMITS, LIMITS, BURSTS, st.integers(1, 9), st.sets(st.sampled_from(["q2", "q3", "q4"])))
def test_order_limits_and_rest(
    gaps: list[int],
    later: timedelta,
    sooner: timedelta,
    bursts: list[tuple[int, int, int]],
    tick: int,
    fixed: set[str],
) -> None:
    offsets = [60 + sum(gaps[:n]) for n in range(len(gaps))]
    questions = tuple(Question(key=f"q{n}", text="?", at=at(0, one)) for n, one in enumerate(offsets, 1) if one < 3600)
    chat = msgspec.structs.replace(CHAT, questions=questions, later=later, sooner=sooner)
    said = sorted(at(0, begin + n * pause) for begin, many, pause in bursts for n in range(many))
    asked, shifts = hour(chat, said, tick, frozenset(fixed))
    assert [key for key, _ in asked] == [one.key for one in questions]
    for (key, when), one in zip(asked, questions, strict=True):
        slip = timedelta(seconds=tick)
        assert one.at - sooner <= when <= one.at + later + slip
        assert key not in fixed or one.at <= when <= one.at + slip
        mine = [change for name, change in shifts if name == key]
        assert not any(by < timedelta(0) for by in mine[1:]), "it came sooner after it was moved"
        assert all(by <= DELAY_STEP for by in mine)


def hour(
    chat: Chat, said: list[datetime], tick: int, fixed: frozenset[str]
) -> tuple[list[tuple[str, datetime]], list[tuple[str, timedelta]]]:
    """Play it: when each question was asked, and each shift."""
    current, totals, shifts = plan(0, chat), dict[str, timedelta](), list[tuple[str, timedelta]]()
    for second in range(0, 3600, tick):
        now = at(0, second)
        due = [slot for slot in current.slots if slot.at <= now]
        asked = tuple((slot.key, now) for slot in due if slot.kind == "question")
        left = tuple(slot for slot in current.slots if slot not in due)
        current = msgspec.structs.replace(current, slots=left, asked=current.asked + asked)
        heard = [one for one in said if one <= now and current.asked and one >= current.asked[-1][1]]
        shift = decide_shift(chat, current, flow(*heard), now, shifts=totals, fixed=fixed)
        if shift is None:
            continue
        change = apply_shift(current, shift)
        kept(change, shift, now, fixed)
        shifts.append((shift.question, shift.at - current.questions[0].at))
        current, totals = change.after, total_shifts(totals, change)
    late = [slot for slot in current.slots if slot.kind == "question"]
    return [*current.asked, *((slot.key, slot.at) for slot in late)], shifts


def kept(change: PlanChange, shift: Shift, now: datetime, fixed: frozenset[str]) -> None:
    """The order, the closing, the room of each question, and what a person moved."""
    was, now_at = change.before.questions, change.after.questions
    assert shift.question == was[0].key
    assert shift.at > now
    assert [slot.key for slot in change.slots] == [slot.key for slot in change.before.slots]
    assert [question_number(slot.key) for slot in now_at] == sorted(question_number(slot.key) for slot in now_at)
    assert change.slots[-1] == change.before.slots[-1]
    assert change.ends == change.before.ends
    assert all(new.at == old.at for new, old in zip(now_at, was, strict=True) if new.key in fixed)
    assert all(new.at >= old.at for new, old in zip(now_at[1:], was[1:], strict=True))
    ends = change.ends
    for index, (new, old) in enumerate(zip(now_at, was, strict=True)):
        following, before_it = (now_at[index + 1].at, was[index + 1].at) if index + 1 < len(was) else (ends, ends)
        assert following - new.at >= min(MINUTE, before_it - old.at)
