"""The texts about the plan: parts of receipts, and notices for everybody. Times are in the chat's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot import wording
from bot.chat import Chat, Slot
from bot.clock import clock_time
from bot.commands.plan.plan import Plan
from bot.translation import _, speaking

_NOW = timedelta(seconds=1)
"""A question due within this comes now."""


def local_time(chat: Chat, at: datetime) -> str:
    """`20:31`, or `01:31 GMT` in the hour that comes twice."""
    return clock_time(at.astimezone(ZoneInfo(chat.timezone)))


def describe_plan(chat: Chat, plan: Plan, now: datetime) -> str:
    """For `status`: the current question, the next one, and the end."""
    if plan.cancelled:
        return _("This chat is cancelled.")
    if plan.is_over(now):
        return _("This chat is over; it closed at {time}.").format(time=local_time(chat, plan.ends))
    said = []
    if plan.current_question:
        since = local_time(chat, plan.asked[-1][1])
        said.append(_("{question} is on since {time}.").format(question=plan.current_question.upper(), time=since))
    if plan.paused_at:
        said.append(_("Paused since {time}.").format(time=local_time(chat, plan.paused_at)))
    return " ".join((*said, remaining_plan(chat, plan, plan, now)))


def remaining_plan(chat: Chat, before: Plan, after: Plan, now: datetime) -> str:
    """The rest of the plan, like `Q3 at 20:31, closing still at 21:00`."""
    questions = f"{_next_question(chat, after, now)}{_question_after(chat, after, now)}"
    still = before.ends == after.ends
    said = _("{questions}, closing still at {time}.") if still else _("{questions}, closing at {time}.")
    return said.format(questions=questions, time=local_time(chat, after.ends))


def _next_question(chat: Chat, plan: Plan, now: datetime) -> str:
    following = next(iter(plan.questions), None)
    if following is None:
        return _("No question is left")
    question = following.key.upper()
    if plan.paused_at:
        return _("{question} waits").format(question=question)
    if following.at <= now + _NOW:
        return _("{question} now").format(question=question)
    return _("{question} at {time}").format(question=question, time=local_time(chat, following.at))


def _question_after(chat: Chat, plan: Plan, now: datetime) -> str:
    """The question after the one that comes now, if one does."""
    coming = [slot for slot in plan.questions if slot.at > now + _NOW]
    comes_now = len(coming) < len(plan.questions) and not plan.paused_at
    if not (coming and comes_now):
        return ""
    at = local_time(chat, coming[0].at)
    return ", " + _("{question} at {time}").format(question=coming[0].key.upper(), time=at)


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


def paused(chat: Chat) -> str:
    """The notice when a pause begins."""
    return wording.posted_text(chat, "paused")


def resumed(chat: Chat, plan: Plan, now: datetime) -> str:
    """The notice when a pause is over."""
    with speaking(chat.language):
        coming = f"{_next_question(chat, plan, now)}." if plan.questions else ""
    return wording.posted_text(chat, "resumed", next=coming)


def extended(chat: Chat, ends: datetime) -> str:
    """The notice when the end moved to a later time."""
    return wording.posted_text(chat, "extended", time=local_time(chat, ends))


def shortened(chat: Chat, ends: datetime) -> str:
    """The notice when an extension was taken back."""
    return wording.posted_text(chat, "shortened", time=local_time(chat, ends))


def cancelled(chat: Chat, *, begun: bool) -> str:
    """The notice when a chat is cancelled, before or after it began."""
    return wording.posted_text(chat, "broken_off" if begun else "called_off")
