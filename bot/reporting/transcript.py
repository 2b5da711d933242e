"""The transcript as one value, which is written to `transcript.json`. Pure.

Every question is in it, answered or not, in the host's own words. Texts are as people wrote them: a page has to escape
them itself. A person's entry names the author of a message, without follower counts.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.ports.views import MessageView
from bot.readable.links import web_url
from bot.reporting.contents import Contents
from bot.reporting.record import Record, RecordedGap
from bot.reporting.shared_links import SharedLink


class TranscriptAuthor(Value, frozen=True, kw_only=True):
    """The author of a message."""

    id: str
    handle: str
    name: str


class TranscriptMessage(Value, frozen=True, kw_only=True):
    """One message. `reason` is one of mark, reply, thread, quote, floor, corrected; `edited` is when it was, if so."""

    place: str
    id: str
    author: TranscriptAuthor
    text: str
    at: datetime
    url: str | None
    reply_to: str | None
    reason: str
    edited: datetime | None = None


class MessageId(Value, frozen=True, kw_only=True):
    """The place and the id of a message."""

    place: str
    id: str


class TranscriptLink(Value, frozen=True, kw_only=True):
    """A web address without what tracks its readers, and the messages that have it."""

    url: str
    messages: tuple[MessageId, ...]


class Section(Value, frozen=True, kw_only=True):
    """A question and what belongs to it, in order of time."""

    key: str
    text: str
    messages: tuple[TranscriptMessage, ...]


class TranscriptGap(Value, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """A time in which nothing was received on a place."""

    since: datetime
    until: datetime
    place: str


class ChatSummary(Value, frozen=True, kw_only=True):
    """The facts about a chat. Times are UTC; `timezone` is the one its participants know."""

    name: str
    title: str
    hashtag: str
    starts: datetime
    ends: datetime
    timezone: str
    hosts: tuple[str, ...]
    link: str | None


class Transcript(Value, frozen=True, kw_only=True):
    """The whole transcript."""

    chat: ChatSummary
    questions: tuple[Section, ...]
    before: tuple[TranscriptMessage, ...]
    after: tuple[TranscriptMessage, ...]
    gaps: tuple[TranscriptGap, ...]
    summary: str | None = None
    highlights: tuple[MessageId, ...] = ()
    links: tuple[TranscriptLink, ...] = ()


def build_transcript(contents: Contents) -> Transcript:
    """The transcript of a record, by question."""
    record = contents.record
    messages = {key: tuple(map(_message, part.messages)) for key, part in contents.parts.items()}
    questions = record.chat.questions
    return Transcript(
        chat=_summary(record),
        questions=tuple(Section(key=one.key, text=one.text, messages=messages[one.key]) for one in questions),
        before=messages[BEFORE],
        after=messages[AFTER],
        gaps=tuple(map(_gap, record.gaps)),
        summary=record.summary,
        highlights=tuple(MessageId(place=place, id=id) for place, id in record.highlights),
        links=tuple(map(_link, contents.links)),
    )


def encode_json(value: Value) -> bytes:
    """Indented JSON that people can read and compare, with times in `Z`."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _summary(record: Record) -> ChatSummary:
    chat = record.chat
    return ChatSummary(
        name=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        starts=chat.starts.astimezone(UTC),
        ends=record.ends.astimezone(UTC),
        timezone=chat.timezone,
        hosts=tuple(host.name for host in chat.hosts),
        link=web_url(chat.link),
    )


def _message(one: MessageView) -> TranscriptMessage:
    return TranscriptMessage(
        place=one.place,
        id=one.id,
        author=TranscriptAuthor(id=one.author.id, handle=one.author.handle, name=one.author.name),
        text=one.text,
        at=one.at.astimezone(UTC),
        url=one.url,
        reply_to=one.reply_to,
        reason=one.reason,
        edited=one.edited.astimezone(UTC) if one.edited else None,
    )


def _link(link: SharedLink) -> TranscriptLink:
    messages = (MessageId(place=one.place, id=one.id) for one in link.messages)
    return TranscriptLink(url=link.url, messages=tuple(messages))


def _gap(gap: RecordedGap) -> TranscriptGap:
    return TranscriptGap(since=gap.since.astimezone(UTC), until=gap.until.astimezone(UTC), place=gap.place)
