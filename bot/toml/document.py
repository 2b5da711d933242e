"""A TOML file as data, together with where in the text each key and value stands.

`tomllib` says what the data is, tree-sitter where it stands. A statement that is not TOML becomes a Problem in plain
words; reading then goes on without that statement, so that one slip does not hide the next mistake. Any bytes may
come in: nothing raises. What the keys mean is not known here.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from bot.errors import Problem
from bot.toml.positions import DEEPEST, Steps, located
from bot.toml.syntax_hints import slip

LONGEST = 256 * 1024
"""Bytes. No person writes more than this into a file of ours."""

SLIPS = 20
"""After so many statements that are not TOML, the rest is not looked at."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text that was read. `data` lacks the statements named in `lost`, which were not TOML.

    `unread` says that the text could not be read as a whole; then `data` is empty, and nothing can be said about it.
    """

    file: str
    text: str = ""
    data: dict[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()
    unread: bool = False

    @cached_property
    def _positions(self) -> tuple[dict[Steps, tuple[int, int]], dict[Steps, tuple[int, int]]]:
        return located(self.text)

    def value_at(self, path: Steps) -> tuple[int, int]:
        """Line and column, from 1 and in characters, of a value; of the nearest table around it if it is not there."""
        values, _ = self._positions
        return next((values[path[:n]] for n in range(len(path), 0, -1) if path[:n] in values), (1, 1))

    def key_at(self, path: Steps) -> tuple[int, int]:
        """Line and column of a key; of its value or what is around it where it has no key of its own."""
        _, keys = self._positions
        return keys.get(path) or self.value_at(path)

    def problem(
        self,
        path: Steps,
        message: str,
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A Problem at the value at `path`, or at its key."""
        line, column = self.key_at(path) if key else self.value_at(path)
        return Problem(file=self.file, line=line, column=column, severity=severity, message=message)


def spelled(path: Path) -> str:
    """A path as text that can be stored and printed, even where its bytes are none."""
    return os.fsencode(path).decode(errors="replace")


def read(path: Path) -> Document:
    """The file as a Document; what is wrong with it is in `problems`."""
    try:
        if not path.is_file():
            return _unread(path, _no_file(path))
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "its name is not a file's name"
        return _unread(path, f"this file cannot be opened: {reason.lower()}.")
    if len(raw) > LONGEST:
        return _unread(path, f"this file is larger than {LONGEST // 1024} KiB; is it the right one?")
    try:
        return parse(raw.decode("utf-8-sig"), spelled(path))
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return _unread(path, "this is not UTF-8 text; save the file again as UTF-8.", line, column)


def parse(text: str, file: str) -> Document:
    """A text as a Document. Lines may end as on Windows, and a byte order mark may come first."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problems: list[Problem] = []
    lost: set[str] = set()
    rest = text
    while len(problems) < SLIPS:
        try:
            data = _shallow(tomllib.loads(rest))
        except (ValueError, RecursionError) as error:
            found = slip(error, rest)
            problems.append(Problem(file=file, line=found.line, column=found.column, message=found.message))
            if found.rest is None:
                break
            rest = found.rest
            lost.add(found.key)
        else:
            return Document(file=file, text=rest, data=data, problems=tuple(problems), lost=frozenset(lost))
    return Document(file=file, problems=tuple(problems), unread=True)


def _shallow(data: dict[str, object]) -> dict[str, object]:
    """The same data. Raises RecursionError where it is nested deeper than anyone after us can follow."""
    level: list[object] = [data]
    for _ in range(DEEPEST):
        inside = [one for one in level if isinstance(one, dict | list)]
        level = [value for one in inside for value in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return data
    raise RecursionError


def _unread(path: Path, message: str, line: int = 1, column: int = 1) -> Document:
    problem = Problem(file=spelled(path), line=line, column=column, message=message)
    return Document(file=spelled(path), problems=(problem,), unread=True)


def _no_file(path: Path) -> str:
    if path.is_dir():
        return "this is a folder, not a file."
    return "this is not a plain file." if path.exists() else "there is no such file."
