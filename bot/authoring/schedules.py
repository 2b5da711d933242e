"""All chat files below a folder, read again only if they changed. A file with mistakes hides no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog

from bot.authoring.loader import SERIES, Loaded, chat_name, find_chat_files, load
from bot.chat import Programme

_log = structlog.get_logger()

FileState = tuple[tuple[int, int], ...]
"""The modification times and sizes of a chat file and of its series."""


class Schedules:
    """The schedules folder. Call it for the chats as their files are now."""

    def __init__(self, root: Path, places: Mapping[str, str]) -> None:
        self._root = root
        self._places = places
        self._loaded: dict[Path, tuple[FileState, Loaded]] = {}

    def __call__(self) -> Programme:
        """Read new and changed files. Mistakes are logged with their positions, and their files named in the result."""
        paths = find_chat_files(self._root)
        self._loaded = {path: self._load(path) for path in paths}
        loaded = {chat_name(path, self._root): found for path, (_, found) in self._loaded.items()}
        return Programme(
            chats=tuple(found.chat for found in loaded.values() if found.chat),
            invalid=frozenset(name for name, found in loaded.items() if not found.chat),
        )

    def _load(self, path: Path) -> tuple[FileState, Loaded]:
        state = tuple(_file_state(one) for one in (path, path.with_name(SERIES)))
        known = self._loaded.get(path)
        if known and known[0] == state:
            return known
        found = load(path, places=self._places, root=self._root)
        for problem in found.problems:
            report = _log.error if problem.severity == "error" else _log.warning
            report("schedules.problem", file=problem.file, line=problem.line, message=problem.message)
        return state, found


def _file_state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size
