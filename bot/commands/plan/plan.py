"""A chat's plan as it stands, what an order makes of it, and how times move. Nothing here knows an order or a wording.

asked … now: slots not said yet … closing at the end
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from bot.chat import Question, Slot
from bot.messages import Value

_TICK = timedelta(microseconds=1)


class Plan(Value, frozen=True, kw_only=True):
    """What is still to be said and when, in order of time, and which questions were on the floor since when.

    `asked` begins with the first and has a question again where it was brought back. While `paused_at` is set no
    question is asked; the times of `slots` are then those they had before the pause.
    """

    slots: tuple[Slot, ...]
    ends: datetime
    asked: tuple[tuple[str, datetime], ...] = ()
    paused_at: datetime | None = None
    cancelled: bool = False

    @property
    def floor(self) -> str | None:
        """The question that people answer now."""
        return self.asked[-1][0] if self.asked else None

    @property
    def floored(self) -> frozenset[str]:
        """Every question that was asked."""
        return frozenset(key for key, _ in self.asked)

    @property
    def questions(self) -> tuple[Slot, ...]:
        """The questions still to be asked."""
        return tuple(slot for slot in self.slots if slot.kind == "question")

    @property
    def asked_at(self) -> datetime | None:
        """When a question was last asked for the first time."""
        first: dict[str, datetime] = {}
        for key, at in self.asked:
            first.setdefault(key, at)
        return max(first.values(), default=None)

    def begun(self, now: datetime) -> bool:
        """Whether the welcome is due or out."""
        return all(slot.at <= now for slot in self.slots if slot.kind == "welcome")

    def over(self, now: datetime) -> bool:
        """Whether it closed, or was called off."""
        return self.cancelled or now >= self.ends


class PlanChange(Value, frozen=True, kw_only=True):
    """What an order does: the plan before and after, and what is said.

    `receipt` is for whoever gave the order, `notice` is said to everybody and stands outside the plan. `repeats` is
    the question that the notice brings back, so that answers to it find their place; `added` belongs into the chat.
    """

    before: Plan
    after: Plan
    receipt: str
    notice: Slot | None = None
    repeats: str | None = None
    added: Question | None = None
    reversible: bool = True

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What is still to be said."""
        return self.after.slots

    @property
    def ends(self) -> datetime:
        """When the chat closes now."""
        return self.after.ends


class Refused(Value, frozen=True, kw_only=True):
    """The order changes nothing, and why."""

    reason: str


def moved(slot: Slot, at: datetime) -> Slot:
    """The same words at another time."""
    return msgspec.structs.replace(slot, at=at)


def ordered(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """In order of time; what is at one time stays as it was."""
    return tuple(sorted(slots, key=lambda slot: slot.at))


def squeezed(slots: tuple[Slot, ...], since: datetime, now: datetime, ends: datetime) -> tuple[Slot, ...]:
    """What had the time from `since` to `ends`, in the time from `now` to `ends`: gaps shrink in proportion.

    The closing and the reminders stay, and so does what is before `since`.
    """
    whole, room = (ends - since) // _TICK, (ends - now) // _TICK
    if whole <= 0:
        return slots
    return tuple(
        slot
        if slot.kind in {"closing", "reminder"} or slot.at < since
        else moved(slot, min(ends, now + (slot.at - since) // _TICK * room // whole * _TICK))
        for slot in slots
    )


def resumed(plan: Plan, now: datetime) -> Plan:
    """The plan without its pause. What time is left is shared out as before; what was overdue comes at once."""
    since = plan.paused_at or now
    slots = squeezed(plan.slots, since, now, plan.ends)
    caught = tuple(slot if slot.kind == "reminder" else moved(slot, max(slot.at, now)) for slot in slots)
    return msgspec.structs.replace(plan, slots=ordered(caught), paused_at=None)


def count(key: str) -> int:
    """The number of a question; 0 for anything else."""
    found = re.fullmatch(r"q(\d{1,6})", key, re.ASCII)
    return int(found[1]) if found else 0
