"""Edits, copies and renames a chat file on disk while its chat is under way."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.chat import Chat
from bot.store import chats, outbox_queries
from bot.store.database import Database
from bot.store.planned_posts import UNTRIED_STATES
from tests.soak.file_versions import FileVersions, Version
from tests.soak.setting import APART

_PATIENCE = 60.0
"""Seconds within which the bot takes over what was saved; it may have to be started first."""


class ChatFile:
    """The file of a chat, in the folder of its series."""

    def __init__(self, folder: Path, chat: Chat) -> None:
        self._chat, self.schedules = chat, folder / "schedules"
        self._path = self.schedules / f"{chat.name}.toml"
        self._path.parent.mkdir(parents=True)

    def save(self, version: Version, path: Path | None = None, title: str = "") -> None:
        """Save it with these questions, as an editor does: another file takes its place."""
        chat = self._chat
        head = f'title = "{title or chat.title}"\nhashtag = "{chat.hashtag}"\ntimezone = "{chat.timezone}"\n'
        head += f'starts = {chat.starts:%Y-%m-%dT%H:%M:%S}\nlength = "{chat.length.total_seconds():g}s"\n'
        head += f'first = "{APART:g}s"\nevery = "{APART:g}s"\n'
        head += f'welcome = "{chat.welcome}"\nrules = "{chat.rules}"\nclosing = "{chat.closing}"\n'
        part = self._path.with_name(".part")
        part.write_text(head + "".join(f'[[questions]]\ntext = "{words}"\n' for _, words in version), encoding="utf-8")
        part.replace(path or self._path)

    def copy(self, version: Version) -> None:
        """Save a copy beside it, whose title is mended."""
        self.save(version, self._path.with_name("copy.toml"), f"{self._chat.title}, mended")

    def rename(self) -> None:
        """Give the file another name."""
        self._path = self._path.rename(self._path.with_name("renamed.toml"))


def edits(file: ChatFile, versions: FileVersions, database: Database, chat: Chat, dice: random.Random) -> list[str]:
    """Edit the file two to four times from shortly before the chat on, and perhaps copy or rename it. What was done."""
    begins = (chat.starts - datetime.now(UTC)).total_seconds()
    also, begun, done = dice.choice(["copy", "rename", ""]), time.monotonic(), list[str]()
    moments = sorted(dice.uniform(max(begins - 2, 0.0), begins + APART * 3.5) for _ in range(dice.randint(2, 4)))
    for number, moment in enumerate(moments):
        time.sleep(max(0.0, moment - (time.monotonic() - begun)))  # the moment is random; nothing is waited for
        done.append(f"{versions.edit(dice)} at {time.monotonic() - begun:.1f}")
        file.save(versions.all[-1])
        if also and number == 1:
            done.append(also)
            (file.rename() if also == "rename" else file.copy(versions.all[-1]))
        following = moments[number + 1] if number + 1 < len(moments) else begins + _PATIENCE
        _note_taken(versions, database, chat.name, begun + following)
    return done


def _note_taken(versions: FileVersions, database: Database, chat: str, until: float) -> None:
    """Note when the bot has taken the last version over, if it is before `until`."""
    words = [words for _, words in versions.all[-1]]
    while time.monotonic() < until:
        written, asked = database.read_sync(_written_and_asked, chat)
        if written == words:
            versions.taken.append((len(versions.all) - 1, asked))
            return
        time.sleep(0.1)  # another process can only be asked again


def _written_and_asked(connection: Connection, name: str) -> tuple[list[str], int]:
    """The questions as the bot has read them, and how many were asked, or may have been."""
    stored, rows = chats.find(connection, name), outbox_queries.outbox_rows(connection, name)
    written = [one.text for one in stored.written.questions] if stored and stored.written else []
    tried = [row.post for row in rows if row.attempts or row.state not in (*UNTRIED_STATES, "skipped")]
    return written, len({post.key for post in tried if post.kind == "question"})
