"""A TOML file as data, with the line and column of each key and value.

`tomllib` reads the data, tree-sitter the positions. A statement that is not TOML becomes a Problem in plain words and
is skipped, so that one syntax error does not hide the next. Any bytes are accepted, and nothing is raised. The meaning
of keys is not known here.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from bot.errors import Problem
from bot.toml.positions import MAX_DEPTH, KeyPath, value_and_key_positions
from bot.toml.syntax_hints import syntax_hint, with_seconds
from bot.translation import LazyText, lazy

MAX_BYTES = 256 * 1024
"""No person writes more than this into a chat or settings file."""

MAX_SYNTAX_ERRORS = 20
"""Reading stops after this many statements that are not TOML."""

MAX_COMPLETED = 200
"""Times without seconds that are completed, for the text is read again after each."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A text that was read. `skipped` has the keys of statements that were not TOML; they are missing from `data`.

    `unreadable`: the text as a whole could not be read, so `data` is empty.
    """

    file: str
    text: str = ""
    data: dict[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    skipped: frozenset[str] = frozenset()
    unreadable: bool = False

    @cached_property
    def _positions(self) -> tuple[dict[KeyPath, tuple[int, int]], dict[KeyPath, tuple[int, int]]]:
        return value_and_key_positions(self.text)

    def value_at(self, path: KeyPath) -> tuple[int, int]:
        """Line and column of a value, from 1 and in characters; of the nearest table around it if it is missing."""
        values, _ = self._positions
        return next((values[path[:n]] for n in range(len(path), 0, -1) if path[:n] in values), (1, 1))

    def key_at(self, path: KeyPath) -> tuple[int, int]:
        """Line and column of a key; of its value, or the table around it, where it has no key of its own."""
        _, keys = self._positions
        return keys.get(path) or self.value_at(path)

    def problem(
        self,
        path: KeyPath,
        message: str,
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A Problem at the value at `path`, or at its key."""
        line, column = self.key_at(path) if key else self.value_at(path)
        return Problem(file=self.file, line=line, column=column, severity=severity, message=message)


def path_text(path: Path) -> str:
    """A path as text that can be stored and printed, even if its bytes are not valid text."""
    return os.fsencode(path).decode(errors="replace")


def read_toml(path: Path) -> Document:
    """Read a file. All mistakes, even a missing file, are in the `problems` of the Document."""
    try:
        if not path.is_file():
            return _unreadable(path_text(path), _not_a_file(path))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        of_system = error.strerror if isinstance(error, OSError) and error.strerror else ""
        reason = of_system.lower() or lazy("its name is not a file's name")
        return _unreadable(path_text(path), lazy("this file cannot be opened: {reason}.", reason=reason))
    return parse_bytes(raw, path_text(path))


def parse_bytes(raw: bytes, file: str) -> Document:
    """Read the bytes of a file. All mistakes are in the `problems` of the Document."""
    if len(raw) > MAX_BYTES:
        most = MAX_BYTES // 1024
        return _unreadable(file, lazy("this file is larger than {most} KiB; is it the right one?", most=most))
    try:
        return parse_toml(raw.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        return _unreadable(file, lazy("this is not UTF-8 text; save the file again as UTF-8."), line, column)


def parse_toml(text: str, file: str) -> Document:
    """Read a text. Windows line endings, a byte order mark and times without seconds (as in TOML 1.1) are accepted."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problems: list[Problem] = []
    skipped: set[str] = set()
    rest, completions = text, 0
    while len(problems) < MAX_SYNTAX_ERRORS:
        try:
            data = _check_depth(tomllib.loads(rest))
        except (ValueError, RecursionError) as error:
            if completions < MAX_COMPLETED and (completed := with_seconds(error, rest)):
                rest, completions = completed, completions + 1
                continue
            found = syntax_hint(error, rest)
            problems.append(Problem(file=file, line=found.line, column=found.column, message=found.message))
            if found.rest is None:
                break
            rest = found.rest
            skipped.add(found.key)
        else:
            return Document(file=file, text=rest, data=data, problems=tuple(problems), skipped=frozenset(skipped))
    return Document(file=file, problems=tuple(problems), unreadable=True)


def _check_depth(data: dict[str, object]) -> dict[str, object]:
    """Return the data unchanged. Raises RecursionError if it is nested deeper than later code can follow."""
    level: list[object] = [data]
    for _ in range(MAX_DEPTH):
        containers = [one for one in level if isinstance(one, dict | list)]
        level = [value for one in containers for value in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return data
    raise RecursionError


def _unreadable(file: str, message: str, line: int = 1, column: int = 1) -> Document:
    problem = Problem(file=file, line=line, column=column, message=message)
    return Document(file=file, problems=(problem,), unreadable=True)


def _not_a_file(path: Path) -> LazyText:
    if path.is_dir():
        return lazy("this is a folder, not a file.")
    return lazy("this is not a plain file.") if path.exists() else lazy("there is no such file.")
