"""How chats and places stand, in the terminal and for a script. Times for people are in the chat's own zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.chat import Chat
from bot.cli.output.text import plain
from bot.live import costs
from bot.status import ChatStatus, PlacesReport
from bot.store.commands import CommandRow

_LONGEST = 120
"""Characters of a command that are shown."""


def standing(stand: ChatStatus, now: datetime, console: Console, *, rehearsal: bool = False) -> None:
    """How a chat stands: each post, when, where, and what became of it; then how it is steered."""
    chat, zone = stand.chat, ZoneInfo(stand.chat.timezone)
    begin = f"Rehearsal, {now.astimezone(zone):%H:%M:%S} by its clock: " if rehearsal else ""
    title = f"{begin}{escape(chat.title)} ({escape(chat.name)}), {_in_words(stand, now)}"
    table = Table(title=title, title_justify="left")
    for heading in ("time", "post", "place", "state", "note"):
        table.add_column(heading)
    for line in stand.posts:
        at = line.sent_at or line.next_at
        table.add_row(
            f"{at.astimezone(zone):%a %d %b %H:%M:%S}",
            line.post.key,
            line.post.place,
            line.state,
            escape(line.error or ""),
        )
    console.print(table)
    for text in _steered(stand, now):
        console.print(Text(text), soft_wrap=True)


def _when(chat: Chat, now: datetime) -> str:
    if now < chat.starts:
        return "coming"
    return "live" if now < chat.ends else "over"


def _in_words(stand: ChatStatus, now: datetime) -> str:
    when = _when(stand.chat, now)
    if stand.state.cancelled:
        return "called off"
    return f"{when}, paused" if stand.state.paused_at and when == "live" else when


def _steered(stand: ChatStatus, now: datetime) -> Iterator[str]:
    """What whoever leads it wants to know besides; of a chat that is not live only what waits."""
    zone, name = ZoneInfo(stand.chat.timezone), stand.chat.name
    live = _when(stand.chat, now) == "live"
    if live and stand.state.paused_at and not stand.state.cancelled:
        since = stand.state.paused_at.astimezone(zone)
        yield f"Paused since {since:%H:%M:%S}: `convenor resume {name}` goes on."
    if stand.waiting:
        wait = "1 message waits" if stand.waiting == 1 else f"{stand.waiting} messages wait"
        yield f"{wait} for a moderator: `convenor held {name}` lists them."
    for entry in reversed(stand.commands if live else ()):
        yield _command(entry, zone)


def _command(entry: CommandRow, zone: ZoneInfo) -> str:
    said = entry.command
    words = plain(said.text, lines=False)
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    who = plain(said.author.shown, lines=False)
    undone = ", taken back" if entry.undone else ""
    return f"{said.at.astimezone(zone):%H:%M:%S}  {who} ({said.place}): {short}  ({entry.outcome}{undone})"


def standing_data(stand: ChatStatus, now: datetime, *, rehearsal: bool = False) -> dict[str, object]:
    """The same for a script: times in UTC, the last commands newest first. `now` is a rehearsal's own hour."""
    chat, state = stand.chat, stand.state
    return {
        "chat": chat.name,
        "title": chat.title,
        "state": _when(chat, now),
        "starts": chat.starts,
        "ends": chat.ends,
        "posts": [
            {
                "key": line.post.key,
                "place": line.post.place,
                "state": line.state,
                "at": line.sent_at or line.next_at,
                "error": line.error,
            }
            for line in stand.posts
        ],
        "rehearsal": rehearsal,
        "now": now,
        "paused": state.paused_at is not None,
        "cancelled": state.cancelled,
        "waiting": stand.waiting,
        "commands": [_command_data(entry) for entry in stand.commands],
    }


def _command_data(entry: CommandRow) -> dict[str, object]:
    said = entry.command
    return {
        "at": said.at,
        "who": said.author.shown,
        "place": said.place,
        "text": said.text,
        "outcome": entry.outcome,
        "receipt": entry.receipt,
        "undone": entry.undone,
    }


def places(standing: PlacesReport, console: Console, *, rehearsal: bool = False) -> None:
    """How each place is, what it cost, and what somebody has to see to."""
    begin = "Rehearsal, " if rehearsal else ""
    for one in standing.statuses:
        cost = f", {costs.dollars(standing.spent[one.place])} this month" if one.place in standing.spent else ""
        why = f": {one.reason}" if one.reason else ""
        line = f"{begin}{one.place}: {one.state} since {one.since:%d %b %H:%M:%S} UTC{cost}{why}"
        console.print(Text(line), soft_wrap=True)
    for told in standing.concerns:
        console.print(Text(f"{begin}To see to, {told.place}: {told.text}", style="yellow"), soft_wrap=True)


def places_data(standing: PlacesReport, *, rehearsal: bool = False) -> list[dict[str, object]]:
    """The same for a script: times in UTC, money in US dollars."""
    return [
        {
            "place": one.place,
            "state": one.state,
            "since": one.since,
            "reason": one.reason,
            "spent_this_month": standing.spent.get(one.place, 0) / 1_000_000,
            "rehearsal": rehearsal,
        }
        for one in standing.statuses
    ]


def concerns_data(standing: PlacesReport, *, rehearsal: bool = False) -> list[dict[str, object]]:
    """What somebody has to see to, for a script."""
    return [
        {"place": one.place, "chat": one.chat, "at": one.at, "text": one.text, "rehearsal": rehearsal}
        for one in standing.concerns
    ]
