"""Handles `move`: the chat on another day, its reminders with it, and those told who were told of the day before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from bot.chat import ADVANCE_KINDS, Slot
from bot.clock import to_utc
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Move
from bot.local_dates import spoken_date, spoken_moment
from bot.messages import Time, Value
from bot.scheduling import moves, planning, timeline
from bot.scheduling.file_edits import moved_from
from bot.store import chats, planned_posts
from bot.translation import _, translated
from bot.wording import names

_FARTHEST = timedelta(days=366)
"""A later day is a typing error."""

_replace = msgspec.structs.replace


class MoveUndo(Value, frozen=True, kw_only=True, tag="moved"):
    """A move as `undo` needs it: the start before and after it, and the very first start."""

    before: Time
    after: Time
    first: Time | None = None


def move(connection: Connection, context: CommandContext, command: Move) -> CommandResult:
    """Move a chat that has not begun. It is asked to be confirmed first, with the day in words."""
    if reason := _why_not_movable(context):
        return refused(reason)
    starts = _wanted_start(context, command)
    if isinstance(starts, str):
        return refused(starts)
    if not command.sure:
        return _ask_to_confirm(connection, context, starts)
    before = context.chat.starts
    made = moves.move_chat(context.chat, context.outbox_rows, starts, context.now)
    _save(connection, context, made, moved_from(context.stored, made.chat))
    undo = MoveUndo(before=before, after=starts, first=context.state.moved_from)
    return _result(context, made, msgspec.json.encode(undo).decode())


def undo(connection: Connection, context: CommandContext, change: MoveUndo) -> CommandResult:
    """Move a chat back, if its former time is still to come and nothing has moved it since."""
    if context.chat.starts != change.after:
        return refused(_("The chat has moved since, so that cannot be taken back."))
    if reason := _why_not_movable(context):
        return refused(reason)
    if change.before <= context.now:
        return refused(_("Its former time has passed, so that cannot be taken back. `move` gives it another."))
    made = moves.move_chat(context.chat, context.outbox_rows, change.before, context.now)
    if not _was_posted(context):
        made = _replace(made, notice=None, places=frozenset())
    _save(connection, context, made, change.first)
    return _result(context, made, None)


def _why_not_movable(context: CommandContext) -> str:
    if context.plan.cancelled:
        return _("This chat was called off for good. To hold it after all, make a new file with an `id` of its own.")
    if context.plan.has_begun(context.now):
        return _("It has begun, so it cannot move any more. `at` moves a question, `extend` the end.")
    return ""


def _wanted_start(context: CommandContext, command: Move) -> datetime | str:
    """The start that is meant, in UTC, or why there is none."""
    local = context.chat.starts.astimezone(ZoneInfo(context.chat.timezone))
    today = context.now.astimezone(local.tzinfo).date()
    day = _day(command, today)
    if day is None:
        return _("There is no such day.")
    if command.weekday is not None and day.weekday() != command.weekday:
        return _("{day} is another day of the week; which one do you mean?").format(
            day=f"{day:%A} {day.day} {day:%B %Y}"
        )
    wall = datetime.combine(day, command.clock or local.time().replace(tzinfo=None, fold=0))
    starts, mistake = to_utc(wall, context.chat.timezone)
    return translated(mistake) if starts is None else _doubt(context, starts) or starts


def _doubt(context: CommandContext, starts: datetime) -> str:
    """Why a chat can't be held at a time; empty if it can."""
    moment = _spoken(context, starts)
    if starts <= context.now:
        return _("{moment} has passed.").format(moment=moment)
    if starts - context.now > _FARTHEST:
        return _("{moment} is more than a year ahead; is the year right?").format(moment=moment)
    if starts == context.chat.starts:
        return _("It is on {moment} already.").format(moment=moment)
    return ""


def _day(command: Move, today: date) -> date | None:
    """The day that is meant, the next one if its year was not named; None if there is no such day."""
    for year in (command.year,) if command.year else range(today.year, today.year + 5):
        try:
            day = date(year, command.month, command.day)
        except ValueError:
            continue
        if command.year or day >= today:
            return day
    return None


def _ask_to_confirm(connection: Connection, context: CommandContext, starts: datetime) -> CommandResult:
    local = starts.astimezone(ZoneInfo(context.chat.timezone))
    confirm = f"move {local:%Y-%m-%d %H:%M} yes"
    told, now_on = sorted(moves.told_places(context.outbox_rows) & context.places.keys()), context.chat.starts
    said = [
        _("Move it to {after}? It is on {before}.").format(
            after=_spoken(context, starts), before=spoken_date(now_on.astimezone(local.tzinfo), "weekday")
        ),
        _("Whoever was told, in {places}, is told again.").format(places=names(told)) if told else "",
    ]
    ends = starts + context.chat.length
    if others := chats.names_at(connection, starts, ends, besides=context.chat.name):
        said.append(_("{chats} is on at that time, too.").format(chats=names(others)))
    said.append(_("Say `{command}`.").format(command=confirm))
    return CommandResult(receipt=" ".join(filter(None, said)), outcome="refused", confirm=confirm)


def _was_posted(context: CommandContext) -> bool:
    """Whether the last move was told anywhere: a post that is not out is taken back with it."""
    key = f"{moves.PREFIX}{context.chat.moved}"
    return any(row.attempts for row in context.outbox_rows if row.post.key == key)


def _save(connection: Connection, context: CommandContext, made: moves.Move, first: datetime | None) -> None:
    chat, by = made.chat, made.chat.starts - made.was
    ends = context.ends + by
    slots = (*_coming(context, made), *(_replace(one, at=one.at + by) for one in _others(context)))
    planned = planning.plan_posts(chat, slots, context.places, ends=ends, slack=context.environment.slack)
    planned += planning.move_posts(made, context.places)
    chats.save_chat(connection, chat, ends)
    state = _replace(context.state, plan_changed=True, moved_from=first).revised(context.now)
    chats.save_state(connection, chat.name, state)
    planned_posts.save_plan(connection, planned)
    notices = {
        (row.post.key, row.post.place, row.post.part) for row in context.outbox_rows if row.post.kind == "notice"
    }
    keep = {(one.post.key, one.post.place, one.post.part) for one in planned} | notices
    planned_posts.skip_unplanned(connection, chat.name, keep)


def _coming(context: CommandContext, made: moves.Move) -> tuple[Slot, ...]:
    """The announcement and the reminders of the new start that are still to come."""
    ahead = (slot for slot in timeline.all_slots(made.chat) if slot.kind in ADVANCE_KINDS)
    return tuple(slot for slot in ahead if slot.at >= context.now)


def _others(context: CommandContext) -> tuple[Slot, ...]:
    """The slots of the chat itself, as commands left them."""
    return tuple(slot for slot in context.plan.slots if slot.kind not in ADVANCE_KINDS)


def _result(context: CommandContext, made: moves.Move, undo: str | None) -> CommandResult:
    told = sorted(made.places & context.places.keys())
    after = _spoken(context, made.chat.starts)
    said = _("Told in {places}.").format(places=names(told)) if told else _("Nobody had been told.")
    receipt = f"{_('Moved to {moment}.').format(moment=after)} {said}"
    return CommandResult(receipt=receipt, before=_spoken(context, made.was), after=after, change=undo)


def _spoken(context: CommandContext, at: datetime) -> str:
    return spoken_moment(at.astimezone(UTC), context.chat.timezone, form="full")
