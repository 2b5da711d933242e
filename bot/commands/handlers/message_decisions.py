"""Handles decisions about messages: hide, show, hold, held, approve, drop. A decision counts on every place.

The transcript changes at once. The platform is asked to do what it can, and the receipt says what that is.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from bot.commands import lookup
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.moderation_types import Approve, Drop, Held, Hide, Hold, Show
from bot.commands.handlers import release
from bot.commands.lookup import NotFound
from bot.commands.plan import announcements
from bot.messages import ActionKind, PlatformAction, Post, Value, Verdict
from bot.moderation import actions, reasons
from bot.store import messages, moderation_queue, planned_posts
from bot.store.message_rows import MessageRow
from bot.store.message_schema import REPOST
from bot.store.planned_posts import PlannedPost, nonce
from bot.translation import _, pending

_MOST_LISTED = 8
"""Held messages in one list."""

_SNIPPET = 80
"""Characters of a message that are shown."""

_ACTION_EXPIRES = timedelta(hours=1)
"""How long a platform is asked to act on a decision."""

_STATES: dict[Verdict, str] = {
    "keep": pending("in the transcript"),
    "hold": pending("waiting"),
    "drop": pending("left out"),
}


class DecisionUndo(Value, frozen=True, kw_only=True, tag="judged"):
    """A decision about a message as `undo` needs it."""

    place: str
    id: str
    verdict: Verdict


def hide(connection: Connection, context: CommandContext, command: Hide) -> CommandResult:
    """Leave a message out of the transcript."""
    found = lookup.find_message(connection, context, command.message)
    return refused(found.reason) if isinstance(found, NotFound) else _decide(connection, context, found, "drop")


def show(connection: Connection, context: CommandContext, command: Show) -> CommandResult:
    """Take a message back into the transcript."""
    found = lookup.find_message(connection, context, command.message)
    if isinstance(found, NotFound):
        return refused(found.reason)
    confirm = f"show {found.place}/{found.id} yes"
    asked = None if command.sure else release.ask_once_more(connection, context, found, confirm)
    return asked or _decide(connection, context, found, "keep")


def hold(connection: Connection, context: CommandContext, command: Hold) -> CommandResult:
    """Put a message in the queue."""
    found = lookup.find_message(connection, context, command.message)
    return refused(found.reason) if isinstance(found, NotFound) else _decide(connection, context, found, "hold")


def approve(connection: Connection, context: CommandContext, command: Approve) -> CommandResult:
    """Let a held message through."""
    row = _listed(connection, context, command.number)
    confirm = f"approve {command.number} yes"
    asked = release.ask_once_more(connection, context, row, confirm) if row and not command.sure else None
    return asked or _decide_entry(connection, context, command.number, row, "keep")


def drop(connection: Connection, context: CommandContext, command: Drop) -> CommandResult:
    """Leave a held message out."""
    return _decide_entry(connection, context, command.number, _listed(connection, context, command.number), "drop")


def undo(connection: Connection, context: CommandContext, change: DecisionUndo) -> CommandResult:
    """Restore the earlier decision about a message."""
    row = messages.get_rows(connection, [(change.place, change.id)]).get((change.place, change.id))
    if row is None or row.gone:
        return refused(_("That message is gone by now."))
    result = _decide(connection, context, row, change.verdict)
    if result.outcome != "done":
        return result
    return msgspec.structs.replace(
        result, receipt=_("Taken back. {receipt}").format(receipt=result.receipt), change=None
    )


def held(connection: Connection, context: CommandContext, _command: Held) -> CommandResult:
    """The queue, oldest first, with the reasons. Where everybody could read it, only its length."""
    entries = moderation_queue.queue_entries(connection, context.chat.name)
    if not entries:
        return CommandResult(receipt=_("Nothing waits."))
    if context.public:
        return CommandResult(
            receipt=_("{count} waiting. What they are is not for here: ask privately.").format(count=len(entries))
        )
    rows = messages.get_rows(connection, [(one.place, one.id) for one in entries[:_MOST_LISTED]], lock=False)
    lines = [_line(context, one, rows.get((one.place, one.id))) for one in entries[:_MOST_LISTED]]
    more = [_("and {count} more").format(count=len(entries) - _MOST_LISTED)] if len(entries) > _MOST_LISTED else []
    return CommandResult(receipt="\n".join([*lines, *more, _("`approve N` lets one through, `drop N` leaves it out.")]))


def _line(context: CommandContext, entry: moderation_queue.QueueEntry, row: MessageRow | None) -> str:
    why = reasons.summary(entry.reasons) or _("put here by a moderator")
    if row is None or row.author is None:
        return _("{number}. gone").format(number=entry.number)
    short = _snippet(row.text, [one.start for one in entry.reasons if one.start is not None])
    at = announcements.local_time(context.chat, row.at)
    return _("{number}. {who} on {place}, {time}: {text} ({why})").format(
        number=entry.number, who=row.author.shown, place=row.place, time=at, text=short, why=why
    )


def _snippet(text: str, starts: list[int]) -> str:
    """The beginning of a text; where the reason lies further on, a part of it from shortly before the reason."""
    first = min(starts, default=0)
    cut = text[max(0, first - _SNIPPET // 2) :] if first > _SNIPPET // 2 else text
    begun = " ".join(cut.split())
    shown = begun if len(begun) <= _SNIPPET else f"{begun[: _SNIPPET - 1]}…"
    return shown if cut is text else f"…{shown}"


def _listed(connection: Connection, context: CommandContext, number: int) -> MessageRow | None:
    """The message with this number in the queue."""
    entry = moderation_queue.find(connection, context.chat.name, number)
    return messages.get_rows(connection, [(entry.place, entry.id)]).get((entry.place, entry.id)) if entry else None


def _decide_entry(
    connection: Connection, context: CommandContext, number: int, row: MessageRow | None, verdict: Verdict
) -> CommandResult:
    if row is None:
        left = len(moderation_queue.queue_entries(connection, context.chat.name))
        return refused(
            _("There is no {number} in the queue; it may be decided already. {left}").format(
                number=number, left=_left(left)
            )
        )
    result = _decide(connection, context, row, verdict)
    left = len(moderation_queue.queue_entries(connection, context.chat.name))
    # without a name: nothing is stored about a person whose message was held
    done = (
        _("{number} is in the transcript.").format(number=number)
        if verdict == "keep"
        else _("{number} is left out of the transcript.").format(number=number)
    )
    platform = result.receipt.partition(". ")[2] if verdict == "drop" else ""
    return msgspec.structs.replace(result, receipt=" ".join(filter(None, [done, platform, _left(left)])))


def _left(left: int) -> str:
    return _("{count} waiting.").format(count=left) if left else _("Nothing else waits.")


def _decide(connection: Connection, context: CommandContext, row: MessageRow, verdict: Verdict) -> CommandResult:
    """Decide about a message: the transcript, the queue, and the message on its platform."""
    if row.verdict == verdict:
        return refused(_("It is {state} already; nothing changed.").format(state=_(_STATES[verdict])))
    if row.gone:
        return refused(_("That message is gone: its author took it back, or asked to be left out."))
    before = messages.save_decision(connection, row.place, row.id, verdict, context.now)
    if verdict == "hold":
        moderation_queue.enqueue(connection, context.chat.name, row.place, row.id, context.now, ())
    undo = DecisionUndo(place=row.place, id=row.id, verdict=row.verdict)
    return CommandResult(
        receipt=f"{_describe(context, row, verdict)} {_ask_platform(connection, context, row, verdict)}".strip(),
        before=_(_STATES[row.verdict]),
        after=_(_STATES[verdict]),
        change=msgspec.json.encode(undo).decode(),
        count_changes=_count_change(before or row, verdict),
    )


def _count_change(before: MessageRow, verdict: Verdict) -> tuple[tuple[str, int], ...]:
    by = (verdict == "keep") - (before.verdict == "keep")
    return ((before.question, by),) if by and not before.gone and before.reason != REPOST else ()


def _describe(context: CommandContext, row: MessageRow, verdict: Verdict) -> str:
    who = row.author.shown if row.author and not context.public else _("the author")
    if verdict == "keep":
        return _("In the transcript: the message by {who}.").format(who=who)
    if verdict == "drop":
        return _("Left out of the transcript: the message by {who}.").format(who=who)
    return _("Waiting in the queue: the message by {who}.").format(who=who)


def _ask_platform(connection: Connection, context: CommandContext, row: MessageRow, verdict: Verdict) -> str:
    """Ask the platform to hide, show or delete the message, and say what people there will see."""
    traits = context.environment.places.get(row.place)
    if traits is None:
        return ""
    called = traits.called or row.place
    kind: ActionKind = "show" if verdict == "keep" else "hide"
    if verdict == "drop" and "delete" in traits.features.actions:
        plan_action(connection, context, row.place, PlatformAction(kind="delete", message=row.id))
        return _("It is deleted on {called}.").format(called=called)
    if kind in traits.features.actions:
        asked = actions.plan(connection, context.chat.name, row.place, row.id, kind, context.now)
        return (
            _("{called} is asked to hide it below our post.").format(called=called) if asked and kind == "hide" else ""
        )
    if verdict == "keep":
        return ""
    return (
        _("Only its author sees it there.")
        if traits.features.own_pages
        else _("{called} itself keeps showing it.").format(called=called)
    )


def plan_action(connection: Connection, context: CommandContext, place: str, action: PlatformAction) -> None:
    """Plan an action on a platform, for as soon as it can be reached."""
    key = f"{action.kind}-{action.message or action.person}-{context.key_suffix}"
    post = Post(
        chat=context.chat.name,
        key=key,
        place=place,
        kind="measure",
        text="",
        nonce=nonce(context.chat.name, key, place, 1),
        due=context.now,
        action=action,
    )
    planned_posts.save_plan(connection, [PlannedPost(post=post, expires=context.now + _ACTION_EXPIRES)])
