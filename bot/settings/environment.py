"""Settings from the environment: `CONVENOR_PLACES__ROOM__PORT` is `port` in `[places.room]`.

A variable that ends in `_FILE` has the path of a file with the value, as container platforms provide secrets. It checks
only that such a file is readable and that no setting is given twice; names and values are validated in `settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import Problem
from bot.toml.positions import KeyPath

PREFIX = "CONVENOR_"
CONFIG = "CONVENOR_CONFIG"
"""The variable with the path of the settings file; it is no setting itself."""

_FILE = "_FILE"


@dataclass(frozen=True, kw_only=True)
class EnvironmentValues:
    """The settings in the environment. `names` has the variable of each path."""

    data: dict[str, Any]
    names: dict[KeyPath, str]
    problems: tuple[Problem, ...]


def read_environment(environ: Mapping[str, str]) -> EnvironmentValues:
    """Read all variables with our prefix."""
    data: dict[str, Any] = {}
    names: dict[KeyPath, str] = {}
    problems: list[Problem] = []
    for name in sorted(one for one in environ if one.startswith(PREFIX) and one != CONFIG):
        path = tuple(name.removeprefix(PREFIX).removesuffix(_FILE).lower().split("__"))
        try:
            value = _file_text(environ[name]) if name.endswith(_FILE) else environ[name]
        except (OSError, ValueError):
            problems.append(problem(f"{name} names a file that cannot be read as text."))
            continue
        if path in names or not _put_at(data, path, value):
            problems.append(problem(f"{name} says again what another variable says; keep one of them."))
        names[path] = name
    return EnvironmentValues(data=data, names=names, problems=tuple(problems))


def problem(message: str) -> Problem:
    """A problem in the environment, which has no lines."""
    return Problem(file="environment", line=0, column=0, message=message)


def _file_text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _put_at(data: dict[str, Any], path: tuple[str, ...], value: str) -> bool:
    """Put a value at a path. Returns whether that worked: not if there is a value already, or a table."""
    here: object = data
    for step in path[:-1]:
        here = here.setdefault(step, {}) if isinstance(here, dict) else None
    return isinstance(here, dict) and here.setdefault(path[-1], value) is value
