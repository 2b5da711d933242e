"""Whether the next question waits a little, because answers still pour in, or comes sooner, because it is quiet. Pure.

Only a chat whose pace is `follow` is followed, and within its `later` and `sooner`. The closing never moves, the order
never changes, and what a person moved stays. Nothing here counts answers or says anything.

    asked ………… half its time ………… looked at | 10 s | claimed | due
                 └ quiet: sooner            └ busy: later
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from bot.chat import Chat, Slot
from bot.commands.grammar.command_types import At, Extend, ParsedCommand
from bot.commands.plan.changes import LEAST
from bot.commands.plan.plan import Plan, PlanChange, moved, ordered
from bot.messages import Value
from bot.toml.duration import format_duration

LEAD = timedelta(seconds=10)
"""So long before its hour a post is claimed, and moves no more. It is the setting `hosting.lead`."""

NEAR = timedelta(seconds=10)
"""So long before it is claimed a question may be held. Somebody has to look at least once in this time."""

STEP = timedelta(seconds=30)
"""A question is held by this, again and again."""

WINDOW = timedelta(seconds=60)
BUSY = 4
"""Answers within the window that are many, if they are at least half as many as in the question's best minute."""

FRESH = timedelta(seconds=30)
"""After a silence of this nobody is waited for. It leaves `QUIET - STEP`, so what was held is not brought forward."""

QUIET = timedelta(seconds=60)
PATIENCE = 4
"""It is quiet after a silence of this, or of a quarter of the time that the question has had."""

HEARD = 3
"""Answers that there must have been. Where nobody has answered yet, people are thinking."""

SOON = timedelta(seconds=5)
"""What is brought forward comes after this."""

WORTH = timedelta(seconds=30)
"""What is brought forward comes at least this much sooner."""

_NONE = timedelta(0)


class Flow(Value, frozen=True, kw_only=True):
    """When people spoke: `answers` to the question on the floor since it came, `messages` of any kind lately.

    Each in any order. `until` is when the place that is read least often was read last: what was said after that may
    not have been heard. None where all is heard at once.
    """

    answers: tuple[datetime, ...] = ()
    messages: tuple[datetime, ...] = ()
    until: datetime | None = None


class Shift(Value, frozen=True, kw_only=True):
    """The question is to come at another time. `why` is one line for the log."""

    question: str
    at: datetime
    why: str


def pace(
    chat: Chat,
    plan: Plan,
    flow: Flow,
    now: datetime,
    *,
    drift: Mapping[str, timedelta],
    fixed: frozenset[str],
    lead: timedelta = LEAD,
) -> Shift | None:
    """What the next question does now; None where it stays.

    `drift` is how much each question has been moved by pacing (as `drifted` counts it), `fixed` are those that a person
    moved (as `pinned` tells). Asking twice at one time gives the same answer.
    """
    following = _following(chat, plan, now)
    if following is None or following.key in fixed:
        return None
    since = plan.asked[-1][1]
    answers = sorted(one for one in flow.answers if since <= one <= now)
    window = lead + NEAR
    if following.at - now <= window:
        return _held(chat, plan, answers, now, drift, fixed)
    return _brought_forward(chat, following, since, answers, flow, now, drift)


def looks(chat: Chat, plan: Plan, lead: timedelta = LEAD) -> datetime | None:
    """When to ask `pace` at the latest, so that a question may still be held; None where it would do nothing."""
    if chat.pace != "follow" or plan.paused_at or plan.cancelled or not plan.questions:
        return None
    return plan.questions[0].at - lead - NEAR


def paced(plan: Plan, shift: Shift) -> PlanChange:
    """The plan with the question at its new time. What comes after it stays, but keeps a minute's distance.

    `shift` is what `pace` made of this very plan. Nothing is said to anybody, and `undo` passes over it: it takes back
    what a person did.
    """
    times = {slot.key: slot.at for slot in plan.questions} | {shift.question: shift.at}
    for before, after in pairwise(plan.questions):
        times[after.key] = max(times[after.key], times[before.key] + min(LEAST, after.at - before.at))
    slots = ordered(tuple(moved(slot, times.get(slot.key, slot.at)) for slot in plan.slots))
    after_it = msgspec.structs.replace(plan, slots=slots)
    return PlanChange(before=plan, after=after_it, receipt=shift.why, reversible=False)


def drifted(drift: Mapping[str, timedelta], change: PlanChange) -> dict[str, timedelta]:
    """How much each question has been moved by pacing, after a change that `paced` made."""
    was = {slot.key: slot.at for slot in change.before.questions}
    moves = {slot.key: slot.at - was[slot.key] for slot in change.after.questions if slot.key in was}
    return {key: by for key in was if (by := drift.get(key, _NONE) + moves.get(key, _NONE))}


def pinned(order: ParsedCommand, change: PlanChange) -> frozenset[str]:
    """The questions that a person's order gave a time which pacing leaves alone."""
    match order:
        case At(question=question):
            return frozenset({question})
        case Extend(question=str()):
            was = {slot.key: slot.at for slot in change.before.questions}
            return frozenset([slot.key for slot in change.after.questions if slot.at != was.get(slot.key)][:1])
    return frozenset()


def spoken(shift: Shift, now: datetime) -> str:
    """The shift as a person would have ordered it at `now`: `at q4 in 40s`."""
    return f"at {shift.question} in {format_duration(_whole(shift.at - now))}"


def _following(chat: Chat, plan: Plan, now: datetime) -> Slot | None:
    """The question that comes next, where it may be moved at all: one is on the floor, and this is not due yet."""
    if chat.pace != "follow" or plan.paused_at or plan.over(now) or not plan.asked or plan.asked[-1][1] > now:
        return None
    following = next((slot for slot in plan.slots if slot.kind != "reminder"), None)
    return following if following and following.kind == "question" and following.at > now else None


def _held(
    chat: Chat,
    plan: Plan,
    answers: list[datetime],
    now: datetime,
    drift: Mapping[str, timedelta],
    fixed: frozenset[str],
) -> Shift | None:
    """It waits a little longer, where answers still come and there is room."""
    lately = _within(answers, now)
    if lately < BUSY or now - answers[-1] >= FRESH or 2 * lately < max(_within(answers, one) for one in answers):
        return None
    following = plan.questions[0]
    at = min(following.at + STEP, _latest(chat, plan, drift, fixed))
    by, whole = at - following.at, at - following.at + drift.get(following.key, _NONE)
    if by <= _NONE:
        return None
    total = f", {_length(whole)} in all" if whole > by else ""
    why = f"{following.key.upper()} comes {_length(by)} later{total}: {lately} answers in the last minute."
    return Shift(question=following.key, at=at, why=why)


def _brought_forward(
    chat: Chat,
    following: Slot,
    since: datetime,
    answers: list[datetime],
    flow: Flow,
    now: datetime,
    drift: Mapping[str, timedelta],
) -> Shift | None:
    """It comes at once, where all have said what they wanted to and the limit lets it."""
    at = now + SOON
    early = following.at - drift.get(following.key, _NONE) - chat.sooner
    if at < early or following.at - at < WORTH or len(answers) < HEARD or now - since < (following.at - since) / 2:
        return None
    last = max(one for one in (*answers, *flow.messages) if one <= now)
    silence = min(now, flow.until or now) - last
    if silence < max(QUIET, (now - since) / PATIENCE):
        return None
    key, by = following.key, _length(following.at - at)
    return Shift(question=key, at=at, why=f"{key.upper()} comes {by} sooner: nothing was said for {_length(silence)}.")


def _latest(chat: Chat, plan: Plan, drift: Mapping[str, timedelta], fixed: frozenset[str]) -> datetime:
    """How late the next question may come: each after it is still within its own limit, and the last has a minute."""
    latest, after = plan.ends, plan.ends
    for slot in reversed(plan.questions):
        planned = slot.at - drift.get(slot.key, _NONE)
        room = latest - min(LEAST, after - slot.at)
        own = slot.at if slot.key in fixed else planned + chat.later
        latest, after = max(slot.at, min(room, own)), slot.at
    return latest


def _within(answers: list[datetime], until: datetime) -> int:
    """How many came in the minute that ends then."""
    return bisect_right(answers, until) - bisect_left(answers, until - WINDOW)


def _length(by: timedelta) -> str:
    return format_duration(_whole(by))


def _whole(by: timedelta) -> timedelta:
    """To the second."""
    return timedelta(seconds=round(by / timedelta(seconds=1)))
