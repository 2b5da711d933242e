"""The conversation as it is read: by question, with answers to answers below them, and late answers apart. Pure.

A thread is a message with everything that was said below it under the same question, in order of time, however deep.
An answer is late if by then the next question had been asked on its place, or the chat was over. Nothing is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import Key
from bot.reporting.record import Record, RecordedGap
from bot.translation import _


class Thread(Value, frozen=True, kw_only=True):
    """A message, and those below it."""

    message: MessageView
    replies: tuple[MessageView, ...] = ()


Item = Thread | RecordedGap
"""A thread, or a note that nothing was heard for a time."""


class Part(Value, frozen=True, kw_only=True):
    """A question's messages, or those before the first one or after the end. Threads and gaps are in order of time."""

    messages: tuple[MessageView, ...]
    in_time: tuple[Item, ...]
    late: tuple[Item, ...]


def conversation(record: Record, above: Mapping[Key, Key]) -> dict[str, Part]:
    """The messages before the first question, under each question, and after the end, in this order.

    `above` has the message to which each replies.
    """
    is_late = _lateness(record)
    return {
        key: _part(record, key, messages, threads(messages, above), is_late)
        for key, messages in sections(record).items()
    }


def sections(record: Record) -> dict[str, list[MessageView]]:
    """The messages before the first question, under each question, and after the end, in this order.

    One that names several questions is under each of them.
    """
    keys = [BEFORE, *(question.key for question in record.chat.questions), AFTER]
    found = {key: list[MessageView]() for key in keys}
    for one in record.messages:
        for question in one.questions:
            found[question].append(one)
    return found


def late_title(record: Record, question: str) -> str:
    """The title of the late answers to a question, which says what they came after."""
    keys = [key for _at, key in record.asked]
    following = keys[keys.index(question) + 1 :] if question in keys else []
    if not following:
        return _("Late answers, after the end")
    return _("Late answers, after {question} was asked").format(question=following[0].upper())


def ident(message: MessageView) -> Key:
    """The place and the id of a message."""
    return message.place, message.id


def parents(record: Record) -> dict[Key, Key]:
    """The message of the record to which each replies, if it replies to one; a copy is the one that stands for it."""
    known: dict[Key, Key] = {(one := ident(message)): one for message in record.messages}
    for one, copies in record.copies.items():
        known |= dict.fromkeys(copies, one)
    return {
        ident(one): known[above]
        for one in record.messages
        if one.reply_to and (above := (one.reply_place or one.place, one.reply_to)) in known
    }


def _part(
    record: Record,
    key: str,
    messages: Sequence[MessageView],
    found: Sequence[Thread],
    is_late: Callable[[str, str, datetime], bool],
) -> Part:
    in_time, late = list[Item](), list[Item]()
    gaps = (gap for gap in record.gaps if gap.question == key)
    items: list[Item] = [*gaps, *found]
    for one in sorted(items, key=_at):
        (late if is_late(_place(one), key, _at(one)) else in_time).append(one)
    return Part(messages=tuple(messages), in_time=tuple(in_time), late=tuple(late))


def _at(one: Item) -> datetime:
    return one.since if isinstance(one, RecordedGap) else one.message.at


def _place(one: Item) -> str:
    return one.place if isinstance(one, RecordedGap) else one.message.place


def threads(messages: Sequence[MessageView], above: Mapping[Key, Key]) -> list[Thread]:
    """The threads among messages that are in order of time; a reply to any other message begins one."""
    first = _first_of_each(messages, above)
    replies: dict[Key, list[MessageView]] = {}
    for one in messages:
        if first[key := ident(one)] != key:
            replies.setdefault(first[key], []).append(one)
    return [
        Thread(message=one, replies=tuple(replies.get(ident(one), ())))
        for one in messages
        if first[ident(one)] == ident(one)
    ]


def _first_of_each(messages: Iterable[MessageView], parents: Mapping[Key, Key]) -> dict[Key, Key]:
    """The message that begins the thread of each. In a circle of replies that is the earliest."""
    order = {ident(one): number for number, one in enumerate(messages)}
    above = {key: found for key in order if (found := parents.get(key)) in order and found != key}
    first: dict[Key, Key] = {}
    for start in order:
        path, at = dict[Key, None](), start
        while at in above and at not in first and at not in path:
            path[at] = None
            at = above[at]
        if at in path:
            circle = list(path)[list(path).index(at) :]
            at = min(circle, key=order.__getitem__)
        beginning = first.get(at, at)
        first |= dict.fromkeys((*path, beginning), beginning)
    return first


def _lateness(record: Record) -> Callable[[str, str, datetime], bool]:
    """Whether something on a place came too late for a question to be in time."""
    until = {place: _ends_of_questions(asked, record.ends) for place, asked in record.asked_on.items()}

    def is_late(place: str, question: str, at: datetime) -> bool:
        end = until.get(place, {}).get(question)
        return question not in (BEFORE, AFTER) and end is not None and at >= end

    return is_late


def _ends_of_questions(asked: Mapping[str, datetime], ends: datetime) -> dict[str, datetime]:
    """When the next question was asked, or the chat ended."""
    times = sorted({*asked.values(), ends})
    return {key: next((one for one in times if one > at), max(at, ends)) for key, at in asked.items()}
