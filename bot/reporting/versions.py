"""Events that name a message by the id of one of its versions, as events about the message itself. Pure.

A platform that gives each edit a new id may report an edit or a deletion by any of them, and a log from elsewhere may
have each version as a message of its own. Which of several reports counts is not decided here: the fold does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from bot.messages import (
    AnyEvent,
    Correction,
    Deleted,
    Edited,
    Message,
    MessageDecision,
    MessagesMerged,
    Reaction,
    Viewed,
)

_Key = tuple[str, str]


def by_message(events: Iterable[AnyEvent]) -> Iterator[AnyEvent]:
    """The events, each with the id of its message. Of several messages that are one, the later are edits as well."""
    known = list(events)
    authors = {(one.place, one.id): one.author.id for one in known if isinstance(one, Message)}
    originals: dict[_Key, str] = {}
    for event in known:
        for version, id in _versions(event):
            message, other = authors.get((event.place, id)), authors.get((event.place, version))
            is_of_another_author = message is not None and other is not None and message != other
            if version != id and not is_of_another_author:
                originals[event.place, version] = min(originals.get((event.place, version), id), id)
    if not originals:
        yield from known
        return
    first: dict[_Key, Message] = {}
    for event in sorted((one for one in known if isinstance(one, Message)), key=lambda one: (one.at, one.id)):
        first.setdefault(_original((event.place, event.id), originals), event)
    for event in known:
        yield from _about_message(event, originals, first)


def _about_message(event: AnyEvent, originals: Mapping[_Key, str], first: Mapping[_Key, Message]) -> Iterator[AnyEvent]:
    if not isinstance(event, Message | Edited | Deleted | MessageDecision | Reaction | Viewed | Correction):
        yield event
        return
    if isinstance(event, MessagesMerged) and event.original:
        into_place, into = _original(event.original, originals)
        event = msgspec.structs.replace(event, into_place=into_place, into=into)
    place, id = key = _original((event.place, event.id), originals)
    yield event if id == event.id else msgspec.structs.replace(event, id=id)
    if isinstance(event, Message) and first[key].id != event.id:
        yield Edited(place=place, id=id, at=event.at, text=event.text, media=event.media, names=event.names)


def _original(key: _Key, originals: Mapping[_Key, str]) -> _Key:
    """The message of which this is a version, or a version of a version, or itself."""
    seen = {key}
    while key in originals and (above := (key[0], originals[key])) not in seen:
        seen.add(above)
        key = above
    return key


def _versions(event: AnyEvent) -> Iterator[tuple[str, str]]:
    """Further ids of a message, each with the one that the event has for it."""
    if isinstance(event, Message):
        yield from ((version, event.id) for version in event.versions)
    elif isinstance(event, Edited) and event.version:
        yield event.version, event.id
