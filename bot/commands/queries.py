"""Answers what people ask about a chat: status, help, log. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.commands.context import CommandContext, CommandResult
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.commands.plan import announcements
from bot.commands.roles import rank
from bot.live.live_chats import LiveChat
from bot.messages import Role
from bot.ports.commands import CommandInfo
from bot.store import commands, moderation_queue
from bot.store.commands import CommandRow

_WELCOME = (
    "To answer a question, simply reply to it; you may begin with A1, A2 … To be left out of the transcript, write "
    '"leave me out" at any time. `status` tells what is on and what comes next.'
)

ASKING = ("status", "help", "held", "log")
"""Commands that change nothing, so that the log need not tell of them."""

_SHOWN = 10
"""Entries of the log that are told at once."""

_CAME = {"done": "", "denied": " (not allowed)", "late": " (too late)"}

_GROUPS = {
    "timing": "The plan",
    "content": "Saying something",
    "people": "People and messages",
    "queue": "What waits",
    "about": "Asking",
}


def help(role: Role, topic: str | None = None) -> str:  # noqa: A001 -- named like its command
    """What somebody in this role can say; or all about one command."""
    spec = BY_WORD.get(topic or "")
    if spec is not None:
        return _explained(spec)
    mine = [one for one in COMMANDS if rank(one.role) <= rank(role)]
    if role == "participant":
        return _WELCOME
    lines = [f"{title}: {_names(one for one in mine if one.group == group)}" for group, title in _GROUPS.items()]
    return "\n".join([*lines, "`help extend` tells more about one of them."])


def coming(by_name: Iterable[LiveChat], place: str, now: datetime) -> str:
    """For anybody: what is on in a place, or what comes next there."""
    there = sorted((one for one in by_name if place in one.places and now < one.ends), key=lambda one: one.chat.starts)
    on = [live for live in there if live.chat.starts <= now]
    if on:
        return "\n".join(_on(live, place, now) for live in on)
    return _next(there[0]) if there else "No chat is planned here."


def status(connection: Connection, context: CommandContext) -> CommandResult:
    """For those who lead: the plan as it stands, and what waits."""
    waiting = len(moderation_queue.queue_entries(connection, context.chat.name))
    parts = [f"{context.chat.title}: {announcements.standing(context.chat, context.plan, context.now)}"]
    parts += [f"{waiting} waiting in the queue."] * bool(waiting)
    parts += ["First messages wait."] * context.state.hold_all
    parts += [f"One message every {context.state.slow} s."] * bool(context.state.slow)
    return CommandResult(receipt=" ".join(parts))


def log(connection: Connection, context: CommandContext) -> CommandResult:
    """Who did what, newest first. It names people, so it is not told where everybody reads."""
    if context.public:
        return CommandResult(receipt="The log is not for here: ask privately.")
    entries = commands.recent(connection, context.chat.name, _SHOWN, without=ASKING)
    return CommandResult(receipt="\n".join(_entry(context, one) for one in entries) or "Nobody has done anything yet.")


def _entry(context: CommandContext, entry: CommandRow) -> str:
    said = entry.command
    came = _CAME.get(entry.outcome or "", " (nothing changed)")
    undone = " (taken back)" if entry.undone else ""
    clock = announcements.clock(context.chat, said.at)
    return f"{clock} {said.author.shown} ({said.place}): {' '.join(said.text.split())[:60]}{came}{undone}"


def _explained(spec: CommandInfo) -> str:
    shorts = f" Short: {', '.join(f'`{one}`' for one in spec.shorts)}." if spec.shorts else ""
    example = f" For example: `{spec.example}`." if spec.example else ""
    return f"`{spec.usage}`: {spec.help}{example}{shorts}"


def _names(specs: Iterable[CommandInfo]) -> str:
    return ", ".join(f"`{one.name}`" for one in specs)


def _on(live: LiveChat, place: str, now: datetime) -> str:
    chat = live.chat
    asked = [one for one in live.posts(place) if one.kind == "question"]
    floor = f"{asked[-1].key.upper()} of {len(chat.questions)} is on." if asked else "No question is out yet."
    following = next((at for at in live.upcoming if at > now), None)
    zone = ZoneInfo(chat.timezone)
    comes = f" The next post comes at {following.astimezone(zone):%H:%M}." if following else ""
    paused = " We pause at the moment." if live.state.paused_at else ""
    heard = sum(live.counts.values())
    said = "1 message" if heard == 1 else f"{heard} messages"
    return f"{chat.title}: {floor}{paused}{comes} We close at {live.ends.astimezone(zone):%H:%M}. {said} so far."


def _next(live: LiveChat) -> str:
    chat = live.chat
    local = chat.starts.astimezone(ZoneInfo(chat.timezone))
    when = f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({chat.timezone})"
    return f"Next: {chat.title}, on {when}. Come and answer, or just read along."
