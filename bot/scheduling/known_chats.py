"""The chats that are known, each with its file: which of them is a new or renamed file. Stores nothing.

A chat keeps the name that it got with its first file. A file that looks like a chat whose own file is still there, or
that was called off, is held back until someone decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.chat import Chat
from bot.live.live_chats import LiveChats
from bot.live.question_matching import same_texts
from bot.messages import Value
from bot.scheduling.chat_identity import is_same_chat
from bot.scheduling.question_merge import as_in_file
from bot.store.chats import StoredChat
from bot.translation import LazyText, lazy, pending

_DAY = timedelta(days=1)

_COMMON = 50
"""More chats a day than this with one title or question have it from a template: it tells nothing."""


class Verdict(Value, frozen=True, kw_only=True):
    """The name of the chat that a file is. With `why` it is held back, because of the chat `name`.

    `renamed`: it was known under another file, which is gone.
    """

    name: str
    why: str = ""
    renamed: bool = False


@dataclass
class _Known:
    """A chat as its file last had it."""

    name: str
    chat: Chat
    gone: bool = False

    @property
    def file(self) -> str:
        return self.chat.name


class KnownChats:
    """All chats that are known, by the names under which they are planned."""

    def __init__(self, places: Collection[str], live_chats: LiveChats) -> None:
        self._places, self._live_chats = places, live_chats
        self._chats: dict[str, _Known] = {}
        self._names: dict[str, str] = {}
        self._index: dict[tuple[object, ...], set[str]] = defaultdict(set)

    def load(self, stored: Iterable[StoredChat]) -> None:
        """Take over the chats of the store, again if others plan too. One that was only imported has no file yet."""
        for one in stored:
            self._drop(one.chat.name)
            self._put(_Known(one.chat.name, one.written or one.chat))
            if one.written is not None:
                self._names[one.written.name] = one.chat.name

    def look(self, files: Collection[str]) -> None:
        """Note which files there are now, with mistakes or without."""
        for known in list(self._chats.values()):
            if known.gone != (known.file not in files):
                self._drop(known.name)
                self._put(_Known(known.name, known.chat, gone=known.file not in files))

    def has_file(self, file: str) -> bool:
        """Whether a file is known."""
        return file in self._names

    def is_gone(self, name: str) -> bool:
        """Whether the file of a chat is gone. A chat that is not known here has none."""
        return name not in self._chats or self._chats[name].gone

    def file_of(self, name: str) -> str:
        """The file of a chat, by its path without the ending."""
        return self._chats[name].file if name in self._chats else name

    def judge(self, file: Chat, now: datetime) -> Verdict:
        """Which chat a file is."""
        own = self._chats.get(self._names.get(file.name, ""))
        if own is not None and own.file == file.name and (not file.id or file.id == own.chat.id or not own.chat.id):
            changed = self._is_called_off(own.name) and as_in_file(own.chat) != file
            return Verdict(name=own.name, why=called_off_file(file.file, file.file) if changed else "")
        same = sorted(
            self._same(file, now), key=lambda known: (known.gone, abs(known.chat.starts - file.starts), known.name)
        )
        for known in same:
            if self._is_called_off(known.name):
                return Verdict(name=known.name, why=called_off_file(file.file, known.chat.file))
            if not known.gone:
                return Verdict(name=known.name, why=copied_file(file.file, known.chat.file))
            return Verdict(name=known.name, renamed=True)
        other = self._chats.get(file.name)
        if other is not None and (other.file != file.name or own is not None):
            return Verdict(name=other.name, why=taken_name(file.file, other.chat.file))
        return Verdict(name=file.name)

    def remember(self, name: str, file: Chat) -> None:
        """This file is this chat from now on."""
        self._drop(name)
        self._put(_Known(name, file))
        self._names[file.name] = name

    def forget(self, name: str, *, kept: bool) -> None:
        """The chat is planned no more. With `kept` it is on record, and a file may bring it back."""
        self._names = {file: chat for file, chat in self._names.items() if chat != name}
        if not kept:
            self._drop(name)

    def _is_called_off(self, name: str) -> bool:
        live = self._live_chats.by_name.get(name)
        return live is not None and live.state.cancelled

    def _was_held(self, name: str, now: datetime) -> bool:
        """Whether a chat is over, and was not missed."""
        live = self._live_chats.by_name.get(name)
        return live is not None and now >= live.ends and any(live.posts(place) for place in live.places)

    def _same(self, file: Chat, now: datetime) -> Iterator[_Known]:
        found = (self._index.get(key, set()) for key in _keys_to_look_up(file))
        near = {name for names in found if len(names) <= _COMMON for name in names}
        for known in (self._chats[name] for name in sorted(near)):
            if known.file != file.name and is_same_chat(
                file, known.chat, gone=known.gone, held=self._was_held(known.name, now), places=self._places
            ):
                yield known

    def _put(self, known: _Known) -> None:
        self._chats[known.name] = known
        for key in _keys(known):
            self._index[key].add(known.name)

    def _drop(self, name: str) -> None:
        if (known := self._chats.pop(name, None)) is not None:
            for key in _keys(known):
                self._index[key].discard(name)


_CALLED_OFF = pending(
    "{file}.toml is not hosted: its chat was called off. To hold it after all, make a new file with a new name and an "
    "`id` of its own."
)
_LIKE_CALLED_OFF = pending(
    "{file}.toml is not hosted: it looks like the chat of {other}.toml, which was called off. To hold it after all, "
    "make a new file with a new name and an `id` of its own."
)
_TAKEN = pending(
    "{file}.toml is not hosted: a chat is known by this name already, whose file is {other}.toml now. Give the file "
    "another name."
)
_TAKEN_BY_ANOTHER = pending(
    "{file}.toml is not hosted: a chat is known by this name already with another `id`. Give the file another name."
)


def copied_file(file: str, other: str) -> LazyText:
    """Why a copy is not hosted."""
    return lazy(
        "{file}.toml is not hosted: it looks like {other}.toml, with the same questions. Change or remove one of them, "
        "or give {file}.toml an `id` of its own.",
        file=file,
        other=other,
    )


def called_off_file(file: str, other: str) -> LazyText:
    """Why the file of a chat that was called off is not hosted."""
    return lazy(_CALLED_OFF if file == other else _LIKE_CALLED_OFF, file=file, other=other)


def taken_name(file: str, other: str) -> LazyText:
    """Why a file is not hosted whose name is that of another chat."""
    return lazy(_TAKEN if other != file else _TAKEN_BY_ANOTHER, file=file, other=other)


def _keys(known: _Known) -> set[tuple[object, ...]]:
    """Under what a chat is found: by its id, or by a question or the title, on its day unless its file is gone."""
    if known.chat.id:
        return {("id", known.chat.id)}
    day = None if known.gone else _day(known.chat.starts)
    return {(text, day) for text in _texts(known.chat)}


def _keys_to_look_up(file: Chat) -> set[tuple[object, ...]]:
    days = [None, *(_day(file.starts + step) for step in (-_DAY, timedelta(0), _DAY))]
    return {("id", file.id)} if file.id else {(text, day) for text in _texts(file) for day in days}


def _texts(chat: Chat) -> set[str]:
    return {same_texts(chat.title), *(same_texts(one.text) for one in chat.questions)}


def _day(at: datetime) -> date:
    return at.date()
