"""Recent messages of each person, in memory: how many, how fast, what just before, and repetitions. It judges nothing.

It is bounded, and filled from the store when a chat is first seen, so that a restart changes next to nothing; nor does
a batch that has to be written again, before which everything is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.store.message_rows import MessageRow

_SHORT = 40
"""Characters of the longest text that may be repeated under another question or as a reply to another person."""

_MOST_TEXTS = 30
"""Texts remembered for each person in a chat."""

_CONTINUED = timedelta(minutes=1)
"""A message may continue those that its author wrote so shortly before."""

_MOST_CONTINUED, _TAIL = 2, 200
"""Messages remembered for that, and the characters at the end of each."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_MOST_PEOPLE = 20_000
"""People remembered over all chats."""

_MOST_CHATS = 1_000

PersonInChat = tuple[str, str, str]
"""A chat, and a person by place and id."""

Load = Callable[[str], Iterable[MessageRow]]
"""Returns the newest messages of a chat that are not gone, oldest first."""


class _Memory:
    """One person's recent messages in a chat.

    `kept` is the newest that was kept: its time and id. `said` has the last words, which alone are kept as they are.
    None is later than `latest`.
    """

    __slots__ = ("kept", "latest", "said", "texts", "times")

    def __init__(self) -> None:
        self.times: dict[str, datetime] = {}
        self.texts: dict[int, str] = {}
        self.said: dict[str, tuple[datetime, str]] = {}
        self.kept: tuple[datetime, str] | None = None
        self.latest = _LONG_AGO


class History(NamedTuple):
    """A person's recent messages as seen from a new one; see `MessageFacts` for the fields."""

    repeated: bool = False
    recent: int = 1
    pause: float | None = None
    before: str = ""


_NO_HISTORY = History()


class RecentMessages:
    """The recent messages of everybody. `most` is how many messages a person may send in `window` seconds."""

    def __init__(self, most: int, window: int) -> None:
        self._most = most + 1
        self._window = timedelta(seconds=window)
        self._longest = max(self._window, _CONTINUED)
        self._people: dict[PersonInChat, _Memory] = {}
        self._loaded: dict[str, None] = {}
        self._folded: dict[str, str] = {}

    def load(self, chat: str, load: Load) -> None:
        """Load a chat from the store, unless that was done since the start."""
        if chat in self._loaded:
            return
        if len(self._loaded) >= _MOST_CHATS:
            self._loaded.pop(next(iter(self._loaded)))
        self._loaded[chat] = None
        for row in load(chat):
            self.add(row)

    def fold(self, texts: Iterable[str]) -> None:
        """Fold the texts that a batch will ask about, until another batch's are."""
        self._folded = {text: _folded(text) for text in texts}

    def clear(self) -> None:
        """Forget everything: what was added last is not in the store, or not as it was added."""
        self._people.clear()
        self._loaded.clear()

    def add(self, row: MessageRow) -> None:
        """Remember a message as it was judged."""
        if row.author is None or row.chat is None:
            return
        memory = self._memory((row.chat, row.place, row.author.id))
        memory.times[row.id] = row.at
        memory.latest = max(memory.latest, row.at)
        if len(memory.times) > self._most:
            del memory.times[min(memory.times, key=memory.times.__getitem__)]
        if not row.gone and row.verdict != "drop":
            memory.texts.setdefault(self._digest(row), row.id)
            if len(memory.texts) > _MOST_TEXTS:
                del memory.texts[next(iter(memory.texts))]
            memory.said[row.id] = row.at, row.text[-_TAIL:]
            if len(memory.said) > _MOST_CONTINUED + 1:
                del memory.said[min(memory.said, key=lambda id: memory.said[id][0])]
        if row.verdict == "keep" and (memory.kept is None or memory.kept[0] < row.at):
            memory.kept = row.at, row.id

    def forget(self, row: MessageRow, *, gone: bool = False) -> None:
        """Forget the text of a message that is gone or about to change: it may be said again.

        One that is `gone` is not waited for in slow mode either, like after a restart.
        """
        if row.author is not None and row.chat is not None:
            memory = self._people.get((row.chat, row.place, row.author.id))
            if memory is None:
                return
            memory.said.pop(row.id, None)
            if gone and memory.kept is not None and memory.kept[1] == row.id:
                memory.kept = None
            if memory.texts.get(digest := self._digest(row)) == row.id:
                del memory.texts[digest]

    def history(self, row: MessageRow) -> History:
        """The author's history at a message that was not judged yet."""
        if row.author is None or row.chat is None:
            return _NO_HISTORY
        memory = self._people.get((row.chat, row.place, row.author.id))
        if memory is None:
            return _NO_HISTORY
        recent, before = 1, ""
        if memory.latest >= row.at - self._longest:
            begin = row.at - self._window
            for id, at in memory.times.items():
                recent += begin < at <= row.at and id != row.id
            before = _before(memory, row)
        repeated = memory.texts.get(self._digest(row), row.id) != row.id
        kept = memory.kept
        pause = (row.at - kept[0]).total_seconds() if kept is not None and kept[1] != row.id else None
        return History(repeated, recent, None if pause is None or pause < 0 else pause, before)

    def _digest(self, row: MessageRow) -> int:
        """Equal for equal words; of short texts, only under the same question and as replies to the same message."""
        words = self._folded.get(row.text) or _folded(row.text)
        return hash(words if len(words) > _SHORT else (words, row.question, row.reply_place, row.reply_to))

    def _memory(self, person: PersonInChat) -> _Memory:
        memory = self._people.get(person)
        if memory is None:
            if len(self._people) >= _MOST_PEOPLE:
                del self._people[next(iter(self._people))]
            memory = self._people[person] = _Memory()
        return memory


def _folded(text: str) -> str:
    """A text's words. A stored text has no NUL, and this is quick where nothing but an ellipsis is beyond ASCII."""
    return " ".join(text.replace("\u2026", "\0").casefold().split())


def _before(memory: _Memory, row: MessageRow) -> str:
    """The author's messages in the minute before one, oldest first."""
    begin = row.at - _CONTINUED
    near = [said for id, said in memory.said.items() if begin <= said[0] <= row.at and id != row.id]
    return " ".join(text for _, text in sorted(near)[-_MOST_CONTINUED:]) if near else ""
