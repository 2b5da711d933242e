"""The event log that is published beside a transcript: enough to rebuild it, and nothing more. Pure.

A hidden message keeps only its place, its time, an id made anew, the messages that it referred to by their ids and the
questions that its words gave it, so that replies to it find theirs; it is marked as deleted. A repost typed by hand
becomes such a message and a repost. A command keeps only its place, time and outcome, because its text may name people.
Names appear with messages only: people without a message in the transcript leave only the number of their reposts. Of
corrections those are kept that count. Earlier wordings, decisions, and requests to be left out are removed. `convenor
export` gives the full log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

import msgspec

from bot.live.attribution import Attribution
from bot.messages import AnyEvent, Author, Command, Deleted, Message, Repost, Returned
from bot.messages.keyed_ids import NOBODY
from bot.messages.keyed_ids import Key as MakeKeyed
from bot.reporting.attributions import find_attributions
from bot.reporting.event_fold import EventFold, Key
from bot.reporting.question_spans import QuestionSpans
from bot.reporting.readable_texts import ReadableTexts
from bot.reporting.record import all_reposts
from bot.reporting.unpublished_posts import UnpublishedPosts

ANONYMOUS = Author(id=NOBODY)


def redact(
    fold: EventFold,
    hidden: frozenset[Key],
    keyed: MakeKeyed | None = None,
    told: Mapping[Key, Attribution] | None = None,
) -> list[AnyEvent]:
    """The events that may be published, in order of time. With `keyed`, hidden messages have ids made anew.

    `told` is what `find_attributions` finds, if that is known already.
    """
    own: list[AnyEvent] = [*fold.posted.values(), *(fold.edits[key] for key in fold.posted if key in fold.edits)]
    reposts, hidden = list(all_reposts(fold, hidden)), hidden | fold.typed_reposts.keys()
    shown = frozenset((one.place, one.author.id) for key, one in fold.messages.items() if key not in hidden)
    shown -= fold.left_out
    others: list[AnyEvent] = [
        *_activities(fold, reposts, shown),
        *_names_and_views(fold, hidden, shown),
        *_commands(fold),
        *_consents(fold, shown),
    ]
    corrections = fold.corrections.published(fold.messages, hidden)
    unpublished = UnpublishedPosts(fold, hidden, keyed)
    heard: list[AnyEvent] = [
        *_messages(fold, hidden, unpublished, told),
        *own,
        *fold.gaps.values(),
        *others,
        *corrections,
    ]
    events = map(unpublished.event, heard)
    return sorted(events, key=lambda event: (event.at, event.place, str(event.__struct_config__.tag), event.identity))


def _messages(
    fold: EventFold, hidden: frozenset[Key], unpublished: UnpublishedPosts, told: Mapping[Key, Attribution] | None
) -> Iterator[AnyEvent]:
    """The messages, each with its author's latest number of followers: what told it may not be published."""
    texts, versions, followers = ReadableTexts(fold, hidden, unpublished), fold.all_versions, fold.accounts.followers
    if told is None:
        told = find_attributions(fold, QuestionSpans(fold.chat, fold.posted.values())) if hidden else {}
    for key, heard in fold.messages.items():
        text, message = unpublished.text(fold.text(key)), msgspec.structs.replace(heard, versions=versions.get(key, ()))
        if key in hidden:
            yield _blanked(message, _questions_by_words(fold, key, told))
            yield Deleted(place=message.place, id=message.id, at=message.at)
            continue
        names = texts.names(key)
        author = fold.accounts.author_of(message) if message.author.handle or message.author.name else message.author
        author = msgspec.structs.replace(author, followers=followers.get((message.place, author.id)))
        yield msgspec.structs.replace(message, author=author, text=text, media=fold.media(key), names=names)
        if key in fold.edits:
            yield msgspec.structs.replace(fold.edits[key], text=text, names=names)


def _activities(fold: EventFold, reposts: list[Repost], shown: frozenset[Key]) -> Iterator[AnyEvent]:
    """The activities of people with a message, without the names they used then, which may be a patient's.

    Reposts by other people are kept for their number, with new ids: the old ones may lead to the people.
    """
    number, followers = count(1), fold.accounts.followers
    others = (one for one in fold.activities.values() if not isinstance(one, Repost))
    for one in sorted((*others, *reposts), key=lambda one: (one.at, one.place, one.identity)):
        person = (one.place, one.author.id)
        if person in shown:
            yield msgspec.structs.replace(one, author=Author(id=one.author.id, followers=followers.get(person)))
        elif isinstance(one, Repost):
            yield Repost(place=one.place, id=f"r{next(number):06}", author=ANONYMOUS, at=one.at, of=one.of)


def _names_and_views(fold: EventFold, hidden: frozenset[Key], shown: frozenset[Key]) -> Iterator[AnyEvent]:
    """The names of people and the view counts of messages in the transcript."""
    followers = fold.accounts.followers
    for named in fold.accounts.names.values():
        if (person := (named.place, named.author.id)) in shown:
            author = msgspec.structs.replace(named.author, followers=followers.get(person))
            yield msgspec.structs.replace(named, author=author)
    for key, viewed in fold.views.items():
        if key in fold.messages and key not in hidden:
            yield viewed


def _questions_by_words(fold: EventFold, key: Key, told: Mapping[Key, Attribution]) -> tuple[str, ...]:
    """The questions that the words of a message give it, so that a hidden one still has to name them."""
    (questions, reason), message = told[key], fold.messages[key]
    if reason == "mark":
        return questions
    quoted = fold.original((message.place, message.quotes or ""))
    post, other = fold.posted.get(quoted), told.get(quoted) if quoted != key else None
    found = post.repeats or post.key if post else other[0][0] if other else ""
    return questions if reason == "quote" and (found,) != questions else ()


def _blanked(message: Message, named: tuple[str, ...]) -> Message:
    text = "/".join(named).upper()
    return msgspec.structs.replace(
        message,
        author=ANONYMOUS,
        text=text,
        url=None,
        mentions_bot=False,
        role="participant",
        unnamed=False,
        media=(),
        names={},
    )


def _consents(fold: EventFold, shown: frozenset[Key]) -> Iterator[Returned]:
    """Where only people are shown who said yes, that they did: else the log would show nobody when it is read again."""
    if fold.chat.publish == "consented":
        for place, id in shown:
            yield Returned(place=place, author=Author(id=id), at=fold.chat.starts)


def _commands(fold: EventFold) -> Iterator[Command]:
    """The commands with their outcomes, and with new ids: the old ones may lead to their authors."""
    ordered = sorted(fold.commands.values(), key=lambda one: (one.at, one.place, one.id))
    for number, one in enumerate(ordered, start=1):
        yield Command(place=one.place, id=f"c{number:06}", author=ANONYMOUS, at=one.at, outcome=one.outcome)
