"""The site in a folder, as the room shows it. Only files that Convenor wrote there are read, whatever else there is."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from html import unescape
from pathlib import Path

from bot.errors import SetupError
from bot.ports.archive import ArchivedFile
from bot.site.entries import path_of
from bot.site.folder import MARKER, Manifest, SiteFolder

_TYPES = {
    ".html": "text/html",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".atom": "application/atom+xml",
    ".ics": "text/calendar",
    ".xml": "application/xml",
    ".txt": "text/plain",
}
"""Media types, by the end of a file's name. Files with another end are not shown."""

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">')
_HEAD = 1000
"""Bytes in which a page names its policy: nothing of a chat comes before it."""


class SiteArchive:
    """The archive in one folder. It is looked at anew whenever its marker changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = 0
        self._known = Manifest()

    async def read(self, path: str) -> ArchivedFile | None:
        """A file as it is now; None if there is none."""
        return await asyncio.to_thread(self._read, path) if self.has(path) else None

    def has(self, path: str) -> bool:
        """Whether there is such a file of ours, with a known type."""
        self._look()
        return path in self._known.files and Path(path).suffix in _TYPES

    def page_of(self, chat: str) -> str:
        """The path of a chat's page; empty if there is none."""
        path = f"{path_of(chat)}.html"
        return path if self.has(path) else ""

    def _look(self) -> None:
        try:
            seen = (self._folder / MARKER).stat().st_mtime_ns
        except OSError:
            seen = 0
        if seen != self._seen:
            with suppress(SetupError):
                self._known, self._seen = SiteFolder(self._folder).manifest, seen

    def _read(self, path: str) -> ArchivedFile | None:
        try:
            data = self._folder.joinpath(path).read_bytes()
        except OSError:
            return None  # it was taken away a moment ago
        found = _POLICY.search(data, 0, _HEAD)
        return ArchivedFile(
            data=data,
            media_type=_TYPES[Path(path).suffix],
            policy=unescape(found[1].decode()) if found else "",
            indexed=self._known.indexed,
        )
