"""The transcript as one value, which is `transcript.json`. Pure.

Every question is in it, answered or not, in the host's own words. Texts are as people wrote them: making them safe for
a page is the page's business. Of a person it has what a reader needs to know who spoke, and no follower counts.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.links import web
from bot.reporting.record import Record, Silence


class TranscriptAuthor(Value, frozen=True, kw_only=True):
    """Who said something."""

    id: str
    handle: str
    name: str


class TranscriptMessage(Value, frozen=True, kw_only=True):
    """One message. `reason` is one of reply, thread, mark, floor, corrected."""

    place: str
    id: str
    author: TranscriptAuthor
    text: str
    at: datetime
    url: str | None
    reply_to: str | None
    reason: str


class Section(Value, frozen=True, kw_only=True):
    """A question and what belongs to it, in order of time."""

    key: str
    text: str
    messages: tuple[TranscriptMessage, ...]


class TranscriptGap(Value, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """When nothing was heard on a place."""

    since: datetime
    until: datetime
    place: str


class ChatSummary(Value, frozen=True, kw_only=True):
    """What the chat was. Times are UTC; `timezone` is where its people read them."""

    name: str
    title: str
    hashtag: str
    starts: datetime
    ends: datetime
    timezone: str
    hosts: tuple[str, ...]
    link: str | None


class Transcript(Value, frozen=True, kw_only=True):
    """The whole."""

    chat: ChatSummary
    questions: tuple[Section, ...]
    before: tuple[TranscriptMessage, ...]
    after: tuple[TranscriptMessage, ...]
    gaps: tuple[TranscriptGap, ...]


def transcript(record: Record) -> Transcript:
    """Set out the record by question."""
    said = sections(record)
    lines = {key: tuple(map(_line, messages)) for key, messages in said.items()}
    questions = record.chat.questions
    return Transcript(
        chat=_about(record),
        questions=tuple(Section(key=one.key, text=one.text, messages=lines[one.key]) for one in questions),
        before=lines[BEFORE],
        after=lines[AFTER],
        gaps=tuple(map(_break, record.gaps)),
    )


def sections(record: Record) -> dict[str, list[MessageView]]:
    """The messages before, under each question, and after, in this order."""
    keys = [BEFORE, *(question.key for question in record.chat.questions), AFTER]
    found = {key: list[MessageView]() for key in keys}
    for one in record.messages:
        found[one.question].append(one)
    return found


def stream(messages: Iterable[MessageView], gaps: Iterable[Silence]) -> Iterator[MessageView | Silence]:
    """Both in order of time, a gap before what came at its very beginning."""
    return heapq.merge(gaps, messages, key=lambda one: one.at if isinstance(one, MessageView) else one.since)


def encode(value: Value) -> bytes:
    """As a file that people can read and compare, with times in `Z`."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _about(record: Record) -> ChatSummary:
    chat = record.chat
    return ChatSummary(
        name=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        starts=chat.starts.astimezone(UTC),
        ends=record.ends.astimezone(UTC),
        timezone=chat.timezone,
        hosts=tuple(host.name for host in chat.hosts),
        link=web(chat.link),
    )


def _line(one: MessageView) -> TranscriptMessage:
    return TranscriptMessage(
        place=one.place,
        id=one.id,
        author=TranscriptAuthor(id=one.author.id, handle=one.author.handle, name=one.author.name),
        text=one.text,
        at=one.at.astimezone(UTC),
        url=one.url,
        reply_to=one.reply_to,
        reason=one.reason,
    )


def _break(gap: Silence) -> TranscriptGap:
    return TranscriptGap(since=gap.since.astimezone(UTC), until=gap.until.astimezone(UTC), place=gap.place)
