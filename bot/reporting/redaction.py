"""The event log that is published beside a transcript: enough to rebuild it, and nothing more. Pure.

What is not in the transcript is not in this log either: of a hidden message only the place, the moment, what it
replied to and the question it named remain, so that replies to it find theirs; it is marked as deleted. Of a command
only the place, the moment and what came of it remain, because its words may name people. What people called themselves
stands with their messages alone: of those of whom no message is in the transcript nothing remains but how often they
passed something on. Earlier wordings, what was held or left out by a decision, and who asked to be left out are gone.
The full log comes out with `export`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import msgspec

from bot.live.attribution import mark
from bot.messages import AnyEvent, Author, Command, Deleted, Message, Repost
from bot.reporting.event_fold import EventFold, Key

NOBODY = Author(id="gone")


def public(log: EventFold, hidden: frozenset[Key]) -> list[AnyEvent]:
    """The events that may be published, in order of time."""
    own: list[AnyEvent] = [*log.posted.values(), *(log.latest[key] for key in log.posted if key in log.latest)]
    shown = frozenset((one.place, one.author.id) for key, one in log.messages.items() if key not in hidden)
    shown -= log.left_out
    told: list[AnyEvent] = [*_passing(log, shown), *_learnt(log, hidden, shown), *_commands(log)]
    events: list[AnyEvent] = [*_messages(log, hidden), *own, *log.gaps.values(), *told]
    return sorted(events, key=lambda event: (event.at, event.place, str(event.__struct_config__.tag), event.identity))


def _messages(log: EventFold, hidden: frozenset[Key]) -> Iterator[AnyEvent]:
    keys = frozenset(question.key for question in log.chat.questions)
    for key, message in log.messages.items():
        text = log.text(key)
        if key in hidden:
            yield _blank(message, mark(text, keys))
            yield Deleted(place=message.place, id=message.id, at=message.at)
        elif key in log.latest:
            yield msgspec.structs.replace(message, text=text)
            yield log.latest[key]
        else:
            yield message


def _passing(log: EventFold, shown: frozenset[Key]) -> Iterator[AnyEvent]:
    """What people did who also spoke, without what they called themselves then: it may be a patient's name.

    Reposts are counted, whoever made them. A stranger's is numbered anew: an id may lead to who made it.
    """
    out, number = log.left_out, count(1)
    for one in sorted(log.passing.values(), key=lambda one: (one.at, one.place, one.identity)):
        person = (one.place, one.author.id)
        if person in shown:
            yield msgspec.structs.replace(one, author=Author(id=one.author.id, followers=one.author.followers))
        elif isinstance(one, Repost) and person not in out:
            yield Repost(place=one.place, id=f"r{next(number):06}", author=NOBODY, at=one.at, of=one.of)


def _learnt(log: EventFold, hidden: frozenset[Key], shown: frozenset[Key]) -> Iterator[AnyEvent]:
    """What people are called, and how often messages were seen: of nobody and nothing that is hidden."""
    for named in log.known.values():
        if (named.place, named.author.id) in shown:
            yield named
    for key, viewed in log.viewed.items():
        if key in log.messages and key not in hidden:
            yield viewed


def _blank(message: Message, question: str | None) -> Message:
    text = (question or "").upper()
    return msgspec.structs.replace(message, author=NOBODY, text=text, url=None, summons=False, role="participant")


def _commands(log: EventFold) -> Iterator[Command]:
    """That there was a command, and what came of it. They are numbered anew: an id may lead to who gave it."""
    ordered = sorted(log.commands.values(), key=lambda one: (one.at, one.place, one.id))
    for number, one in enumerate(ordered, start=1):
        yield Command(place=one.place, id=f"c{number:06}", author=NOBODY, at=one.at, outcome=one.outcome)
