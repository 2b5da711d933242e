"""The timeline of a chat: what is posted when, and how the rest moves after downtime. Pure: time is an argument.

    announcement, reminders … start: welcome, rules, Q1 … Qn, end: closing

It does not know what has been sent already; the caller passes only slots that have not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from bot import wording
from bot.chat import ADVANCE_KINDS, Before, Chat, Question, Slot, instant_before
from bot.toml.duration import format_duration

RULES_DELAY = timedelta(seconds=60)
"""Between welcome and rules, or a quarter of the time to the first question if that is less."""

_TICK = timedelta(microseconds=1)
_OPENING = ("welcome", "rules")


def all_slots(chat: Chat) -> tuple[Slot, ...]:
    """All slots of a chat, in order of time."""
    first = min((one.at for one in chat.questions), default=chat.ends)
    planned = (
        *_advance_slots(chat),
        Slot(key="welcome", kind="welcome", at=chat.starts, text=chat.welcome),
        Slot(key="rules", kind="rules", at=chat.starts + min(RULES_DELAY, (first - chat.starts) / 4), text=chat.rules),
        *(_question_slot(one, chat.hashtag) for one in chat.questions),
        Slot(key="closing", kind="closing", at=chat.ends, text=chat.closing),
    )
    return tuple(sorted(planned, key=lambda slot: slot.at))


def due_slots(slots: Sequence[Slot], now: datetime) -> tuple[Slot, ...]:
    """The slots that are due at `now`."""
    return tuple(slot for slot in slots if slot.at <= now)


def is_late(at: datetime, now: datetime, grace: timedelta) -> bool:
    """Whether a post planned for `at` is late by more than `grace`."""
    return now - at > grace


def is_over(chat: Chat, now: datetime) -> bool:
    """Whether the chat's planned time has passed."""
    return now >= chat.ends


def reflow(slots: Sequence[Slot], now: datetime, ends: datetime, slack: timedelta) -> tuple[Slot, ...]:
    """Move slots that were not sent yet when some of them are overdue.

    `slots` are in order of time. An overdue question moves to `now` and the rest follow with their gaps; if they would
    pass `ends + slack`, every gap shrinks in proportion. The order stays, no slot moves to an earlier time, and nothing
    changes if no slot is overdue. An overdue announcement or reminder is dropped, and so is an overdue welcome once the
    first question is out. After `ends + slack` no slot is left; if a host extended the chat further, its planned
    closing counts.
    """
    last = max(ends + slack, *(slot.at for slot in slots)) if slots else ends + slack
    if now > last:
        return ()
    asking = any(slot.key == "q1" for slot in slots)
    kept = [slot for slot in slots if slot.at >= now or _still_wanted(slot, asking=asking)]
    body = [slot for slot in kept if _is_movable(slot)]
    moved = dict(zip((slot.key for slot in body), _moved_times([slot.at for slot in body], now, last), strict=True))
    return tuple(msgspec.structs.replace(slot, at=max(now, moved.get(slot.key, slot.at))) for slot in kept)


def _still_wanted(slot: Slot, *, asking: bool) -> bool:
    """Whether an overdue slot is still posted."""
    return _is_movable(slot) or (slot.kind in _OPENING and asking)


def _is_movable(slot: Slot) -> bool:
    return slot.kind not in (*ADVANCE_KINDS, *_OPENING)


def _moved_times(times: list[datetime], now: datetime, last: datetime) -> list[datetime]:
    """Times that begin at `now` instead of in the past, spread as before, none after `last`."""
    if not times or times[0] >= now:
        return times
    begin, whole = times[0], (times[-1] - times[0]) // _TICK
    room = min(whole, (last - now) // _TICK)
    return [now + (at - begin) // _TICK * room // max(whole, 1) * _TICK for at in times]


def _advance_slots(chat: Chat) -> Iterator[Slot]:
    """The announcement and the reminders. If the chat moved after people were told, each gets a new key."""
    moved = f"-{chat.moved}" if chat.moved else ""
    if chat.announcement is not None:
        yield Slot(
            key=f"announcement{moved}",
            kind="announcement",
            at=instant_before(chat.starts, chat.timezone, chat.announcement),
            text=_announcement(chat),
            says={place: _announcement(chat, place) for one in chat.questions for place in one.says},
        )
    for before in chat.reminders:
        at, length = instant_before(chat.starts, chat.timezone, before), length_of(before)
        key = f"reminder-{format_duration(length)}{moved}"
        yield Slot(key=key, kind="reminder", at=at, text=wording.reminder(chat, length))


def _announcement(chat: Chat, place: str = "") -> str:
    """The announcement, with the questions in their wordings for a place or platform, where they have one."""
    asked = (wording.question(one.number, one.says.get(place) or one.text) for one in chat.questions)
    return "\n\n".join((wording.posted_text(chat, "advance"), *asked))


def length_of(before: Before) -> timedelta:
    """The length of a time before the start, with days of 24 hours."""
    return before if isinstance(before, timedelta) else before.length


def _question_slot(question: Question, hashtag: str) -> Slot:
    """A question as posted, with its number and hashtag, in every wording."""
    return Slot(
        key=question.key,
        kind="question",
        at=question.at,
        text=wording.question(question.number, question.text, hashtag),
        says={place: wording.question(question.number, text, hashtag) for place, text in question.says.items()},
        image=question.image,
    )
