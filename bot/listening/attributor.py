"""The attributor: finds the questions of the messages in a batch, with all that they refer to.

It reads from the store and changes nothing there. A message that refers to one that comes later, or is edited later, is
looked at again then: so the live page agrees with the record. That is remembered in memory only, and for a bounded
number of messages; after a restart the earlier ones keep the question they have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.listening.batch_attributions import CHANGING, BatchAttributions, Below, decoded, versions_of
from bot.live import quotes
from bot.live.live_chats import LiveChats
from bot.messages import AnyEvent, Correction, Edited, Message, MessageMoved
from bot.store import corrections, messages
from bot.store.lock_order import is_shared
from bot.store.message_rows import Ident

_MOST_BELOW = 50_000
"""Messages that are remembered with those that refer to them."""

_MOST_FOLLOWED = 2_000
"""Messages that are looked at again with one batch."""


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
        latest = self._corrected(connection, events)
        own = {(event.place, id) for event in events if (id := getattr(event, "id", None)) is not None}
        referring = [event for event in events if not _is_plain(event)]
        above = {one for event in referring for one in _above(event)}
        urls = {url for event in referring for url in _addresses(event) if self._live_chats.post_at(url) is None}
        at = messages.idents_at(connection, urls)
        originals = messages.originals(connection, self._others(above))
        versions = {one for event in referring for one in versions_of(event)}
        below = self._all_below((own | versions) & self._below.keys())
        wanted = own | self._others({originals.get(one, one) for one in above}) | set(at.values()) | set(below)
        rows = messages.get_rows(connection, wanted, lock=False)
        again = [rows[ident] for ident in own.union(below) & rows.keys()]
        further = self._others({one for row in again for one in decoded(row).idents(row.place)})
        originals |= messages.originals(connection, further)
        missing = {originals.get(one, one) for one in further} - rows.keys() - wanted
        rows |= messages.get_rows(connection, missing, lock=False)
        if is_shared(connection):  # all at once, as whoever locks some and then others may wait for somebody who waits
            rows = messages.get_rows(connection, rows.keys())
        return BatchAttributions(self._live_chats, rows, originals, at, self._below, latest)

    def _corrected(self, connection: Connection, events: Sequence[AnyEvent]) -> dict[corrections.Subject, datetime]:
        """When a batch's messages were corrected last. It learns what refers to those that are moved."""
        told = [one for one in events if isinstance(one, Correction)]
        chats = {one.chat for one in told if isinstance(one, MessageMoved) and one.chat}
        for row in corrections.referring_rows(connection, chats) if chats else ():
            for one in decoded(row).idents(row.place):
                if not self._live_chats.is_own_post(*one):
                    self._below.setdefault(one, {})[row.place, row.id] = None
        return corrections.latest_of(connection, dict.fromkeys(map(corrections.subject_of, told)))

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


_SAID = (Message, Edited)


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
    elif isinstance(event, CHANGING):
        ids = [event.id]
    if isinstance(event, _SAID):
        ids += quotes.linked(event.text).ids
    found = [(event.place, id) for id in ids]
    return [event.parent, *found] if isinstance(event, Message) and event.reply_to else found


def _addresses(event: AnyEvent) -> Sequence[str]:
    return quotes.linked(event.text).addresses if isinstance(event, _SAID) else ()
