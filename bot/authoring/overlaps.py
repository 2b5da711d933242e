"""Chats at the same time in the same place, or with the same hashtag. Pure.

Each can be hosted, but people who answer with the hashtag or by mentioning the bot can't say which chat they mean.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import Chat
from bot.clock import clock_time
from bot.errors import Problem
from bot.translation import LazyText, lazy, lazy_list, lazy_ngettext


class Neighbours:
    """Chats in order of their starts, so that of thousands only those are looked at that may overlap with one."""

    def __init__(self, chats: Iterable[Chat]) -> None:
        self._chats = sorted(chats, key=lambda one: one.starts)
        self._starts = [one.starts for one in self._chats]
        self._longest = max((one.length for one in self._chats), default=timedelta(0))

    def of(self, chat: Chat) -> list[Chat]:
        """The chats that begin before this one ends, and not so long before it that none lasts until then."""
        return self._chats[
            bisect_left(self._starts, chat.starts - self._longest) : bisect_left(self._starts, chat.ends)
        ]


def overlaps(
    chat: Chat, others: Sequence[Chat], places: Collection[str], now: datetime | None, at: tuple[str, int, int]
) -> Iterator[Problem]:
    """A warning for the first chat that overlaps this one, `at` the position of its start; none once it is over."""
    if now and now >= chat.ends:
        return
    found = [
        (other, shared)
        for other in sorted(others, key=lambda one: (one.starts, one.name))
        if other.name != chat.name and chat.starts < other.ends and other.starts < chat.ends
        if (shared := _shared(chat, other, places))
    ]
    if not found:
        return
    (other, shared), more = found[0], len(found) - 1
    message = lazy(
        "{chat} runs at the same time, from {start} to {end}, {shared}{more}; choose another time, or people may "
        "answer the other chat.",
        chat=other.name,
        start=_clock(other.starts, chat),
        end=_clock(other.ends, chat),
        shared=shared,
        more=lazy_ngettext(" (and so does {count} more)", " (and so do {count} more)", more) if more else "",
    )
    file, line, column = at
    yield Problem(file=file, line=line, column=column, severity="warning", message=message)


def _shared(chat: Chat, other: Chat, places: Collection[str]) -> LazyText | None:
    """The common ground of two chats, in words: places (all `places`, if a chat names none), or else the hashtag."""
    first, second = (one.places or tuple(places) for one in (chat, other))
    if both := [place for place in first if place in second]:
        return lazy("in {places}", places=lazy_list(both))
    if chat.hashtag and chat.hashtag.casefold() == other.hashtag.casefold():
        return lazy("with the same hashtag {hashtag}", hashtag=chat.hashtag)
    return None


def _clock(at: datetime, chat: Chat) -> str:
    return clock_time(at.astimezone(ZoneInfo(chat.timezone)))
