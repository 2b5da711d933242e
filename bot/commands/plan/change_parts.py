"""The parts that changes of a plan share: a change or a refusal with its receipt, and the limits of both. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import Chat, Slot
from bot.commands.plan import announcements
from bot.commands.plan.plan import Plan, PlanChange, Refused
from bot.translation import _

SHORTEST_QUESTION = timedelta(minutes=1)
"""The time that each question keeps at least."""


def plan_change(
    chat: Chat, plan: Plan, after: Plan, now: datetime, *, prefix: str = "", notice: str = ""
) -> PlanChange:
    """The change to the plan `after`, with the rest of it as receipt; a `notice` is for everybody."""
    receipt = f"{prefix}{announcements.remaining_plan(chat, plan, after, now)}"
    return PlanChange(
        before=plan, after=after, receipt=receipt, notice=announcements.notice(chat, notice, now) if notice else None
    )


def refused(reason: str, **values: str) -> Refused:
    """A refusal, with values for its reason."""
    return Refused(reason=reason.format(**values))


def is_due(plan: Plan, slot: Slot, now: datetime) -> bool:
    """Whether it is due, so that a place may be posting it."""
    return slot.at <= (plan.paused_at or now)


def unknown_question(chat: Chat, plan: Plan, key: str) -> Refused:
    """The refusal of a question that is not in the plan."""
    if any(one.key == key for one in chat.questions):
        return refused(_("{question} was left out."), question=key.upper())
    left = ", ".join(slot.key.upper() for slot in plan.questions)
    return refused(_("There is no {question}. Still to come: {left}."), question=key.upper(), left=left or _("none"))
