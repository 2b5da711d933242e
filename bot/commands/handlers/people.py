"""Handles decisions about people and how they may write: mute, unmute, ban, slow, hold all.

A mute counts from now on: earlier messages stay. People with a role can't be muted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from bot.clock import clock_time
from bot.commands import lookup
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.moderation_types import Ban, HoldAll, Mute, PersonReference, Slow, Unmute
from bot.commands.grammar.permissions import rank
from bot.commands.handlers import message_decisions
from bot.commands.lookup import Account, NotFound
from bot.local_dates import spoken_date
from bot.messages import Author, PlatformAction, Time, Value
from bot.store import chats, muted
from bot.store.chats import ChatState
from bot.toml.duration import format_duration
from bot.translation import _

_LONGEST_TIMEOUT = timedelta(days=28)
"""The longest timeout that a platform gives."""

_ANOTHER_DAY = timedelta(hours=12)

_MUTED_AFTER_END = timedelta(hours=1)
"""How long after the end a platform mutes a person who is muted for the chat: late answers still count."""

_replace = msgspec.structs.replace


class MuteUndo(Value, frozen=True, kw_only=True, tag="muted"):
    """A mute, or its end, as `undo` needs it: the person, and their earlier mutes as (chat, until).

    An empty chat means all chats; no time means for good, or to the end of the chat.
    """

    place: str
    id: str
    before: tuple[tuple[str, Time | None], ...] = ()


class ChatStateUndo(Value, frozen=True, kw_only=True, tag="coursed"):
    """A change of the chat's state as `undo` needs it."""

    slow: int | None
    hold_all: bool
    hosts: tuple[tuple[str, str], ...]


def mute(connection: Connection, context: CommandContext, command: Mute) -> CommandResult:
    """Mute a person in this chat, for a time or to its end."""
    found = _find_mutable(connection, context, command.person)
    if isinstance(found, CommandResult):
        return found
    until = context.now + command.length if command.length else None
    before = muted.mutes_of(connection, found.place, found.author.id)
    muted.mute(connection, found.place, found.author.id, context.chat.name, until)
    span = f"for {format_duration(command.length)}" if command.length else "for this chat"
    said = (
        _("{who} is muted for {length}.").format(who=found.author.shown, length=format_duration(command.length))
        if command.length
        else _("{who} is muted for this chat.").format(who=found.author.shown)
    )
    limit = _platform_limit(context, until)
    return CommandResult(
        receipt=f"{said} {_mute_on_platform(connection, context, found, limit)}".strip(),
        before="heard",
        after=f"muted {span}",
        change=_json(MuteUndo(place=found.place, id=found.author.id, before=before)),
    )


def unmute(connection: Connection, context: CommandContext, command: Unmute) -> CommandResult:
    """End a person's mutes and ban, in this chat and in all."""
    found = lookup.find_person(connection, context, command.person)
    if isinstance(found, NotFound):
        return refused(found.reason)
    before = muted.mutes_of(connection, found.place, found.author.id)
    if not muted.unmute(connection, found.place, found.author.id, context.chat.name):
        return refused(_("{who} is not muted.").format(who=found.author.shown))
    _unmute_on_platform(connection, context, found.place, found.author.id)
    return CommandResult(
        receipt=_("{who} is heard again. What was left out stays out: `show` takes it back.").format(
            who=found.author.shown
        ),
        before="muted",
        after="heard",
        change=_json(MuteUndo(place=found.place, id=found.author.id, before=before)),
    )


def ban(connection: Connection, context: CommandContext, command: Ban) -> CommandResult:
    """Mute a person in every chat, for good. `unmute` ends it."""
    found = _find_mutable(connection, context, command.person)
    if isinstance(found, CommandResult):
        return found
    if not command.sure:
        confirm = f"ban {found.by_id if command.person.id else found.named} yes"
        return CommandResult(
            receipt=" ".join(
                (
                    _("Really keep {who} out of every chat?").format(who=found.author.shown),
                    _("Say `{command}`.").format(command=confirm),
                )
            ),
            outcome="refused",
            confirm=confirm,
        )
    muted.mute(connection, found.place, found.author.id, "", None)
    silenced = _mute_on_platform(connection, context, found, context.now + _LONGEST_TIMEOUT)
    return CommandResult(
        receipt=f"{_('{who} is kept out.').format(who=found.author.shown)} {silenced}".strip(),
        before="heard",
        after="banned",
    )


def slow(connection: Connection, context: CommandContext, command: Slow) -> CommandResult:
    """Limit each person to one message in this time; more of them are held for a moderator."""
    seconds = round(command.by.total_seconds()) if command.by else None
    if seconds == context.state.slow:
        return refused(_("It is like that already."))
    state = _replace(context.state, slow=seconds)
    receipt = (
        _("One message a person every {length}; more wait in the queue.").format(length=format_duration(command.by))
        if command.by
        else _("No limit now.")
    )
    return _save_state(connection, context, state, receipt, _pace(context.state), _pace(state))


def hold_all(connection: Connection, context: CommandContext, command: HoldAll) -> CommandResult:
    """Hold first messages, or stop doing so. Messages that are held stay held."""
    if command.on == context.state.hold_all:
        return refused(_("It is like that already."))
    state = _replace(context.state, hold_all=command.on)
    receipt = (
        _("First messages wait in the queue now.")
        if command.on
        else _("First messages count at once. `held` shows what waits.")
    )
    return _save_state(connection, context, state, receipt, _first(context.state), _first(state))


def undo_state(connection: Connection, context: CommandContext, change: ChatStateUndo) -> CommandResult:
    """Restore `slow`, `hold all` and the hosts."""
    state = _replace(context.state, slow=change.slow, hold_all=change.hold_all, hosts=change.hosts)
    chats.save_state(connection, context.chat.name, state)
    return CommandResult(receipt=_("Taken back."))


def undo_mute(connection: Connection, context: CommandContext, change: MuteUndo) -> CommandResult:
    """Restore a person's earlier mutes, here and on the platform."""
    muted.restore_mutes(connection, change.place, change.id, change.before)
    left = [
        until
        for chat, until in change.before
        if chat in ("", context.chat.name) and (until is None or until > context.now)
    ]
    if not left:
        _unmute_on_platform(connection, context, change.place, change.id)
        return CommandResult(receipt=_("Taken back: heard again."))
    limit = max(_platform_limit(context, until) for until in left)
    account = Account(place=change.place, author=Author(id=change.id))
    done = _mute_on_platform(connection, context, account, limit)
    return CommandResult(receipt=f"{_('Taken back: not heard, as before.')} {done}".strip())


def _platform_limit(context: CommandContext, until: datetime | None) -> datetime:
    """Until when a platform is asked to mute a person."""
    return until or max(context.ends, context.now) + _MUTED_AFTER_END


def _find_mutable(connection: Connection, context: CommandContext, wanted: PersonReference) -> Account | CommandResult:
    """The person to mute, unless they have a role."""
    found = lookup.find_person(connection, context, wanted)
    if isinstance(found, NotFound):
        return refused(found.reason)
    if rank(context.environment.role(context.chat, context.state, found.place, found.author)) > 0:
        return refused(_("{who} helps to lead this chat, and cannot be silenced here.").format(who=found.author.shown))
    return found


def _mute_on_platform(connection: Connection, context: CommandContext, found: Account, until: datetime) -> str:
    """Ask the platform to mute a person, and say what it does and what it doesn't."""
    traits = context.environment.places.get(found.place)
    if traits is None or traits.features.own_pages:
        return _("Nothing new of theirs is shown.")
    called = traits.called or found.place
    if "timeout" in traits.features.actions:
        until = min(until, context.now + _LONGEST_TIMEOUT)
        message_decisions.plan_action(
            connection, context, found.place, PlatformAction(kind="timeout", person=found.author.id, until=until)
        )
        return _("{called} is asked to keep them silent until {time}.").format(
            called=called, time=_shown_time(context, until)
        )
    return _("{called} cannot be told to: what they write stays visible there, and out of the transcript.").format(
        called=called
    )


def _shown_time(context: CommandContext, until: datetime) -> str:
    """The time of day, or the date if it is far away."""
    local = until.astimezone(ZoneInfo(context.chat.timezone))
    return spoken_date(local, "day") if until - context.now > _ANOTHER_DAY else clock_time(local)


def _unmute_on_platform(connection: Connection, context: CommandContext, place: str, id: str) -> None:
    traits = context.environment.places.get(place)
    if traits is not None and "release" in traits.features.actions:
        message_decisions.plan_action(connection, context, place, PlatformAction(kind="release", person=id))


def _save_state(
    connection: Connection, context: CommandContext, state: ChatState, receipt: str, before: str, after: str
) -> CommandResult:
    chats.save_state(connection, context.chat.name, state)
    old = ChatStateUndo(slow=context.state.slow, hold_all=context.state.hold_all, hosts=context.state.hosts)
    return CommandResult(receipt=receipt, before=before, after=after, change=_json(old))


def _pace(state: ChatState) -> str:
    return f"one message every {state.slow} s" if state.slow else "no limit"


def _first(state: ChatState) -> str:
    return "first messages wait" if state.hold_all else "first messages count"


def _json(change: MuteUndo | ChatStateUndo) -> str:
    return msgspec.json.encode(change).decode()
