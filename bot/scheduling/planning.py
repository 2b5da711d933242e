"""Planning: turns a chat into posts for the outbox, and moves the rest of its plan after downtime. Pure.

`plan_sync` saves the plan, and `outbox` sends the posts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.chat import ADVANCE_KINDS, Chat, Slot
from bot.clock import clock_time
from bot.messages import CalendarEntry, Post, Value
from bot.ports.platform import Traits
from bot.scheduling import timeline
from bot.scheduling.moves import Move
from bot.scheduling.post_text import PostText, post_texts
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import PlannedPost, nonce
from bot.store.post_states import State
from bot.translation import _, ngettext, speaking

CLOSING_GRACE = timedelta(hours=1)
"""How long after its due time a closing post, a notice or a reminder is still sent."""

_ANNOUNCEMENT_GRACE = timedelta(days=1)
"""How long after its due time an announcement is still sent, which names the day: a bot may be away for a night."""

_PART_OF_LEAD = 6
"""A reminder may be late by this part of the time that is left: one that says "in an hour" must not come much later."""

_CALENDAR_LEAD = timedelta(days=7)
"""How long before its start a chat is entered in a platform's calendar."""

_NOTICE_LEAD = timedelta(seconds=2)
"""Between the notice that the plan moved and the next post."""

_PLANNED: tuple[State, ...] = ("planned",)

_PART_GAP = timedelta(milliseconds=1)
"""Between the parts of a split post, so that they are sent in order."""


def plan_posts(
    chat: Chat, slots: Iterable[Slot], places: Mapping[str, Traits], *, ends: datetime, slack: timedelta
) -> list[PlannedPost]:
    """The posts for these slots, one for each place and part.

    `ends` is the chat's current end, `slack` how far it may still move.
    """
    wanted = {slot.key: slot for slot in slots}
    # slots that were sent count as well: a platform may allow a link in only one of a chat's posts
    whole = [*(slot for slot in timeline.all_slots(chat) if slot.key not in wanted), *wanted.values()]
    planned = [
        PlannedPost(post=post, expires=_expires(text.slot, chat, ends + slack))
        for place, texts in post_texts(chat, whole, places).items()
        for text in texts
        if text.slot.key in wanted
        for post in _posts(chat, text, place)
    ]
    return planned + (calendar_posts(chat, places, ends) if "welcome" in wanted else [])


def move_posts(move: Move, places: Mapping[str, Traits]) -> list[PlannedPost]:
    """The posts that tell of a move, in the places that are told."""
    told = {place: traits for place, traits in places.items() if place in move.places}
    slots = [move.notice] if move.notice else []
    return plan_posts(move.chat, slots, told, ends=move.chat.ends, slack=timedelta(0))


def calendar_posts(chat: Chat, places: Mapping[str, Traits], ends: datetime) -> list[PlannedPost]:
    """The calendar entries of a chat, on the places that have a calendar."""
    return [_calendar_post(chat, place, ends) for place, traits in places.items() if traits.features.calendar]


def _posts(chat: Chat, post_text: PostText, place: str) -> list[Post]:
    slot = post_text.slot
    return [
        Post(
            chat=chat.name,
            key=slot.key,
            place=place,
            kind=slot.kind,
            text=text,
            nonce=nonce(chat.name, slot.key, place, part),
            due=slot.at + (part - 1) * _PART_GAP,
            part=part,
            image=slot.image if part == 1 else None,
        )
        for part, text in enumerate(post_text.parts, 1)
    ]


def _calendar_post(chat: Chat, place: str, ends: datetime) -> PlannedPost:
    """A chat's entry in a platform's calendar. A change makes another post, and the platform updates its entry."""
    hosts = f" With {', '.join(host.name for host in chat.hosts)}." if chat.hosts else ""
    version = nonce(f"{chat.starts} {ends}", chat.title, f"{chat.link}", len(hosts))
    key = f"calendar-{version[:8]}"
    post = Post(
        chat=chat.name,
        key=key,
        place=place,
        kind="calendar",
        text=f"{chat.title}.{hosts}",
        nonce=nonce(chat.name, key, place, 1),
        due=chat.starts - _CALENDAR_LEAD,
        calendar_entry=CalendarEntry(name=chat.name, title=chat.title, starts=chat.starts, ends=ends, link=chat.link),
    )
    return PlannedPost(post=post, expires=ends)


def cancelled_calendar_posts(chat: Chat, places: Mapping[str, Traits], now: datetime) -> list[PlannedPost]:
    """Posts that remove a chat from the calendars that it may be in."""
    return [_cancelled(entry.post, now) for entry in calendar_posts(chat, places, chat.ends)]


def _cancelled(post: Post, now: datetime) -> PlannedPost:
    key = f"{post.key}-off"
    calendar_entry = post.calendar_entry and msgspec.structs.replace(post.calendar_entry, cancelled=True)
    new_nonce = nonce(post.chat, key, post.place, 1)
    return PlannedPost(
        post=msgspec.structs.replace(post, key=key, nonce=new_nonce, due=now, calendar_entry=calendar_entry),
        expires=now + _CALENDAR_LEAD,
    )


def _expires(slot: Slot, chat: Chat, last: datetime) -> datetime:
    """The time after which it is better not to send the post."""
    if slot.kind in ADVANCE_KINDS:
        grace = _ANNOUNCEMENT_GRACE if slot.kind == "announcement" else CLOSING_GRACE
        return slot.at + max(min(grace, (chat.starts - slot.at) / _PART_OF_LEAD), timedelta(0))
    return last + CLOSING_GRACE if slot.kind in {"closing", "notice"} else last


class PlanMove(Value, frozen=True, kw_only=True):
    """The rest of a chat, moved: the new slots, the new end, and a notice about it."""

    slots: tuple[Slot, ...]
    ends: datetime
    notice: Slot | None


def move_late_slots(
    chat: Chat, rows: Iterable[OutboxRow], *, ends: datetime, now: datetime, grace: timedelta, slack: timedelta
) -> PlanMove | None:
    """The move of the rest of a chat if its next question is late by more than `grace`; else None.

    `slack` is how far the end may move beyond the chat's own. Slots that any place has tried don't move.
    """
    left = untried_slots(chat, rows)
    first = next((slot for slot in left if slot.kind == "question"), None)
    if first is None or not timeline.is_late(first.at, now, grace):
        return None
    moved = timeline.reflow(left, now + _NOTICE_LEAD, chat.ends, slack)
    if not moved:
        return None
    end = max([ends, *(slot.at for slot in moved if slot.kind == "closing")])
    return PlanMove(slots=moved, ends=end, notice=_notice(chat, moved, now, now - first.at, end))


def coming_slots(slots: Iterable[Slot], rows: Iterable[OutboxRow], now: datetime) -> tuple[Slot, ...]:
    """These slots without announcements and reminders whose time is past, unless they were planned in time."""
    planned = {row.post.key for row in rows if row.state in ("planned", "retry", "sending", "ambiguous")}
    return tuple(slot for slot in slots if slot.kind not in ADVANCE_KINDS or slot.at >= now or slot.key in planned)


def untried_slots(chat: Chat, rows: Iterable[OutboxRow], states: Collection[State] = _PLANNED) -> tuple[Slot, ...]:
    """The slots whose posts are in one of these states on every place, with their current times."""
    by_key: dict[str, list[OutboxRow]] = {}
    for row in rows:
        by_key.setdefault(row.post.key, []).append(row)
    waiting = {
        key: min(row.post.due for row in found)
        for key, found in by_key.items()
        if all(row.state in states for row in found)
    }
    slots = [_at(slot, waiting[slot.key]) for slot in timeline.all_slots(chat) if slot.key in waiting]
    return tuple(sorted(slots, key=lambda slot: slot.at))


def _at(slot: Slot, at: datetime) -> Slot:
    return Slot(key=slot.key, kind=slot.kind, at=at, text=slot.text, says=slot.says, image=slot.image)


def _notice(chat: Chat, moved: tuple[Slot, ...], now: datetime, late: timedelta, ends: datetime) -> Slot | None:
    """The notice: why the chat was silent, what comes next, and when it ends."""
    question = next((slot for slot in moved if slot.kind == "question"), None)
    if question is None:
        return None
    minutes = max(1, round(late / timedelta(minutes=1)))
    comes_now = question.at <= now + _NOTICE_LEAD
    tag = f" {chat.hashtag}" if chat.hashtag else ""
    with speaking(chat.language):
        said = (
            _("Sorry, we were away for about {pause}. {question} comes now; we close at {end}.")
            if comes_now
            else _("Sorry, we were away for about {pause}. {question} comes at {time}; we close at {end}.")
        ).format(
            pause=ngettext("a minute", "{count} minutes", minutes).format(count=minutes),
            question=question.key.upper(),
            time=_local_time(chat, question.at),
            end=_local_time(chat, ends),
        )
    text = f"{said}{tag}"
    return Slot(key=f"notice-{int(now.timestamp())}", kind="notice", at=now, text=text)


def _local_time(chat: Chat, at: datetime) -> str:
    return clock_time(at.astimezone(ZoneInfo(chat.timezone)))
