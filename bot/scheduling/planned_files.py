"""The chat files that were planned: which have changed since, also since an earlier process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.chat import Chat, FileVersion, Programme
from bot.scheduling.question_merge import as_in_file
from bot.store import chat_files, chats
from bot.store.chat_files import FileReading
from bot.store.chats import StoredChat
from bot.store.database import Database

_BASIS = "planned with"
"""The fact that says from what, besides the files, all plans were made; empty while they are made anew."""


class PlannedFiles:
    """The chats as they were planned from their files. `basis` is what plans are made from besides the chats.

    `reading` is how many files wait to be read, `pressing` whether one of them may have something to post within the
    hour, or nothing was read yet.
    """

    def __init__(self, database: Database, basis: str) -> None:
        self._database, self._basis = database, basis
        self._basis_was: str | None = None
        self._chats: dict[str, Chat] = {}
        self._versions: dict[str, str] = {}
        self._reading_saved = FileReading(left=0, total=0)
        self.reading = self._reading_saved
        self.pressing = True

    async def load(self, stored: Iterable[StoredChat]) -> None:
        """Load what earlier processes planned."""
        self._basis_was = await self._database.read(chats.get_fact, _BASIS, None)
        files = await self._database.read(chat_files.all_files)
        saved = await self._database.read(chat_files.reading)
        self._reading_saved = saved or self._reading_saved
        self._versions = {name: one.state for name, one in files.items()}
        if self._basis_was == self._basis:
            self._chats = {name: one.chat for name, one in files.items()}
        for one in stored:
            if one.state.plan_changed and one.written is not None:
                # the same file must not undo what commands changed
                self._chats[one.written.name] = as_in_file(one.written)

    def planned(self, name: str) -> Chat | None:
        """A chat as it was planned from its file, or None."""
        return self._chats.get(name)

    def changed(self, programme: Programme) -> list[Chat]:
        """The chats whose file is new, or was written since."""
        return [
            chat
            for chat in programme.chats
            if self._chats.get(chat.name) != chat or self._versions.get(chat.name) != programme.versions.get(chat.name)
        ]

    def remember(self, planned: Iterable[Chat], files: Iterable[FileVersion]) -> None:
        """These were planned, and these files of them are stored."""
        self._chats.update((chat.name, chat) for chat in planned)
        self._versions.update((one.chat.name, one.state) for one in files)

    def forget(self, names: Iterable[str]) -> None:
        """These are planned no more."""
        for name in names:
            self._chats.pop(name, None)
            self._versions.pop(name, None)

    def was_read(self, programme: Programme) -> None:
        """Of these files all but the unread are planned."""
        unread = programme.unread
        total = len({chat.name for chat in programme.chats} | programme.invalid | unread)
        self.reading, self.pressing = FileReading(left=len(unread), total=total), programme.pressing

    async def begin(self) -> None:
        """Some are about to be planned: from now on, plans are made from the new basis."""
        if self._basis_was not in (self._basis, ""):
            await self._database.write("outgoing", chats.set_fact, _BASIS, "")
            self._basis_was = ""

    async def save_reading(self) -> None:
        """Save how far the reading is, for `convenor status`, while it lasts."""
        if self.reading.left or self._reading_saved.left:
            await self._database.write("outgoing", chat_files.save_reading, self.reading)
            self._reading_saved = self.reading

    async def end(self) -> None:
        """All are planned from the same basis."""
        if self._basis_was != self._basis:
            await self._database.write("outgoing", chats.set_fact, _BASIS, self._basis)
            self._basis_was = self._basis


def file_versions(chats: Sequence[Chat], versions: Mapping[str, str]) -> list[FileVersion]:
    """The files of these chats, where there are any."""
    return [FileVersion(state=versions[one.name], chat=one) for one in chats if one.name in versions]
