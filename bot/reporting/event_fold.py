"""The fold of a chat's events: each message, edit and decision once. Pure.

The earlier of two reports of a message counts, and the latest of its edits; the order in which they arrive makes no
difference. Events of other chats are ignored, and so are the bot's own posts where a platform reports them as messages.
What is published is not decided here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from bot.chat import Chat
from bot.live.choices import Choices
from bot.live.reposts import is_typed_repost
from bot.messages import (
    AnyEvent,
    Command,
    Deleted,
    Edited,
    Event,
    Gap,
    Joined,
    Media,
    Message,
    MessageDecision,
    Named,
    Posted,
    Reaction,
    Repost,
    Returned,
    TakenOut,
    Verdict,
    Viewed,
    Withdrawn,
    is_blank,
)
from bot.reporting.accounts import Accounts
from bot.reporting.actual_chat import actual_chat
from bot.reporting.corrections import AnyCorrection, Corrections
from bot.reporting.versions import by_message

Key = tuple[str, str]
"""A place, and the id of a message or a person there."""

K = TypeVar("K", bound=Hashable)
E = TypeVar("E", bound=Event)

_STRICT: tuple[Verdict, ...] = ("keep", "hold", "drop")

Activity = Reaction | Repost | Joined
"""Things people do besides posting messages."""


class EventFold:
    """The folded events of a chat: `edits` has the latest edit of each message, `deleted` the deleted messages.

    `views` have the latest count for each message, `accounts` what is known of people, `corrections` the later
    corrections. Once all events are folded, `chat` has its actual start and the questions as they were asked.
    """

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.messages: dict[Key, Message] = {}
        self.versions: dict[Key, str] = {}
        self.edits: dict[Key, Edited] = {}
        self.deleted: set[Key] = set()
        self.posted: dict[Key, Posted] = {}
        self.activities: dict[tuple[str, str, str], Activity] = {}
        self.gaps: dict[tuple[str, str, str], Gap] = {}
        self.commands: dict[Key, Command] = {}
        self.corrections, self.accounts = Corrections(), Accounts()
        self._decisions: dict[Key, MessageDecision] = {}
        self.choices = Choices()
        self.views: dict[Key, Viewed] = {}
        self._media: dict[Key, Edited] = {}

    @property
    def left_out(self) -> frozenset[Key]:
        """The people who asked to be left out, by place and id."""
        return frozenset(person for person, is_out in self.choices.people(self.messages).items() if is_out)

    @property
    def held_or_dropped(self) -> frozenset[Key]:
        """The messages that the latest decision holds or drops. Of two at the same time the stricter counts."""
        return frozenset(key for key, one in self._decisions.items() if one.verdict != "keep")

    @property
    def left_out_handles(self) -> frozenset[Key]:
        """The handles of the people who were left out, by place; casefolded and without `@`."""
        return self.accounts.handles_of(self.left_out)

    @property
    def view_counts(self) -> dict[Key, int]:
        """The latest known number of views of each message."""
        return {key: one.views for key, one in self.views.items()}

    def text(self, key: Key) -> str:
        """A message's current text, as it was typed."""
        return self.edits[key].text if key in self.edits else self.messages[key].text

    def media(self, key: Key) -> tuple[Media, ...]:
        """The present media of a message."""
        media = self._media[key].media if key in self._media else None
        return self.messages[key].media if media is None else media

    def names_in(self, key: Key) -> dict[str, str]:
        """The names that came with a message and its latest edit."""
        edit = self.edits.get(key)
        return {**self.messages[key].names, **edit.names} if edit else self.messages[key].names

    @property
    def typed_reposts(self) -> dict[Key, Repost]:
        """The reposts typed by hand, as reposts, except those that the platform reports as well."""
        return {
            key: Repost(place=one.place, id=one.id, author=one.author, at=one.at)
            for key, one in self.messages.items()
            if is_typed_repost(self.text(key))
        }

    @property
    def emptied(self) -> frozenset[Key]:
        """The messages of which nothing is left: no words and no media."""
        return frozenset(
            key
            for key, one in self.edits.items()
            if is_blank(one.text) and key in self._media and not self._media[key].media
        )

    def add(self, event: AnyEvent) -> None:
        """Fold one event in."""
        match event:
            case Message():
                self._message(event)
            case Edited():
                self._edited(event)
            case Deleted():
                self.deleted.add((event.place, event.id))
            case Posted():
                _keep_earliest(self.posted, (event.place, event.id), event)
            case Withdrawn() | Returned() | Named():
                self._person(event)
            case Gap():
                _keep_earliest(self.gaps, (event.place, f"{event.since}", f"{event.until}"), event)
            case Reaction() | Repost() | Joined():
                _keep_earliest(self.activities, (event.place, str(event.__struct_config__.tag), event.identity), event)
                self.accounts.note(event, event.author)
            case Command():
                _keep_earliest(self.commands, (event.place, event.id), event)
            case _:
                self._latest(event)

    def _person(self, event: Withdrawn | Returned | Named) -> None:
        if isinstance(event, Named):
            self.accounts.named(event)
        else:
            self.choices.add(event)
            self.accounts.note(event, event.author)

    def _latest(self, event: MessageDecision | Viewed | AnyCorrection | TakenOut) -> None:
        """Keep the latest of several events about one message."""
        if isinstance(event, TakenOut):
            self.choices.add(event)
            return
        if not isinstance(event, MessageDecision | Viewed):
            self.corrections.add(event)
            return
        key = (event.place, event.id)
        if isinstance(event, Viewed):
            self.views[key] = max(self.views.get(key, event), event, key=lambda one: (one.at, one.views))
        else:
            self._decisions[key] = max(self._decisions.get(key, event), event, key=_strictness)

    def original(self, key: Key) -> Key:
        """The message of which this is a version, or itself."""
        return (key[0], self.versions[key]) if key in self.versions else key

    @property
    def all_versions(self) -> dict[Key, tuple[str, ...]]:
        """The further ids of each message that has any."""
        found: dict[Key, tuple[str, ...]] = {}
        for (place, version), id in sorted(self.versions.items()):
            found[place, id] = (*found.get((place, id), ()), version)
        return found

    def _note_version(self, place: str, version: str, id: str) -> None:
        """Note the id of a version. If two messages claim it, the smaller id counts."""
        if version != id:
            self.versions[place, version] = min(self.versions.get((place, version), id), id)

    def _message(self, event: Message) -> None:
        key = (event.place, event.id)
        for version in event.versions:
            self._note_version(event.place, version, event.id)
        _keep_earliest(self.messages, key, event)
        self.accounts.note(event, event.author)
        self.choices.said(event)

    def _edited(self, event: Edited) -> None:
        key = (event.place, event.id)
        if event.version:
            self._note_version(event.place, event.version, event.id)
        known = self.edits.get(key)
        if known is None or (known.at, known.text) < (event.at, event.text):
            self.edits[key] = event
        if event.media is not None and (key not in self._media or _rank(self._media[key]) < _rank(event)):
            self._media[key] = event
        self.choices.said(event)


def fold_events(chat: Chat, events: Iterable[AnyEvent]) -> EventFold:
    """Fold all events that belong to this chat, or to none in particular."""
    fold, own = EventFold(chat), set[Key]()
    for event in by_message(events):
        if isinstance(event, Posted):
            own.add((event.place, event.id))
        if getattr(event, "chat", None) in (None, chat.name):
            fold.add(event)
    for key in own:
        fold.messages.pop(key, None)
    fold.chat = actual_chat(chat, fold.posted.values(), fold.edits)
    return fold


def _keep_earliest(kept: dict[K, E], key: K, event: E) -> None:
    """Keep the earlier of two reports; between equals, by any rule that ignores the order of arrival."""
    known = kept.setdefault(key, event)
    if known is not event and known != event and _rank(event) < _rank(known):
        kept[key] = event


def _strictness(decision: MessageDecision) -> tuple[datetime, int]:
    return decision.at, _STRICT.index(decision.verdict)


def _rank(event: Event) -> tuple[float, bytes]:
    return event.at.timestamp(), msgspec.json.encode(event)
