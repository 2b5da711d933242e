"""The words of steering: the receipts, and what everybody is told. Hours are on the clock of the chat's zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot import wording
from bot.chat import Chat, Slot
from bot.commands.plan.plan import Plan

_MOMENT = timedelta(seconds=1)
"""What is due within this is said to come now."""


def clock(chat: Chat, at: datetime) -> str:
    """`20:31`."""
    return f"{at.astimezone(ZoneInfo(chat.timezone)):%H:%M}"


def standing(chat: Chat, plan: Plan, now: datetime) -> str:
    """For `status`: what is on, what comes, and when it ends."""
    if plan.cancelled:
        return "This chat is cancelled."
    if plan.over(now):
        return f"This chat is over; it closed at {clock(chat, plan.ends)}."
    since = f"{plan.floor.upper()} is on since {clock(chat, plan.asked[-1][1])}. " if plan.floor else ""
    pause = f"Paused since {clock(chat, plan.paused_at)}. " if plan.paused_at else ""
    return f"{since}{pause}{rest(chat, plan, plan, now)}"


def rest(chat: Chat, before: Plan, after: Plan, now: datetime) -> str:
    """What the plan is now, like `Q3 at 20:31, closing still at 21:00`."""
    still = "still " if before.ends == after.ends else ""
    return f"{_coming(chat, after, now)}{_then(chat, after, now)}, closing {still}at {clock(chat, after.ends)}."


def _coming(chat: Chat, plan: Plan, now: datetime) -> str:
    following = next(iter(plan.questions), None)
    if following is None:
        return "No question is left"
    if plan.paused_at:
        return f"{following.key.upper()} waits"
    if following.at <= now + _MOMENT:
        return f"{following.key.upper()} now"
    return f"{following.key.upper()} at {clock(chat, following.at)}"


def _then(chat: Chat, plan: Plan, now: datetime) -> str:
    """The question after one that comes now."""
    coming = [slot for slot in plan.questions if slot.at > now + _MOMENT]
    comes_now = len(coming) < len(plan.questions) and not plan.paused_at
    return f", {coming[0].key.upper()} at {clock(chat, coming[0].at)}" if coming and comes_now else ""


def notice(chat: Chat, text: str, now: datetime) -> Slot:
    """Something said to everybody at once."""
    text = wording.with_hashtag(text, chat.hashtag)
    return Slot(key=f"notice-{round(now.timestamp() * 1000)}", kind="notice", at=now, text=text)


def again(question: Slot, lead: str, now: datetime) -> Slot:
    """A question brought back, in every wording. `lead` differs each time: no platform takes a text twice."""
    return msgspec.structs.replace(
        question,
        key=f"notice-{round(now.timestamp() * 1000)}",
        kind="notice",
        at=now,
        text=f"{lead} {question.text}",
        says={place: f"{lead} {text}" for place, text in question.says.items()},
    )


def paused() -> str:
    """Said when a pause begins."""
    return "We pause here for a moment. Answers are welcome meanwhile."


def resumed(chat: Chat, plan: Plan, now: datetime) -> str:
    """Said when a pause is over."""
    coming = f" {_coming(chat, plan, now)}." if plan.questions else ""
    return f"We go on.{coming}"


def extended(chat: Chat, ends: datetime) -> str:
    """Said when the end moved to a later time."""
    return f"We take a little more time: we close at {clock(chat, ends)}."


def shortened(chat: Chat, ends: datetime) -> str:
    """Said when an extension was taken back."""
    return f"We close at {clock(chat, ends)} after all."


def cancelled(chat: Chat, *, begun: bool) -> str:
    """Said when a chat is called off or broken off."""
    if begun:
        return "Sorry, we have to stop our chat here. Thank you all for coming."
    local = chat.starts.astimezone(ZoneInfo(chat.timezone))
    when = f"{local:%A} {local.day} {local:%B}, {local:%H:%M} ({chat.timezone})"
    return f"Sorry, our chat on {when} will not take place: {chat.title}."
