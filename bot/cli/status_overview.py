"""The chats of a store in one line each: what is next, what was last, and whatever needs a person. Pure.

Times are in each chat's own zone, which is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat import Chat
from bot.clock import clock_time
from bot.status import ChatStatus

FEW = 3
"""So many chats are shown with every post; of more, only those that are live."""

_NEXT, _LAST, _TROUBLED = 6, 3, 5
"""Lines of coming chats, of past ones, and of those that need a person: with the places they fit a screen."""

_TROUBLE = ("failed", "ambiguous")
"""States of a post that a person should see."""


def chat_state(chat: Chat, now: datetime) -> str:
    """Whether a chat is coming, live or over, by its times."""
    if now < chat.starts:
        return "coming"
    return "live" if now < chat.ends else "over"


def overview(chats: Sequence[ChatStatus], now: datetime, *, every: bool) -> Iterator[str]:
    """The lines about chats that are not live, given in the order of their starts. `every`: leave none out."""
    coming = [one for one in chats if chat_state(one.chat, now) == "coming"]
    over = [one for one in chats if chat_state(one.chat, now) == "over"][::-1]
    yield from _part("Coming", coming, now, len(coming) if every else _NEXT)
    yield from _part("Past", over, now, len(over) if every else _LAST)
    if not every:
        hidden = [one for one in (*coming[_NEXT:], *over[_LAST:]) if _troubles(one)]
        yield from _part("To look at", hidden, now, _TROUBLED)
        if len(coming) > _NEXT or len(over) > _LAST:
            yield "`convenor status --all` lists them all, `convenor status CHAT` has each post of one."


def _part(title: str, chats: Sequence[ChatStatus], now: datetime, most: int) -> Iterator[str]:
    if not chats:
        return
    yield f"{title}, {len(chats)}:"
    widest = max(len(_when(one, now)) for one in chats[:most])
    for one in chats[:most]:
        yield f"  {_when(one, now).ljust(widest)}  {one.chat.name}: {_summary(one)}"
    if len(chats) > most:
        farthest = "latest" if title == "Coming" else "earliest"
        yield f"  … and {len(chats) - most} more, the {farthest} {_when(chats[-1], now)}"


def _when(one: ChatStatus, now: datetime) -> str:
    local = one.chat.starts.astimezone(ZoneInfo(one.chat.timezone))
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year} {clock_time(local)} {one.chat.timezone}"


def _summary(one: ChatStatus) -> str:
    """How many posts are in which state, the most first; and what waits for a moderator."""
    if one.state.cancelled:
        return "called off"
    states = Counter(row.state for row in one.posts)
    told = ", ".join(f"{number} {state}" for state, number in states.most_common()) or "nothing planned"
    return f"{told}; {one.waiting} held" if one.waiting else told


def _troubles(one: ChatStatus) -> bool:
    return bool(one.waiting) or any(row.state in _TROUBLE for row in one.posts)
