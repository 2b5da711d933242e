"""The folder of the settings with the files of each published chat, below its name: tells which are out of date.

Whether a chat changed, the store tells, whichever process wrote it: the bot, a command of the shell, an import. Of what
the files of a chat were made last, the store keeps a digest, so that a change made while no bot ran is noticed, too.
Which chats are published is not decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.chat import Chat
from bot.clock import Clock
from bot.reporting.imprint import Imprint
from bot.store.attendance import returning_writers
from bot.store.chats import get_fact, set_fact
from bot.store.database import Database
from bot.store.message_rows import Ident
from bot.store.outputs import remember_output
from bot.store.picture_files import PictureFiles
from bot.store.record_versions import RecordVersions, record_versions
from bot.transfer import published_events
from bot.wiring.published_chats import known_before, record_digest

_RECENT = timedelta(days=31)
"""So long after a chat was published its files are written once more after a start, whatever happened to them
meanwhile; by then the platforms were last looked at."""

_NAMES = timedelta(minutes=10)
"""Between two looks at people's names: while a chat is held, new ones come all the time."""

_DELETED = "deleted"
"""Instead of a digest: the files were deleted because the chat was withheld."""

_Version = tuple[str, str, str, Chat | None]
"""What `look` saw of a chat, of people's choices and of their names, and the chat as the bot knows it."""

_GONE: _Version = ("", "", "", None)
"""Instead of a version: the files were deleted."""


class PublishedFolder:
    """The files of all published chats in one folder. `look` comes before `is_stale`."""

    def __init__(self, path: Path, database: Database, clock: Clock, imprint: Callable[[], Imprint]) -> None:
        self._path, self._database, self._clock, self._imprint = path, database, clock, imprint
        self._versions = RecordVersions(chats={}, people="", names="")
        self._names_at: datetime | None = None
        self._compared: dict[str, _Version] = {}
        self._returning: Mapping[str, frozenset[Ident] | None] | None = None

    async def look(self) -> None:
        """Look in the store for what has changed. Raises StoreError."""
        found, now = await self._database.read(record_versions), self._clock.now()
        if self._names_at is not None and now - self._names_at < _NAMES * self._clock.speed:
            found = RecordVersions(chats=found.chats, people=found.people, names=self._versions.names)
        else:
            self._names_at = now
        self._versions, self._returning = found, None

    async def is_stale(self, chat: Chat, published_at: datetime | None) -> bool:
        """Whether a published chat's files differ from what would be written now, as far as `look` saw.

        A chat without files here that was published long ago gets none: whoever names a folder does not want them all.
        Raises StoreError, and OSError if the folder can't be read.
        """
        version = self._version(chat)
        if self._compared.get(chat.name) == version:
            return False
        recent = published_at is not None and self._clock.now() - published_at < _RECENT
        stale = (recent and chat.name not in self._compared) or await asyncio.to_thread(
            self._differs, chat, recent=recent
        )
        if not stale:
            self._compared[chat.name] = version
        return stale

    async def write(self, chat: Chat) -> None:
        """Write a chat's files. Raises SetupError and StoreError; then the old ones are still there."""
        version, folder = self._version(chat), self._folder(chat.name)
        await self._database.write("outgoing", remember_output, folder, "report", self._clock.now(), chat.name)
        digest = await asyncio.to_thread(self._write, chat, folder)
        await self._database.write("outgoing", set_fact, _fact(chat.name), self._entry(digest))
        self._compared[chat.name] = version

    async def delete(self, name: str) -> None:
        """Delete a chat's files. They are written anew once it is published again. Raises OSError and StoreError."""
        if self._compared.get(name) == _GONE:
            return
        await self._database.write("outgoing", set_fact, _fact(name), self._entry(_DELETED))
        await asyncio.to_thread(_delete, self._folder(name))
        self._compared[name] = _GONE

    def _version(self, chat: Chat) -> _Version:
        return self._versions.chats.get(chat.name, ""), self._versions.people, self._versions.names, chat

    def _folder(self, name: str) -> Path:
        return self._path.joinpath(*name.split("/"))

    def _entry(self, digest: str) -> str:
        """What the store keeps: the digest, and where the files are that it is of."""
        return f"{digest} {self._path.absolute()}"

    def _differs(self, chat: Chat, *, recent: bool) -> bool:
        kept = self._database.read_sync(get_fact, _fact(chat.name)) or ""
        ours = kept.endswith(self._entry("")) or (self._folder(chat.name) / "transcript.html").exists()
        return (ours or recent) and kept != self._entry(self._digest(chat))

    def _digest(self, chat: Chat) -> str:
        if self._returning is None:
            self._returning = self._database.read_sync(returning_writers)
        return record_digest(self._database, chat, self._returning.get(chat.name, frozenset()), self._imprint())

    def _write(self, chat: Chat, folder: Path) -> str:
        """Write the files. Returns the digest from before: a change meanwhile makes them stale."""
        from bot.reporting.files import write  # noqa: PLC0415 -- a bot that writes no files needs none of it

        digest, pictures = self._digest(chat), PictureFiles(self._database)
        events, known = published_events(self._database, chat), known_before(self._database, chat)
        write(folder, pictures.of_chat(chat), events, imprint=self._imprint(), known=known)
        return digest


def _fact(name: str) -> str:
    return f"published files of {name}"


def _delete(folder: Path) -> None:
    from bot.reporting.file_set import finish_writing  # noqa: PLC0415 -- as above
    from bot.reporting.files import NAMES  # noqa: PLC0415 -- as above

    finish_writing(folder)  # a crash may have left some beside them, which would come back
    for name in NAMES.values():
        (folder / name).unlink(missing_ok=True)
