"""Changes to events when a person is erased: an event goes, stays, or stays without them. Pure.

Events of kinds that are not known here are treated by their fields alone: an author, an id, texts. A message to which
others refer leaves a stand-in with an id of nobody, which only says under which question it stood; so the replies to it
stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from bot.erasure.text_redaction import TextRedactor
from bot.erasure.traces import ErasedMessage, Ident, Traces
from bot.live.quotes import linked
from bot.live.reposts import is_typed_repost
from bot.messages import (
    AnyEvent,
    Author,
    Deleted,
    Edited,
    Joined,
    Message,
    MessageDecision,
    MessagesMerged,
    Named,
    Posted,
    Reaction,
    Repost,
    SummaryWritten,
    Viewed,
    Withdrawn,
)

NOBODY = Author(id="gone")
"""The author of a stand-in, as in a published event log."""

_SHORTLY = timedelta(seconds=1)

_REFERENCES = ("reply_to", "quotes", "conversation")
"""The fields of a message that name others."""

_MOST_EVENTS = (Message, Edited, Deleted, Reaction, Repost, Joined, Named, Viewed, Withdrawn, MessageDecision)
"""Kinds of events of which it is known where a person may be named in them."""

_event: type[AnyEvent] = AnyEvent  # type: ignore[assignment]  # a union, which msgspec takes for a type


class EventChanges:
    """Applies one person's traces to events. `stand_in` gives the id that replaces one of theirs.

    After it, `needed` are the erased messages to which events refer that stay, each with the earliest of these.
    """

    def __init__(self, traces: Traces, redactor: TextRedactor, stand_in: Callable[[str, str], str]) -> None:
        self._traces, self._redactor, self._stand_in = traces, redactor, stand_in
        self._places = {id: place for place, id in sorted(traces.items)}
        self._ids, self._certain_ids = traces.ids, traces.certain_ids
        self.needed: dict[Ident, Message] = {}

    def apply(self, event: AnyEvent, raw: str, *, among: bool) -> AnyEvent | None:
        """The event without the person; None if nothing stays of it. `among`: it happened in a chat of theirs.

        `raw` is the event as it is stored.
        """
        if self._is_theirs(event):
            return None
        if not self._redactor.hints(raw) and not self._may_change(event, among=among):
            return event
        if isinstance(event, MessagesMerged) and event.original in self._traces.items:
            return msgspec.structs.replace(event, into=None, into_place=None)  # the copy is the only one from now on
        ours = self._redactor.ours if isinstance(event, Posted | SummaryWritten) else self._redactor.all
        redact = ours if among else self._redactor.certain
        before: dict[str, Any] = msgspec.to_builtins(event)
        above = before.get("reply_place") or event.place
        after = {
            key: self._cleaned(key, value, above if key == "reply_to" else event.place, redact)
            for key, value in before.items()
        }
        if isinstance(event, Message) and after["quotes"] in left_behind(event.text, after["text"]):
            after["quotes"] = None
        if isinstance(event, Message) and event.quotes is None and (quoted := self._linked(event)):
            event = msgspec.structs.replace(event, quotes=quoted)  # the address goes, what it led to counts
            after["quotes"] = self.reference(event.place, quoted)
        if after == before:
            return event
        cleaned: AnyEvent = msgspec.convert(after, _event)
        if isinstance(event, Message):
            self._note(event)
        return cleaned

    def stand_ins(self) -> list[tuple[str | None, AnyEvent]]:
        """A stand-in for each message that is still referred to, as a message that was deleted; each with its chat."""
        return [
            (self._traces.messages[place, id].chat, one)
            for (place, id), below in sorted(self.needed.items())
            for one in _stand_in(place, self._stand_in(place, id), self._traces.messages[place, id], below)
        ]

    def _may_change(self, event: AnyEvent, *, among: bool) -> bool:
        """Whether an event without anything certain may still refer to them, name them or quote them."""
        if not isinstance(event, _MOST_EVENTS):
            return True
        if isinstance(event, Message):
            if any(one in self._ids for one in (event.reply_to, event.quotes, event.conversation) if one):
                return True
            if among and any(self._redactor.all(one.text) != one.text for one in event.media):
                return True
        text = getattr(event, "text", "")
        return among and text != "" and self._redactor.all(text) != text

    def _is_theirs(self, event: AnyEvent) -> bool:
        place, author = event.place, getattr(event, "author", None)
        if author is not None and (place, author.id) in self._traces.accounts:
            return True
        if (place, getattr(event, "id", "")) in self._traces.items:
            return True
        if isinstance(event, Posted):
            return event.key in self._traces.keys
        if isinstance(event, Repost):
            return (place, event.of or "") in self._traces.items
        return is_typed_repost(text := getattr(event, "text", "")) and self._redactor.repeats(text)

    def _cleaned(self, key: str, value: Any, place: str, redact: Callable[[str], str]) -> Any:  # noqa: ANN401 -- JSON
        if isinstance(value, Mapping):
            return self._cleaned_object(key, value, place, redact)
        if isinstance(value, list):
            return [self._cleaned(key, one, place, redact) for one in value]
        if not isinstance(value, str) or key in {"type", "place", "id", "at", "chat", "role", "key"}:
            return value
        return self.reference(place, value) or redact(value)

    def _cleaned_object(self, key: str, value: Mapping[str, Any], place: str, redact: Callable[[str], str]) -> object:
        if key == "author":
            return dict(value)
        if key == "names":  # of those whom a text mentions: by the characters that mention them
            return {mention: name for mention, name in value.items() if redact(mention) == mention}
        return {name: self._cleaned(name, one, place, redact) for name, one in value.items()}

    def reference(self, place: str, id: str) -> str | None:
        """The stand-in for an id of theirs; None if it is not one."""
        if (place, id) in self._traces.items:
            return self._stand_in(place, id)
        return self._stand_in(self._places[id], id) if id in self._certain_ids and id in self._places else None

    def _linked(self, event: Message) -> str | None:
        """The message of theirs to which an address in the text leads."""
        return next((id for id in linked(event.text).ids if (event.place, id) in self._traces.messages), None)

    def _note(self, event: Message) -> None:
        """Remember which erased messages it refers to."""
        for field in _REFERENCES:
            id = getattr(event, field)
            place = event.reply_place or event.place if field == "reply_to" else event.place
            if (place, id) in self._traces.messages:
                first = self.needed.setdefault((place, id), event)
                if event.at < first.at:
                    self.needed[place, id] = event


def left_behind(text: str, marked: str) -> frozenset[str]:
    """The ids to which addresses led that a text has no more: posts of theirs outside of the chat."""
    return frozenset(linked(text).ids) - frozenset(linked(marked).ids) if marked != text else frozenset()


def _stand_in(place: str, id: str, erased: ErasedMessage, below: Message) -> tuple[Message, Deleted]:
    """It has its time from a reply: when the person wrote is nobody's business. Its text names its questions."""
    named = "/".join(question.upper() for question in erased.questions if question.startswith("q"))
    at = below.at - _SHORTLY if named else erased.at
    message = Message(place=place, id=id, author=NOBODY, text=named, at=at, chat=erased.chat)
    return message, Deleted(place=place, id=id, at=at)
