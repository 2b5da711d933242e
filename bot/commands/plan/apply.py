"""Gives each order to its rule, at a time when it makes sense, and takes a change back."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.chat import Chat, Slot
from bot.commands.grammar.command_types import (
    Add,
    At,
    Back,
    Cancel,
    End,
    Extend,
    Next,
    Pause,
    Repeat,
    Resume,
    Skip,
    StartNow,
    Timing,
)
from bot.commands.plan import announcements, changes
from bot.commands.plan.plan import Plan, PlanChange, Refused, moved, ordered
from bot.scheduling import timeline


def steer(chat: Chat, plan: Plan, order: Timing, now: datetime) -> PlanChange | Refused:
    """What this order makes of the plan. The same order at the same time gives the same answer."""
    if plan.over(now):
        return Refused(reason=announcements.standing(chat, plan, now))
    if isinstance(order, StartNow) and plan.begun(now):
        return Refused(reason=f"It has begun. {announcements.standing(chat, plan, now)}")
    if isinstance(
        order,
        Next | Back | Pause | Resume | Repeat | End,
    ) and not plan.begun(now):
        return Refused(reason=f"It begins at {_begins(chat, plan)}. `start now` begins it, `cancel` calls it off.")
    return _ruled(chat, plan, order, now)


def _ruled(chat: Chat, plan: Plan, order: Timing, now: datetime) -> PlanChange | Refused:  # noqa: C901, PLR0911 -- a table
    match order:
        case Extend():
            return changes.extend(chat, plan, order, now)
        case Skip():
            return changes.skip(chat, plan, order, now)
        case At():
            return changes.at(chat, plan, order, now)
        case Add():
            return changes.add(chat, plan, order, now)
        case Next():
            return changes.next(chat, plan, now)
        case Back():
            return changes.back(chat, plan, now)
        case Repeat():
            return changes.repeat(chat, plan, now)
        case Pause():
            return changes.pause(chat, plan, now)
        case Resume():
            return changes.resume(chat, plan, now)
        case StartNow():
            return changes.start_now(chat, plan, now)
        case End():
            return changes.end(plan, now)
        case Cancel():
            return changes.cancel(chat, plan, now)


def undone(chat: Chat, plan: Plan, change: PlanChange, now: datetime) -> PlanChange | Refused:
    """The plan as it was before a change, as far as time has not made it fact. `plan` is the one that stands now.

    What was said meanwhile stays said; what would be overdue comes now, and the rest moves as after any absence.
    """
    if not change.reversible:
        return Refused(reason="That cannot be taken back: it has been said.")
    if plan.over(now) or now >= change.before.ends:
        return Refused(reason="It is too late to take that back.")
    slots, paused_at = _restored(plan, change), change.before.paused_at
    if not paused_at:
        slots = timeline.reflow(slots, now, change.before.ends, timedelta(0))
    after = msgspec.structs.replace(plan, slots=slots, ends=change.before.ends, paused_at=paused_at)
    if after == plan:
        return Refused(reason=f"There is nothing left of it to take back. {announcements.rest(chat, plan, plan, now)}")
    says = _after_all(chat, plan, after, now)
    receipt = f"Taken back. {announcements.rest(chat, plan, after, now)}"
    notice = announcements.notice(chat, says, now) if says else None
    return PlanChange(before=plan, after=after, receipt=receipt, notice=notice, reversible=False)


def _restored(plan: Plan, change: PlanChange) -> tuple[Slot, ...]:
    """What is still to be said at its time before the change, with what that left out and without what it added."""
    then = {slot.key: slot for slot in change.before.slots}
    made = {slot.key for slot in change.after.slots}
    kept = [moved(slot, then[slot.key].at) if slot.key in then else slot for slot in plan.slots]
    kept = [slot for slot in kept if slot.key in then or slot.key not in made]
    left_out = [slot for slot in change.before.slots if slot.key not in made | plan.floored]
    return ordered((*kept, *left_out))


def _after_all(chat: Chat, plan: Plan, after: Plan, now: datetime) -> str:
    """What everybody is told when a change is taken back, where it had changed something for them."""
    if after.ends != plan.ends:
        return announcements.shortened(chat, after.ends)
    if after.paused_at and not plan.paused_at:
        return announcements.paused()
    return announcements.resumed(chat, after, now) if plan.paused_at and not after.paused_at else ""


def _begins(chat: Chat, plan: Plan) -> str:
    return announcements.clock(chat, min(slot.at for slot in plan.slots if slot.kind == "welcome"))
