"""Which source of a place is to be read now, and how far back. Pure: the caller brings the time and what was read.

A source is read at its own pace while a chat is on, and more slowly while people may only drop in. When no chat is open
only what is said to the bot itself is read, once an hour: somebody may ask to be left out at any time. A source whose
news come by themselves is read once after each gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.live.live_chats import LiveChat
from bot.messages import Value
from bot.ports.platform import Source

_AROUND = timedelta(minutes=15)
"""So long before its start and after its end a chat is read as often as during it."""

_QUIET = 6.0
"""So many times as long between two readings at other times."""


_IDLE = timedelta(hours=1)
"""Between two readings when no chat is open."""


class Round(Value, frozen=True, kw_only=True):
    """One source, to be read for one chat, or for none where none is open.

    `key` is what it was read under before: the source and its subject.
    """

    source: Source
    chat: str | None
    subject: str

    @property
    def key(self) -> tuple[str, str]:
        """The source and whom it is asked for."""
        return self.source.name, self.subject


def open_at(by_name: Iterable[LiveChat], place: str, now: datetime) -> list[LiveChat]:
    """The chats that people on a place may speak in, the one that is on first."""
    found = [live for live in by_name if place in live.places and live.opens <= now < live.shuts]
    return sorted(found, key=lambda live: (not _on(live, now), live.chat.starts))


def due(
    sources: Iterable[Source],
    by_name: list[LiveChat],
    now: datetime,
    *,
    read: Mapping[tuple[str, str], datetime],
    paces: Mapping[tuple[str, str], float],
    behind: bool,
) -> list[Round]:
    """The rounds to make now, for these open chats.

    `read` is when each was begun last, or when it is to be tried again; `paces` how much slower each is than usual.
    """
    found: dict[tuple[str, str], Round] = {}
    for source in sources:
        for live in by_name if source.by_chat else (*by_name[:1],) or (None,):
            one = _round(source, live)
            if source.by_chat and not one.subject:
                continue
            if one.key not in found and _wanted(one, live, now, read.get(one.key), paces.get(one.key, 1.0), behind):
                found[one.key] = one
    return list(found.values())


def since(source: Source, live: LiveChat | None, position: datetime | None, now: datetime, speed: float) -> datetime:
    """From when on a source is read: from where reading stopped, a little before, but never further than it reaches.

    Only what is said to the bot itself is wanted from before a chat opened.
    """
    reach = now - timedelta(seconds=source.reach) * speed
    opening = live.opens if live else now - _IDLE * speed
    addressed = source.every is not None and not source.by_chat
    earliest = reach if addressed and position is not None else max(opening, reach)
    begun = min(position, now) if position is not None else earliest
    return max(begun - timedelta(seconds=source.overlap) * speed, reach) if begun > earliest else earliest


def _round(source: Source, live: LiveChat | None) -> Round:
    subject = live.chat.hashtag if live and source.by_chat else ""
    return Round(source=source, chat=live.chat.name if live else None, subject=subject)


def _wanted(one: Round, live: LiveChat | None, now: datetime, last: datetime | None, pace: float, behind: bool) -> bool:  # noqa: FBT001 -- one question of six facts
    if one.source.every is None:
        return live is not None and behind and (last is None or now >= last)
    pause = timedelta(seconds=one.source.every) * pace * (1.0 if live and _on(live, now) else _QUIET)
    return last is None or now - last >= (pause if live else _IDLE)


def _on(live: LiveChat, now: datetime) -> bool:
    return live.chat.starts - _AROUND <= now < live.ends + _AROUND
