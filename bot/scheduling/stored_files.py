"""The chat files that are written in the store itself, as ChatFiles; and the watch that tells when one has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from bot.clock import Clock
from bot.errors import ChangedMeanwhileError, ChatFileError, StoreError
from bot.ports.chat_files import IN_STORE, ChatFile, FileChange, check_name
from bot.store import chat_pictures, chat_texts
from bot.store.database import Database
from bot.translation import lazy

_LARGEST = 256 * 1024
"""Bytes, as for other files."""

_LOOK = 1.0
"""Wall seconds between two looks whether one has changed."""


class StoredFiles:
    """The files in a store. A version is a number, counted from 1 for each file; each is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def list(self) -> Mapping[str, str]:
        """The version of each file. Raises StoreError."""
        return {name: str(one) for name, one in self._database.read_sync(chat_texts.newest).items()}

    def read(self, name: str, version: str = "") -> ChatFile | None:
        """A file in its newest version or in another. Raises StoreError."""
        if version and not _is_number(version):
            return None
        found = self._database.read_sync(chat_texts.find, name, int(version) if version else None)
        if found is None:
            return None
        number, text = found
        where = f"{IN_STORE}{name}.toml"
        return ChatFile(name=name, version=str(number), raw=text.encode(), where=where, pictures=self.pictures(name))

    def pictures(self, name: str) -> Mapping[str, str]:
        """The pictures of its series. Raises StoreError."""
        return self._database.read_sync(chat_pictures.paths, name)

    def write(
        self, name: str, text: str | None, *, expected: str, by: str, pictures: Mapping[str, bytes] | None = None
    ) -> str:
        """Write a file with new `pictures` beside it, or remove it: pictures that no file needs any more are deleted.

        Raises ChangedMeanwhileError, ChatFileError or StoreError; then nothing has changed.
        """
        check_name(name)
        chat_pictures.check_pictures(pictures or {})
        if text is not None and ("\0" in text or len(text.encode(errors="replace")) > _LARGEST):
            raise ChatFileError(lazy("A chat file is a text of at most {most} KiB.", most=_LARGEST // 1024))
        if expected and not _is_number(expected):
            raise ChangedMeanwhileError
        seen = int(expected) if expected else None
        text = None if text is None else text.encode(errors="replace").decode()
        made = self._database.write_sync(_add, name, text, self._clock.now(), by, seen=seen, pictures=pictures or {})
        if made is None:
            raise ChangedMeanwhileError
        return str(made)

    def versions(self, name: str) -> tuple[FileChange, ...]:
        """All versions of a file. Raises StoreError."""
        return self._database.read_sync(chat_texts.history, name)


def _add(
    connection: Connection,
    name: str,
    text: str | None,
    at: datetime,
    by: str,
    *,
    seen: int | None,
    pictures: Mapping[str, bytes],
) -> int | None:
    made = chat_texts.add(connection, name, text, at, by, seen=seen)
    if made is not None:
        chat_pictures.put(connection, name, pictures)
        chat_pictures.tidy(connection, name)
    return made


async def watch(database: Database, changed: Callable[[], None]) -> None:
    """Call `changed` whenever a file in the store has changed, by whatever process, until cancelled.

    What is there at the first look counts as changed: it may have come after the files were read.
    """
    known = 0
    while True:
        with suppress(StoreError):  # that is told elsewhere
            now = await database.read(chat_texts.stamp)
            if now != known:
                changed()
            known = now
        await asyncio.sleep(_LOOK)


def _is_number(version: str) -> bool:
    return version.isascii() and version.isdigit() and len(version) < len("1000000000")
