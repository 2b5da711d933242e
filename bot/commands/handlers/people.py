"""Carries out what is decided about people, and how they may speak: mute, unmute, ban, slow, hold all, handover.

What somebody has said stays; a mute counts from now on. Nobody can silence those who lead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from bot.commands import lookup
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Ban, Handover, HoldAll, Mute, Person, Slow, Unmute
from bot.commands.handlers import message_decisions
from bot.commands.lookup import Account, NotFound
from bot.commands.roles import rank
from bot.messages import Author, PlatformAction, Time, Value
from bot.store import chats, muted
from bot.store.chats import ChatState
from bot.toml.duration import format_duration

_LONGEST = timedelta(days=28)
"""The longest timeout that a platform gives."""

_FAR = timedelta(hours=12)

_AFTERWARDS = timedelta(hours=1)
"""So long after the end somebody is silent on a platform who is muted for a chat: late answers still count."""

_replace = msgspec.structs.replace


class MuteUndo(Value, frozen=True, kw_only=True, tag="muted"):
    """What `undo` needs of a mute or its end: the person, and in which chats they were not heard before, until when.

    An empty chat is all of them; no time is for good, or to the end of the chat.
    """

    place: str
    id: str
    before: tuple[tuple[str, Time | None], ...] = ()


class ChatStateUndo(Value, frozen=True, kw_only=True, tag="coursed"):
    """What `undo` needs of a change in how the chat goes."""

    slow: int | None
    hold_all: bool
    hosts: tuple[tuple[str, str], ...]


def mute(connection: Connection, context: CommandContext, order: Mute) -> CommandResult:
    """Hear nothing from a person in this chat, for a time or to its end."""
    found = _person(connection, context, order.person)
    if isinstance(found, CommandResult):
        return found
    until = context.now + order.length if order.length else None
    before = muted.mutes_of(connection, found.place, found.author.id)
    muted.mute(connection, found.place, found.author.id, context.chat.name, until)
    span = f"for {format_duration(order.length)}" if order.length else "for this chat"
    limit = _limit(context, until)
    return CommandResult(
        receipt=f"{found.author.shown} is muted {span}. {_silenced(connection, context, found, limit)}".strip(),
        before="heard",
        after=f"muted {span}",
        change=_json(MuteUndo(place=found.place, id=found.author.id, before=before)),
    )


def unmute(connection: Connection, context: CommandContext, order: Unmute) -> CommandResult:
    """Hear a person again, here and everywhere."""
    found = lookup.person(connection, context, order.person)
    if isinstance(found, NotFound):
        return refused(found.reason)
    before = muted.mutes_of(connection, found.place, found.author.id)
    if not muted.unmute(connection, found.place, found.author.id, context.chat.name):
        return refused(f"{found.author.shown} is not muted.")
    _release(connection, context, found.place, found.author.id)
    return CommandResult(
        receipt=f"{found.author.shown} is heard again. What was left out stays out: `show` takes it back.",
        before="muted",
        after="heard",
        change=_json(MuteUndo(place=found.place, id=found.author.id, before=before)),
    )


def ban(connection: Connection, context: CommandContext, order: Ban) -> CommandResult:
    """Keep a person out of every chat here, for good. `unmute` ends it."""
    found = _person(connection, context, order.person)
    if isinstance(found, CommandResult):
        return found
    if not order.sure:
        confirm = f"ban {found.named} yes"
        return CommandResult(
            receipt=f"Really keep {found.author.shown} out of every chat? Say `{confirm}`.",
            outcome="refused",
            confirm=confirm,
        )
    muted.mute(connection, found.place, found.author.id, "", None)
    silenced = _silenced(connection, context, found, context.now + _LONGEST)
    return CommandResult(
        receipt=f"{found.author.shown} is kept out. {silenced}".strip(), before="heard", after="banned"
    )


def slow(connection: Connection, context: CommandContext, order: Slow) -> CommandResult:
    """One message a person in this time; more of them wait for a moderator."""
    seconds = round(order.by.total_seconds()) if order.by else None
    if seconds == context.state.slow:
        return refused("It is like that already.")
    state = _replace(context.state, slow=seconds)
    told = (
        f"One message a person every {format_duration(order.by)}; more wait in the queue."
        if order.by
        else "No limit now."
    )
    return _coursed(connection, context, state, told, _pace(context.state), _pace(state))


def hold_all(connection: Connection, context: CommandContext, order: HoldAll) -> CommandResult:
    """Hold what people write for the first time, or stop doing so. What waits already goes on waiting."""
    if order.on == context.state.hold_all:
        return refused("It is like that already.")
    state = _replace(context.state, hold_all=order.on)
    told = (
        "First messages wait in the queue now."
        if order.on
        else "First messages count at once. `held` shows what waits."
    )
    return _coursed(connection, context, state, told, _first(context.state), _first(state))


def handover(connection: Connection, context: CommandContext, order: Handover) -> CommandResult:
    """Let another person lead as well. Who led before stays able to."""
    found = lookup.person(connection, context, order.person)
    if isinstance(found, NotFound):
        return refused(f"{found.reason} They have to say something in the chat first.")
    ident = (found.place, found.author.id)
    if rank(context.environment.role(context.chat, context.state, found.place, found.author)) >= rank("host"):
        return refused(f"{found.author.shown} can lead already.")
    state = _replace(context.state, hosts=(*context.state.hosts, ident))
    traits = context.environment.places.get(found.place)
    how = " There they begin a command with a `!`, like `!next`." if traits and traits.features.own_pages else ""
    told = f"{found.author.shown} leads now, with all commands.{how}"
    return _coursed(connection, context, state, told, "", found.named)


def take_back(connection: Connection, context: CommandContext, change: MuteUndo | ChatStateUndo) -> CommandResult:
    """As it was before."""
    if isinstance(change, ChatStateUndo):
        state = _replace(context.state, slow=change.slow, hold_all=change.hold_all, hosts=change.hosts)
        chats.save_state(connection, context.chat.name, state)
        return CommandResult(receipt="Taken back.")
    muted.restore_mutes(connection, change.place, change.id, change.before)
    left = [
        until
        for chat, until in change.before
        if chat in ("", context.chat.name) and (until is None or until > context.now)
    ]
    if not left:
        _release(connection, context, change.place, change.id)
        return CommandResult(receipt="Taken back: heard again.")
    limit = max(_limit(context, until) for until in left)
    account = Account(place=change.place, author=Author(id=change.id))
    return CommandResult(
        receipt=f"Taken back: not heard, as before. {_silenced(connection, context, account, limit)}".strip()
    )


def _limit(context: CommandContext, until: datetime | None) -> datetime:
    """Until when a platform is asked to keep somebody silent."""
    return until or max(context.ends, context.now) + _AFTERWARDS


def _person(connection: Connection, context: CommandContext, wanted: Person) -> Account | CommandResult:
    """Whom somebody wants to silence, unless it is one of those who lead."""
    found = lookup.person(connection, context, wanted)
    if isinstance(found, NotFound):
        return refused(found.reason)
    if rank(context.environment.role(context.chat, context.state, found.place, found.author)) > 0:
        return refused(f"{found.author.shown} helps to lead this chat, and cannot be silenced here.")
    return found


def _silenced(connection: Connection, context: CommandContext, found: Account, until: datetime) -> str:
    """What a platform does about it, and what not."""
    traits = context.environment.places.get(found.place)
    if traits is None or traits.features.own_pages:
        return "Nothing new of theirs is shown."
    called = traits.called or found.place
    if "timeout" in traits.features.actions:
        until = min(until, context.now + _LONGEST)
        message_decisions.plan(
            connection, context, found.place, PlatformAction(kind="timeout", person=found.author.id, until=until)
        )
        return f"{called} is asked to keep them silent until {_told(context, until)}."
    return f"{called} cannot be told to: what they write stays visible there, and out of the transcript."


def _told(context: CommandContext, until: datetime) -> str:
    """The hour; where it is far, the day."""
    local = until.astimezone(ZoneInfo(context.chat.timezone))
    return f"{local.day} {local:%B}" if until - context.now > _FAR else f"{local:%H:%M}"


def _release(connection: Connection, context: CommandContext, place: str, id: str) -> None:
    traits = context.environment.places.get(place)
    if traits is not None and "release" in traits.features.actions:
        message_decisions.plan(connection, context, place, PlatformAction(kind="release", person=id))


def _coursed(
    connection: Connection, context: CommandContext, state: ChatState, told: str, before: str, after: str
) -> CommandResult:
    chats.save_state(connection, context.chat.name, state)
    old = ChatStateUndo(slow=context.state.slow, hold_all=context.state.hold_all, hosts=context.state.hosts)
    return CommandResult(receipt=told, before=before, after=after, change=_json(old))


def _pace(state: ChatState) -> str:
    return f"one message every {state.slow} s" if state.slow else "no limit"


def _first(state: ChatState) -> str:
    return "first messages wait" if state.hold_all else "first messages count"


def _json(change: MuteUndo | ChatStateUndo) -> str:
    return msgspec.json.encode(change).decode()
