"""What each order makes of a plan. One rule a function, named like its command; `helm` calls them.

Nothing here asks whether the chat is on, or who gave the order.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot import wording
from bot.chat import Chat, Question, Slot
from bot.commands.grammar.command_types import Add, At, Extend, Skip
from bot.commands.plan import announcements
from bot.commands.plan.plan import Plan, PlanChange, Refused, count, moved, ordered, resumed, squeezed
from bot.scheduling import timeline
from bot.toml.duration import format_duration

TWICE = timedelta(seconds=5)
"""A second `next` within this was meant by two people for the same question."""

MOST = timedelta(hours=3)
"""How much an end may move at once. More is a slip of the finger."""

LEAST = timedelta(minutes=1)
"""The time that every question is left with, at least."""

_replace = msgspec.structs.replace


def next(chat: Chat, plan: Plan, now: datetime) -> PlanChange | Refused:  # noqa: A001 -- named like its command
    """The next question comes now, and the rest follows with the gaps it had; the closing stays. Ends a pause."""
    free = resumed(plan, now) if plan.paused_at else plan
    following = free.questions[0] if free.questions else None
    if plan.asked_at and now - plan.asked_at <= TWICE:
        asked = max(plan.floored, key=count).upper()
        return Refused(
            reason=f"{asked} was asked only just now; nothing moved. {announcements.rest(chat, free, free, now)}"
        )
    if following is None:
        return Refused(reason="There is no question left. `add` asks one more, `end` closes the chat.")
    if following.at <= now and not plan.paused_at:
        return Refused(reason=f"{following.key.upper()} is just being asked; nothing moved.")
    sooner = following.at - now
    slots = tuple(
        slot if slot.kind in {"closing", "reminder"} else moved(slot, max(now, slot.at - sooner)) for slot in free.slots
    )
    return _changed(chat, plan, _replace(free, slots=ordered(slots)), now)


def back(chat: Chat, plan: Plan, now: datetime) -> PlanChange | Refused:
    """The question before is on again. Nothing else moves."""
    if _brought_back(plan, now):
        return Refused(reason=f"{plan.asked[-1][0].upper()} was brought back only just now; nothing moved.")
    earlier = [key for key in plan.floored if count(key) < count(plan.floor or "")]
    if not earlier:
        return Refused(reason="There is no question before this one.")
    return _again(chat, plan, max(earlier, key=count), now, "Back to")


def repeat(chat: Chat, plan: Plan, now: datetime) -> PlanChange | Refused:
    """The question that is on is said again. Nothing moves."""
    if plan.floor is None:
        return Refused(reason=f"No question is out yet. {announcements.rest(chat, plan, plan, now)}")
    if now - plan.asked[-1][1] <= TWICE:
        return Refused(reason=f"{plan.floor.upper()} was asked only just now.")
    return _again(chat, plan, plan.floor, now, "Once more:")


def pause(chat: Chat, plan: Plan, now: datetime) -> PlanChange | Refused:
    """No question is asked until `resume`. The closing is not held back: a forgotten pause ends with the chat."""
    if plan.paused_at:
        return Refused(reason=f"It is paused already, since {announcements.clock(chat, plan.paused_at)}.")
    return _changed(chat, plan, _replace(plan, paused_at=now), now, lead="Paused. ", says=announcements.paused())


def resume(chat: Chat, plan: Plan, now: datetime) -> PlanChange | Refused:
    """The rest moves on by the pause; so that nothing passes the end, its gaps shrink in proportion."""
    if not plan.paused_at:
        return Refused(reason=f"It is not paused. {announcements.rest(chat, plan, plan, now)}")
    after = resumed(plan, now)
    return _changed(chat, plan, after, now, lead="We go on. ", says=announcements.resumed(chat, after, now))


def extend(chat: Chat, plan: Plan, order: Extend, now: datetime) -> PlanChange | Refused:
    """The end moves. With a question, the questions after it come later and the end stays; the last one moves it."""
    if order.by > MOST:
        return Refused(reason=f"That is more than {format_duration(MOST)} at once.")
    if order.question is None:
        return _longer(chat, plan, order.by, now)
    if order.question not in plan.floored | {slot.key for slot in plan.questions}:
        return _unknown(chat, plan, order.question)
    later = [slot for slot in plan.questions if count(slot.key) > count(order.question)]
    if order.question in plan.floored - {plan.floor} or (later and _under_way(plan, later[0], now)):
        return Refused(reason=f"{order.question.upper()} is over. `back` brings the question before back.")
    return _lengthened(chat, plan, later, order.by, now) if later else _longer(chat, plan, order.by, now)


def _lengthened(chat: Chat, plan: Plan, later: list[Slot], by: timedelta, now: datetime) -> PlanChange | Refused:
    """What is `later` comes later by this, in the time that is left."""
    since, until = later[0].at, later[0].at + by
    if until > plan.ends - LEAST * len(later):
        more = format_duration(by)
        return Refused(
            reason=f"There is no room before {announcements.clock(chat, plan.ends)}. `extend {more}` moves the end."
        )
    earlier = tuple(slot for slot in plan.slots if slot.at < since)
    rest = tuple(slot for slot in plan.slots if slot.at >= since)
    after = _replace(plan, slots=earlier + squeezed(rest, since, until, plan.ends))
    return _changed(chat, plan, after, now)


def skip(chat: Chat, plan: Plan, order: Skip, now: datetime) -> PlanChange | Refused:
    """The question is left out, and its time falls to the one before."""
    slot = _waiting(chat, plan, order.question, now)
    if isinstance(slot, Refused):
        return slot
    after = _replace(plan, slots=tuple(one for one in plan.slots if one.key != slot.key))
    return _changed(chat, plan, after, now, lead=f"{slot.key.upper()} left out. ")


def at(chat: Chat, plan: Plan, order: At, now: datetime) -> PlanChange | Refused:
    """The question comes at another time, between its neighbours: their order is never changed."""
    slot = _waiting(chat, plan, order.question, now)
    if isinstance(slot, Refused):
        return slot
    if plan.paused_at:
        return Refused(reason="It is paused, and times move when it goes on. `resume` first.")
    earlier = [one for one in plan.slots if one.at <= slot.at and one.kind != "reminder" and one.key != slot.key]
    later = [one for one in plan.questions if count(one.key) > count(slot.key)]
    begin, until = max([now, *(one.at for one in earlier)]), min([plan.ends, *(one.at for one in later)])
    wanted = now + order.after if order.after else _wall(chat, order.clock or time.min, begin, until)
    if not begin < wanted < until:
        between = f"{announcements.clock(chat, begin)} and {announcements.clock(chat, until)}"
        return Refused(reason=f"{slot.key.upper()} can come between {between}, so that the order stays.")
    slots = tuple(moved(one, wanted) if one.key == slot.key else one for one in plan.slots)
    told = f"{slot.key.upper()} at {announcements.clock(chat, wanted)}. " if slot.key != plan.questions[0].key else ""
    return _changed(chat, plan, _replace(plan, slots=ordered(slots)), now, lead=told)


def end(plan: Plan, now: datetime) -> PlanChange:
    """The closing is said now and the rest not at all."""
    closing = tuple(moved(slot, now) for slot in plan.slots if slot.kind == "closing")
    after = _replace(plan, slots=closing, ends=now, paused_at=None)
    left = ", ".join(slot.key.upper() for slot in plan.questions)
    receipt = f"Closing now; {left} left out." if left else "Closing now."
    return PlanChange(before=plan, after=after, receipt=receipt, reversible=False)


def cancel(chat: Chat, plan: Plan, now: datetime) -> PlanChange:
    """Nothing more is said but that it does not take place, or breaks off."""
    begun = plan.begun(now)
    ends = now if begun else plan.ends
    after = _replace(plan, slots=(), ends=ends, paused_at=None, cancelled=True)
    notice = announcements.notice(chat, announcements.cancelled(chat, begun=begun), now)
    return PlanChange(
        before=plan, after=after, receipt="Cancelled. Everybody is told.", notice=notice, reversible=False
    )


def start_now(chat: Chat, plan: Plan, now: datetime) -> PlanChange:
    """Everything comes earlier, the end as well: the chat keeps its length. Reminders have lost their meaning."""
    welcome = min(slot.at for slot in plan.slots if slot.kind == "welcome")
    sooner = welcome - now
    slots = tuple(moved(slot, slot.at - sooner) for slot in plan.slots if slot.kind != "reminder")
    after = _replace(plan, slots=slots, ends=plan.ends - sooner)
    receipt = f"Starting now. {announcements.rest(chat, plan, after, now)}"
    return PlanChange(before=plan, after=after, receipt=receipt, reversible=False)


def add(chat: Chat, plan: Plan, order: Add, now: datetime) -> PlanChange | Refused:
    """One question more, half-way between the last thing to be said and the end; `next` and `at` move it."""
    last = max([now, *(slot.at for slot in plan.slots if slot.kind not in {"closing", "reminder"})])
    if plan.ends - last < 2 * LEAST:
        return Refused(
            reason=f"There is no time left before {announcements.clock(chat, plan.ends)}. `extend 5m` first."
        )
    keys = [*(one.key for one in chat.questions), *(slot.key for slot in plan.questions), *plan.floored]
    number = max(map(count, keys), default=0) + 1
    added = Question(key=f"q{number}", text=order.text, at=last + (plan.ends - last) / 2)
    text = wording.question(number, order.text, chat.hashtag)
    slot = Slot(key=added.key, kind="question", at=added.at, text=text)
    after = _replace(plan, slots=ordered((*plan.slots, slot)))
    change = _changed(chat, plan, after, now, lead=f"Q{number} at {announcements.clock(chat, added.at)}. ")
    return _replace(change, added=added)


def _changed(chat: Chat, plan: Plan, after: Plan, now: datetime, *, lead: str = "", says: str = "") -> PlanChange:
    receipt = f"{lead}{announcements.rest(chat, plan, after, now)}"
    return PlanChange(
        before=plan, after=after, receipt=receipt, notice=announcements.notice(chat, says, now) if says else None
    )


def _longer(chat: Chat, plan: Plan, by: timedelta, now: datetime) -> PlanChange:
    ends = plan.ends + by
    slots = tuple(moved(slot, ends) if slot.kind == "closing" else slot for slot in plan.slots)
    after = _replace(plan, slots=slots, ends=ends)
    return _changed(chat, plan, after, now, says=announcements.extended(chat, ends))


def _again(chat: Chat, plan: Plan, key: str, now: datetime, lead: str) -> PlanChange | Refused:
    question = _worded(chat, key)
    if question is None:
        return Refused(reason=f"I have lost the words of {key.upper()}.")
    times = sum(1 for asked, _ in plan.asked if asked == key)
    lead = lead if times == 1 else f"{lead.rstrip(':')} ({times}){':' * lead.endswith(':')}"
    after = _replace(plan, asked=(*plan.asked, (key, now)))
    receipt = f"{key.upper()} is on the floor again. {announcements.rest(chat, plan, after, now)}"
    notice = announcements.again(question, lead, now)
    return PlanChange(before=plan, after=after, receipt=receipt, notice=notice, repeats=key, reversible=False)


def _worded(chat: Chat, key: str) -> Slot | None:
    return {slot.key: slot for slot in timeline.all_slots(chat)}.get(key)


def _brought_back(plan: Plan, now: datetime) -> bool:
    """Whether the last thing on the floor was brought back a moment ago."""
    keys = [key for key, _ in plan.asked]
    return bool(keys) and keys.count(keys[-1]) > 1 and now - plan.asked[-1][1] <= TWICE


def _waiting(chat: Chat, plan: Plan, key: str, now: datetime) -> Slot | Refused:
    """The question where it still waits; otherwise why not."""
    slot = {one.key: one for one in plan.questions}.get(key)
    if key in plan.floored or (slot and _under_way(plan, slot, now)):
        return Refused(reason=f"{key.upper()} has been asked already.")
    return slot or _unknown(chat, plan, key)


def _under_way(plan: Plan, slot: Slot, now: datetime) -> bool:
    """Whether it is due, so that a place may be saying it."""
    return slot.at <= (plan.paused_at or now)


def _unknown(chat: Chat, plan: Plan, key: str) -> Refused:
    if any(one.key == key for one in chat.questions):
        return Refused(reason=f"{key.upper()} was left out.")
    left = ", ".join(slot.key.upper() for slot in plan.questions)
    return Refused(reason=f"There is no {key.upper()}. Still to come: {left or 'none'}.")


def _wall(chat: Chat, clock: time, begin: datetime, until: datetime) -> datetime:
    """The instant at which a wall in the chat's zone shows this hour: the one that fits, else the nearest."""
    zone, day = ZoneInfo(chat.timezone), begin.astimezone(ZoneInfo(chat.timezone)).date()
    instants = [
        datetime.combine(day + timedelta(days=days), clock.replace(fold=fold), zone).astimezone(begin.tzinfo)
        for days in (-1, 0, 1)
        for fold in (0, 1)
    ]
    return min(instants, key=lambda one: (not begin < one < until, abs(one - begin)))
