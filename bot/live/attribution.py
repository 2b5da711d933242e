"""Attribution: the questions that a message belongs to, and why. Pure.

The first rule that holds decides: a mark, such as `A2` (`bot.live.answer_marks`); a reply to a question's own post, or
to a message that belongs to a question; a quote of either, by the platform, in a block of quoted lines, or by a link;
the thread; the question on the floor at that moment, else before or after. The bot never demands a mark; people write
it by custom. Nothing here looks anything up: how other messages are found is an argument.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from bot.chat import DEFAULT_MARKS
from bot.live import quotes
from bot.live.answer_marks import named_questions
from bot.messages import Message, Value

Reason = Literal["mark", "reply", "thread", "quote", "floor", "corrected"]

Ident = tuple[str, str]
"""A place, and the id of a message there."""

BEFORE = "before"
AFTER = "after"

_BEHIND_ALL = "\U0010ffff"
"""Comes behind every key of a question."""

REPEATING_KINDS = frozenset({"notice", "question"})
"""Kinds of posts that bring back the question they repeat. A correction only takes over its answers."""


class Parent(Value, frozen=True, kw_only=True):
    """A message to which another refers: the question it belongs to, and whether it is that question's own post."""

    question: str
    is_question: bool


class QuestionTimeline(Value, frozen=True, kw_only=True):
    """A chat's questions over time. `asked` holds (instant, key) in order of time; `keys` are all its questions.

    `letters` mark a question without further signs; `texts` has the questions by their words, as they are compared.
    """

    asked: tuple[tuple[datetime, str], ...]
    ends: datetime
    keys: frozenset[str]
    letters: tuple[str, ...] = DEFAULT_MARKS
    texts: Mapping[str, str] = msgspec.field(default_factory=dict)

    def question_at(self, moment: datetime) -> str:
        """The question on the floor at a moment, else `before` the first, else `after` the end."""
        if moment >= self.ends:
            return AFTER
        index = bisect_right(self.asked, (moment, _BEHIND_ALL))
        return self.asked[index - 1][1] if index else BEFORE


class References(Value, frozen=True, kw_only=True, gc=False):
    """All that a message refers to by itself, in the order of the rules.

    `named` are questions it names; `reply` is the message it replies to; `block` is the question in a block of quoted
    lines; `quotes`, `linked` and `thread`, the message or thread that it belongs to however deep, are ids on its own
    place; `addresses` are links as a whole.
    """

    named: tuple[str, ...] = ()
    reply: Ident | None = None
    quotes: str | None = None
    block: str | None = None
    linked: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    thread: str | None = None

    def beyond_reply(self) -> bool:
        """Whether it refers to anything besides the message it replies to."""
        return bool(self.named or self.quotes or self.block or self.linked or self.addresses or self.thread)

    def idents(self, place: str) -> Iterator[Ident]:
        """The messages that may decide if no question is named, but for those found by an address."""
        if self.reply:
            yield self.reply
        for id in (self.quotes, *self.linked, self.thread):
            if id:
                yield place, id


NO_REFERENCES = References()
"""A message that refers to nothing, as most do."""


def references(
    message: Message, timeline: QuestionTimeline, text: str | None = None, *, named: tuple[str, ...] | None = None
) -> References:
    """The references of a message, by its current text if that is another.

    `named` are the questions that the text names, where they were found with others'.
    """
    reply = message.parent if message.reply_to else None
    thread = message.conversation if message.conversation != message.id else None
    return _references(message.text if text is None else text, timeline, reply, message.quotes, thread, named)


def reworded(before: References, text: str, timeline: QuestionTimeline) -> References:
    """The references of a message with a new text."""
    return _references(text, timeline, before.reply, before.quotes, before.thread)


def _references(
    text: str,
    timeline: QuestionTimeline,
    reply: Ident | None,
    quoted: str | None,
    thread: str | None,
    named: tuple[str, ...] | None = None,
) -> References:
    if named is None:
        named = named_questions(text, timeline.keys, timeline.letters)
    linked = quotes.NOTHING if named else quotes.linked(text)  # what it names itself counts before any link
    if not (named or reply or quoted or thread or linked.addresses or ">" in text):
        return NO_REFERENCES
    return References(
        named=named,
        reply=reply,
        quotes=quoted,
        block=quotes.quoted_question(text, timeline.texts, timeline.keys, timeline.letters) if ">" in text else None,
        linked=linked.ids,
        addresses=linked.addresses,
        thread=thread,
    )


Attribution = tuple[tuple[str, ...], Reason]
"""The questions of a message, or `before` or `after`, and the reason."""

FindParent = Callable[[Ident], Parent | None]
"""Returns the message with an id, or with the id of one of its versions, if it is known."""

FindAddress = Callable[[str], Parent | None]
"""Returns the message at a link, if it is known."""


def attribute(
    refers: References,
    place: str,
    at: datetime,
    timeline: QuestionTimeline,
    *,
    parent: FindParent,
    address: FindAddress,
) -> Attribution:
    """The questions of a message (or `before`, `after`) and the reason. Several only if it names them itself."""
    if refers.named:
        return refers.named, "mark"
    if refers is NO_REFERENCES:
        return (timeline.question_at(at),), "floor"
    for question, reason in _other_rules(refers, place, parent, address):
        if question in timeline.keys:
            return (question,), reason
    return (timeline.question_at(at),), "floor"


def _other_rules(
    refers: References, place: str, parent: FindParent, address: FindAddress
) -> Iterator[tuple[str, Reason]]:
    """The question by each of the rules between mark and floor, in their order. Some are no questions of the chat."""
    if refers.reply and (above := parent(refers.reply)):
        yield above.question, "reply" if above.is_question else "thread"
    if refers.quotes and (quoted := parent((place, refers.quotes))):
        yield quoted.question, "quote"
    if refers.block:
        yield refers.block, "quote"
    for id in refers.linked:
        if linked := parent((place, id)):
            yield linked.question, "quote"
    for link in refers.addresses:
        if linked := address(link):
            yield linked.question, "quote"
    if refers.thread and (root := parent((place, refers.thread))):
        yield root.question, "thread"
