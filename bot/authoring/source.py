"""A chat file joined with its series, as far as both could be understood, and what could not be.

A value that does not fit is reported and then left out, and its path remembered as broken, so that the rules after
this one say nothing about what follows from it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from bot.authoring.chatfile import ChatFile, SeriesFile
from bot.errors import Problem
from bot.toml.document import Document
from bot.toml.positions import KeyPath
from bot.toml.validation import find_mistakes

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Part(Generic[M]):
    """One file, read as a model. `values` has what fits, `broken` the paths of what does not."""

    document: Document
    values: M
    problems: tuple[Problem, ...]
    broken: frozenset[KeyPath]


def part(document: Document, model: type[M]) -> Part[M]:
    """A document as a model, with every mistake in it."""
    data: dict[str, Any] = copy.deepcopy(document.data)
    problems = list(document.problems)
    broken: set[KeyPath] = set()
    while True:
        try:
            values = model.model_validate(data)
        except ValidationError as error:
            found = find_mistakes(error, model, data)
            for one in found:
                if one.path not in broken:
                    problems.append(document.problem(one.path, one.message, key=one.key))
                # what is still wrong after it was left out goes together with all around it
                _leave_out(data, one.path if one.path not in broken else one.path[:1])
                broken.add(one.path)
        else:
            return Part(document=document, values=values, problems=tuple(problems), broken=frozenset(broken))


def _leave_out(data: Any, path: KeyPath) -> None:  # noqa: ANN401 - TOML data nests as it likes
    """Take a value out. One in a list becomes an empty table, so that the others keep their numbers."""
    try:
        for step in path[:-1]:
            data = data[step]
        if isinstance(data, list) and isinstance(path[-1], int):
            data[path[-1]] = {}
        else:
            data.pop(path[-1], None)
    except (KeyError, IndexError):
        return  # it went with what was around it


@dataclass(frozen=True, kw_only=True)
class ChatSource:
    """A chat as written: its own file over that of its series."""

    chat: Part[ChatFile]
    series: Part[SeriesFile] | None = None

    @property
    def values(self) -> SeriesFile:
        """Every key, the chat's own first."""
        given = {**(_given(self.series.values) if self.series else {}), **_given(self.chat.values)}
        return SeriesFile.model_construct(set(given), **given)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong in either file by itself."""
        return (*(self.series.problems if self.series else ()), *self.chat.problems)

    def source(self, key: str) -> Part[Any]:
        """The file that says this key; the chat's own where none does."""
        own = key in self.chat.document.data
        return self.series if self.series and not own and key in self.series.document.data else self.chat

    def sound(self, *paths: KeyPath) -> bool:
        """Whether nothing at or around these paths was broken."""
        return all(self._sound(path) for path in paths)

    def _sound(self, path: KeyPath) -> bool:
        part = self.source(str(path[0]))
        if path[-1] in part.document.skipped or (self.series and path[-1] in self.series.document.skipped):
            return False
        return not any(path[:n] in part.broken for n in range(1, len(path) + 1))

    def problem(
        self,
        path: KeyPath,
        message: str,
        *,
        key: bool = False,
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A Problem in the file that says what stands at `path`."""
        part = self.source(str(path[0])) if path else self.chat
        return part.document.problem(path, message, key=key, severity=severity)


def _given(values: BaseModel) -> dict[str, Any]:
    return {key: value for key in values.model_fields_set if (value := getattr(values, key)) is not None}
