"""The events of a chat as they may be published: with ids made anew, and as its file says (`publish`). Pure.

    named        everybody is shown by the name that they showed
    pseudonyms   everybody is shown by a pseudonym, which is another in each chat
    consented    only people who said yes are shown, and counted
    nobody       nothing that people wrote is shown or counted

All that is published is made of these events: so pages, numbers, lists, exports and logs keep to it alike, and the log
that is published gives the same when it is read back. Whoever is not named, or is left out, is named in nobody's words
either, nor in what a host had the bot say (`unnamed_people`), and their messages have ids made anew. Everything else
stays as it was said, so that the numbers are the same. Pseudonyms can't keep anybody from finding a post by searching a
platform for its words. Hosts and moderators of the chat's file are named in it, so they stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from bot.chat import Chat
from bot.live.choices import people_choices
from bot.live.unnamed_people import UnnamedPeople, Unnaming
from bot.messages import AnyEvent, Author, Command, Edited, Media, Message, Posted, Repost, SummaryWritten, Withdrawn
from bot.messages.keyed_ids import (
    ID_FIELDS,
    KEYED_ID,
    NOBODY,
    is_keyed_message,
    key_of,
    message_key_of,
    secret_of,
    with_keyed_ids,
)
from bot.readable.stand_ins import SOMEBODY

_SPONTANEOUS = frozenset({"notice", "receipt"})
"""Posts of the bot's that are not in the chat's file: what a host had it say, and answers. They may name people."""

_ID, _SHORTEST_ID = re.compile(r"\w+"), 6
"""What may be an id in an address; a shorter one may be anything."""

_TICK = timedelta(microseconds=1)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MENTION = re.compile(rf"<@!?(\d{{1,25}}|{KEYED_ID})>")
Key = tuple[str, str]
"""A place, and the id of a message or a person there."""


def published_form(
    chat: Chat, events: Iterable[AnyEvent], secret: bytes | None = None, silent: Collection[Key] = ()
) -> list[AnyEvent]:
    """The events as they may be published. `secret` is the chat's; None: made of the log, as for ids of people.

    `silent` people are not named where only some are: they said yes, but no message of theirs is published.
    """
    heard = list(events)
    unnamed, left_out = _unnamed_people(chat, heard)
    if chat.publish == "named" and not left_out and not any(map(_is_nobodys, heard)):
        return with_keyed_ids(heard, secret)
    secret = secret_of(heard) if secret is None else secret
    found = _Disguise(chat, heard, secret, unnamed.union(silent), left_out)
    published = list(found.events())
    if chat.publish in {"consented", "nobody"}:
        published += _without(heard, found.keyed(unnamed))
    return published


def without_names(chat: Chat, heard: list[AnyEvent], secret: bytes, silent: Collection[Key] = ()) -> list[AnyEvent]:
    """The events as they were heard, but for the words: people who are not named in what is published are in none.

    This is for a store from which what is not published goes: afterwards nobody would know whose names to take out.
    `silent` as in `published_form`.
    """
    unnamed, left_out = _unnamed_people(chat, heard)
    unnamed = unnamed.union(silent)
    return _Disguise(chat, heard, secret, unnamed, left_out).reworded() if unnamed else heard


def _unnamed_people(chat: Chat, heard: list[AnyEvent]) -> tuple[set[Key], set[Key]]:
    """The people who are not named in what is published, and among them those who asked to be left out."""
    choices = people_choices(heard)
    left_out = {person for person, is_out in choices.items() if is_out}
    if chat.publish == "named":
        return left_out, left_out
    everybody = {person for event in heard if (person := _person(event)) and person[1] != NOBODY}
    return everybody - (choices.keys() - left_out if chat.publish == "consented" else set()), left_out


def _is_nobodys(event: AnyEvent) -> bool:
    """Whether it is a message of which nothing is left but where it stood, with the platform's own id."""
    return isinstance(event, Message) and event.author.id == NOBODY and not is_keyed_message(event.id)


@lru_cache(maxsize=4096)
def pseudonym(id: str) -> str:
    """The pseudonym of a person with this keyed id."""
    number = int.from_bytes(sha256(id.encode()).digest()[:4])
    return "Participant " + "".join(_LETTERS[number >> 5 * place & 31] for place in range(4))


def _without(heard: list[AnyEvent], people: Iterable[Key]) -> Iterator[Withdrawn]:
    """Leave out these people."""
    for place, id in sorted(people):
        yield Withdrawn(place=place, author=Author(id=id), at=max(event.at for event in heard) + _TICK)


class _Disguise:
    """The events of a chat without anything that tells who `unnamed` people are; they come with ids as they were heard.

    Of those who are `left_out` nothing is told, not even a pseudonym.
    """

    def __init__(
        self, chat: Chat, heard: list[AnyEvent], secret: bytes, unnamed: Collection[Key], left_out: Collection[Key]
    ) -> None:
        self._heard, self._events, self._key = heard, with_keyed_ids(heard, secret), key_of(secret)
        self._message_key = message_key_of(secret)
        self._publish = chat.publish
        self._unnamed, self._left_out = self.keyed(unnamed), self.keyed(left_out)
        self._own = {(one.place, one.id) for one in self._events if isinstance(one, Posted)}
        self._named = {person for one in self._events if (person := _person(one))} - self._unnamed
        written = [(one, _person(one)) for one in self._events if isinstance(one, Message | Repost)]
        known = {(one.place, one.id) for one, _ in written}
        self._concealed = {
            (one.place, one.id) for one, person in written if person in self._unnamed or _is_nobodys(one)
        }
        versions = [(version, key) for one in self._events for version, key in _versions(one)]
        self._concealed |= {version for version, key in versions if key in self._concealed}
        self._concealed_ids = {id for _, id in self._concealed if len(id) >= _SHORTEST_ID}
        self._shown = (known | {version for version, key in versions if key in known}) - self._concealed
        self._in_words = Unnaming(self._people(chat, accounts=frozenset(id for _, id in unnamed)))

    def keyed(self, people: Iterable[Key]) -> set[Key]:
        """These people with their keyed ids."""
        return {(place, self._key(id)) for place, id in people}

    def events(self) -> Iterator[AnyEvent]:
        """The events, disguised."""
        for event in self._events:
            yield event if isinstance(event, Command) else self._disguised(self._reworded(event))

    def reworded(self) -> list[AnyEvent]:
        """The events as they were heard, with other words alone."""
        return [self._reworded(event) for event in self._heard]

    def _reworded(self, event: AnyEvent) -> AnyEvent:
        if isinstance(event, Command) or (isinstance(event, Posted) and event.kind not in _SPONTANEOUS):
            return event
        changes: dict[str, Any] = {}
        if text := getattr(event, "text", ""):
            is_read = isinstance(event, Posted | SummaryWritten)
            changes["text"] = self._in_words.plain(text) if is_read else self._in_words.text(text)
        if media := getattr(event, "media", None):
            changes["media"] = tuple(Media(kind=one.kind, text=self._in_words.text(one.text)) for one in media)
        return msgspec.structs.replace(event, **changes) if changes else event

    def _people(self, chat: Chat, accounts: frozenset[str]) -> UnnamedPeople:
        handles, names, posts = dict[str, str](), dict[str, str](), dict[str, str]()
        kept_handles, kept_names = set[str](), set[str]()
        for staff in (*chat.hosts, *chat.moderators):
            kept_handles |= {handle.lstrip("@").casefold() for handle in staff.handles.values()}
            kept_names.add(staff.name)
        for event in self._events:
            author = _author(event)
            if author is None:
                continue
            if (event.place, author.id) not in self._unnamed:
                kept_handles.add(author.handle.lstrip("@").casefold())
                kept_names.add(author.name)
                continue
            called = self._called((event.place, author.id))
            if author.handle:
                handle = author.handle.lstrip("@")
                handles[handle] = max(called, handles.get(handle, ""))
            if author.name and not (isinstance(event, Message) and event.unnamed):
                names[author.name] = max(called, names.get(author.name, ""))
            if isinstance(event, Message) and event.url:
                posts[event.url] = self._message_key(event.id)
        posts |= {id: self._message_key(id) for _, id in self._concealed}
        return UnnamedPeople(
            handles=handles,
            names=names,
            posts=posts,
            accounts=accounts,
            kept_handles=frozenset(kept_handles - {""}),
            kept_names=frozenset(kept_names),
            kept_posts=frozenset(id for _, id in (*self._own, *self._shown)) - posts.keys(),
            strangers=self._publish != "named",
            hashtag=chat.hashtag,
        )

    def _called(self, person: Key) -> str:
        """The words for a person who is not named."""
        return pseudonym(person[1]) if self._publish == "pseudonyms" and person not in self._left_out else SOMEBODY

    def _message_id(self, key: Key) -> str:
        """The id of a message, made anew unless it is the bot's, or of a person who is named."""
        stays = key in self._own or (key in self._shown if self._publish != "named" else key not in self._concealed)
        return key[1] if stays else self._message_key(key[1])

    def _disguised(self, event: AnyEvent) -> AnyEvent:
        if isinstance(event, Posted):
            return event
        changes: dict[str, Any] = {}
        for name, where in ID_FIELDS.items():
            if found := getattr(event, name, None):
                changes[name] = self._message_id((getattr(event, where, None) or event.place, found))
        if names := getattr(event, "names", None):
            changes["names"] = {mark: self._name(event.place, mark, name) for mark, name in names.items()}
        if isinstance(event, Message) and event.versions:
            changes["versions"] = tuple(self._message_id((event.place, id)) for id in event.versions)
        if self._publish == "pseudonyms" and (author := _author(event)):
            changes["author"] = _pseudonymous(author)
        if isinstance(event, Message) and event.url:
            # a thread has the id of the message that began it, and so the addresses of all messages in it
            leads = self._publish == "pseudonyms" or not self._concealed_ids.isdisjoint(_ID.findall(event.url))
            changes["url"] = None if leads else event.url
        return msgspec.structs.replace(event, **changes)

    def _name(self, place: str, mark: str, name: str) -> str:
        """The name for a mention by id. Roles and channels are no people."""
        found = _MENTION.fullmatch(mark)
        if found is None:
            return name
        if (person := (place, found[1])) not in self._unnamed and self._publish == "named":
            return self._in_words.plain(name)
        stays = self._publish == "consented" and person in self._named
        return name if stays else self._called(person)


def _versions(event: AnyEvent) -> Iterator[tuple[Key, Key]]:
    """Further ids of a message, each with the one that the event has for it."""
    if isinstance(event, Message):
        yield from (((event.place, version), (event.place, event.id)) for version in event.versions)
    elif isinstance(event, Edited) and event.version:
        yield (event.place, event.version), (event.place, event.id)


def _author(event: AnyEvent) -> Author | None:
    return None if isinstance(event, Command) else getattr(event, "author", None)


def _person(event: AnyEvent) -> Key | None:
    author = _author(event)
    return (event.place, author.id) if author else None


def _pseudonymous(author: Author) -> Author:
    return Author(id=author.id, name=pseudonym(author.id) if author.handle or author.name else "")
