"""What may be filled in while somebody types a command on a platform that helps with that. Only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat import Chat
from bot.commands.grammar.catalogue import COMMANDS
from bot.moderation import reasons
from bot.ports.commands import Choice, Kind
from bot.store import author_history, moderation_queue, people

MOST = 25
"""Choices that a platform shows."""

_LABEL = 100
"""Characters of a label."""

_LENGTHS = ("2m", "5m", "10m", "15m", "30m")
_STEP = timedelta(minutes=5)


def choices(
    connection: Connection, chat: Chat, places: Sequence[str], kind: Kind, typed: str, now: datetime
) -> tuple[Choice, ...]:
    """What fits what was typed so far, in the order in which it is likely."""
    wanted = typed.strip().casefold()
    fitting = [one for one in _all(connection, chat, places, kind, now) if _fits(one, wanted)]
    return tuple(fitting[:MOST])


def _fits(one: Choice, wanted: str) -> bool:
    return wanted in one.value.casefold() or wanted in one.label.casefold()


def _all(connection: Connection, chat: Chat, places: Sequence[str], kind: Kind, now: datetime) -> Iterable[Choice]:
    known: dict[Kind, Callable[[], Iterable[Choice]]] = {
        "question": lambda: [_choice(one.key, f"{one.key.upper()}. {one.text}") for one in chat.questions],
        "length": lambda: [_choice(one, one) for one in _LENGTHS],
        "clock": lambda: _clocks(chat, now),
        "place": lambda: [_choice(one, one) for one in places],
        "topic": lambda: [_choice(one.name, f"{one.name}: {one.help}") for one in COMMANDS],
        "person": lambda: _persons(connection, chat),
        "message": lambda: _messages(connection, chat),
        "number": lambda: _waiting(connection, chat),
    }
    return known.get(kind, tuple)()


def _choice(value: str, label: str) -> Choice:
    line = " ".join(label.split())
    return Choice(value=value[:_LABEL], label=line if len(line) <= _LABEL else f"{line[: _LABEL - 1]}…")


def _clocks(chat: Chat, now: datetime) -> list[Choice]:
    """The next round hours, on the clock of the chat's zone."""
    zone = ZoneInfo(chat.timezone)
    first = now + _STEP - timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    times = [f"{(first + step * _STEP).astimezone(zone):%H:%M}" for step in range(12)]
    return [_choice(one, one) for one in times]


def _persons(connection: Connection, chat: Chat) -> list[Choice]:
    known = people.chat_authors(connection, chat.name)
    return [_choice(f"{place}/{one.handle or one.id}", f"{one.shown} on {place}") for place, one in known]


def _messages(connection: Connection, chat: Chat) -> list[Choice]:
    """The newest first."""
    said = reversed(author_history.recent_messages(connection, chat.name, 2 * MOST))
    return [_choice(f"{one.place}/{one.id}", f"{one.author.shown}: {one.text}") for one in said if one.author]


def _waiting(connection: Connection, chat: Chat) -> list[Choice]:
    entries = moderation_queue.queue_entries(connection, chat.name)
    return [_choice(str(one.number), f"{one.number}: {reasons.told(one.reasons) or one.place}") for one in entries]
