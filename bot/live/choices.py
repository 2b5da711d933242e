"""The choices of participants, folded: who is in the record, and which messages their authors took out. Pure.

They come as events, or as messages that say just that. The latest counts; of two at the same time, the one that shows
less. A message that only asks for something is itself no part of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.live.consent import Request, asks_about_self, privacy_request
from bot.messages import AnyEvent, Edited, Message, Returned, TakenOut, Withdrawn

Key = tuple[str, str]
"""A place, and the id of a message or a person there."""

_Choice = tuple[datetime, bool]
"""When, and whether something is left out: so the later is the greater, and of two at once the one that leaves out."""


class Choices:
    """All choices in a log."""

    def __init__(self) -> None:
        self._people: dict[Key, _Choice] = {}
        self._messages: dict[Key, _Choice] = {}
        self._requests: dict[Key, tuple[datetime, Request]] = {}

    def add(self, event: Withdrawn | Returned | TakenOut) -> None:
        """Add a choice that came as an event."""
        if isinstance(event, TakenOut):
            _keep_latest(self._messages, (event.place, event.id), (event.at, event.on))
        else:
            choice = (event.at, isinstance(event, Withdrawn))
            _keep_latest(self._people, (event.place, event.author.id), choice)

    def said(self, event: Message | Edited) -> None:
        """Note what a message asks for, if it is nothing but a request. An edit may make it one."""
        request, key = privacy_request(event.text), (event.place, event.id)
        if request is not None and request != "stop":
            self._requests[key] = max(self._requests.get(key, (event.at, request)), (event.at, request))

    def hidden(self, messages: Mapping[Key, Message]) -> frozenset[Key]:
        """The messages that their authors took out, and those that only ask for something."""
        asking = {key for key, (_, one) in self._requests.items() if key in messages and asks_about_self(one)}
        asking |= {key for key in self._requests if self._person(key, messages) or self._above(key, messages)}
        return self.taken_out(messages) | asking

    def people(self, messages: Mapping[Key, Message]) -> dict[Key, bool]:
        """The people who chose, each with whether they are left out."""
        found = dict(self._people)
        for key, (at, request) in self._requests.items():
            if person := self._person(key, messages):
                _keep_latest(found, person, (at, request == "leave"))
        return {person: left_out for person, (_, left_out) in found.items()}

    def taken_out(self, messages: Mapping[Key, Message]) -> frozenset[Key]:
        """The messages that their authors took out."""
        found = dict(self._messages)
        for key, (at, request) in self._requests.items():
            if above := self._above(key, messages):
                _keep_latest(found, above, (at, request == "take out"))
        return frozenset(key for key, (_, is_out) in found.items() if is_out)

    def _person(self, key: Key, messages: Mapping[Key, Message]) -> Key | None:
        """The author of a message that asks to be left out, or to be in again."""
        if key not in messages or self._requests[key][1] not in ("leave", "return"):
            return None
        return key[0], messages[key].author.id

    def _above(self, key: Key, messages: Mapping[Key, Message]) -> Key | None:
        """The author's own message that a message asks to leave out, or to put back."""
        if key not in messages or self._requests[key][1] not in ("take out", "put back"):
            return None
        message = messages[key]
        above = messages.get(message.parent)
        same = above is not None and (above.place, above.author.id) == (message.place, message.author.id)
        return message.parent if same else None


def _keep_latest(found: dict[Key, _Choice], key: Key, choice: _Choice) -> None:
    found[key] = max(found.get(key, choice), choice)


def people_choices(events: Iterable[AnyEvent]) -> dict[Key, bool]:
    """The people who chose in a log, each with whether they are left out."""
    choices, messages = Choices(), dict[Key, Message]()
    for event in events:
        if isinstance(event, Withdrawn | Returned):
            choices.add(event)
        elif isinstance(event, Message | Edited):
            choices.said(event)
        if isinstance(event, Message):
            messages[event.place, event.id] = event
    return choices.people(messages)
