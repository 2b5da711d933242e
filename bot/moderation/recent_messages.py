"""What people said lately, in memory: how much, how fast, and whether they say the same again. It judges nothing.

It is bounded, and filled from the store when a chat is first heard of, so that a restart changes next to nothing. Told
the same thing twice, it knows the same as before: a batch may have to be written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.store.message_rows import MessageRow

_SHORT = 40
"""Characters up to which the same words may be said again, under another question or to another person."""

_TEXTS = 30
"""Texts of a person in a chat that are remembered."""

_PEOPLE = 20_000
"""People that are remembered, over all chats."""

_CHATS = 1_000

Speaker = tuple[str, str, str]
"""A chat, and a person by place and id."""

Load = Callable[[str], Iterable[MessageRow]]
"""The newest messages of a chat that are not gone, oldest first."""


class _Memory:
    __slots__ = ("kept", "texts", "times")

    def __init__(self) -> None:
        self.times: dict[str, datetime] = {}
        self.texts: dict[int, str] = {}
        self.kept: tuple[datetime, str] | None = None


class RecentMessages:
    """What everybody said lately. `most` is how many messages a person may send in `window` seconds."""

    def __init__(self, most: int, window: int) -> None:
        self._most = most + 1
        self._window = timedelta(seconds=window)
        self._people: dict[Speaker, _Memory] = {}
        self._primed: dict[str, None] = {}
        self._fresh: list[tuple[_Memory, str]] = []

    def prime(self, chat: str, load: Load) -> None:
        """Remember a chat that was not heard of since the start."""
        if chat in self._primed:
            return
        if len(self._primed) >= _CHATS:
            self._primed.pop(next(iter(self._primed)))
        self._primed[chat] = None
        for row in load(chat):
            self._note(row)

    def settle(self) -> None:
        """What was noted up to now is in the store."""
        self._fresh.clear()

    def undo(self) -> None:
        """What was noted since then is not in the store: whoever says it again must not be taken to repeat it."""
        for memory, id in self._fresh:
            memory.times.pop(id, None)
            memory.texts = {echo: other for echo, other in memory.texts.items() if other != id}
            if memory.kept is not None and memory.kept[1] == id:
                memory.kept = None
        self._fresh.clear()

    def note(self, row: MessageRow) -> None:
        """A message as it was judged."""
        if (memory := self._note(row)) is not None:
            self._fresh.append((memory, row.id))

    def _note(self, row: MessageRow) -> _Memory | None:
        if row.author is None or row.chat is None:
            return None
        memory = self._of((row.chat, row.place, row.author.id))
        memory.times[row.id] = row.at
        if len(memory.times) > self._most:
            del memory.times[min(memory.times, key=memory.times.__getitem__)]
        if not row.gone and row.verdict != "drop":
            memory.texts.setdefault(_echo(row), row.id)
            if len(memory.texts) > _TEXTS:
                del memory.texts[next(iter(memory.texts))]
        if row.verdict == "keep" and (memory.kept is None or memory.kept[0] < row.at):
            memory.kept = row.at, row.id
        return memory

    def forget(self, row: MessageRow) -> None:
        """A message is gone, or is about to have another text: its words may be said again."""
        if row.author is not None and row.chat is not None:
            memory = self._people.get((row.chat, row.place, row.author.id))
            if memory is not None and memory.texts.get(echo := _echo(row)) == row.id:
                del memory.texts[echo]

    def asked(self, row: MessageRow) -> Recollection:
        """What there is to know about a message that was not judged yet."""
        if row.author is None or row.chat is None:
            return _NOTHING
        memory = self._people.get((row.chat, row.place, row.author.id))
        if memory is None:
            return _NOTHING
        begin = row.at - self._window
        lately = 1 + sum(begin < at <= row.at for id, at in memory.times.items() if id != row.id)
        again = memory.texts.get(_echo(row), row.id) != row.id
        kept = memory.kept
        pause = (row.at - kept[0]).total_seconds() if kept is not None and kept[1] != row.id else None
        return Recollection(again, lately, None if pause is None or pause < 0 else pause)

    def _of(self, speaker: Speaker) -> _Memory:
        memory = self._people.get(speaker)
        if memory is None:
            if len(self._people) >= _PEOPLE:
                del self._people[next(iter(self._people))]
            memory = self._people[speaker] = _Memory()
        return memory


class Recollection(NamedTuple):
    """As in `moderation.Scene`."""

    again: bool = False
    lately: int = 1
    pause: float | None = None


_NOTHING = Recollection()


def _echo(row: MessageRow) -> int:
    """What is the same for the same words. Short ones mean something else to another person or question."""
    words = " ".join(row.text.casefold().split())
    return hash(words) if len(words) > _SHORT else hash((words, row.question, row.reply_place, row.reply_to))
