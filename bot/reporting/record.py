"""What was said, as it stands: a fold over the events of a chat. Pure.

Everything published is rebuilt from a Record. Edits are followed; what was deleted, held back, or said by someone who
asked to be left out is not in it, though a reply to such a message still finds its question. The order in which
events arrive changes nothing, nor does hearing one twice. Nothing here is counted, shown or stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from bot.chat import Chat
from bot.live.attribution import AFTER, BEFORE, Parent, Reason, attribute
from bot.messages import AnyEvent, Gap, Message, Posted, Repost, Value
from bot.ports.views import MessageView
from bot.reporting.event_fold import EventFold, Key, gather
from bot.reporting.links import web
from bot.reporting.question_spans import Asked, QuestionSpans

Tie = tuple[str, Reason]
"""The question a message belongs to (or `before`, `after`), and why."""


class Decisions(Value, frozen=True, kw_only=True):
    """What is decided besides the log: messages held back, and messages moved to another question."""

    held: frozenset[Key] = frozenset()
    moved: Mapping[Key, str] = msgspec.field(default_factory=dict)


class Silence(Value, frozen=True, kw_only=True):
    """The bot heard nothing on `place` from `since` to `until`; `question` was on the floor when it began."""

    place: str
    since: datetime
    until: datetime
    question: str


class Record(Value, frozen=True, kw_only=True):
    """A chat as it happened.

    `messages` are in order of time. `asked` is when each question was first asked on any place. `ends` is when the chat
    closed: later than planned where it was extended, by whole minutes. `followers` are the latest known, by person, and
    `views` by message; `silent` are the handles, by place and folded, of people who asked to be left out.
    """

    chat: Chat
    messages: tuple[MessageView, ...]
    reposts: tuple[Repost, ...]
    gaps: tuple[Silence, ...]
    asked: Asked
    ends: datetime
    places: tuple[str, ...]
    followers: Mapping[Key, int]
    views: Mapping[Key, int]
    silent: frozenset[Key]


def record(chat: Chat, events: Iterable[AnyEvent], rulings: Decisions | None = None) -> Record:
    """Fold the events of `chat`, in any order."""
    return fold(gather(chat, events), rulings or Decisions())


def fold(log: EventFold, rulings: Decisions) -> Record:
    """The same, of events that were sorted out already."""
    spans = QuestionSpans(log.chat, log.posted.values())
    secret = hidden(log, rulings)
    out = log.left_out
    messages = tuple(
        _heard(log, key, tie) for key, tie in _ties(log, spans, rulings.moved).items() if key not in secret
    )
    reposts = (one for one in log.passing.values() if isinstance(one, Repost) and (one.place, one.author.id) not in out)
    gaps = (_silence(gap, spans) for gap in log.gaps.values() if gap.since < gap.until)
    told = {one.place for one in messages} | {place for place, *_ in (*log.posted, *log.gaps)}
    return Record(
        chat=log.chat,
        messages=messages,
        reposts=tuple(sorted(reposts, key=lambda one: (one.at, one.place, one.id))),
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.since, gap.place, gap.until))),
        asked=spans.asked,
        ends=_ends(log.chat, spans.closed),
        places=tuple(sorted(told.union(log.chat.places))),
        followers=log.followers,
        views=log.views,
        silent=log.silent,
    )


def hidden(log: EventFold, rulings: Decisions) -> frozenset[Key]:
    """Messages that are not published: deleted, held back, dropped, or of someone who asked to be left out."""
    out = log.left_out
    silent = {key for key, one in log.messages.items() if (one.place, one.author.id) in out} if out else set()
    withheld = log.gone | log.withheld | rulings.held
    return frozenset(silent | (withheld & log.messages.keys()))


def _ends(chat: Chat, closed: datetime | None) -> datetime:
    """A closing that is seconds late does not make the chat longer; one that is a whole minute late does."""
    late = (closed or chat.ends) - chat.ends
    return chat.ends + max(late // timedelta(minutes=1), 0) * timedelta(minutes=1)


def _ties(log: EventFold, spans: QuestionSpans, moved: Mapping[Key, str]) -> dict[Key, Tie]:
    """Every message's question, in order of time. A chain of replies is followed to its end, a circle is cut."""
    ties: dict[Key, Tie] = {}
    sections = {BEFORE, AFTER, *(question.key for question in log.chat.questions)}
    moved = {key: question for key, question in moved.items() if question in sections}
    ordered = sorted(log.messages, key=lambda key: (log.messages[key].at, key))
    for key in ordered:
        for each in reversed(list(_chain(log.messages, key, ties))):
            ties[each] = _tie(log, spans, each, ties) if each not in moved else (moved[each], "corrected")
    return {key: ties[key] for key in ordered}


def _chain(messages: Mapping[Key, Message], key: Key, done: Mapping[Key, Tie]) -> Iterator[Key]:
    """The message and what it replies to and so on, as far as nothing is known yet."""
    seen = set[Key]()
    while key in messages and key not in done and key not in seen:
        yield key
        seen.add(key)
        key = messages[key].parent


def _tie(log: EventFold, spans: QuestionSpans, key: Key, ties: Mapping[Key, Tie]) -> Tie:
    message = log.messages[key]
    return attribute(log.text(key), message.at, _parent(log, message, ties), spans.of(message.place))


def _parent(log: EventFold, message: Message, ties: Mapping[Key, Tie]) -> Parent | None:
    key, thread = message.parent, (message.place, message.conversation or "")
    if key in log.posted:
        return Parent(question=_question(log.posted[key]), asked=True)
    if key in ties:
        return Parent(question=ties[key][0], asked=False)
    return Parent(question=_question(log.posted[thread]), asked=False) if thread in log.posted else None


def _question(post: Posted) -> str:
    """The question that a post of ours asks, or brings back."""
    return post.repeats or post.key


def _heard(log: EventFold, key: Key, tie: Tie) -> MessageView:
    message, edit = log.messages[key], log.latest.get(key)
    return MessageView(
        place=message.place,
        id=message.id,
        author=log.named(message),
        text=edit.text if edit else message.text,
        at=message.at,
        question=tie[0],
        reason=tie[1],
        reply_to=message.reply_to,
        reply_place=message.reply_place,
        url=web(message.url),
        edited=edit.at if edit else None,
    )


def _silence(gap: Gap, spans: QuestionSpans) -> Silence:
    at = spans.of(gap.place).at(gap.since)
    return Silence(place=gap.place, since=gap.since, until=gap.until, question=at)
