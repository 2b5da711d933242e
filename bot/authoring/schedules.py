"""All the chat files below a folder, read again only where something changed. One with mistakes hides no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog

from bot.authoring.loader import SERIES, Loaded, find, load, named
from bot.chat import Programme

_log = structlog.get_logger()

Stamp = tuple[tuple[int, int], ...]
"""When a file and its series were last written, and how long they are."""


class Schedules:
    """The folder. Call it for the chats as their files have them now."""

    def __init__(self, root: Path, places: Mapping[str, str]) -> None:
        self._root = root
        self._places = places
        self._read: dict[Path, tuple[Stamp, Loaded]] = {}

    def __call__(self) -> Programme:
        """Read what is new or changed. Files with mistakes are named, and logged with the place of each mistake."""
        paths = find(self._root)
        self._read = {path: self._loaded(path) for path in paths}
        loaded = {named(path, self._root): found for path, (_, found) in self._read.items()}
        return Programme(
            chats=tuple(found.chat for found in loaded.values() if found.chat),
            invalid=frozenset(name for name, found in loaded.items() if not found.chat),
        )

    def _loaded(self, path: Path) -> tuple[Stamp, Loaded]:
        stamp = tuple(_stamp(one) for one in (path, path.with_name(SERIES)))
        known = self._read.get(path)
        if known and known[0] == stamp:
            return known
        found = load(path, places=self._places, root=self._root)
        for problem in found.problems:
            report = _log.error if problem.severity == "error" else _log.warning
            report("schedules.problem", file=problem.file, line=problem.line, message=problem.message)
        return stamp, found


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_mtime_ns, status.st_size
