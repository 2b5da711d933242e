"""The attributions of one batch: the questions of new, edited and corrected messages, and of those that refer to them.

It works on the rows that `Attributor` has read for it, and neither reads nor writes a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from bot.live.answer_marks import questions_named_in
from bot.live.attribution import (
    AFTER,
    BEFORE,
    NO_REFERENCES,
    Attribution,
    Parent,
    QuestionTimeline,
    References,
    attribute,
    references,
    reworded,
)
from bot.live.corrections import CORRECTED, MessageCorrection, correct
from bot.live.live_chats import LiveChats
from bot.live.reposts import is_typed_repost
from bot.messages import AnyEvent, Correction, Deleted, Edited, Message, MessageDecision, MessageMoved
from bot.store.corrections import Subject, subject_of
from bot.store.message_rows import Ident, MessageRow
from bot.store.message_schema import REPOST

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(References).decode

Below = dict[Ident, dict[Ident, None]]
"""The messages that refer to a message, in the order in which they came."""

_Marks = tuple[frozenset[str], tuple[str, ...]]
"""The questions and letters of a chat, on which it depends what a text names."""

_Named = tuple[_Marks | None, Mapping[str, tuple[str, ...]]]
_NOTHING_NAMED: _Named = (None, {})

CHANGING = (Edited, Deleted, MessageDecision, Correction)
"""Events that change a message. They may name it by the id of a version."""


class BatchAttributions:
    """The attributions of one batch. `rows` are the messages it may need; new ones are added by the caller.

    `new_versions` are those that became known with the batch.
    """

    def __init__(
        self,
        live_chats: LiveChats,
        rows: dict[Ident, MessageRow],
        originals: dict[Ident, Ident],
        at: dict[str, Ident],
        below: Below,
        latest: dict[Subject, datetime],
    ) -> None:
        self.rows = rows
        self.new_versions: dict[Ident, Ident] = {}
        self._live_chats = live_chats
        self._originals = originals
        self._at = at
        self._below = below
        self._latest = latest
        self._named: dict[tuple[str, str], _Named] = {}

    def find_marks(self, heard: Iterable[tuple[Message, str]]) -> None:
        """Find the marks in the texts of new messages, each with the chat that is open: all texts of a chat at once."""
        texts: dict[tuple[str, str], dict[str, None]] = {}
        for message, chat in heard:
            texts.setdefault((chat, message.place), {})[message.text] = None
        for (chat, place), some in texts.items():
            if live := self._live_chats.by_name.get(chat):
                marks = _marks(live.timeline(place))
                self._named[chat, place] = marks, questions_named_in(list(some), *marks)

    def correct(self, row: MessageRow, event: MessageCorrection) -> None:
        """Correct a message, unless it was corrected later. One that is moved is attributed again."""
        subject = subject_of(event)
        known = self._latest.get(subject, event.at)
        self._latest[subject] = max(known, event.at)
        if event.at < known:
            return
        correct(row, event)
        if isinstance(event, MessageMoved) and row.author is not None:
            self.again(row)

    def note(self, event: Message | Edited) -> None:
        """Note the versions of a message."""
        for version in versions_of(event):
            if version != (event.place, event.id):
                self.new_versions[version] = original = self._originals.setdefault(version, (event.place, event.id))
                self._below.setdefault(original, {}).update(self._below.pop(version, {}))

    def by_message(self, event: AnyEvent) -> AnyEvent:
        """An event that changes a message, with the message's own id if it names a version."""
        if not self._originals or not isinstance(event, CHANGING):
            return event
        original = self._originals.get((event.place, event.id))
        return event if original is None else msgspec.structs.replace(event, id=original[1])

    def row(self, ident: Ident) -> MessageRow | None:
        """The message with this id, or with the id of one of its versions."""
        found = self.rows.get(self._originals.get(ident, ident))
        return found if found is not None and found.author is not None else None

    def chat_above(self, event: Message) -> str | None:
        """The chat of the message to which one refers, whichever chat is open by now."""
        above = event.parent, (event.place, event.quotes or ""), (event.place, event.conversation or "")
        for ident in above:
            row = self.row(ident)
            chat = row.chat if row is not None else self._live_chats.chat_of_post(*ident)
            if chat is not None:
                return chat
        return None

    def first(self, row: MessageRow, message: Message, before: MessageRow | None) -> None:
        """Attribute a new message. `before` is its placeholder, if its edit overtook it."""
        live = self._live_chats.by_name.get(row.chat or "")
        if live is None:
            return
        timeline = live.timeline(row.place)
        marks, named = self._named.get((live.chat.name, row.place), _NOTHING_NAMED)
        # the event loop may have changed the chat meanwhile
        found = references(message, timeline, named=named.get(message.text) if marks == _marks(timeline) else None)
        if before is not None and before.refers:
            edited = decoded(before)
            found = msgspec.structs.replace(edited, reply=found.reply, quotes=found.quotes, thread=found.thread)
        if row.url:
            self._at.setdefault(row.url, (row.place, row.id))
        self._settle(row, found, timeline, is_repost=is_typed_repost(message.text))

    def reword(self, row: MessageRow, edit: Edited) -> None:
        """Attribute an edited message again."""
        chat = row.chat if row.author is not None else self._live_chats.open_chat(row.place, edit.at)
        live = self._live_chats.by_name.get(chat or "")
        if live is None:
            return
        timeline = live.timeline(row.place)
        found = reworded(decoded(row), edit.text, timeline)
        if row.author is None:
            row.refers = _encode(found).decode()
        else:
            self._settle(row, found, timeline, is_repost=is_typed_repost(edit.text))

    def again(self, row: MessageRow) -> None:
        """Attribute a message again, because of another to which it refers."""
        live = self._live_chats.by_name.get(row.chat or "")
        if live is not None:
            self._assign(row, decoded(row), live.timeline(row.place), is_repost=row.reason == REPOST)

    def is_referred_to(self, ident: Ident) -> bool:
        """Whether a message that is remembered refers to this one."""
        return ident in self._below

    def below(self, ident: Ident) -> list[MessageRow]:
        """The messages that refer to this one."""
        return [row for one in self._below.get(ident, ()) if (row := self.row(one)) is not None]

    def _settle(self, row: MessageRow, found: References, timeline: QuestionTimeline, *, is_repost: bool) -> None:
        if found is NO_REFERENCES and not row.reply_to:
            row.refers = ""
            self._assign(row, found, timeline, is_repost=is_repost)
            return
        row.refers = _encode(found).decode() if found.beyond_reply() or found.reply != _reply(row) else ""
        self._assign(row, found, timeline, is_repost=is_repost)
        for one in found.idents(row.place) if not found.named else ():
            if not self._live_chats.is_own_post(*one):
                self._below.setdefault(self._originals.get(one, one), {})[row.place, row.id] = None

    def _assign(self, row: MessageRow, found: References, timeline: QuestionTimeline, *, is_repost: bool) -> None:
        questions, reason = self._moved(row, timeline) or self._attribute(row, found, timeline)
        row.question, row.also, row.reason = questions[0], questions[1:], REPOST if is_repost else reason

    def _moved(self, row: MessageRow, timeline: QuestionTimeline) -> Attribution | None:
        """Where a host moved a message; None where it wasn't moved, or not to a question of the chat."""
        stays = row.moved != "" and (row.moved in {BEFORE, AFTER} or row.moved in timeline.keys)
        return ((row.moved,), CORRECTED) if stays else None

    def _attribute(self, row: MessageRow, found: References, timeline: QuestionTimeline) -> Attribution:
        def parent(ident: Ident) -> Parent | None:
            if self._live_chats.is_own_post(*ident):
                return self._live_chats.parent(*ident) if self._live_chats.chat_of_post(*ident) == row.chat else None
            other = self.row(ident)
            if other is None or other is row or other.chat != row.chat:
                return None
            return Parent(question=other.question, is_question=False)

        def address(url: str) -> Parent | None:
            ident = self._live_chats.post_at(url) or self._at.get(url)
            return parent(ident) if ident else None

        return attribute(found, row.place, row.at, timeline, parent=parent, address=address)


def _marks(timeline: QuestionTimeline) -> _Marks:
    return timeline.keys, timeline.letters


def decoded(row: MessageRow) -> References:
    """All that a stored message refers to."""
    return _decode(row.refers) if row.refers else References(reply=_reply(row))


def _reply(row: MessageRow) -> Ident | None:
    """The message to which a row replies; older rows were stored without their other references."""
    return (row.reply_place or row.place, row.reply_to) if row.reply_to else None


def versions_of(event: AnyEvent) -> Sequence[Ident]:
    """Further ids of the message that an event is about."""
    if isinstance(event, Message):
        return [(event.place, version) for version in event.versions] if event.versions else ()
    return [(event.place, event.version)] if isinstance(event, Edited) and event.version else ()
