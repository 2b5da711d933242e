"""The poll plan: the sources of a place to read now, and how far back. Pure: the caller brings the time.

While a chat is on, a source is read at its own pace; before and after it, while the chat is open, more slowly. When no
chat is open, only mentions of the bot are read, once an hour: people may ask to be left out at any time. A source that
pushes its events is read once after each gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.live.live_chats import LiveChat
from bot.messages import Value
from bot.ports.platform import Source

_AROUND = timedelta(minutes=15)
"""The time before its start and after its end in which a chat is polled as often as during it."""

_SLOWER = 6.0
"""The factor between two polls at other times."""

_IDLE = timedelta(hours=1)
"""The time between two polls when no chat is open."""


class Poll(Value, frozen=True, kw_only=True):
    """One source, to be read for one chat, or for none when none is open.

    `subject` is what is read by chat: the hashtag to search, or the chat itself.
    """

    source: Source
    chat: str | None
    subject: str

    @property
    def key(self) -> tuple[str, str]:
        """The source and the subject, under which the last poll is remembered."""
        return self.source.name, self.subject


def poll_of(source: Source, live: LiveChat | None) -> Poll:
    """The reading of a source for a chat, or for none. Without a subject there is nothing to read by chat."""
    subject = (live.chat.name if source.own else live.chat.hashtag) if live and source.by_chat else ""
    return Poll(source=source, chat=live.chat.name if live else None, subject=subject)


def open_chats(chats: Iterable[LiveChat], place: str, now: datetime) -> list[LiveChat]:
    """The chats that are open on a place, those that are on first."""
    found = [live for live in chats if place in live.places and live.opens <= now < live.shuts]
    return sorted(found, key=lambda live: (not _is_on(live, now), live.chat.starts))


def due(
    sources: Iterable[Source],
    chats: list[LiveChat],
    now: datetime,
    *,
    polled: Mapping[tuple[str, str], datetime],
    retries: Mapping[tuple[str, str], datetime],
    paces: Mapping[tuple[str, str], float],
    behind: bool,
) -> list[Poll]:
    """The polls that are due for these open chats.

    `polled` holds when each began last, `retries` when each that failed is to be tried again; `paces` the factors
    between two polls. `behind` says that something may have been missed.
    """
    found: dict[tuple[str, str], Poll] = {}
    for source in sources:
        for live in chats if source.by_chat else (*chats[:1],) or (None,):
            poll = poll_of(source, live)
            if source.by_chat and not poll.subject:
                continue
            last, pace = polled.get(poll.key), paces.get(poll.key, 1.0)
            again = retries.get(poll.key)
            if poll.key in found:
                continue
            if now >= again if again is not None else _is_due(poll, live, now, last, pace, behind):
                found[poll.key] = poll
    return list(found.values())


def since(source: Source, live: LiveChat | None, position: datetime | None, now: datetime, speed: float) -> datetime:
    """The instant from which a source is read: a little before the position, but never further back than it reaches.

    From before a chat opened, only mentions of the bot are read.
    """
    reach = now - timedelta(seconds=source.reach) * speed
    opening = live.opens if live else now - _IDLE * speed
    mentions = source.every is not None and not source.by_chat
    earliest = reach if mentions and position is not None else max(opening, reach)
    begun = min(position, now) if position is not None else earliest
    return max(begun - timedelta(seconds=source.overlap) * speed, earliest) if begun > earliest else earliest


def _is_due(poll: Poll, live: LiveChat | None, now: datetime, last: datetime | None, pace: float, behind: bool) -> bool:  # noqa: FBT001 -- one question of six facts
    if poll.source.every is None:
        return live is not None and behind and (last is None or now >= last)
    pause = timedelta(seconds=poll.source.every) * pace * (1.0 if live and _is_on(live, now) else _SLOWER)
    return last is None or now - last >= (pause if live else _IDLE)


def _is_on(live: LiveChat, now: datetime) -> bool:
    return live.chat.starts - _AROUND <= now < live.ends + _AROUND
