"""The attributor: finds the questions of the messages in a batch, with all that they refer to.

It reads from the store and changes nothing there. A message that refers to one that comes later, or is edited later, is
looked at again then: so the live page agrees with the record. That is remembered in memory only, and for a bounded
number of messages; after a restart the earlier ones keep the question they have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from bot.live import quotes
from bot.live.attribution import Attribution, Parent, QuestionTimeline, References, attribute, references, reworded
from bot.live.live_chats import LiveChats
from bot.live.reposts import is_typed_repost
from bot.messages import AnyEvent, Deleted, Edited, Message, MessageDecision
from bot.store import messages
from bot.store.message_rows import Ident, MessageRow
from bot.store.schema import REPOST

_MOST_BELOW = 50_000
"""Messages that are remembered with those that refer to them."""

_MOST_FOLLOWED = 2_000
"""Messages that are looked at again with one batch."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(References).decode

Below = dict[Ident, dict[Ident, None]]
"""The messages that refer to a message, in the order in which they came."""


class Attributor:
    """Prepares one batch after another."""

    def __init__(self, live_chats: LiveChats) -> None:
        self._live_chats = live_chats
        self._below: Below = {}

    def prepare(self, connection: Connection, events: Sequence[AnyEvent]) -> BatchAttributions:
        """Read the messages that a batch is about, those they refer to, and those that refer to them."""
        if (surplus := len(self._below) - _MOST_BELOW) > 0:
            for oldest in list(self._below)[:surplus]:
                del self._below[oldest]
        own = {(event.place, id) for event in events if (id := getattr(event, "id", None)) is not None}
        referring = [event for event in events if not _is_plain(event)]
        above = {one for event in referring for one in _above(event)}
        urls = {url for event in referring for url in _addresses(event) if self._live_chats.post_at(url) is None}
        at = messages.idents_at(connection, urls)
        originals = messages.originals(connection, self._others(above))
        versions = {one for event in referring for one in _versions(event)}
        below = self._all_below((own | versions) & self._below.keys())
        wanted = own | self._others({originals.get(one, one) for one in above}) | set(at.values()) | set(below)
        rows = messages.get_rows(connection, wanted)
        again = [rows[ident] for ident in own.union(below) & rows.keys()]
        further = self._others({one for row in again for one in _decoded(row).idents(row.place)})
        originals |= messages.originals(connection, further)
        missing = {originals.get(one, one) for one in further} - rows.keys() - wanted
        rows |= messages.get_rows(connection, missing)
        return BatchAttributions(self._live_chats, rows, originals, at, self._below)

    def _others(self, idents: Iterable[Ident]) -> set[Ident]:
        """All but the bot's own posts, which are in memory."""
        return {one for one in idents if not self._live_chats.is_own_post(*one)}

    def _all_below(self, idents: Iterable[Ident]) -> list[Ident]:
        """The messages that refer to these, those that refer to them, and so on."""
        found: dict[Ident, None] = {}
        waiting = list(idents)
        while waiting and len(found) < _MOST_FOLLOWED:
            for one in self._below.get(waiting.pop(), ()):
                if one not in found:
                    found[one] = None
                    waiting.append(one)
        return list(found)


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
    ) -> None:
        self.rows = rows
        self.new_versions: dict[Ident, Ident] = {}
        self._live_chats = live_chats
        self._originals = originals
        self._at = at
        self._below = below

    def note(self, event: Message | Edited) -> None:
        """Note the versions of a message."""
        for version in _versions(event):
            if version != (event.place, event.id):
                self.new_versions[version] = original = self._originals.setdefault(version, (event.place, event.id))
                self._below.setdefault(original, {}).update(self._below.pop(version, {}))

    def by_message(self, event: AnyEvent) -> AnyEvent:
        """An event that changes a message, with the message's own id if it names a version."""
        if not self._originals or not isinstance(event, _CHANGING):
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
        found = references(message, timeline)
        if before is not None and before.refers:
            edited = _decoded(before)
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
        found = reworded(_decoded(row), edit.text, timeline)
        if row.author is None:
            row.refers = _encode(found).decode()
        else:
            self._settle(row, found, timeline, is_repost=is_typed_repost(edit.text))

    def again(self, row: MessageRow) -> None:
        """Attribute a message again, because of another to which it refers."""
        live = self._live_chats.by_name.get(row.chat or "")
        if live is not None:
            self._assign(row, _decoded(row), live.timeline(row.place), is_repost=row.reason == REPOST)

    def is_referred_to(self, ident: Ident) -> bool:
        """Whether a message that is remembered refers to this one."""
        return ident in self._below

    def below(self, ident: Ident) -> list[MessageRow]:
        """The messages that refer to this one."""
        return [row for one in self._below.get(ident, ()) if (row := self.row(one)) is not None]

    def _settle(self, row: MessageRow, found: References, timeline: QuestionTimeline, *, is_repost: bool) -> None:
        row.refers = _encode(found).decode() if found.beyond_reply() or found.reply != _reply(row) else ""
        self._assign(row, found, timeline, is_repost=is_repost)
        for one in found.idents(row.place) if not found.named else ():
            if not self._live_chats.is_own_post(*one):
                self._below.setdefault(self._originals.get(one, one), {})[row.place, row.id] = None

    def _assign(self, row: MessageRow, found: References, timeline: QuestionTimeline, *, is_repost: bool) -> None:
        (row.question, *also), reason = self._attribute(row, found, timeline)
        row.also, row.reason = tuple(also), REPOST if is_repost else reason

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


def _decoded(row: MessageRow) -> References:
    return _decode(row.refers) if row.refers else References(reply=_reply(row))


def _reply(row: MessageRow) -> Ident | None:
    """The message to which a row replies; older rows were stored without their other references."""
    return (row.reply_place or row.place, row.reply_to) if row.reply_to else None


_SAID = (Message, Edited)
_CHANGING = (Edited, Deleted, MessageDecision)
"""Events that change a message. They may name it by the id of a version."""


def _is_plain(event: AnyEvent) -> bool:
    """Whether it is a message that refers to nothing and has no further ids, as most do."""
    return isinstance(event, Message) and not (
        event.reply_to
        or event.quotes
        or event.versions
        or "://" in event.text
        or event.conversation not in (None, event.id)
    )


def _above(event: AnyEvent) -> Sequence[Ident]:
    """The messages to which an event may refer, and the one that it changes."""
    ids: list[str] = []
    if isinstance(event, Message):
        ids = [id for id in (event.quotes, event.conversation) if id and id != event.id]
    elif isinstance(event, _CHANGING):
        ids = [event.id]
    if isinstance(event, _SAID):
        ids += quotes.linked(event.text).ids
    found = [(event.place, id) for id in ids]
    return [event.parent, *found] if isinstance(event, Message) and event.reply_to else found


def _addresses(event: AnyEvent) -> Sequence[str]:
    return quotes.linked(event.text).addresses if isinstance(event, _SAID) else ()


def _versions(event: AnyEvent) -> Sequence[Ident]:
    """Further ids of the message that an event is about."""
    if isinstance(event, Message):
        return [(event.place, version) for version in event.versions] if event.versions else ()
    return [(event.place, event.version)] if isinstance(event, Edited) and event.version else ()
