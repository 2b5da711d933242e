"""The texts about the plan: parts of receipts, and notices for everybody. Times are in the chat's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot import wording
from bot.chat import Chat, Slot
from bot.clock import clock_time
from bot.commands.plan.plan import Plan

_NOW = timedelta(seconds=1)
"""A question due within this comes now."""


def local_time(chat: Chat, at: datetime) -> str:
    """`20:31`, or `01:31 GMT` in the hour that comes twice."""
    return clock_time(at.astimezone(ZoneInfo(chat.timezone)))


def describe_plan(chat: Chat, plan: Plan, now: datetime) -> str:
    """For `status`: the current question, the next one, and the end."""
    if plan.cancelled:
        return "This chat is cancelled."
    if plan.is_over(now):
        return f"This chat is over; it closed at {local_time(chat, plan.ends)}."
    since = (
        f"{plan.current_question.upper()} is on since {local_time(chat, plan.asked[-1][1])}. "
        if plan.current_question
        else ""
    )
    pause = f"Paused since {local_time(chat, plan.paused_at)}. " if plan.paused_at else ""
    return f"{since}{pause}{remaining_plan(chat, plan, plan, now)}"


def remaining_plan(chat: Chat, before: Plan, after: Plan, now: datetime) -> str:
    """The rest of the plan, like `Q3 at 20:31, closing still at 21:00`."""
    still = "still " if before.ends == after.ends else ""
    questions = f"{_next_question(chat, after, now)}{_question_after(chat, after, now)}"
    return f"{questions}, closing {still}at {local_time(chat, after.ends)}."


def _next_question(chat: Chat, plan: Plan, now: datetime) -> str:
    following = next(iter(plan.questions), None)
    if following is None:
        return "No question is left"
    if plan.paused_at:
        return f"{following.key.upper()} waits"
    if following.at <= now + _NOW:
        return f"{following.key.upper()} now"
    return f"{following.key.upper()} at {local_time(chat, following.at)}"


def _question_after(chat: Chat, plan: Plan, now: datetime) -> str:
    """The question after the one that comes now, if one does."""
    coming = [slot for slot in plan.questions if slot.at > now + _NOW]
    comes_now = len(coming) < len(plan.questions) and not plan.paused_at
    return f", {coming[0].key.upper()} at {local_time(chat, coming[0].at)}" if coming and comes_now else ""


def notice(chat: Chat, text: str, now: datetime) -> Slot:
    """A notice that is posted at once."""
    text = wording.with_hashtag(text, chat.hashtag)
    return Slot(key=f"notice-{round(now.timestamp() * 1000)}", kind="notice", at=now, text=text)


def repeated_question(question: Slot, prefix: str, now: datetime) -> Slot:
    """A question posted again, in each place's wording. `prefix` differs each time: platforms refuse a text twice."""
    return msgspec.structs.replace(
        question,
        key=f"notice-{round(now.timestamp() * 1000)}",
        kind="notice",
        at=now,
        text=f"{prefix} {question.text}",
        says={place: f"{prefix} {text}" for place, text in question.says.items()},
    )


def paused() -> str:
    """The notice when a pause begins."""
    return "We pause here for a moment. Answers are welcome meanwhile."


def resumed(chat: Chat, plan: Plan, now: datetime) -> str:
    """The notice when a pause is over."""
    coming = f" {_next_question(chat, plan, now)}." if plan.questions else ""
    return f"We go on.{coming}"


def extended(chat: Chat, ends: datetime) -> str:
    """The notice when the end moved to a later time."""
    return f"We take a little more time: we close at {local_time(chat, ends)}."


def shortened(chat: Chat, ends: datetime) -> str:
    """The notice when an extension was taken back."""
    return f"We close at {local_time(chat, ends)} after all."


def cancelled(chat: Chat, *, begun: bool) -> str:
    """The notice when a chat is cancelled, before or after it began."""
    if begun:
        return "Sorry, we have to stop our chat here. Thank you all for coming."
    local = chat.starts.astimezone(ZoneInfo(chat.timezone))
    when = f"{local:%A} {local.day} {local:%B}, {clock_time(local)} ({chat.timezone})"
    return f"Sorry, our chat on {when} will not take place: {chat.title}."
