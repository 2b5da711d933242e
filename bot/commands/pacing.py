"""Decides whether the next question comes later, because answers still come in, or sooner, because it is quiet. Pure.

Only for chats whose pace is `follow`, and within their `later` and `sooner`. The closing never moves, the order never
changes, and a question that a person moved stays. Nothing here counts answers or posts anything.

    asked ………… half its time ………… looked at | 10 s | claimed | due
                 └ quiet: sooner            └ busy: later
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from bot.chat import ADVANCE_KINDS, Chat, Slot
from bot.commands.grammar.command_types import At, Extend, ParsedCommand
from bot.commands.plan.change_parts import SHORTEST_QUESTION
from bot.commands.plan.plan import Plan, PlanChange, move, sort_slots
from bot.messages import Value
from bot.toml.duration import format_duration
from bot.translation import _

LEAD = timedelta(seconds=10)
"""How long before its time a post is claimed and can't move any more. It is the setting `hosting.lead`."""

DELAY_BEFORE_CLAIM = timedelta(seconds=10)
"""How long before it is claimed a question may be held back. Pacing must be asked at least once in this time."""

DELAY_STEP = timedelta(seconds=30)
"""By how much a question is held back each time."""

WINDOW = timedelta(seconds=60)
BUSY_ANSWERS = 4
"""This many answers within the window are many, if the question's best minute had at most twice as many."""

LULL = timedelta(seconds=30)
"""After this silence a question is not held back. `QUIET - DELAY_STEP` at most, so it isn't brought forward either."""

QUIET = timedelta(seconds=60)
QUIET_SHARE = 4
"""It is quiet after a silence of this, or of a quarter of the time since the question."""

MIN_ANSWERS = 3
"""Answers that there must have been: before the first ones people are thinking."""

SOONEST = timedelta(seconds=5)
"""A question that is brought forward comes after this."""

MIN_GAIN = timedelta(seconds=30)
"""A question is brought forward by at least this."""

_NONE = timedelta(0)


class Flow(Value, frozen=True, kw_only=True):
    """When people wrote: `answers` to the current question, and recent `messages` of any kind, in any order, UTC.

    `until` is when the place that is read least often was last read: later messages may not be known yet. None where
    messages are known at once.
    """

    answers: tuple[datetime, ...] = ()
    messages: tuple[datetime, ...] = ()
    until: datetime | None = None


class Shift(Value, frozen=True, kw_only=True):
    """A question is to come at another time. `why` is one line for the log."""

    question: str
    at: datetime
    why: str


def decide_shift(
    chat: Chat,
    plan: Plan,
    flow: Flow,
    now: datetime,
    *,
    shifts: Mapping[str, timedelta],
    fixed: frozenset[str],
    lead: timedelta = LEAD,
) -> Shift | None:
    """The shift of the next question, or None.

    `shifts` is by how much pacing has moved each question (see `total_shifts`), `fixed` are those that a person moved
    (see `fixed_by`). The same time gives the same decision.
    """
    following = _movable_question(chat, plan, now)
    if following is None or following.key in fixed:
        return None
    since = plan.asked[-1][1]
    answers = sorted(one for one in flow.answers if since <= one <= now)
    window = lead + DELAY_BEFORE_CLAIM
    if following.at - now <= window:
        return _delay(chat, plan, answers, now, shifts, fixed)
    return _bring_forward(chat, following, since, answers, flow, now, shifts)


def latest_look(chat: Chat, plan: Plan, lead: timedelta = LEAD) -> datetime | None:
    """The latest time to call `decide_shift` so that a question can still be held back; None if it would do nothing."""
    if chat.pace != "follow" or plan.paused_at or plan.cancelled or not plan.questions:
        return None
    return plan.questions[0].at - lead - DELAY_BEFORE_CLAIM


def apply_shift(plan: Plan, shift: Shift) -> PlanChange:
    """The change that a shift makes. Later questions stay, but keep a minute's distance.

    `shift` is what `decide_shift` made of this plan. There is no notice, and `undo` passes over it: it takes back what
    a person did.
    """
    times = {slot.key: slot.at for slot in plan.questions} | {shift.question: shift.at}
    for before, after in pairwise(plan.questions):
        times[after.key] = max(times[after.key], times[before.key] + min(SHORTEST_QUESTION, after.at - before.at))
    slots = sort_slots(tuple(move(slot, times.get(slot.key, slot.at)) for slot in plan.slots))
    after_it = msgspec.structs.replace(plan, slots=slots)
    return PlanChange(before=plan, after=after_it, receipt=shift.why, reversible=False)


def total_shifts(shifts: Mapping[str, timedelta], change: PlanChange) -> dict[str, timedelta]:
    """By how much pacing has moved each question, after a change that `apply_shift` made."""
    was = {slot.key: slot.at for slot in change.before.questions}
    moves = {slot.key: slot.at - was[slot.key] for slot in change.after.questions if slot.key in was}
    return {key: by for key in was if (by := shifts.get(key, _NONE) + moves.get(key, _NONE))}


def fixed_by(command: ParsedCommand, change: PlanChange) -> frozenset[str]:
    """The questions whose time a person's command set, so that pacing leaves them alone."""
    match command:
        case At(question=question):
            return frozenset({question})
        case Extend(question=str()):
            was = {slot.key: slot.at for slot in change.before.questions}
            return frozenset([slot.key for slot in change.after.questions if slot.at != was.get(slot.key)][:1])
    return frozenset()


def as_command(shift: Shift, now: datetime) -> str:
    """The shift as the command a person would have given at `now`: `at q4 in 40s`."""
    return f"at {shift.question} in {format_duration(_to_second(shift.at - now))}"


def _movable_question(chat: Chat, plan: Plan, now: datetime) -> Slot | None:
    """The next question, if it may be moved: one was asked before it, and it is not due yet."""
    if chat.pace != "follow" or plan.paused_at or plan.is_over(now) or not plan.asked or plan.asked[-1][1] > now:
        return None
    following = next((slot for slot in plan.slots if slot.kind not in ADVANCE_KINDS), None)
    return following if following and following.kind == "question" and following.at > now else None


def _delay(
    chat: Chat,
    plan: Plan,
    answers: list[datetime],
    now: datetime,
    shifts: Mapping[str, timedelta],
    fixed: frozenset[str],
) -> Shift | None:
    """Hold the question back, if answers still come and there is time."""
    recent = _count_in_window(answers, now)
    if (
        recent < BUSY_ANSWERS
        or now - answers[-1] >= LULL
        or 2 * recent < max(_count_in_window(answers, one) for one in answers)
    ):
        return None
    following = plan.questions[0]
    at = min(following.at + DELAY_STEP, _latest_time(chat, plan, shifts, fixed))
    by, whole = at - following.at, at - following.at + shifts.get(following.key, _NONE)
    if by <= _NONE:
        return None
    total = _(", {length} in all").format(length=_length(whole)) if whole > by else ""
    why = _("{question} comes {length} later{total}: {recent} answers in the last minute.").format(
        question=following.key.upper(), length=_length(by), total=total, recent=recent
    )
    return Shift(question=following.key, at=at, why=why)


def _bring_forward(
    chat: Chat,
    following: Slot,
    since: datetime,
    answers: list[datetime],
    flow: Flow,
    now: datetime,
    shifts: Mapping[str, timedelta],
) -> Shift | None:
    """Bring the question forward, if it is quiet and the limit allows it."""
    at = now + SOONEST
    early = following.at - shifts.get(following.key, _NONE) - chat.sooner
    if (
        at < early
        or following.at - at < MIN_GAIN
        or len(answers) < MIN_ANSWERS
        or now - since < (following.at - since) / 2
    ):
        return None
    last = max(one for one in (*answers, *flow.messages) if one <= now)
    silence = min(now, flow.until or now) - last
    if silence < max(QUIET, (now - since) / QUIET_SHARE):
        return None
    key, by = following.key, _length(following.at - at)
    return Shift(
        question=key,
        at=at,
        why=_("{question} comes {by} sooner: nothing was said for {length}.").format(
            question=key.upper(), by=by, length=_length(silence)
        ),
    )


def _latest_time(chat: Chat, plan: Plan, shifts: Mapping[str, timedelta], fixed: frozenset[str]) -> datetime:
    """How late the next question may come, so that those after it keep their limits and the last one has a minute."""
    latest, after = plan.ends, plan.ends
    for slot in reversed(plan.questions):
        planned = slot.at - shifts.get(slot.key, _NONE)
        room = latest - min(SHORTEST_QUESTION, after - slot.at)
        own = slot.at if slot.key in fixed else planned + chat.later
        latest, after = max(slot.at, min(room, own)), slot.at
    return latest


def _count_in_window(answers: list[datetime], until: datetime) -> int:
    """The number of answers in the minute that ends then."""
    return bisect_right(answers, until) - bisect_left(answers, until - WINDOW)


def _length(by: timedelta) -> str:
    return format_duration(_to_second(by))


def _to_second(by: timedelta) -> timedelta:
    """To the second."""
    return timedelta(seconds=round(by / timedelta(seconds=1)))
