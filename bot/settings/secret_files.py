"""The files that secrets come from: the settings file, if it has any, and the files that variables name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.settings import environment
from bot.settings.places import SECRETS
from bot.toml.document import read_toml

_FILE = "_FILE"


def secret_files(settings_file: Path) -> list[Path]:
    """The files with secrets, given the settings file that is used, if it exists."""
    named = [Path(path) for name, path in sorted(os.environ.items()) if _names_a_secret(name)]
    if settings_file.exists() and any(_secrets(read_toml(settings_file).data)):
        return [settings_file, *named]
    return named


def _names_a_secret(name: str) -> bool:
    key = name.removesuffix(_FILE).rpartition("__")[2].lower()
    return name.startswith(environment.PREFIX) and name.endswith(_FILE) and key in SECRETS


def _secrets(data: Mapping[str, Any]) -> Iterator[str]:
    """All secrets in the settings, and database addresses, which may have a password."""
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _secrets(value)
        elif isinstance(value, str) and value and (key in SECRETS or (key == "url" and "@" in value)):
            yield value
