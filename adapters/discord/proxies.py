"""Copies that a proxy such as PluralKit puts in a message's place, recognized as the message's successors.

A person writes, the proxy posts the words again by a webhook under another name, and deletes the original, in either
order. A webhook's message counts as a successor if the words of a message that was deleted in the same channel
within ten seconds contain its own. Nothing else that a webhook posts is heard.

It knows only what it has heard itself: in the history the original is gone, so nobody can tell whose a copy is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from adapters.discord.rest import Json
from adapters.kit.bounded import RecentMap

_TOGETHER = timedelta(seconds=10)
"""The longest time between the copy and the end of the original."""

_MOST = 300
"""The messages, copies and successors that are remembered, of each."""


class Heard(NamedTuple):
    """An event as it is to be read. `again`: its words were heard before, as the original's."""

    kind: str
    payload: Json
    again: bool = False


class _Remembered(NamedTuple):
    payload: Json
    at: datetime


class Proxies:
    """The recent messages of one place, and the copies among them."""

    def __init__(self) -> None:
        self._said: RecentMap[str, Json] = RecentMap(_MOST)
        self._deleted: RecentMap[str, _Remembered] = RecentMap(_MOST)
        self._copies: RecentMap[str, _Remembered] = RecentMap(_MOST)
        self._successors: RecentMap[str, Json] = RecentMap(_MOST)

    def read(self, kind: str, payload: Json, now: datetime) -> Iterator[Heard]:
        """The events in an event: itself, a successor in its place, or a successor after it."""
        id = str(payload.get("id") or "")
        for waiting in (self._deleted, self._copies):
            _forget_old(waiting, now)
        match kind:
            case "MESSAGE_CREATE" if payload.get("webhook_id"):
                yield from self._copied(id, payload, now)
            case "MESSAGE_CREATE":
                self._said[id] = payload
                yield Heard(kind, payload)
            case "MESSAGE_UPDATE":
                yield self._updated(id, payload)
            case "MESSAGE_DELETE" | "MESSAGE_DELETE_BULK":
                yield Heard(kind, payload)
                ids = payload.get("ids")
                for gone in ids if isinstance(ids, list) else [id]:
                    yield from self._gone(str(gone), now)
            case _:
                yield Heard(kind, payload)

    def _copied(self, id: str, copy: Json, now: datetime) -> Iterator[Heard]:
        """A copy: a successor if its original went before it; else it waits for that."""
        for original, gone in reversed(self._deleted.items()):
            if _is_copy(copy, gone.payload):
                del self._deleted[original]
                yield self._succeeded(id, copy, gone.payload)
                return
        self._copies[id] = _Remembered(copy, now)

    def _gone(self, id: str, now: datetime) -> Iterator[Heard]:
        """A message is gone: a copy of it that came before is its successor."""
        self._copies.pop(id, None)
        original = self._said.pop(id, None)
        if original is None:
            return
        for one, copy in reversed(self._copies.items()):
            if _is_copy(copy.payload, original):
                del self._copies[one]
                yield self._succeeded(one, copy.payload, original)
                return
        self._deleted[id] = _Remembered(original, now)

    def _succeeded(self, id: str, copy: Json, original: Json) -> Heard:
        """The copy as a message of the original's author, below what the original answered."""
        author, member = _part(original, "author"), _part(original, "member")
        shown = str(_part(copy, "author").get("username") or "")
        whose: Json = {
            "webhook_id": None,
            "type": original.get("type", 0),
            "author": {"id": author.get("id"), "username": "", "global_name": shown},
            "member": member | {"nick": shown},
            "message_reference": original.get("message_reference"),
        }
        self._successors[id] = whose
        return Heard("MESSAGE_CREATE", copy | whose, again=True)

    def _updated(self, id: str, payload: Json) -> Heard:
        if id in self._said:
            self._said[id] = self._said[id] | payload
        if id in self._copies:
            self._copies[id] = _Remembered(self._copies[id].payload | payload, self._copies[id].at)
        return Heard("MESSAGE_UPDATE", payload | self._successors.get(id, {}))


def _forget_old(waiting: RecentMap[str, _Remembered], now: datetime) -> None:
    """Forget what nothing can belong to any more: the words of deleted messages are not kept."""
    while waiting and now - next(iter(waiting.values())).at > _TOGETHER:
        waiting.popitem(last=False)


def _is_copy(copy: Json, original: Json) -> bool:
    """Whether a webhook's words are all in the original. The original has the proxy's own marks around them."""
    words, whole = copy.get("content"), original.get("content")
    if not isinstance(words, str) or not isinstance(whole, str) or not words.strip():
        return False
    return copy.get("channel_id") == original.get("channel_id") and words.strip() in whole


def _part(payload: Json, name: str) -> Json:
    found = payload.get(name)
    return found if isinstance(found, dict) else {}
