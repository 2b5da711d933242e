"""What was heard of one chat, each thing once. Pure.

Of two tellings of one message the earlier stands, and of its edits the latest; which of them arrived first
changes nothing. Events of another chat are left aside, and so are the bot's own posts where a platform told them
as messages. Nothing here decides what is published.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from bot.chat import Chat
from bot.live.consent import asks_out
from bot.messages import (
    AnyEvent,
    Author,
    Command,
    Deleted,
    Edited,
    Event,
    Gap,
    Joined,
    Message,
    MessageDecision,
    Named,
    Posted,
    Reaction,
    Repost,
    Verdict,
    Viewed,
    Withdrawn,
)
from bot.reporting.actual_chat import as_asked
from bot.reporting.start import begun

Key = tuple[str, str]
"""A place, and an identifier on it: of a message, or of a person."""

K = TypeVar("K", bound=Hashable)
E = TypeVar("E", bound=Event)

_STRICT: tuple[Verdict, ...] = ("keep", "hold", "drop")

Passing = Reaction | Repost | Joined
"""What people do apart from speaking."""


class EventFold:
    """The events of a chat, sorted out. `latest` are the edits that stand; `gone` was deleted where it was said.

    `known` is what accounts are called, and `viewed` how often messages were seen, both as told last. Once all are
    sorted, `chat` has the questions as they were asked, and begins when it began.
    """

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.messages: dict[Key, Message] = {}
        self.latest: dict[Key, Edited] = {}
        self.gone: set[Key] = set()
        self.posted: dict[Key, Posted] = {}
        self.passing: dict[tuple[str, str, str], Passing] = {}
        self.gaps: dict[tuple[str, str, str], Gap] = {}
        self.commands: dict[Key, Command] = {}
        self._ruled: dict[Key, MessageDecision] = {}
        self._requests: set[Key] = set()
        self._withdrawn: set[Key] = set()
        self._followers: dict[Key, tuple[float, int]] = {}
        self.viewed: dict[Key, Viewed] = {}
        self.known: dict[Key, Named] = {}
        self._handles: set[tuple[Key, Key]] = set()

    @property
    def left_out(self) -> frozenset[Key]:
        """The people who asked to be left out, by place and their own id."""
        spoken = (self.messages[key] for key in self._requests if key in self.messages)
        return frozenset(self._withdrawn | {(one.place, one.author.id) for one in spoken})

    @property
    def withheld(self) -> frozenset[Key]:
        """The messages that are held or left out, by the latest decision. Of two at one instant the stricter counts."""
        return frozenset(key for key, one in self._ruled.items() if one.verdict != "keep")

    @property
    def silent(self) -> frozenset[Key]:
        """The handles of those people, casefolded and without `@`, by place."""
        out = self.left_out
        return frozenset(key for key, person in self._handles if person in out)

    @property
    def followers(self) -> dict[Key, int]:
        """The latest known count of each person."""
        return {person: count for person, (_, count) in self._followers.items()}

    @property
    def views(self) -> dict[Key, int]:
        """The latest known count of each message."""
        return {key: one.views for key, one in self.viewed.items()}

    def named(self, message: Message) -> Author:
        """Who said it, with the latest handle and name we learnt where the message itself came without."""
        author, known = message.author, self.known.get((message.place, message.author.id))
        if known is None:
            return author
        told = known.author
        return msgspec.structs.replace(author, handle=author.handle or told.handle, name=author.name or told.name)

    def text(self, key: Key) -> str:
        """A message's text as it stands now."""
        return self.latest[key].text if key in self.latest else self.messages[key].text

    def take(self, event: AnyEvent) -> None:
        """Sort one event in."""
        match event:
            case Message():
                self._message(event)
            case Edited():
                self._edited(event)
            case Deleted():
                self.gone.add((event.place, event.id))
            case Posted():
                _keep(self.posted, (event.place, event.id), event)
            case Withdrawn() | Named():
                self._person(event)
            case Gap():
                _keep(self.gaps, (event.place, f"{event.since}", f"{event.until}"), event)
            case Reaction() | Repost() | Joined():
                _keep(self.passing, (event.place, str(event.__struct_config__.tag), event.identity), event)
                self._know(event, event.author)
            case Command():
                _keep(self.commands, (event.place, event.id), event)
            case MessageDecision() | Viewed():
                self._latest(event)

    def _latest(self, event: MessageDecision | Viewed) -> None:
        """What is told again and again of a message, and the latest telling stands."""
        key = (event.place, event.id)
        if isinstance(event, Viewed):
            self.viewed[key] = max(self.viewed.get(key, event), event, key=lambda one: (one.at, one.views))
        else:
            self._ruled[key] = max(self._ruled.get(key, event), event, key=_force)

    def _message(self, event: Message) -> None:
        key = (event.place, event.id)
        _keep(self.messages, key, event)
        self._know(event, event.author)
        if asks_out(event.text):
            self._requests.add(key)

    def _edited(self, event: Edited) -> None:
        key = (event.place, event.id)
        known = self.latest.get(key)
        if known is None or (known.at, known.text) < (event.at, event.text):
            self.latest[key] = event
        if asks_out(event.text):
            self._requests.add(key)

    def _person(self, event: Named | Withdrawn) -> None:
        person = (event.place, event.author.id)
        if isinstance(event, Withdrawn):
            self._withdrawn.add(person)
        elif (known := self.known.get(person)) is None or _rank(known) < _rank(event):
            self.known[person] = event
        self._know(event, event.author)

    def _know(self, event: Event, author: Author) -> None:
        person = (event.place, author.id)
        if author.handle:
            self._handles.add(((event.place, author.handle.lstrip("@").casefold()), person))
        if author.followers is None:
            return
        told = (event.at.timestamp(), author.followers)
        self._followers[person] = max(self._followers.get(person, told), told)


def gather(chat: Chat, events: Iterable[AnyEvent]) -> EventFold:
    """Sort out all the events that are of this chat, or of none in particular."""
    log, own = EventFold(chat), set[Key]()
    for event in events:
        if isinstance(event, Posted):
            own.add((event.place, event.id))
        if getattr(event, "chat", None) in (None, chat.name):
            log.take(event)
    for key in own:
        log.messages.pop(key, None)
    log.chat = as_asked(begun(chat, log.posted.values()), log.posted.values(), log.latest)
    return log


def _keep(kept: dict[K, E], key: K, event: E) -> None:
    """Of two tellings of one thing the earlier stands; between equals any rule will do that ignores their order."""
    known = kept.setdefault(key, event)
    if known is not event and known != event and _rank(event) < _rank(known):
        kept[key] = event


def _force(ruled: MessageDecision) -> tuple[datetime, int]:
    return ruled.at, _STRICT.index(ruled.verdict)


def _rank(event: Event) -> tuple[float, bytes]:
    return event.at.timestamp(), msgspec.json.encode(event)
