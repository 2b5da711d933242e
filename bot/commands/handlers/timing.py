"""Carries out what moves the plan: asks `steering` what an order makes of it, and writes that down, all or nothing."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.commands import pacing
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Timing
from bot.commands.plan import announcements, apply
from bot.commands.plan.plan import Plan, PlanChange, Refused, count
from bot.messages import Value
from bot.scheduling import planning
from bot.store import chats, planned_posts
from bot.store.planned_posts import PlannedPost

_replace = msgspec.structs.replace


class PlanUndo(Value, frozen=True, kw_only=True, tag="steered"):
    """What `undo` needs of a change of the plan."""

    before: Plan
    after: Plan
    added: str | None = None


def steer(connection: Connection, context: CommandContext, order: Timing) -> CommandResult:
    """Carry out an order that moves the plan."""
    change = foreseen(context, order)
    if isinstance(change, Refused):
        return refused(change.reason)
    fixed = tuple(sorted({*context.state.fixed, *pacing.pinned(order, change)}))
    write(connection, context, change, fixed=fixed)
    added = change.added.key if change.added else None
    undo = PlanUndo(before=change.before, after=change.after, added=added) if change.reversible else None
    return _effect(context, change, undo)


def foreseen(context: CommandContext, order: Timing) -> PlanChange | Refused:
    """What an order would do, without doing it."""
    return apply.steer(context.chat, context.plan, order, context.now)


def take_back(connection: Connection, context: CommandContext, steered: PlanUndo) -> CommandResult:
    """Take a change of the plan back, as far as time has not made it fact."""
    plan = context.plan
    if wrong := _overtaken(context, plan, steered):
        return refused(wrong)
    old = PlanChange(before=steered.before, after=steered.after, receipt="")
    change = apply.undone(context.chat, plan, old, context.now)
    if isinstance(change, Refused):
        return refused(change.reason)
    write(connection, context, change, without=steered.added, drift={})
    return _effect(context, change, None)


def _overtaken(context: CommandContext, plan: Plan, steered: PlanUndo) -> str:
    """Why a change cannot be taken back any more: something else has moved the plan since, or it is said already."""
    then = {slot.key: slot.at for slot in steered.after.slots if slot.key not in context.state.drift}
    now = {slot.key: slot.at for slot in plan.slots if slot.key in then}
    if plan.ends != steered.after.ends or any(at != then[key] for key, at in now.items()):
        rest = announcements.rest(context.chat, plan, plan, context.now)
        return f"The plan has moved since, so that cannot be taken back. {rest}"
    back = {slot.key for slot in steered.before.questions} - {slot.key for slot in steered.after.slots} - plan.floored
    asked = max(map(count, plan.floored), default=0)
    passed = sorted(key for key in back if count(key) < asked)
    return f"{passed[0].upper()} cannot come back: Q{asked} has been asked since." if passed else ""


def write(
    connection: Connection, context: CommandContext, change: PlanChange, *, without: str | None = None, **state: object
) -> None:
    """Write a change down: the chat, its posts, its notice, and whether it is paused. `without` is a question.

    `course` is what else is another now in how the chat goes.
    """
    if change.notice:
        change = _replace(change, notice=context.marked(change.notice))
    chat, after = _chat(context.chat, change, without), change.after
    slots = [*after.slots, change.notice] if change.notice else list(after.slots)
    planned = planning.plan_posts(chat, slots, context.places, ends=after.ends, slack=context.environment.slack)
    planned = [_repeating(draft, change) for draft in planned]
    keep = {(draft.post.key, draft.post.place, draft.post.part) for draft in planned}
    chats.save_chat(connection, chat, after.ends)
    goes = _replace(context.state, paused_at=after.paused_at, cancelled=after.cancelled, steered=True, **state)
    chats.save_state(connection, chat.name, goes)
    planned_posts.save_plan(connection, planned)
    planned_posts.skip_unplanned(
        connection, chat.name, keep, only={slot.key for slot in (*change.before.slots, *slots)}
    )
    if after.over(context.now):
        planned_posts.skip_rest(connection, chat.name, {slot.key for slot in slots})
    if after.ends != change.before.ends and not after.over(context.now):
        planned_posts.save_plan(connection, planning.calendar_posts(chat, context.places, after.ends))
    if after.cancelled:
        planned_posts.save_plan(
            connection, planning.cancelled_calendar_posts(context.chat, context.places, context.now)
        )
    if after.paused_at:
        planned_posts.pause_posts(connection, chat.name, {slot.key for slot in after.questions})


def summary(chat: Chat, plan: Plan) -> str:
    """The plan in a line, for the log: `Q3 20:31, Q4 20:39, closing 21:00`."""
    if plan.cancelled:
        return "called off"
    coming = [f"{slot.key.upper()} {announcements.clock(chat, slot.at)}" for slot in plan.questions]
    paused = ["paused"] if plan.paused_at else []
    return ", ".join([*paused, *coming, f"closing {announcements.clock(chat, plan.ends)}"])


def _effect(context: CommandContext, change: PlanChange, undo: PlanUndo | None) -> CommandResult:
    return CommandResult(
        receipt=change.receipt,
        before=summary(context.chat, change.before),
        after=summary(context.chat, change.after),
        change=msgspec.json.encode(undo).decode() if undo else None,
    )


def _chat(chat: Chat, change: PlanChange, without: str | None) -> Chat:
    """The chat with what a change adds to it or takes from it, and with its new hour where it begins earlier."""
    if change.added:
        chat = _replace(chat, questions=(*chat.questions, change.added))
    if without and any(slot.key == without for slot in change.before.slots):
        chat = _replace(chat, questions=tuple(one for one in chat.questions if one.key != without))
    sooner = _sooner(change)
    if not sooner:
        return chat
    questions = tuple(_replace(one, at=one.at - sooner) for one in chat.questions)
    return _replace(chat, starts=chat.starts - sooner, questions=questions)


def _sooner(change: PlanChange) -> timedelta:
    """How much earlier the chat begins."""
    begins = [min((slot.at for slot in plan.slots if slot.kind == "welcome"), default=None) for plan in _both(change)]
    return begins[0] - begins[1] if begins[0] and begins[1] else timedelta(0)


def _both(change: PlanChange) -> tuple[Plan, Plan]:
    return change.before, change.after


def _repeating(draft: PlannedPost, change: PlanChange) -> PlannedPost:
    """The notice that brings a question back says which: so answers to it find their place."""
    if change.notice is None or change.repeats is None or draft.post.key != change.notice.key:
        return draft
    return _replace(draft, post=_replace(draft.post, repeats=change.repeats))
