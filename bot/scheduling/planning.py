"""Turns a chat into drafts for the outbox, and moves what is left of it after downtime. Pure.

Says what should be said where and when; `conductor` writes it down, `outbox` says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.chat import Chat, Slot
from bot.messages import CalendarEntry, Post, Value
from bot.ports.platform import Traits
from bot.scheduling import timeline
from bot.scheduling.post_text import PostText, sayings
from bot.store.outbox import State
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import PlannedPost, nonce

FAREWELL = timedelta(hours=1)
"""How long after its hour a closing post or a reminder is still worth saying."""

_ANNOUNCED = timedelta(days=7)
"""How long before its hour a chat is entered in a platform's calendar."""

_BREATH = timedelta(seconds=2)
"""Between telling people that the plan moved and going on with it."""

_PLANNED: tuple[State, ...] = ("planned",)

_STEP = timedelta(milliseconds=1)
"""Between the parts of one split post, so that they are said in order."""


def drafts(
    chat: Chat, slots: Iterable[Slot], places: Mapping[str, Traits], *, ends: datetime, slack: timedelta
) -> list[PlannedPost]:
    """What to say for these slots: one draft a place and part.

    `ends` is the chat's end as it stands now, `slack` how far it may still move.
    """
    wanted = {slot.key: slot for slot in slots}
    # what was said already counts too: of all that a chat says only one post may have a link
    whole = [*(slot for slot in timeline.slots(chat) if slot.key not in wanted), *wanted.values()]
    planned = [
        PlannedPost(post=post, expires=_expires(saying.slot, chat, ends + slack))
        for place, said in sayings(chat, whole, places).items()
        for saying in said
        if saying.slot.key in wanted
        for post in _posts(chat, saying, place)
    ]
    return planned + (entries(chat, places, ends) if "welcome" in wanted else [])


def entries(chat: Chat, places: Mapping[str, Traits], ends: datetime) -> list[PlannedPost]:
    """The chat in the calendars that there are."""
    return [_entry(chat, place, ends) for place, traits in places.items() if traits.features.calendar]


def _posts(chat: Chat, saying: PostText, place: str) -> list[Post]:
    slot = saying.slot
    return [
        Post(
            chat=chat.name,
            key=slot.key,
            place=place,
            kind=slot.kind,
            text=text,
            nonce=nonce(chat.name, slot.key, place, part),
            due=slot.at + (part - 1) * _STEP,
            part=part,
            image=slot.image if part == 1 else None,
        )
        for part, text in enumerate(saying.parts, 1)
    ]


def _entry(chat: Chat, place: str, ends: datetime) -> PlannedPost:
    """The chat in a platform's calendar. What changes makes another post; the platform corrects the entry it has."""
    hosts = f" With {', '.join(host.name for host in chat.hosts)}." if chat.hosts else ""
    told = nonce(f"{chat.starts} {ends}", chat.title, f"{chat.link}", len(hosts))
    key = f"calendar-{told[:8]}"
    post = Post(
        chat=chat.name,
        key=key,
        place=place,
        kind="calendar",
        text=f"{chat.title}.{hosts}",
        nonce=nonce(chat.name, key, place, 1),
        due=chat.starts - _ANNOUNCED,
        calendar_entry=CalendarEntry(name=chat.name, title=chat.title, starts=chat.starts, ends=ends, link=chat.link),
    )
    return PlannedPost(post=post, expires=ends)


def struck(chat: Chat, places: Mapping[str, Traits], now: datetime) -> list[PlannedPost]:
    """The chat taken out of the calendars that it may be in."""
    return [_struck(draft.post, now) for draft in entries(chat, places, chat.ends)]


def _struck(post: Post, now: datetime) -> PlannedPost:
    key = f"{post.key}-off"
    calendar_entry = post.calendar_entry and msgspec.structs.replace(post.calendar_entry, cancelled=True)
    told = nonce(post.chat, key, post.place, 1)
    return PlannedPost(
        post=msgspec.structs.replace(post, key=key, nonce=told, due=now, calendar_entry=calendar_entry),
        expires=now + _ANNOUNCED,
    )


def _expires(slot: Slot, chat: Chat, last: datetime) -> datetime:
    """After this, saying it is worse than not."""
    if slot.kind == "reminder":
        return min(chat.starts, slot.at + FAREWELL)
    return last + FAREWELL if slot.kind in {"closing", "notice"} else last


class PlanMove(Value, frozen=True, kw_only=True):
    """The rest of a chat, moved: its new slots, its new end, and what to tell people."""

    slots: tuple[Slot, ...]
    ends: datetime
    notice: Slot | None


def caught_up(
    chat: Chat, lines: Iterable[OutboxRow], *, ends: datetime, now: datetime, grace: timedelta, slack: timedelta
) -> PlanMove | None:
    """How the rest of a chat moves if its next question is late by more than `grace`; None where nothing moves.

    `slack` is how far the end may move beyond the chat's own. Only slots that no place has tried yet move.
    """
    left = untried(chat, lines)
    first = next((slot for slot in left if slot.kind == "question"), None)
    if first is None or not timeline.late(first.at, now, grace):
        return None
    moved = timeline.reflowed(left, now + _BREATH, chat.ends, slack)
    if not moved:
        return None
    end = max([ends, *(slot.at for slot in moved if slot.kind == "closing")])
    return PlanMove(slots=moved, ends=end, notice=_notice(chat, moved, now, now - first.at, end))


def untried(chat: Chat, lines: Iterable[OutboxRow], states: Collection[State] = _PLANNED) -> tuple[Slot, ...]:
    """The slots that wait everywhere, in one of these states, with the times they now have."""
    rows: dict[str, list[OutboxRow]] = {}
    for line in lines:
        rows.setdefault(line.post.key, []).append(line)
    waiting = {
        key: min(line.post.due for line in found)
        for key, found in rows.items()
        if all(line.state in states for line in found)
    }
    slots = [_at(slot, waiting[slot.key]) for slot in timeline.slots(chat) if slot.key in waiting]
    return tuple(sorted(slots, key=lambda slot: slot.at))


def _at(slot: Slot, at: datetime) -> Slot:
    return Slot(key=slot.key, kind=slot.kind, at=at, text=slot.text, says=slot.says, image=slot.image)


def _notice(chat: Chat, moved: tuple[Slot, ...], now: datetime, late: timedelta, ends: datetime) -> Slot | None:
    """What people are told: why it was silent, what comes now, and when it ends."""
    question = next((slot for slot in moved if slot.kind == "question"), None)
    if question is None:
        return None
    minutes = max(1, round(late / timedelta(minutes=1)))
    pause = "a minute" if minutes == 1 else f"{minutes} minutes"
    comes = "comes now" if question.at <= now + _BREATH else f"comes at {_clock(chat, question.at)}"
    tag = f" {chat.hashtag}" if chat.hashtag else ""
    text = (
        f"Sorry, we were away for about {pause}. {question.key.upper()} {comes}; we close at {_clock(chat, ends)}.{tag}"
    )
    return Slot(key=f"notice-{int(now.timestamp())}", kind="notice", at=now, text=text)


def _clock(chat: Chat, at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(chat.timezone)):%H:%M}"
