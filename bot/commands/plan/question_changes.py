"""One rule for each command about one question, a function named like its command. `apply` calls them.

Nothing here checks whether the chat is on, or who gave the command.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot import wording
from bot.chat import ADVANCE_KINDS, Chat, Question, Slot, question_number
from bot.commands.grammar.command_types import Add, At, Skip
from bot.commands.plan import announcements
from bot.commands.plan.change_parts import SHORTEST_QUESTION, is_due, plan_change, refused, unknown_question
from bot.commands.plan.plan import Plan, PlanChange, Refused, move, sort_slots, without_pause
from bot.scheduling import timeline
from bot.translation import _

SAME_COMMAND = timedelta(seconds=5)
"""A second `next` within this comes from a second person and means the same question."""

_replace = msgspec.structs.replace


def next(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange | Refused:  # noqa: A001 -- named like its command
    """Ask the next question now. The later ones keep their gaps, and the closing stays. Ends a pause."""
    running = without_pause(plan, now) if plan.paused_at else plan
    following = running.questions[0] if running.questions else None
    if plan.asked_at and now - plan.asked_at <= SAME_COMMAND:
        asked = max(plan.asked_keys, key=question_number).upper()
        rest = announcements.remaining_plan(chat, running, running, now)
        return refused(_("{asked} was asked only just now; nothing moved. {rest}"), asked=asked, rest=rest)
    if following is None:
        return refused(_("There is no question left. `add` asks one more, `end` closes the chat."))
    if following.at <= now and not plan.paused_at:
        return refused(_("{question} is just being asked; nothing moved."), question=following.key.upper())
    sooner = following.at - now
    slots = tuple(
        slot if slot.kind in {"closing", *ADVANCE_KINDS} else move(slot, max(now, slot.at - sooner))
        for slot in running.slots
    )
    return plan_change(chat, plan, _replace(running, slots=sort_slots(slots)), now)


def back(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange | Refused:
    """Post the previous question again. Nothing else moves."""
    if _just_brought_back(plan, now):
        return refused(
            _("{question} was brought back only just now; nothing moved."), question=plan.asked[-1][0].upper()
        )
    earlier = [key for key in plan.asked_keys if question_number(key) < question_number(plan.current_question or "")]
    if not earlier:
        return refused(_("There is no question before this one."))
    return _bring_back(chat, plan, max(earlier, key=question_number), now, _("Back to"))


def repeat(chat: Chat, plan: Plan, _command: object, now: datetime) -> PlanChange | Refused:
    """Post the current question again. Nothing moves."""
    if plan.current_question is None:
        return refused(_("No question is out yet. {rest}"), rest=announcements.remaining_plan(chat, plan, plan, now))
    if now - plan.asked[-1][1] <= SAME_COMMAND:
        return refused(_("{question} was asked only just now."), question=plan.current_question.upper())
    return _bring_back(chat, plan, plan.current_question, now, _("Once more:"))


def skip(chat: Chat, plan: Plan, command: Skip, now: datetime) -> PlanChange | Refused:
    """Leave the question out. Its time goes to the question before it."""
    slot = _waiting_question(chat, plan, command.question, now)
    if isinstance(slot, Refused):
        return slot
    after = _replace(plan, slots=tuple(one for one in plan.slots if one.key != slot.key))
    return plan_change(chat, plan, after, now, prefix=_("{question} left out. ").format(question=slot.key.upper()))


def at(chat: Chat, plan: Plan, command: At, now: datetime) -> PlanChange | Refused:
    """Ask the question at another time, between its neighbours: the order never changes."""
    slot = _waiting_question(chat, plan, command.question, now)
    if isinstance(slot, Refused):
        return slot
    if plan.paused_at:
        return refused(_("It is paused, and times move when it goes on. `resume` first."))
    earlier = [one for one in plan.slots if one.at <= slot.at and one.kind not in ADVANCE_KINDS and one.key != slot.key]
    later = [one for one in plan.questions if question_number(one.key) > question_number(slot.key)]
    begin, until = max([now, *(one.at for one in earlier)]), min([plan.ends, *(one.at for one in later)])
    wanted = now + command.after if command.after else _nearest_instant(chat, command.clock or time.min, begin, until)
    if not begin < wanted < until:
        between = _("{one} and {other}").format(
            one=announcements.local_time(chat, begin), other=announcements.local_time(chat, until)
        )
        return refused(
            _("{question} can come between {between}, so that the order stays."),
            question=slot.key.upper(),
            between=between,
        )
    slots = tuple(move(one, wanted) if one.key == slot.key else one for one in plan.slots)
    prefix = (
        _("{question} at {time}. ").format(question=slot.key.upper(), time=announcements.local_time(chat, wanted))
        if slot.key != plan.questions[0].key
        else ""
    )
    return plan_change(chat, plan, _replace(plan, slots=sort_slots(slots)), now, prefix=prefix)


def add(chat: Chat, plan: Plan, command: Add, now: datetime) -> PlanChange | Refused:
    """Add a question half-way between the last slot and the end; `next` and `at` can move it."""
    last = max([now, *(slot.at for slot in plan.slots if slot.kind not in {"closing", *ADVANCE_KINDS})])
    if plan.ends - last < 2 * SHORTEST_QUESTION:
        return refused(
            _("There is no time left before {time}. `extend 5m` first."), time=announcements.local_time(chat, plan.ends)
        )
    keys = [*(one.key for one in chat.questions), *(slot.key for slot in plan.questions), *plan.asked_keys]
    number = max(map(question_number, keys), default=0) + 1
    added = Question(key=f"q{number}", text=command.text, at=last + (plan.ends - last) / 2)
    text = wording.question(number, command.text, chat.hashtag)
    slot = Slot(key=added.key, kind="question", at=added.at, text=text)
    after = _replace(plan, slots=sort_slots((*plan.slots, slot)))
    change = plan_change(
        chat,
        plan,
        after,
        now,
        prefix=_("{question} at {time}. ").format(question=f"Q{number}", time=announcements.local_time(chat, added.at)),
    )
    return _replace(change, added=added)


def _bring_back(chat: Chat, plan: Plan, key: str, now: datetime, prefix: str) -> PlanChange | Refused:
    question = _question_slot(chat, key)
    if question is None:
        return refused(_("I have lost the words of {question}."), question=key.upper())
    times = sum(1 for asked, _ in plan.asked if asked == key)
    prefix = prefix if times == 1 else f"{prefix.rstrip(':')} ({times}){':' * prefix.endswith(':')}"
    after = _replace(plan, asked=(*plan.asked, (key, now)))
    receipt = _("{question} is on the floor again. {rest}").format(
        question=key.upper(), rest=announcements.remaining_plan(chat, plan, after, now)
    )
    notice = announcements.repeated_question(question, prefix, now)
    return PlanChange(before=plan, after=after, receipt=receipt, notice=notice, repeats=key, reversible=False)


def _question_slot(chat: Chat, key: str) -> Slot | None:
    return {slot.key: slot for slot in timeline.all_slots(chat)}.get(key)


def _just_brought_back(plan: Plan, now: datetime) -> bool:
    """Whether the current question was brought back a moment ago."""
    keys = [key for key, _ in plan.asked]
    return bool(keys) and keys.count(keys[-1]) > 1 and now - plan.asked[-1][1] <= SAME_COMMAND


def _waiting_question(chat: Chat, plan: Plan, key: str, now: datetime) -> Slot | Refused:
    """The question if it is still to be asked, else the reason why not."""
    slot = {one.key: one for one in plan.questions}.get(key)
    if key in plan.asked_keys or (slot and is_due(plan, slot, now)):
        return refused(_("{question} has been asked already."), question=key.upper())
    return slot or unknown_question(chat, plan, key)


def _nearest_instant(chat: Chat, clock: time, begin: datetime, until: datetime) -> datetime:
    """The instant with this time of day in the chat's time zone: one between `begin` and `until`, else the nearest."""
    zone, day = ZoneInfo(chat.timezone), begin.astimezone(ZoneInfo(chat.timezone)).date()
    instants = [
        datetime.combine(day + timedelta(days=days), clock.replace(fold=fold), zone).astimezone(begin.tzinfo)
        for days in (-1, 0, 1)
        for fold in (0, 1)
    ]
    return min(instants, key=lambda one: (not begin < one < until, abs(one - begin)))
