"""Answers the commands that only ask (status, help, log), and completes arguments while they are typed.

Changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat import Chat
from bot.clock import clock_time
from bot.commands.context import CommandContext, CommandResult
from bot.commands.grammar.catalogue import BY_WORD, COMMANDS
from bot.commands.grammar.command_types import Log, Status
from bot.commands.grammar.permissions import may_give
from bot.commands.plan import announcements
from bot.live.live_chats import LiveChat
from bot.local_dates import spoken_date, spoken_moment
from bot.messages import Role
from bot.moderation import reasons
from bot.ports.commands import Choice, CommandInfo, Kind
from bot.readable import readable_command
from bot.store import author_history, commands, moderation_queue, people, place_status
from bot.store.commands import CommandRow
from bot.translation import _, ngettext, pending

_WELCOME = pending(
    "To answer a question, simply reply to it; you may begin with A1, A2 … To be left out of the transcript, write "
    '"leave me out" at any time. `status` tells what is on and what comes next.'
)

PRIVACY = "privacy"
"""The name under which what people ask about themselves is stored; no command is called so."""

NOT_LISTED = ("status", "help", "held", "log", PRIVACY)
"""Commands that the log leaves out: they change nothing, or are between a person and the bot alone."""

_LOG_ENTRIES = 10
"""Entries of the log in one reply."""

_CONCERNS = 5
"""The latest problems that `status` tells those who lead."""

_OUTCOMES = {"done": "", "denied": pending(" (not allowed)"), "late": pending(" (too late)")}

_GROUPS = {
    "timing": pending("The plan"),
    "content": pending("Saying something"),
    "people": pending("People and messages"),
    "queue": pending("What waits"),
    "record": pending("The record"),
    "about": pending("Asking"),
}

MOST_CHOICES = 25
"""Choices that a platform shows."""

_LONGEST_LABEL = 100
"""Characters of a label."""

_LENGTHS = ("2m", "5m", "10m", "15m", "30m")
_CLOCK_STEP = timedelta(minutes=5)


def help(role: Role, topic: str | None = None) -> str:  # noqa: A001 -- named like its command
    """The commands for a role, or all about one command."""
    info = BY_WORD.get(topic or "")
    if info is not None:
        return _explain(info)
    mine = [one for one in COMMANDS if may_give(role, one.name)]
    if role == "participant":
        return _(_WELCOME)
    lines = [f"{_(title)}: {_names(one for one in mine if one.group == group)}" for group, title in _GROUPS.items()]
    return "\n".join([*lines, _("`help extend` tells more about one of them.")])


def describe_for_all(live_chats: Iterable[LiveChat], place: str, now: datetime) -> str:
    """The status for participants: the current chat in a place, or the next one there."""
    there = sorted(
        (one for one in live_chats if place in one.places and now < one.ends), key=lambda one: one.chat.starts
    )
    current = [live for live in there if live.chat.starts <= now]
    if current:
        return "\n".join(_describe_current(live, place, now) for live in current)
    return _describe_next(there[0]) if there else _("No chat is planned here.")


def status(connection: Connection, context: CommandContext, _command: Status) -> CommandResult:
    """The status for those who lead: the plan as it stands, the length of the queue, and what needs a person."""
    waiting = len(moderation_queue.queue_entries(connection, context.chat.name))
    parts = [f"{context.chat.title}: {announcements.describe_plan(context.chat, context.plan, context.now)}"]
    parts += [_("{waiting} waiting in the queue.").format(waiting=waiting)] * bool(waiting)
    parts += [_("First messages wait.")] * context.state.hold_all
    parts += [_("One message every {slow} s.").format(slow=context.state.slow)] * bool(context.state.slow)
    concerns = () if context.public else place_status.concerns_of(connection, context.chat.name)[-_CONCERNS:]
    return CommandResult(
        receipt="\n".join([" ".join(parts), *(_("To see to: {text}").format(text=one.text) for one in concerns)])
    )


def log(connection: Connection, context: CommandContext, _command: Log) -> CommandResult:
    """The last commands, newest first. The log names people, so it is not posted where everybody reads."""
    if context.public:
        return CommandResult(receipt=_("The log is not for here: ask privately."))
    entries = commands.recent(connection, context.chat.name, _LOG_ENTRIES, without=NOT_LISTED)
    return CommandResult(
        receipt="\n".join(_entry(context, one) for one in entries) or _("Nobody has done anything yet.")
    )


def choices(
    connection: Connection, chat: Chat, places: Sequence[str], kind: Kind, typed: str, now: datetime
) -> tuple[Choice, ...]:
    """The choices for a field that contain what is typed so far, likely ones first."""
    wanted = typed.strip().casefold()
    fitting = [
        one
        for one in _all_choices(connection, chat, places, kind, now)
        if wanted in one.value.casefold() or wanted in one.label.casefold()
    ]
    return tuple(fitting[:MOST_CHOICES])


def _entry(context: CommandContext, entry: CommandRow) -> str:
    command = entry.command
    outcome = _OUTCOMES.get(entry.outcome or "", pending(" (nothing changed)"))
    outcome = _(outcome) if outcome else ""
    undone = _(" (taken back)") if entry.undone else ""
    at = announcements.local_time(context.chat, command.at)
    text = " ".join(readable_command(command, context.chat.timezone).split())
    return f"{at} {command.author.shown} ({command.place}): {text[:60]}{outcome}{undone}"


def _explain(info: CommandInfo) -> str:
    listed = ", ".join(f"`{one}`" for one in info.shorts)
    shorts = _(" Short: {names}.").format(names=listed) if info.shorts else ""
    example = _(" For example: `{example}`.").format(example=info.example) if info.example else ""
    return f"`{info.usage}`: {_(info.help)}{example}{shorts}"


def _names(infos: Iterable[CommandInfo]) -> str:
    return ", ".join(f"`{one.name}`" for one in infos)


def _describe_current(live: LiveChat, place: str, now: datetime) -> str:
    chat = live.chat
    asked = [one for one in live.posts(place) if one.kind == "question"]
    current = (
        _("{question} of {count} is on.").format(question=asked[-1].key.upper(), count=len(chat.questions))
        if asked
        else _("No question is out yet.")
    )
    following = next((one.at for one in live.upcoming if one.at > now), None)
    zone = ZoneInfo(chat.timezone)
    comes = (
        _(" The next post comes at {time}.").format(time=clock_time(following.astimezone(zone))) if following else ""
    )
    paused = _(" We pause at the moment.") if live.state.paused_at else ""
    count = sum(live.counts.values())
    messages = ngettext("{count} message so far.", "{count} messages so far.", count).format(count=count)
    closes = _(" We close at {time}.").format(time=clock_time(live.ends.astimezone(zone)))
    return f"{chat.title}: {current}{paused}{comes}{closes} {messages}"


def _describe_next(live: LiveChat) -> str:
    chat = live.chat
    when = spoken_moment(chat.starts, chat.timezone, chat.zones)
    return _("Next: {title}, on {when}. Come and answer, or just read along.").format(title=chat.title, when=when)


# Completion ------------------------------------------------------------------------------------------------


def _all_choices(
    connection: Connection, chat: Chat, places: Sequence[str], kind: Kind, now: datetime
) -> Iterable[Choice]:
    known: dict[Kind, Callable[[], Iterable[Choice]]] = {
        "question": lambda: [_choice(one.key, f"{one.key.upper()}. {one.text}") for one in chat.questions],
        "length": lambda: [_choice(one, one) for one in _LENGTHS],
        "clock": lambda: _next_times(chat, now),
        "date": lambda: _next_weeks(chat, now),
        "place": lambda: [_choice(one, one) for one in places],
        "topic": lambda: [_choice(one.name, f"{one.name}: {_(one.help)}") for one in COMMANDS],
        "person": lambda: _authors(connection, chat),
        "message": lambda: _newest_messages(connection, chat),
        "original": lambda: _newest_messages(connection, chat),
        "number": lambda: _queue_numbers(connection, chat),
    }
    return known.get(kind, tuple)()


def _choice(value: str, label: str) -> Choice:
    line = " ".join(label.split())
    shown = line if len(line) <= _LONGEST_LABEL else f"{line[: _LONGEST_LABEL - 1]}…"
    return Choice(value=value[:_LONGEST_LABEL], label=shown)


def _next_times(chat: Chat, now: datetime) -> list[Choice]:
    """The next full five minutes, in the chat's time zone."""
    zone = ZoneInfo(chat.timezone)
    first = now + _CLOCK_STEP - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    times = [f"{(first + step * _CLOCK_STEP).astimezone(zone):%H:%M}" for step in range(12)]
    return [_choice(one, one) for one in times]


def _next_weeks(chat: Chat, now: datetime) -> list[Choice]:
    """The chat's day of the week, in the next weeks."""
    zone = ZoneInfo(chat.timezone)
    today, day = now.astimezone(zone).date(), chat.starts.astimezone(zone).date()
    first = today + timedelta(days=(day - today).days % 7 or 7)
    days = [first + timedelta(weeks=weeks) for weeks in range(8)]
    return [_choice(f"{one:%Y-%m-%d}", spoken_date(one)) for one in days if one != day]


def _authors(connection: Connection, chat: Chat) -> list[Choice]:
    known = people.chat_authors(connection, chat.name)
    return [
        _choice(f"{place}/{one.handle or one.id}", _("{who} on {place}").format(who=one.shown, place=place))
        for place, one in known
    ]


def _newest_messages(connection: Connection, chat: Chat) -> list[Choice]:
    newest_first = reversed(author_history.recent_messages(connection, chat.name, 2 * MOST_CHOICES))
    return [
        _choice(f"{one.place}/{one.id}", f"{one.author.shown}: {one.text}")
        for one in newest_first
        if one.author and one.text
    ]


def _queue_numbers(connection: Connection, chat: Chat) -> list[Choice]:
    entries = moderation_queue.queue_entries(connection, chat.name)
    return [_choice(str(one.number), f"{one.number}: {reasons.summary(one.reasons) or one.place}") for one in entries]
