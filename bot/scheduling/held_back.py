"""Chat files that someone has to decide about: told once, in the log and as a concern, until it is settled.

They are held back, or they are gone although people were told of their chat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

import structlog

from bot.store.place_status import Concern
from bot.translation import _, pending, translated

SCHEDULES = "schedules"
"""Where these concerns are, instead of a place: they are about the folder of the chat files."""

_GONE = pending(
    "{file}.toml is gone, but people were told of its chat. So it is held as it was planned. To call it off, say "
    "`cancel`, or do it on its page: then they are told. Else put the file back."
)

_log = structlog.get_logger()


class RaiseConcern(Protocol):
    """Add a concern for those who lead the chat, once for each chat and `what`."""

    def __call__(self, place: str, what: str, text: str, chat: str | None = None) -> None:
        """Add it."""


class SettleConcern(Protocol):
    """Remove a concern that is over."""

    def __call__(self, place: str, what: str, chat: str | None = None) -> None:
        """Remove it."""


class HeldBackFiles:
    """The files that are held back, each with the chat that it looks like. Its callables are set later."""

    def __init__(self) -> None:
        self.raise_concern: RaiseConcern = _ignore_concern
        self.settle_concern: SettleConcern = _ignore_settled
        self._told: dict[str, tuple[str, str]] = {}
        self._missing: dict[str, str] = {}

    def load(self, concerns: Iterable[Concern]) -> None:
        """Take over the concerns of an earlier process: they may be settled meanwhile."""
        for one in concerns:
            if one.place == SCHEDULES and one.chat and one.key.startswith(f"{SCHEDULES} {_missing('')}"):
                self._missing[one.chat] = one.key.removeprefix(f"{SCHEDULES} {_missing('')}").removesuffix(
                    f" {one.chat}"
                )
            elif one.place == SCHEDULES and one.chat:
                file = one.key.removeprefix(f"{SCHEDULES} {_what('')}").removesuffix(f" {one.chat}")
                self._told[file] = one.chat, one.text

    def hold(self, file: str, chat: str, why: str) -> None:
        """A file is held back, because of this chat."""
        told = chat, translated(why)
        if self._told.get(file) == told:
            return
        self.settle(file)
        self._told[file] = told
        self.raise_concern(SCHEDULES, _what(file), told[1], chat)
        _log.warning("plan_sync.held_back", file=file, chat=chat, what=why)

    def settle(self, file: str) -> None:
        """A file is held back no more."""
        if (told := self._told.pop(file, None)) is not None:
            self.settle_concern(SCHEDULES, _what(file), told[0])

    def miss(self, file: str, chat: str) -> None:
        """The file of a chat is gone of which people were told."""
        if chat not in self._missing:
            self._missing[chat] = file
            self.raise_concern(SCHEDULES, _missing(file), _(_GONE).format(file=file), chat)
            _log.warning("plan_sync.file_missing", file=file, chat=chat)

    def look_for_missing(self, chats: Collection[str]) -> None:
        """Settle what is about chats whose file is back, or which were called off or have begun: all but these."""
        for chat in [one for one in self._missing if one not in chats]:
            self.settle_concern(SCHEDULES, _missing(self._missing.pop(chat)), chat)

    def look(self, files: Collection[str]) -> None:
        """Settle what is about files that are there no more."""
        for file in [one for one in self._told if one not in files]:
            self.settle(file)


def _what(file: str) -> str:
    return f"file {file}"


def _missing(file: str) -> str:
    return f"missing {file}"


def _ignore_concern(place: str, what: str, text: str, chat: str | None = None) -> None:
    del place, what, text, chat


def _ignore_settled(place: str, what: str, chat: str | None = None) -> None:
    del place, what, chat
