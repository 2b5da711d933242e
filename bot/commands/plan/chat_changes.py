"""One rule for each command about the whole plan, a function named like its command. `apply` calls them.

Nothing here checks whether the chat is on, or who gave the command.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.chat import ADVANCE_KINDS, Chat, Slot, question_number
from bot.commands.grammar.command_types import Extend
from bot.commands.plan import announcements
from bot.commands.plan.change_parts import SHORTEST_QUESTION, is_due, plan_change, refused, unknown_question
from bot.commands.plan.plan import Plan, PlanChange, Refused, compress, move, without_pause
from bot.toml.duration import format_duration
from bot.translation import _

LONGEST_EXTENSION = timedelta(hours=3)
"""By how much one command may move the end. More is a typing error."""

_replace = msgspec.structs.replace


def pause(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange | Refused:
    """Ask no question until `resume`. The closing is not held back: a forgotten pause ends with the chat."""
    if plan.paused_at:
        return refused(_("It is paused already, since {time}."), time=announcements.local_time(chat, plan.paused_at))
    return plan_change(
        chat, plan, _replace(plan, paused_at=now), now, prefix=_("Paused. "), notice=announcements.paused(chat)
    )


def resume(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange | Refused:
    """End the pause. The gaps between the later questions shrink in proportion, so the end stays."""
    if not plan.paused_at:
        return refused(_("It is not paused. {rest}"), rest=announcements.remaining_plan(chat, plan, plan, now))
    after = without_pause(plan, now)
    return plan_change(chat, plan, after, now, prefix=_("We go on. "), notice=announcements.resumed(chat, after, now))


def extend(chat: Chat, plan: Plan, command: Extend, now: datetime) -> PlanChange | Refused:
    """Move the end. With a question, move the questions after it instead; for the last question, move the end."""
    if command.by > LONGEST_EXTENSION:
        return refused(_("That is more than {length} at once."), length=format_duration(LONGEST_EXTENSION))
    if command.question is None:
        return _move_end(chat, plan, command.by, now)
    if command.question not in plan.asked_keys | {slot.key for slot in plan.questions}:
        return unknown_question(chat, plan, command.question)
    later = [slot for slot in plan.questions if question_number(slot.key) > question_number(command.question)]
    if command.question in plan.asked_keys - {plan.current_question} or (later and is_due(plan, later[0], now)):
        return refused(
            _("{question} is over. `back` brings the question before back."), question=command.question.upper()
        )
    return _extend_question(chat, plan, later, command.by, now) if later else _move_end(chat, plan, command.by, now)


def _extend_question(chat: Chat, plan: Plan, later: list[Slot], by: timedelta, now: datetime) -> PlanChange | Refused:
    """Move the questions after one by this length, and share the time that is left between them."""
    since, until = later[0].at, later[0].at + by
    if until > plan.ends - SHORTEST_QUESTION * len(later):
        more, ends = format_duration(by), announcements.local_time(chat, plan.ends)
        return refused(_("There is no room before {ends}. `extend {more}` moves the end."), ends=ends, more=more)
    earlier = tuple(slot for slot in plan.slots if slot.at < since)
    rest = tuple(slot for slot in plan.slots if slot.at >= since)
    after = _replace(plan, slots=earlier + compress(rest, since, until, plan.ends))
    return plan_change(chat, plan, after, now)


def _move_end(chat: Chat, plan: Plan, by: timedelta, now: datetime) -> PlanChange:
    ends = plan.ends + by
    slots = tuple(move(slot, ends) if slot.kind == "closing" else slot for slot in plan.slots)
    after = _replace(plan, slots=slots, ends=ends)
    return plan_change(chat, plan, after, now, notice=announcements.extended(chat, ends))


def end(_chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange:
    """Post the closing now, and nothing else."""
    closing = tuple(move(slot, now) for slot in plan.slots if slot.kind == "closing")
    after = _replace(plan, slots=closing, ends=now, paused_at=None)
    left = ", ".join(slot.key.upper() for slot in plan.questions)
    receipt = _("Closing now; {left} left out.").format(left=left) if left else _("Closing now.")
    return PlanChange(before=plan, after=after, receipt=receipt, reversible=False)


def cancel(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange:
    """Post only a notice that the chat does not take place, or stops here."""
    begun = plan.has_begun(now)
    ends = now if begun else plan.ends
    after = _replace(plan, slots=(), ends=ends, paused_at=None, cancelled=True)
    notice = announcements.notice(chat, announcements.cancelled(chat, begun=begun), now)
    return PlanChange(
        before=plan, after=after, receipt=_("Cancelled. Everybody is told."), notice=notice, reversible=False
    )


def start_now(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange:
    """Move the whole chat to now; it keeps its length. Reminders are dropped: the chat has begun."""
    welcome = min(slot.at for slot in plan.slots if slot.kind == "welcome")
    sooner = welcome - now
    slots = tuple(move(slot, slot.at - sooner) for slot in plan.slots if slot.kind not in ADVANCE_KINDS)
    after = _replace(plan, slots=slots, ends=plan.ends - sooner)
    receipt = _("Starting now. {rest}").format(rest=announcements.remaining_plan(chat, plan, after, now))
    return PlanChange(before=plan, after=after, receipt=receipt, reversible=False)
