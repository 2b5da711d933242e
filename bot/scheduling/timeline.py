"""What is to be said when, and what becomes of it after the bot was away. Pure: every function is given the time.

    reminders … start: welcome, rules, Q1 … Qn, end: closing

Nothing here knows what has been said already; the caller hands in only what has not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot import wording
from bot.chat import Chat, Question, Slot
from bot.toml.duration import format_duration

SOON = timedelta(seconds=60)
"""The rules follow the welcome after this, or after a quarter of the time to the first question if that is less."""

_TICK = timedelta(microseconds=1)
_OPENING = ("welcome", "rules")


def slots(chat: Chat) -> tuple[Slot, ...]:
    """All that will be said, in the order of time."""
    first = min((one.at for one in chat.questions), default=chat.ends)
    planned = (
        *_reminders(chat),
        Slot(key="welcome", kind="welcome", at=chat.starts, text=chat.welcome),
        Slot(key="rules", kind="rules", at=chat.starts + min(SOON, (first - chat.starts) / 4), text=chat.rules),
        *(_asked(one, number, chat.hashtag) for number, one in enumerate(chat.questions, 1)),
        Slot(key="closing", kind="closing", at=chat.ends, text=chat.closing),
    )
    return tuple(sorted(planned, key=lambda slot: slot.at))


def due(slots: Sequence[Slot], now: datetime) -> tuple[Slot, ...]:
    """Those whose time has come."""
    return tuple(slot for slot in slots if slot.at <= now)


def late(at: datetime, now: datetime, grace: timedelta) -> bool:
    """Whether something planned for `at` is later than a hiccup explains."""
    return now - at > grace


def over(chat: Chat, now: datetime) -> bool:
    """Whether the chat's planned time has passed."""
    return now >= chat.ends


def reflowed(slots: Sequence[Slot], now: datetime, ends: datetime, slack: timedelta) -> tuple[Slot, ...]:
    """A new plan for what has not been said yet, when some of it should have been by now.

    `slots` are in order of time. An overdue question moves to `now` and the rest
    follow with the gaps they had; where those would pass `ends + slack`, every gap shrinks in proportion. The order
    stays, nothing moves to an earlier time, and nothing changes where nothing is overdue. An overdue reminder has lost
    its meaning and is dropped; so is an overdue welcome once the first question is out. After `ends + slack` nothing
    is left to say. Where a host has extended a chat beyond that, its planned closing stands instead.
    """
    last = max(ends + slack, *(slot.at for slot in slots)) if slots else ends + slack
    if now > last:
        return ()
    asking = any(slot.key == "q1" for slot in slots)
    kept = [slot for slot in slots if slot.at >= now or _still_wanted(slot, asking=asking)]
    body = [slot for slot in kept if _moves(slot)]
    moved = dict(zip((slot.key for slot in body), _moved([slot.at for slot in body], now, last), strict=True))
    return tuple(msgspec.structs.replace(slot, at=max(now, moved.get(slot.key, slot.at))) for slot in kept)


def _still_wanted(slot: Slot, *, asking: bool) -> bool:
    """Whether an overdue slot is said at all."""
    return _moves(slot) or (slot.kind in _OPENING and asking)


def _moves(slot: Slot) -> bool:
    return slot.kind not in ("reminder", *_OPENING)


def _moved(times: list[datetime], now: datetime, last: datetime) -> list[datetime]:
    """Times that begin at `now` instead of in the past, spread as before and none after `last`."""
    if not times or times[0] >= now:
        return times
    begin, whole = times[0], (times[-1] - times[0]) // _TICK
    room = min(whole, (last - now) // _TICK)
    return [now + (at - begin) // _TICK * room // max(whole, 1) * _TICK for at in times]


def _reminders(chat: Chat) -> tuple[Slot, ...]:
    hosts = [host.name for host in chat.hosts]
    text = wording.reminder(chat.title, hosts, chat.starts, chat.timezone, chat.hashtag)
    return tuple(
        Slot(key=f"reminder-{format_duration(before)}", kind="reminder", at=chat.starts - before, text=text)
        for before in chat.reminders
    )


def _asked(question: Question, number: int, hashtag: str) -> Slot:
    """A question as it is posted, with its number and the hashtag, in every wording."""
    return Slot(
        key=question.key,
        kind="question",
        at=question.at,
        text=wording.question(number, question.text, hashtag),
        says={place: wording.question(number, text, hashtag) for place, text in question.says.items()},
        image=question.image,
    )
