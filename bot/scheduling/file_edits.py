"""Edits of a chat's file: the new chat, its state, the slots to come, and a report. Pure.

Before the start the times are those of the file. While the chat is on it keeps its own: questions to come share them in
order, and more questions than before share what is left after the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from bot.chat import Chat, Question, Slot, at_start
from bot.messages import Value
from bot.scheduling import planning, timeline
from bot.scheduling.edit_report import edit_report
from bot.scheduling.moves import Move, told_of_move
from bot.scheduling.question_merge import Merge, MergedQuestion, known_questions, merge_questions
from bot.store.chats import ChatState, StoredChat
from bot.store.outbox_queries import OutboxRow

_replace = msgspec.structs.replace


class FileEdit(Value, frozen=True, kw_only=True):
    """A chat after an edit, and its file as it is remembered.

    `keys` are those of all slots that may have changed; None if it is a whole new plan. `move` is set if it starts at
    another time than people were told.
    """

    chat: Chat
    written: Chat
    state: ChatState
    slots: tuple[Slot, ...]
    keys: frozenset[str] | None
    report: str
    move: Move | None = None


class _Moment(Value, frozen=True, kw_only=True):
    """When a question comes: as planned, and as it was moved since. `key` is the question that had this time before."""

    at: datetime
    due: datetime
    key: str = ""


def edit_under_way(stored: StoredChat, rows: Sequence[OutboxRow], file: Chat, now: datetime) -> FileEdit:
    """The chat with the edited file, while it is on. `rows` are all of its posts."""
    known = known_questions(stored, rows, now)
    merge = merge_questions(known, file.questions)
    last = max((row.post.due for row in rows if row.post.kind == "question" and row.attempts), default=now)
    moments = _moments(merge, max(stored.state.paused_at or now, last), stored.ends)
    coming = [_planned(key, one, moments.get(key)) for key, one in merge.coming]
    questions = (*(one.question for one in merge.settled), *coming)
    chat = _replace(file, starts=stored.chat.starts, length=stored.chat.length, questions=questions)
    slots = _slots(chat, rows, moments)
    untried = (one.question.key for one in known if one.standing == "coming")
    return FileEdit(
        chat=chat,
        written=_replace(file, questions=merge.written),
        state=_moved_state(stored.state, moments, merge),
        slots=slots,
        keys=frozenset({*untried, *(slot.key for slot in slots)}),
        report=edit_report(merge, other_times=_has_other_times(stored.written, file)),
    )


def edit_before_start(stored: StoredChat | None, rows: Sequence[OutboxRow], file: Chat, now: datetime) -> FileEdit:
    """The chat as its file has it, new or edited, before it begins. What commands left out or added stays so.

    So does the start that a command gave it, until the file has another.
    """
    by = _moved_by_command(stored, file)
    file = at_start(file, file.starts + by)
    known = known_questions(stored, rows, now) if stored else ()
    merge = merge_questions(known, file.questions)
    added = [key for key, one in merge.coming if one.new is None]
    since = max((one.at for one in file.questions), default=file.starts)
    times = {key: one.new.at for key, one in merge.coming if one.new}
    times |= dict(zip(added, _shared_times(len(added), since, file.ends), strict=True))
    questions = tuple(_replace(one.question, key=key, at=times[key]) for key, one in merge.coming)
    chat = _replace(file, questions=questions, moved=stored.chat.moved if stored else 0)
    move = told_of_move(chat, stored.chat.starts if stored else chat.starts, rows, now)
    chat = move.chat
    left_out = {key for key, one in merge.coming if _is_left_out(one)}
    slots = planning.coming_slots((one for one in timeline.all_slots(chat) if one.key not in left_out), rows, now)
    before = stored.state if stored else ChatState()
    state = _replace(
        _moved_state(before, {}, merge),
        paused_at=None,
        moderators_lead=False,
        moderators_asked_at=None,
        moved_from=moved_from(stored, chat),
    )
    if stored is None:
        state = _replace(state, changed_at=now)
    elif _calendar_entry(chat) != _calendar_entry(stored.chat):
        state = state.revised(now)
    return FileEdit(
        chat=chat,
        written=at_start(_replace(file, questions=merge.written), file.starts - by),
        state=state,
        slots=slots,
        keys=None,
        report=edit_report(merge) if before.plan_changed else "",
        move=move if move.notice else None,
    )


def _moved_by_command(stored: StoredChat | None, file: Chat) -> timedelta:
    """By how much a command moved a chat whose file still has the start that it had then."""
    if stored is None or stored.written is None or file.starts != stored.written.starts:
        return timedelta(0)
    return stored.chat.starts - file.starts


def moved_from(stored: StoredChat | None, chat: Chat) -> datetime | None:
    """When the chat was to start first; None if that is when it starts."""
    first = (stored.state.moved_from or stored.chat.starts) if stored else chat.starts
    return first if first != chat.starts else None


def _calendar_entry(chat: Chat) -> tuple[object, ...]:
    """The part of a chat that is in people's calendars."""
    return chat.title, chat.starts, chat.length, chat.link, [host.name for host in chat.hosts]


def _moments(merge: Merge, since: datetime, ends: datetime) -> dict[str, _Moment]:
    """The time of each question that will be asked, by its new key.

    They take the times that the plan has, in order. Of the times of removed questions only the earliest are used that
    are needed. More questions share the time between the last one, or `since`, and the end.
    """
    asked = [(key, one) for key, one in merge.coming if not _is_left_out(one)]
    kept = [one.was for _, one in asked if one.was]
    spare = sorted((one for one in merge.removed if one.standing == "coming"), key=lambda one: one.due)
    taken = [
        _Moment(at=one.question.at, due=one.due, key=one.question.key)
        for one in sorted([*kept, *spare[: len(asked) - len(kept)]], key=lambda one: one.due)
    ]
    later = _shared_times(len(asked) - len(taken), max([since, *(one.due for one in taken)]), ends)
    taken += [_Moment(at=at, due=at) for at in later]
    return {key: moment for (key, _), moment in zip(asked, taken, strict=True)}


def _shared_times(number: int, since: datetime, ends: datetime) -> list[datetime]:
    """So many times between two, at equal distances."""
    left = max(ends - since, timedelta(0))
    return [since + left * one / (number + 1) for one in range(1, number + 1)]


def _is_left_out(one: MergedQuestion) -> bool:
    return one.was is not None and one.was.standing == "left_out"


def _planned(key: str, one: MergedQuestion, moment: _Moment | None) -> Question:
    return _replace(one.question, key=key, at=moment.at if moment else one.question.at)


def _slots(chat: Chat, rows: Iterable[OutboxRow], moments: Mapping[str, _Moment]) -> tuple[Slot, ...]:
    """The slots still to come, with their times: the questions, and what else no place has tried yet."""
    rows = [row for row in rows if row.post.kind != "question"]
    others = planning.untried_slots(chat, rows, states=("planned", "paused"))
    questions = (_replace(slot, at=moments[slot.key].due) for slot in timeline.all_slots(chat) if slot.key in moments)
    return tuple(sorted((*others, *questions), key=lambda slot: slot.at))


def _moved_state(state: ChatState, moments: Mapping[str, _Moment], merge: Merge) -> ChatState:
    """The state with the shifts of pacing, and the questions that it may not move, under their new keys."""
    settled = {one.question.key: one.question.key for one in merge.settled}
    before = settled | {key: moment.key for key, moment in moments.items() if moment.key}
    renumbered = any(one.was and one.was.question.key != key for key, one in merge.coming) or bool(merge.removed)
    return _replace(
        state,
        pacing_shifts={key: state.pacing_shifts[old] for key, old in before.items() if old in state.pacing_shifts},
        fixed_questions=tuple(key for key, old in before.items() if old in state.fixed_questions),
        renumbered=state.renumbered + renumbered,
    )


def _has_other_times(before: Chat | None, file: Chat) -> bool:
    """Whether the file has another start or length, or other times of the same number of questions, than before."""
    if before is None:
        return False
    times = [[one.at - chat.starts for one in chat.questions] for chat in (before, file)]
    same_count = len(before.questions) == len(file.questions)
    return (before.starts, before.length) != (file.starts, file.length) or (same_count and times[0] != times[1])
