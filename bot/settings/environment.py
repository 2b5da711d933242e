"""Settings out of the environment: `CONVENOR_PLACES__ROOM__PORT` is `port` in `[places.room]`.

A name that ends in `_FILE` names a file that holds the value, as container platforms hand over secrets. Names and
values are not judged here, except that a file must be readable and nothing may be said twice.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from bot.errors import Problem
from bot.toml.positions import KeyPath

PREFIX = "CONVENOR_"
CONFIG = "CONVENOR_CONFIG"
"""Names the settings' file, and is not a setting itself."""

_FILE = "_FILE"


@dataclass(frozen=True, kw_only=True)
class EnvironmentValues:
    """What the environment says. `names` has the variable behind each path."""

    data: dict[str, Any]
    names: dict[KeyPath, str]
    problems: tuple[Problem, ...]


def gather(environ: Mapping[str, str]) -> EnvironmentValues:
    """Every variable of ours."""
    data: dict[str, Any] = {}
    names: dict[KeyPath, str] = {}
    problems: list[Problem] = []
    for name in sorted(one for one in environ if one.startswith(PREFIX) and one != CONFIG):
        path = tuple(name.removeprefix(PREFIX).removesuffix(_FILE).lower().split("__"))
        try:
            value = _held(environ[name]) if name.endswith(_FILE) else environ[name]
        except (OSError, ValueError):
            problems.append(problem(f"{name} names a file that cannot be read as text."))
            continue
        if path in names or not _put(data, path, value):
            problems.append(problem(f"{name} says again what another variable says; keep one of them."))
        names[path] = name
    return EnvironmentValues(data=data, names=names, problems=tuple(problems))


def problem(message: str) -> Problem:
    """A mistake in the environment, which has no lines."""
    return Problem(file="environment", line=0, column=0, message=message)


class EnvironmentSource(PydanticBaseSettingsSource):
    """The environment, for pydantic-settings. Unknown names are passed on, so that they are refused like any other."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002, D102
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All of it."""
        return gather(os.environ).data


def _held(path: str) -> str:
    return Path(path).read_text(encoding="utf-8").strip()


def _put(data: dict[str, Any], path: tuple[str, ...], value: str) -> bool:
    """Put a value at a path; not where a value is already, or where a table would be."""
    here: object = data
    for step in path[:-1]:
        here = here.setdefault(step, {}) if isinstance(here, dict) else None
    return isinstance(here, dict) and here.setdefault(path[-1], value) is value
