"""The change of the plan that each command makes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Chat, Question, question_number
from bot.commands.grammar import command_types as types
from bot.commands.plan import announcements
from bot.commands.plan.apply import change_plan, undo_change
from bot.commands.plan.plan import Plan, PlanChange, Refused
from bot.scheduling import timeline
from bot.translation import speaking
from tests.german import english_words

START = datetime(2020, 10, 13, 19, tzinfo=UTC)  # 20:00 in London
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)

CHAT = Chat(
    name="otalk/x",
    title="Groups",
    hashtag="#OTalk",
    starts=START,
    length=60 * MINUTE,
    timezone="Europe/London",
    questions=tuple(Question(key=f"q{n}", text=f"Text {n}?", at=START + n * 10 * MINUTE) for n in range(1, 6)),
    welcome="Welcome",
    rules="Rules",
    closing="Bye",
    reminders=(60 * MINUTE,),
)
"""Q1 at 20:10 … Q5 at 20:50, closing at 21:00."""


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def plan(minutes: float) -> Plan:
    """The plan as it is when all went by the timetable."""
    slots = timeline.all_slots(CHAT)
    asked = tuple((slot.key, slot.at) for slot in slots if slot.kind == "question" and slot.at <= at(minutes))
    return Plan(slots=tuple(slot for slot in slots if slot.at > at(minutes)), ends=CHAT.ends, asked=asked)


def said(plan: Plan, now: datetime) -> Plan:
    """The same after all that is due has been said; a pause holds the questions back."""
    due = [slot for slot in plan.slots if slot.at <= now and not (plan.paused_at and slot.kind == "question")]
    asked = tuple((slot.key, slot.at) for slot in due if slot.kind == "question")
    left = tuple(slot for slot in plan.slots if slot not in due)
    return msgspec.structs.replace(plan, slots=left, asked=plan.asked + asked)


def done(plan: Plan, command: types.Timing, minutes: float) -> PlanChange:
    change = change_plan(CHAT, plan, command, at(minutes))
    assert isinstance(change, PlanChange), change
    assert change.before == plan
    return change


def refused(plan: Plan, command: types.Timing, minutes: float) -> str:
    found = change_plan(CHAT, plan, command, at(minutes))
    assert isinstance(found, Refused), found
    return found.reason


def times(change: PlanChange) -> list[tuple[str, float]]:
    return [(slot.key, (slot.at - START) / MINUTE) for slot in change.slots]


def test_next_keeps_the_gaps_and_the_closing() -> None:
    change = done(plan(24), types.Next(), 25)
    assert times(change) == [("q3", 25), ("q4", 35), ("q5", 45), ("closing", 60)]
    assert change.receipt == "Q3 now, Q4 at 20:35, closing still at 21:00."
    assert change.notice is None


def test_next_twice_moves_one_question() -> None:
    first = done(plan(24), types.Next(), 25).after
    assert refused(first, types.Next(), 25) == "Q3 is just being asked; nothing moved."
    asked = said(first, at(25))
    assert (
        refused(asked, types.Next(), 25.08)
        == "Q3 was asked only just now; nothing moved. Q4 at 20:35, closing still at 21:00."
    )
    assert times(done(asked, types.Next(), 25.2))[0] == ("q4", 25.2)


def test_next_before_the_rules_posts_them_first() -> None:
    assert [key for key, when in times(done(plan(0.5), types.Next(), 0.6)) if when == 0.6] == ["rules", "q1"]


def test_next_after_the_last() -> None:
    assert "no question left" in refused(plan(51), types.Next(), 52)


def test_next_ends_a_pause() -> None:
    change = done(done(plan(24), types.Pause(), 24).after, types.Next(), 27)
    assert change.after.paused_at is None
    assert times(change)[0] == ("q3", 27)


def test_back_and_repeat_only_post_it_again() -> None:
    change = done(plan(32), types.Back(), 33)
    assert change.slots == change.before.slots
    assert (change.repeats, change.after.current_question) == ("q2", "q2")
    assert change.notice is not None
    assert change.notice.text == "Back to Q2. Text 2? #OTalk"
    assert change.receipt == "Q2 is on the floor again. Q4 at 20:40, closing still at 21:00."
    assert "only just now" in refused(change.after, types.Back(), 33.05)
    assert done(change.after, types.Back(), 34).repeats == "q1"
    once = done(change.after, types.Repeat(), 35)
    assert once.notice is not None
    assert once.notice.text == "Once more (2): Q2. Text 2? #OTalk"
    assert "before this one" in refused(plan(12), types.Back(), 13)
    assert "No question is out" in refused(plan(5), types.Repeat(), 5)


def test_a_pause_moves_the_rest_but_not_the_end() -> None:
    paused = done(plan(32), types.Pause(), 36)
    assert paused.slots == paused.before.slots
    assert paused.receipt == "Paused. Q4 waits, closing still at 21:00."
    assert "paused already, since 20:36" in refused(paused.after, types.Pause(), 37)
    change = done(paused.after, types.Resume(), 42)
    assert times(change) == [("q4", 45), ("q5", 52.5), ("closing", 60)]
    assert change.notice is not None
    assert change.notice.text == "We go on. Q4 at 20:45. #OTalk"
    assert "not paused" in refused(change.after, types.Resume(), 43)


def test_extend() -> None:
    change = done(plan(32), types.Extend(by=5 * MINUTE), 33)
    assert times(change) == [("q4", 40), ("q5", 50), ("closing", 65)]
    assert change.receipt == "Q4 at 20:40, closing at 21:05."
    assert change.notice is not None
    assert change.notice.text == "We take a little more time: we close at 21:05. #OTalk"
    assert "more than 3h" in refused(plan(32), types.Extend(by=timedelta(hours=4)), 33)


def test_extend_one_question() -> None:
    change = done(plan(32), types.Extend(by=4 * MINUTE, question="q3"), 33)
    assert times(change) == [("q4", 44), ("q5", 52), ("closing", 60)]
    assert change.notice is None
    assert times(done(plan(32), types.Extend(by=4 * MINUTE, question="q4"), 33))[:2] == [("q4", 40), ("q5", 54)]
    assert done(plan(32), types.Extend(by=4 * MINUTE, question="q5"), 33).ends == at(64)
    assert "`extend 19m` moves the end" in refused(plan(32), types.Extend(by=19 * MINUTE, question="q3"), 33)
    assert "Q2 is over" in refused(plan(32), types.Extend(by=MINUTE, question="q2"), 33)
    assert "There is no Q9. Still to come: Q4, Q5." in refused(plan(32), types.Extend(by=MINUTE, question="q9"), 33)


def test_skip() -> None:
    change = done(plan(32), types.Skip(question="q4"), 33)
    assert times(change) == [("q5", 50), ("closing", 60)]
    assert change.receipt == "Q4 left out. Q5 at 20:50, closing still at 21:00."
    assert "asked already" in refused(plan(32), types.Skip(question="q3"), 33)
    assert "left out" in refused(change.after, types.Skip(question="q4"), 33)


def test_at() -> None:
    change = done(plan(32), types.At(question="q5", clock=time(20, 45)), 33)
    assert times(change) == [("q4", 40), ("q5", 45), ("closing", 60)]
    assert change.receipt == "Q5 at 20:45. Q4 at 20:40, closing still at 21:00."
    assert times(done(plan(32), types.At(question="q4", after=MINUTE), 33))[0] == ("q4", 34)
    between = "Q5 can come between 20:40 and 21:00, so that the order stays."
    for wrong in (time(20, 40), time(20, 39), time(21), time(21, 1), time(8, 45)):
        assert refused(plan(32), types.At(question="q5", clock=wrong), 33) == between
    assert "between 20:33" in refused(plan(32), types.At(question="q4", clock=time(20, 20)), 33)
    assert "`resume` first" in refused(
        done(plan(32), types.Pause(), 33).after, types.At(question="q5", after=MINUTE), 33
    )


def test_at_past_midnight() -> None:
    late = msgspec.structs.replace(CHAT, starts=START + 200 * MINUTE)
    moved = tuple(msgspec.structs.replace(slot, at=slot.at + 200 * MINUTE) for slot in plan(32).slots)
    found = change_plan(late, Plan(slots=moved, ends=late.ends), types.At(question="q5", clock=time(0, 6)), at(233))
    assert isinstance(found, PlanChange)
    assert found.slots[1].at == at(246)


def test_end() -> None:
    change = done(plan(32), types.End(), 33)
    assert times(change) == [("closing", 33)]
    assert (change.ends, change.reversible) == (at(33), False)
    assert change.receipt == "Closing now; Q4, Q5 left out."
    assert refused(change.after, types.Next(), 34) == "This chat is over; it closed at 20:33."


def test_cancel() -> None:
    before = done(plan(-30), types.Cancel(), -20)
    assert before.notice is not None
    assert "Tuesday 13 October, 20:00 (Europe/London) will not take place: Groups." in before.notice.text
    during = done(plan(32), types.Cancel(), 33)
    assert (during.slots, during.ends) == ((), at(33))
    assert refused(before.after, types.StartNow(), -19) == "This chat is cancelled."


def test_start_now() -> None:
    change = done(plan(-70), types.StartNow(), -65)
    assert times(change)[:3] == [("welcome", -65), ("rules", -64), ("q1", -55)]
    assert (times(change)[-1], change.ends) == (("closing", -5), at(-5))
    assert change.receipt == "Starting now. Q1 at 19:05, closing at 19:55."
    assert "It has begun" in refused(plan(3), types.StartNow(), 4)


@pytest.mark.parametrize(
    "command",
    [
        types.Next(),
        types.Back(),
        types.Pause(),
        types.Resume(),
        types.Repeat(),
        types.End(),
    ],
)
def test_before_the_start(command: types.Timing) -> None:
    assert refused(plan(-30), command, -20).startswith("It begins at 20:00.")


@pytest.mark.parametrize(
    "command",
    [
        types.Next(),
        types.Cancel(),
        types.Extend(by=MINUTE),
        types.Add(text="More?"),
        types.Skip(question="q5"),
    ],
)
def test_after_the_end(command: types.Timing) -> None:
    assert refused(plan(60), command, 60) == "This chat is over; it closed at 21:00."


def test_add() -> None:
    change = done(plan(32), types.Add(text="And now?"), 33)
    assert times(change) == [("q4", 40), ("q5", 50), ("q6", 55), ("closing", 60)]
    assert change.slots[2].text == "Q6. And now? #OTalk"
    assert change.added == Question(key="q6", text="And now?", at=at(55))
    assert change.receipt == "Q6 at 20:55. Q4 at 20:40, closing still at 21:00."
    assert times(done(plan(51), types.Add(text="And now?"), 52))[0] == ("q6", 56)
    assert "`extend 5m` first" in refused(plan(51), types.Add(text="And now?"), 58.5)


def test_status() -> None:
    assert (
        announcements.describe_plan(CHAT, plan(32), at(33))
        == "Q3 is on since 20:30. Q4 at 20:40, closing still at 21:00."
    )


def test_answers_in_german() -> None:
    skipped = done(plan(32), types.Skip(question="q4"), 33)
    with speaking("de"):
        back = undo_change(CHAT, skipped.after, skipped, at(34))
        nothing = undo_change(CHAT, plan(42), skipped, at(43))
        late = undo_change(CHAT, plan(70), skipped, at(70))
        said = [refused(plan(3), types.StartNow(), 4), refused(plan(-70), types.Next(), -65)]
    assert isinstance(back, PlanChange)
    assert back.receipt == "Zurückgenommen. Q4 um 20:40 Uhr, Schluss weiterhin um 21:00 Uhr."
    assert isinstance(late, Refused)
    assert isinstance(nothing, Refused)
    assert late.reason == "Dafür ist es zu spät."
    assert [english_words(one) for one in (*said, nothing.reason)] == [[], [], []]


def test_undo() -> None:
    skipped = done(plan(32), types.Skip(question="q4"), 33)
    back = undo_change(CHAT, skipped.after, skipped, at(34))
    assert isinstance(back, PlanChange)
    assert back.after == plan(32)
    assert back.receipt == "Taken back. Q4 at 20:40, closing still at 21:00."

    longer = done(plan(32), types.Extend(by=5 * MINUTE), 33)
    back = undo_change(CHAT, longer.after, longer, at(34))
    assert isinstance(back, PlanChange)
    assert back.ends == CHAT.ends
    assert back.notice is not None
    assert back.notice.text == "We close at 21:00 after all. #OTalk"

    early = done(plan(24), types.Next(), 25)
    back = undo_change(CHAT, said(early.after, at(25)), early, at(26))
    assert isinstance(back, PlanChange)
    assert times(back) == [("q4", 40), ("q5", 50), ("closing", 60)]

    more = done(plan(32), types.Add(text="And now?"), 33)
    back = undo_change(CHAT, more.after, more, at(34))
    assert isinstance(back, PlanChange)
    assert back.after == plan(32)

    for command in (types.End(), types.Cancel(), types.Repeat()):
        change = done(plan(32), command, 33)
        assert isinstance(undo_change(CHAT, change.after, change, at(34)), Refused)


def test_undo_after_the_time_has_come() -> None:
    skipped = done(plan(32), types.Skip(question="q4"), 33)
    back = undo_change(CHAT, skipped.after, skipped, at(44))
    assert isinstance(back, PlanChange)
    assert times(back) == [("q4", 44), ("q5", 52), ("closing", 60)]
    assert isinstance(undo_change(CHAT, skipped.after, skipped, at(60)), Refused)


# Whatever is ordered ---------------------------------------------------------------------------------------

KEYS = st.integers(0, 8).map(lambda number: f"q{number}")
LENGTHS = st.timedeltas(min_value=SECOND, max_value=30 * MINUTE)
STEERING = st.one_of(
    st.sampled_from(
        [
            types.Next(),
            types.Back(),
            types.Pause(),
            types.Resume(),
            types.Repeat(),
            types.StartNow(),
        ]
    ),
    st.builds(types.Extend, by=LENGTHS, question=st.none() | KEYS),
    st.builds(types.Skip, question=KEYS),
    st.builds(types.At, question=KEYS, after=LENGTHS),
    st.builds(types.At, question=KEYS, clock=st.times()),
    st.builds(types.Add, text=st.just("More?")),
)


@given(
    st.timedeltas(min_value=-30 * MINUTE, max_value=58 * MINUTE), st.lists(st.tuples(STEERING, LENGTHS), max_size=12)
)
def test_order_and_bounds_hold(begin: timedelta, steps: list[tuple[types.Timing, timedelta]]) -> None:
    now = START + begin
    current, chat = plan(begin / MINUTE), CHAT
    for command, passes in steps:
        found = change_plan(chat, current, command, now)
        assert found == change_plan(chat, current, command, now)
        if isinstance(found, PlanChange):
            held(found, command, now)
            current = found.after
            if found.added:
                chat = msgspec.structs.replace(chat, questions=(*chat.questions, found.added))
            again = undo_change(chat, current, found, now)
            if isinstance(again, PlanChange):
                held(again, None, now)
                assert again.after == msgspec.structs.replace(found.before, asked=current.asked)
        now += passes / 6
        current = said(current, now)


def held(change: PlanChange, command: types.Timing | None, now: datetime) -> None:
    after, before = change.after, change.before
    when = [slot.at for slot in after.slots]
    assert when == sorted(when)
    numbers = [question_number(slot.key) for slot in after.questions]
    assert numbers == sorted(numbers)
    assert all(one <= after.ends for one in when)
    assert all(one >= (after.paused_at or now) for one in when)
    if command is not None and not isinstance(command, types.Extend):
        assert after.ends <= before.ends
    closing = [slot.at for slot in after.slots if slot.kind == "closing"]
    assert closing == [after.ends]
    assert {slot.key for slot in before.questions} - {slot.key for slot in after.questions} <= {
        getattr(command, "question", "")
    } or command is None


@given(
    st.timedeltas(min_value=timedelta(0), max_value=55 * MINUTE),
    st.timedeltas(min_value=timedelta(0), max_value=5 * SECOND),
    st.booleans(),
)
def test_next_twice_is_next_once(begin: timedelta, later: timedelta, out: bool) -> None:  # noqa: FBT001 -- drawn
    now = START + begin
    first = change_plan(CHAT, plan(begin / MINUTE), types.Next(), now)
    if isinstance(first, PlanChange):
        current = said(first.after, now) if out else first.after
        assert isinstance(change_plan(CHAT, current, types.Next(), now + later), Refused)


@given(st.timedeltas(min_value=timedelta(0), max_value=59 * MINUTE))
def test_a_pause_of_no_length_changes_nothing(begin: timedelta) -> None:
    current, now = plan(begin / MINUTE), START + begin
    paused = change_plan(CHAT, current, types.Pause(), now)
    assert isinstance(paused, PlanChange)
    resumed = change_plan(CHAT, paused.after, types.Resume(), now)
    assert isinstance(resumed, PlanChange)
    assert resumed.after == current
