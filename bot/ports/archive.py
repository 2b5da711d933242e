"""The archive: the pages of published chats, for an adapter with pages of its own. A value and a protocol only."""

from __future__ import annotations

from typing import Protocol

from bot.messages import Value


class ArchivedFile(Value, frozen=True, kw_only=True):
    """A file of the archive. `policy` is the Content-Security-Policy of a page; empty for other files.

    Search engines are asked to leave it out if it is not `indexed`.
    """

    data: bytes
    media_type: str
    policy: str = ""
    indexed: bool = False


class Archive(Protocol):
    """The pages, by their path below the archive: `index.html` is the list of all chats."""

    async def read(self, path: str) -> ArchivedFile | None:
        """A file as it is now; None if there is none."""

    def has(self, path: str) -> bool:
        """Whether there is such a file. Reads nothing but what the archive knows of itself."""

    def page_of(self, chat: str) -> str:
        """The path of a chat's page; empty if there is none."""


class NoArchive:
    """An archive without a file, where none is kept."""

    async def read(self, path: str) -> ArchivedFile | None:
        """Nothing."""
        del path
        return None

    def has(self, path: str) -> bool:
        """No."""
        del path
        return False

    def page_of(self, chat: str) -> str:
        """None."""
        del chat
        return ""
