"""Handles the commands that change the plan: `plan.apply` makes the change, and this stores it in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat, Slot, question_number
from bot.commands import pacing
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.catalogue import info_of
from bot.commands.grammar.command_types import Cancel, End, StartNow, Timing
from bot.commands.plan import announcements, apply
from bot.commands.plan.plan import Plan, PlanChange, Refused
from bot.messages import Value
from bot.scheduling import planning, timeline
from bot.store import chats, planned_posts
from bot.store.chats import ChatState
from bot.store.planned_posts import PlannedPost
from bot.translation import _

_replace = msgspec.structs.replace


class PlanUndo(Value, frozen=True, kw_only=True, tag="steered"):
    """A change of the plan as `undo` needs it."""

    before: Plan
    after: Plan
    added: str | None = None
    renumbered: int = 0


def execute(connection: Connection, context: CommandContext, command: Timing) -> CommandResult:
    """Execute a command that changes the plan. One that can't be undone is asked to be confirmed first."""
    change = apply.change_plan(context.chat, context.plan, command, context.now)
    if isinstance(change, Refused):
        return refused(change.reason)
    if isinstance(command, End | Cancel | StartNow) and not command.sure:
        return _ask_to_confirm(command)
    fixed = tuple(sorted({*context.state.fixed_questions, *pacing.fixed_by(command, change)}))
    save_change(connection, context, change, _replace(context.state, fixed_questions=fixed))
    added = change.added.key if change.added else None
    undo = PlanUndo(before=change.before, after=change.after, added=added, renumbered=context.state.renumbered)
    return _result(context, change, undo if change.reversible else None)


def undo(connection: Connection, context: CommandContext, change: PlanUndo) -> CommandResult:
    """Take a change of the plan back, apart from what was posted since."""
    plan = context.plan
    if reason := _why_not_undoable(context, plan, change):
        return refused(reason)
    before = _replace(change.before, slots=_in_present_words(context.chat, change.before.slots))
    old = PlanChange(before=before, after=change.after, receipt="")
    restored = apply.undo_change(context.chat, plan, old, context.now)
    if isinstance(restored, Refused):
        return refused(restored.reason)
    save_change(connection, context, restored, _replace(context.state, pacing_shifts={}), without=change.added)
    return _result(context, restored, None)


def _ask_to_confirm(command: End | Cancel | StartNow) -> CommandResult:
    name = info_of(command).name
    confirm = f"{name} yes"
    question = {"end": _("Close the chat now?"), "cancel": _("Call the chat off?"), "start now": _("Begin now?")}[name]
    return CommandResult(
        receipt=f"{question} {_('That cannot be taken back.')} {_('Say `{command}`.').format(command=confirm)}",
        outcome="refused",
        confirm=confirm,
    )


def _why_not_undoable(context: CommandContext, plan: Plan, change: PlanUndo) -> str:
    """Why a change can't be taken back: something else has changed the plan since, or its effect is posted."""
    if change.renumbered != context.state.renumbered:
        return _("The chat file gave the questions other numbers since, so that cannot be taken back.")
    then = {slot.key: slot.at for slot in change.after.slots if slot.key not in context.state.pacing_shifts}
    now = {slot.key: slot.at for slot in plan.slots if slot.key in then}
    if plan.ends != change.after.ends or any(at != then[key] for key, at in now.items()):
        rest = announcements.remaining_plan(context.chat, plan, plan, context.now)
        return _("The plan has moved since, so that cannot be taken back. {rest}").format(rest=rest)
    back = {slot.key for slot in change.before.questions} - {slot.key for slot in change.after.slots} - plan.asked_keys
    asked = max(map(question_number, plan.asked_keys), default=0)
    passed = sorted(key for key in back if question_number(key) < asked)
    return (
        _("{question} cannot come back: Q{asked} has been asked since.").format(question=passed[0].upper(), asked=asked)
        if passed
        else ""
    )


def _in_present_words(chat: Chat, slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Slots at their times, in the words that the chat has for them now."""
    present = {slot.key: slot for slot in timeline.all_slots(chat)}
    return tuple(_replace(present.get(slot.key, slot), at=slot.at) for slot in slots)


def save_change(
    connection: Connection,
    context: CommandContext,
    change: PlanChange,
    state: ChatState,
    *,
    without: str | None = None,
) -> None:
    """Store a change of the plan: the chat, its posts, the notice, and `state` with what the plan says of it.

    `without` is the key of a question that is removed.
    """
    if change.notice:
        change = _replace(change, notice=context.with_own_key(change.notice))
    chat, after = _changed_chat(context.chat, change, without), change.after
    slots = [*after.slots, change.notice] if change.notice else list(after.slots)
    planned = planning.plan_posts(chat, slots, context.places, ends=after.ends, slack=context.environment.slack)
    planned = [_with_repeated_question(draft, change) for draft in planned]
    keep = {(draft.post.key, draft.post.place, draft.post.part) for draft in planned}
    chats.save_chat(connection, chat, after.ends)
    state = _replace(state, paused_at=after.paused_at, cancelled=after.cancelled, plan_changed=True)
    if (after.ends, after.cancelled) != (change.before.ends, context.state.cancelled):
        state = state.revised(context.now)
    chats.save_state(connection, chat.name, state)
    planned_posts.save_plan(connection, planned)
    planned_posts.skip_unplanned(
        connection, chat.name, keep, only={slot.key for slot in (*change.before.slots, *slots)}
    )
    if after.is_over(context.now):
        planned_posts.skip_rest(connection, chat.name, {slot.key for slot in slots})
    if after.ends != change.before.ends and not after.is_over(context.now):
        planned_posts.save_plan(connection, planning.calendar_posts(chat, context.places, after.ends))
    if after.cancelled:
        planned_posts.save_plan(
            connection, planning.cancelled_calendar_posts(context.chat, context.places, context.now)
        )
    if after.paused_at:
        planned_posts.pause_posts(connection, chat.name, {slot.key for slot in after.questions})


def summary(chat: Chat, plan: Plan) -> str:
    """The plan in one line, for the log: `Q3 20:31, Q4 20:39, closing 21:00`."""
    if plan.cancelled:
        return _("called off")
    coming = [f"{slot.key.upper()} {announcements.local_time(chat, slot.at)}" for slot in plan.questions]
    paused = [_("paused")] if plan.paused_at else []
    return ", ".join([*paused, *coming, _("closing {time}").format(time=announcements.local_time(chat, plan.ends))])


def _result(context: CommandContext, change: PlanChange, undo: PlanUndo | None) -> CommandResult:
    return CommandResult(
        receipt=change.receipt,
        before=summary(context.chat, change.before),
        after=summary(context.chat, change.after),
        change=msgspec.json.encode(undo).decode() if undo else None,
    )


def _changed_chat(chat: Chat, change: PlanChange, without: str | None) -> Chat:
    """The chat with a question added or removed, and with its new start if it begins earlier."""
    if change.added:
        chat = _replace(chat, questions=(*chat.questions, change.added))
    if without and any(slot.key == without for slot in change.before.slots):
        chat = _replace(chat, questions=tuple(one for one in chat.questions if one.key != without))
    sooner = _start_moved_by(change)
    if not sooner:
        return chat
    questions = tuple(_replace(one, at=one.at - sooner) for one in chat.questions)
    return _replace(chat, starts=chat.starts - sooner, questions=questions)


def _start_moved_by(change: PlanChange) -> timedelta:
    """By how much the chat begins earlier."""
    before, after = (
        min((slot.at for slot in plan.slots if slot.kind == "welcome"), default=None)
        for plan in (change.before, change.after)
    )
    return before - after if before and after else timedelta(0)


def _with_repeated_question(draft: PlannedPost, change: PlanChange) -> PlannedPost:
    """The post that brings a question back, with that question, so that replies to it count as answers."""
    if change.notice is None or change.repeats is None or draft.post.key != change.notice.key:
        return draft
    return _replace(draft, post=_replace(draft.post, repeats=change.repeats))
