"""A chat's plan and a change of it as values, and how slots move in time. Commands and texts are not known here.

questions asked … now … slots still to come … closing at the end
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.chat import ADVANCE_KINDS, Question, Slot
from bot.messages import Value

_TICK = timedelta(microseconds=1)


class Plan(Value, frozen=True, kw_only=True):
    """The slots still to be posted, by time, and the questions that were asked, with their times (UTC).

    `asked` has a question again for each time it was brought back. While `paused_at` is set no question is asked, and
    the slots keep the times they had before the pause.
    """

    slots: tuple[Slot, ...]
    ends: datetime
    asked: tuple[tuple[str, datetime], ...] = ()
    paused_at: datetime | None = None
    cancelled: bool = False

    @property
    def current_question(self) -> str | None:
        """The key of the question that people answer now."""
        return self.asked[-1][0] if self.asked else None

    @property
    def asked_keys(self) -> frozenset[str]:
        """The keys of all questions that were asked."""
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

    def has_begun(self, now: datetime) -> bool:
        """Whether the welcome is due or posted."""
        return all(slot.at <= now for slot in self.slots if slot.kind == "welcome")

    def is_over(self, now: datetime) -> bool:
        """Whether the chat closed, or was cancelled."""
        return self.cancelled or now >= self.ends


class PlanChange(Value, frozen=True, kw_only=True):
    """A change of the plan: before, after, and the texts.

    `receipt` is for the person who gave the command. `notice` is posted for everybody and is no part of the plan.
    `repeats` is the question that the notice brings back, so that answers to the notice count as answers to it. `added`
    is a new question of the chat.
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
        """The slots still to be posted."""
        return self.after.slots

    @property
    def ends(self) -> datetime:
        """When the chat closes after the change, UTC."""
        return self.after.ends


class Refused(Value, frozen=True, kw_only=True):
    """The command changes nothing, and why."""

    reason: str


def move(slot: Slot, at: datetime) -> Slot:
    """The slot at another time."""
    return msgspec.structs.replace(slot, at=at)


def sort_slots(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots by time. Those at the same time keep their order."""
    return tuple(sorted(slots, key=lambda slot: slot.at))


def compress(slots: tuple[Slot, ...], since: datetime, now: datetime, ends: datetime) -> tuple[Slot, ...]:
    """The slots between `since` and `ends`, moved between `now` and `ends`: gaps shrink in proportion.

    The closing, what comes before the start and slots before `since` stay.
    """
    before, after = (ends - since) // _TICK, (ends - now) // _TICK
    if before <= 0:
        return slots
    return tuple(
        slot
        if slot.kind in {"closing", *ADVANCE_KINDS} or slot.at < since
        else move(slot, min(ends, now + (slot.at - since) // _TICK * after // before * _TICK))
        for slot in slots
    )


def without_pause(plan: Plan, now: datetime) -> Plan:
    """The plan after its pause: gaps shrink in proportion to the time that is left, and overdue slots come at once."""
    since = plan.paused_at or now
    slots = compress(plan.slots, since, now, plan.ends)
    slots = tuple(slot if slot.kind in ADVANCE_KINDS else move(slot, max(slot.at, now)) for slot in slots)
    return msgspec.structs.replace(plan, slots=sort_slots(slots), paused_at=None)
