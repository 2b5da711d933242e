"""A chat file joined with its series: the valid values of both, and problems for the others.

An invalid value is reported and removed, and its path recorded as invalid, so that later rules don't report its
consequences.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from bot.authoring.chatfile import ChatFile, SeriesFile
from bot.errors import Problem
from bot.toml.document import Document
from bot.toml.positions import KeyPath
from bot.toml.validation import find_mistakes
from bot.translation import LazyText

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class SourceFile(Generic[M]):
    """A file validated as a model. `values` has the valid values, `invalid` the paths of the others."""

    document: Document
    values: M
    problems: tuple[Problem, ...]
    invalid: frozenset[KeyPath]


def validate_file(document: Document, model: type[M]) -> SourceFile[M]:
    """Validate a document as a model, and collect every mistake."""
    data: dict[str, Any] = document.data
    problems = list(document.problems)
    invalid: set[KeyPath] = set()
    while True:
        try:
            values = model.model_validate(data)
        except ValidationError as error:
            data = copy.deepcopy(data)  # from which the invalid is removed
            for one in find_mistakes(error, model, data):
                if one.path not in invalid:
                    problems.append(document.problem(one.path, one.message, key=one.key))
                # a path that is still invalid once removed goes with the whole table around it
                _remove(data, one.path if one.path not in invalid else one.path[:1])
                invalid.add(one.path)
        else:
            return SourceFile(document=document, values=values, problems=tuple(problems), invalid=frozenset(invalid))


def _remove(data: Any, path: KeyPath) -> None:  # noqa: ANN401 - TOML data nests as it likes
    """Remove a value. In a list it becomes an empty table, so that the others keep their numbers."""
    try:
        for step in path[:-1]:
            data = data[step]
        if isinstance(data, list) and isinstance(path[-1], int):
            data[path[-1]] = {}
        else:
            data.pop(path[-1], None)
    except (KeyError, IndexError):
        return  # it was removed with the table around it


@dataclass(frozen=True, kw_only=True)
class ChatSource:
    """A chat as it was written: its own file, and its series for the keys that it lacks.

    With `session` it is that one of the file's sessions, whose own values take precedence. `pictures` are those beside
    a file of the store, by name; None for a file in a folder.
    """

    chat: SourceFile[ChatFile]
    series: SourceFile[SeriesFile] | None = None
    session: int | None = None
    pictures: Mapping[str, str] | None = None

    @cached_property
    def values(self) -> SeriesFile:
        """The values of both files; the chat's own take precedence."""
        given = {**(_set_values(self.series.values) if self.series else {}), **_set_values(self.chat.values)}
        given |= {key: value for key, value in self._session_values.items() if key != "key"}
        return SeriesFile.model_construct(set(given), **given)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of both files, each on its own."""
        return (*(self.series.problems if self.series else ()), *self.chat.problems)

    @property
    def _session_values(self) -> dict[str, Any]:
        tables = self.chat.values.sessions
        return _set_values(tables[self.session]) if self.session is not None and tables else {}

    def _where(self, path: KeyPath) -> KeyPath:
        """The path of a value in the file: below its session, where that has its own."""
        if self.session is None or not path or path[0] not in {"starts", *self._session_values}:
            return path
        return "sessions", self.session, *path

    def file_of(self, key: str) -> SourceFile[Any]:
        """The file that has this key; the chat's own if none has it."""
        own = key in self.chat.document.data
        return self.series if self.series and not own and key in self.series.document.data else self.chat

    def valid(self, *paths: KeyPath) -> bool:
        """Whether nothing at or around these paths is invalid."""
        return all(self._valid(path) for path in paths)

    def _valid(self, path: KeyPath) -> bool:
        path = self._where(path)
        file = self.file_of(str(path[0]))
        if path[-1] in file.document.skipped or (self.series and path[-1] in self.series.document.skipped):
            return False
        return not any(path[:n] in file.invalid for n in range(1, len(path) + 1))

    def problem(
        self,
        path: KeyPath,
        message: LazyText,
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A Problem at `path`, in the file that has it. The team's page translates its message."""
        path = self._where(path)
        file = self.file_of(str(path[0])) if path else self.chat
        return file.document.problem(path, message, key=key, severity=severity)


def _set_values(values: BaseModel) -> dict[str, Any]:
    return {key: value for key in values.model_fields_set if (value := getattr(values, key)) is not None}
