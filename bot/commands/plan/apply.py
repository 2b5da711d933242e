"""Changes a plan by a command, if it makes sense at that time, and takes a change back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from bot.chat import Chat, Slot
from bot.commands.grammar import command_types
from bot.commands.grammar.command_types import Back, End, Next, Pause, Repeat, Resume, StartNow, Timing
from bot.commands.plan import announcements, chat_changes, question_changes
from bot.commands.plan.plan import Plan, PlanChange, Refused, move, sort_slots
from bot.scheduling import timeline
from bot.translation import _, ngettext

CHANGES: Mapping[type[Timing], Callable[[Chat, Plan, Any, datetime], PlanChange | Refused]] = {
    Next: question_changes.next,
    Back: question_changes.back,
    Repeat: question_changes.repeat,
    Pause: chat_changes.pause,
    Resume: chat_changes.resume,
    command_types.Extend: chat_changes.extend,
    command_types.Skip: question_changes.skip,
    command_types.At: question_changes.at,
    command_types.Add: question_changes.add,
    StartNow: chat_changes.start_now,
    End: chat_changes.end,
    command_types.Cancel: chat_changes.cancel,
}
"""The rule for each type of command; each takes the type beside it."""


def change_plan(chat: Chat, plan: Plan, command: Timing, now: datetime) -> PlanChange | Refused:
    """The change that a command makes. The same command at the same time makes the same change."""
    if plan.is_over(now):
        return Refused(reason=announcements.describe_plan(chat, plan, now))
    if isinstance(command, StartNow) and plan.has_begun(now):
        return Refused(reason=f"{_('It has begun.')} {announcements.describe_plan(chat, plan, now)}")
    if isinstance(command, Next | Back | Pause | Resume | Repeat | End) and not plan.has_begun(now):
        said = _("It begins at {time}. `start now` begins it, `cancel` calls it off.")
        return Refused(reason=said.format(time=_start_time(chat, plan)))
    return CHANGES[type(command)](chat, plan, command, now)


def undo_change(chat: Chat, plan: Plan, change: PlanChange, now: datetime) -> PlanChange | Refused:
    """Restore the plan before a change, apart from what was posted since. `plan` is the current one.

    A slot that would be overdue comes now, and those after it move as after an outage.
    """
    if not change.reversible:
        return Refused(reason=_("That cannot be taken back: it has been said."))
    if plan.is_over(now) or now >= change.before.ends:
        return Refused(reason=_("It is too late to take that back."))
    slots, paused_at = _restored_slots(plan, change), change.before.paused_at
    if not paused_at:
        slots = timeline.reflow(slots, now, change.before.ends, timedelta(0))
    after = msgspec.structs.replace(plan, slots=slots, ends=change.before.ends, paused_at=paused_at)
    if after == plan:
        rest = announcements.remaining_plan(chat, plan, plan, now)
        return Refused(reason=f"{_('There is nothing left of it to take back.')} {rest}")
    text = _undo_notice(chat, plan, after, now)
    rest = announcements.remaining_plan(chat, plan, after, now)
    receipt = " ".join(filter(None, (_("Taken back."), _stays_asked(plan, change), rest)))
    notice = announcements.notice(chat, text, now) if text else None
    return PlanChange(before=plan, after=after, receipt=receipt, notice=notice, reversible=False)


def _stays_asked(plan: Plan, change: PlanChange) -> str:
    """The questions that the change moved and that were asked since: no undo takes a post back."""
    moved = (slot for slot in change.before.questions if slot not in change.after.slots)
    asked = [slot.key.upper() for slot in moved if slot.key in plan.asked_keys]
    if not asked:
        return ""
    said = ngettext("{questions} stays asked.", "{questions} stay asked.", len(asked))
    return said.format(questions=_(" and ").join(asked))


def _restored_slots(plan: Plan, change: PlanChange) -> tuple[Slot, ...]:
    """The unposted slots at the times before the change, with those it left out and without those it added."""
    then = {slot.key: slot for slot in change.before.slots}
    made = {slot.key for slot in change.after.slots}
    kept = [move(slot, then[slot.key].at) if slot.key in then else slot for slot in plan.slots]
    kept = [slot for slot in kept if slot.key in then or slot.key not in made]
    left_out = [slot for slot in change.before.slots if slot.key not in made | plan.asked_keys]
    return sort_slots((*kept, *left_out))


def _undo_notice(chat: Chat, plan: Plan, after: Plan, now: datetime) -> str:
    """The notice for everybody when a change is taken back that they had been told of; else empty."""
    if after.ends != plan.ends:
        return announcements.shortened(chat, after.ends)
    if after.paused_at and not plan.paused_at:
        return announcements.paused(chat)
    return announcements.resumed(chat, after, now) if plan.paused_at and not after.paused_at else ""


def _start_time(chat: Chat, plan: Plan) -> str:
    return announcements.local_time(chat, min(slot.at for slot in plan.slots if slot.kind == "welcome"))
