"""The record of a chat: its messages, each with its question. Everything published is made from it. Pure.

Edits are applied, and messages are as they read. Messages that were deleted or emptied, held or dropped are not in it,
nor are those of people who asked to be left out; a reply to such a message still finds its question. Neither the order
of events nor duplicates matter. Nothing is counted, shown or stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from bot.chat import Chat
from bot.live.attribution import Attribution
from bot.messages import AnyEvent, Author, Gap, Repost, Value
from bot.messages.keyed_ids import Key as MakeKeyed
from bot.ports.views import MessageView
from bot.readable import safe_line, safe_text
from bot.readable.links import web_url
from bot.reporting.attributions import find_attributions
from bot.reporting.event_fold import EventFold, Key, fold_events
from bot.reporting.question_spans import AskedAt, QuestionSpans
from bot.reporting.readable_texts import ReadableTexts
from bot.reporting.unpublished_posts import UnpublishedPosts


class Decisions(Value, frozen=True, kw_only=True):
    """Decisions that are not in the log: held messages."""

    held: frozenset[Key] = frozenset()


class RecordedGap(Value, frozen=True, kw_only=True):
    """A time in which the bot received nothing from `place`. `question` was the current one when it began."""

    place: str
    since: datetime
    until: datetime
    question: str


class Record(Value, frozen=True, kw_only=True):
    """A chat as it took place.

    `messages` are in order of time. `asked` has the time at which each question was first asked in any place,
    `asked_on` the time in each place; a question that was not asked there has the first time elsewhere. `ends` is the
    time of the closing: later than planned if the chat was extended, by whole minutes. `followers` by person and
    `views` by message are the latest known, `mentions` are the handles in each message. `left_out_handles` are those of
    people who asked to be left out, by place and casefolded. `summary` is the host's own, as CommonMark, or None;
    `highlights` are the messages that a host marked, in order of time; all are in `messages`. `copies` are messages
    merged into another, by that other one; they are not in `messages`. `unnamed` are the messages whose authors wanted
    no name beside them.
    """

    chat: Chat
    messages: tuple[MessageView, ...]
    reposts: tuple[Repost, ...]
    gaps: tuple[RecordedGap, ...]
    asked: AskedAt
    asked_on: Mapping[str, Mapping[str, datetime]]
    ends: datetime
    places: tuple[str, ...]
    followers: Mapping[Key, int]
    views: Mapping[Key, int]
    left_out_handles: frozenset[Key]
    mentions: Mapping[Key, tuple[str, ...]]
    summary: str | None = None
    highlights: tuple[Key, ...] = ()
    copies: Mapping[Key, tuple[Key, ...]] = msgspec.field(default_factory=dict)
    unnamed: frozenset[Key] = frozenset()


def record(chat: Chat, events: Iterable[AnyEvent], decisions: Decisions | None = None) -> Record:
    """The record of `chat` from its events, in any order."""
    return record_from(fold_events(chat, events), decisions or Decisions())


def record_from(
    fold: EventFold,
    decisions: Decisions,
    keyed: MakeKeyed | None = None,
    told: Mapping[Key, Attribution] | None = None,
) -> Record:
    """The record of events that are folded already. With `keyed`, messages that are not in it have ids made anew.

    `told` is what `find_attributions` finds, if that is known already.
    """
    spans = QuestionSpans(fold.chat, fold.posted.values())
    hidden, typed = hidden_messages(fold, decisions), fold.typed_reposts
    unpublished = UnpublishedPosts(fold, hidden | typed.keys(), keyed)
    texts = ReadableTexts(fold, hidden | typed.keys(), unpublished)
    copies = fold.corrections.copies(fold.messages.keys() - hidden - typed.keys(), lambda key: fold.messages[key].at)
    messages = tuple(
        _message(fold, key, attribution, texts.text(key), unpublished)
        for key, attribution in (find_attributions(fold, spans) if told is None else told).items()
        if key not in hidden and key not in typed and key not in copies
    )
    highlights = {copies.get(key, key) for key in fold.corrections.highlights}
    gaps = (_gap(gap, spans) for gap in fold.gaps.values() if gap.since < gap.until)
    places = {one.place for one in messages} | {place for place, *_ in (*fold.posted, *fold.gaps)}
    places |= set(fold.chat.places)
    return Record(
        chat=_safe_chat(fold.chat),
        messages=messages,
        reposts=tuple(sorted(all_reposts(fold, hidden), key=lambda one: (one.at, one.place, one.id))),
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.since, gap.place, gap.until))),
        asked=spans.asked,
        asked_on={place: spans.first_asked(place) for place in sorted(places)},
        ends=_ends(fold.chat, spans.closed),
        places=tuple(sorted(places)),
        followers=fold.accounts.followers,
        views=fold.view_counts,
        left_out_handles=fold.left_out_handles,
        mentions={key: found for one in messages if (found := texts.mentions(key := (one.place, one.id)))},
        summary=safe_text(fold.corrections.summary.text) if fold.corrections.summary else None,
        highlights=tuple(key for one in messages if (key := (one.place, one.id)) in highlights),
        copies=_by_original(copies),
        unnamed=frozenset(key for one in messages if fold.messages[key := (one.place, one.id)].unnamed),
    )


def all_reposts(fold: EventFold, hidden: frozenset[Key]) -> Iterator[Repost]:
    """The reposts that platforms report and those typed by hand, each once; none by people who were left out."""
    reported, left_out = set[Key](), fold.left_out
    for one in fold.activities.values():
        if isinstance(one, Repost) and (one.place, one.author.id) not in left_out:
            reported.add((one.place, one.id))
            yield one
    yield from (one for key, one in fold.typed_reposts.items() if key not in hidden and key not in reported)


def hidden_messages(fold: EventFold, decisions: Decisions) -> frozenset[Key]:
    """The messages that are not published: deleted, emptied, held or dropped, or by people who were left out."""
    people = fold.left_out
    left_out = {key for key, one in fold.messages.items() if (one.place, one.author.id) in people} if people else set()
    removed = fold.deleted | fold.emptied | fold.held_or_dropped | fold.corrections.withheld | decisions.held
    removed |= fold.choices.hidden(fold.messages)
    return frozenset(left_out | (removed & fold.messages.keys()))


def silent_people(fold: EventFold, decisions: Decisions) -> set[Key]:
    """The people who agreed to be named, but have no published message."""
    hidden = hidden_messages(fold, decisions) | fold.typed_reposts.keys()
    shown = {(one.place, one.author.id) for key, one in fold.messages.items() if key not in hidden}
    return {person for person, is_out in fold.choices.people(fold.messages).items() if not is_out} - shown


def _by_original(copies: Mapping[Key, Key]) -> dict[Key, tuple[Key, ...]]:
    """The copies of each message that has some."""
    return {one: tuple(sorted(copy for copy in copies if copies[copy] == one)) for one in sorted(set(copies.values()))}


def _ends(chat: Chat, closed: datetime | None) -> datetime:
    """The end of the chat. A closing less than a minute late does not make it later."""
    late = (closed or chat.ends) - chat.ends
    return chat.ends + max(late // timedelta(minutes=1), 0) * timedelta(minutes=1)


def _message(
    fold: EventFold, key: Key, attribution: Attribution, text: str, unpublished: UnpublishedPosts
) -> MessageView:
    message, edit = fold.messages[key], fold.edits.get(key)
    return MessageView(
        place=message.place,
        id=message.id,
        author=_author(fold.accounts.author_of(message)),
        text=text,
        at=message.at,
        question=attribution[0][0],
        also=attribution[0][1:],
        reason=attribution[1],
        reply_to=unpublished.id(fold.original(message.parent)) if message.reply_to else None,
        reply_place=message.reply_place,
        url=web_url(message.url),
        edited=edit.at if edit else None,
    )


def _safe_chat(chat: Chat) -> Chat:
    """The chat with a title, hosts and questions that change nothing around them."""
    return msgspec.structs.replace(
        chat,
        title=safe_line(chat.title),
        hashtag=safe_line(chat.hashtag),
        hosts=tuple(msgspec.structs.replace(one, name=safe_line(one.name)) for one in chat.hosts),
        questions=tuple(msgspec.structs.replace(one, text=safe_text(one.text)) for one in chat.questions),
    )


def _author(author: Author) -> Author:
    """The author, with a name that can't change the text around it."""
    if author.name.isprintable() and author.handle.isprintable():
        return author
    return msgspec.structs.replace(author, name=safe_line(author.name), handle=safe_line(author.handle))


def _gap(gap: Gap, spans: QuestionSpans) -> RecordedGap:
    at = spans.timeline(gap.place).question_at(gap.since)
    return RecordedGap(place=gap.place, since=gap.since, until=gap.until, question=at)
