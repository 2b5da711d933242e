"""The chat files below a folder, each with a state that changes when the file does. Reads no file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

SERIES = "series.toml"
"""What the chats of a folder share."""

REHEARSAL = "rehearsal.toml"
"""The pretend participants of a rehearsal, in the folder of all series."""

_NEARLY_TOML = (".toml.txt", ".toml.docx", ".toml.rtf", ".toml.bak.toml", ".tml")
"""Endings that editors give to a chat file."""

_DEPTH = 2
"""Parts of a chat file's path below the root: the folder of its series, and its name."""


class FolderUnreadable(Exception):  # noqa: N818 - an outcome, not a failure
    """The folder of all series can't be read: it is missing, but may come back."""


def find_chat_files(root: Path) -> list[Path]:
    """The chat files below a folder, sorted by path: `<root>/<series>/<chat>.toml`."""
    try:
        return sorted(filter(is_chat_file, states(root)))
    except FolderUnreadable:
        return []


def files_to_check(folder: Path) -> list[Path]:
    """The chat and series files of one series, or of all series below a folder; of each the series first."""
    found = [file for one in ("*.toml", "*/*.toml") for file in folder.glob(one)]
    kept = [file for file in found if file.is_file() and (file.name == SERIES or is_chat_file(file))]
    return sorted(kept, key=lambda file: (file.parent, file.name != SERIES, file.name))


def misplaced_files(root: Path) -> list[tuple[Path, str]]:
    """Files below the folder of all series that look like chat files but are never found, each with what to do."""
    found: list[tuple[Path, str]] = []
    for path in sorted((*root.glob("*"), *root.glob("*/*"), *root.glob("*/*/*.toml"))):
        name, depth = path.name.casefold(), len(path.relative_to(root).parts)
        if not path.is_file() or name.startswith("."):
            continue
        if name.endswith(_NEARLY_TOML):
            right = path.name[: len(path.name) - len(next(one for one in _NEARLY_TOML if name.endswith(one)))] + ".toml"
            found.append((path, f"its name must end in .toml; rename it to {right}"))
        elif path.suffix != ".toml" and name.endswith(".toml"):
            found.append((path, f"write the ending in small letters: {path.name[:-5]}.toml"))
        elif path.suffix == ".toml" and depth == 1 and path.name != REHEARSAL:
            found.append((path, f"put it into the folder of its series: {root.name}/<series>/{path.name}"))
        elif path.suffix == ".toml" and depth > _DEPTH:
            found.append((path, f"it is a folder too deep; put it at {root.name}/{path.parts[-3]}/{path.name}"))
    return found


def is_chat_file(path: Path) -> bool:
    """Whether a file has a chat file's name. Names with a leading dot are leftovers of other programs."""
    return path.suffix == ".toml" and path.name != SERIES and not path.name.startswith(".")


def states(root: Path, before: Mapping[Path, str] | None = None) -> dict[Path, str]:
    """The chat files below a folder and those of series, with the state of each.

    A series' folder that can't be read just now keeps its files as they were `before`. Raises FolderUnreadable.
    """
    found: dict[Path, str] = {}
    for folder in _folders(root):
        try:
            found.update(_states_in(folder))
        except FileNotFoundError:
            continue  # it was removed just now
        except OSError:
            found.update((path, state) for path, state in (before or {}).items() if path.parent == folder)
    return found


def _folders(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir())
    except OSError as error:
        raise FolderUnreadable(error.strerror or type(error).__name__) from error


def _states_in(folder: Path) -> dict[Path, str]:
    with os.scandir(folder) as entries:
        files = {Path(entry.path): _state(entry) for entry in entries if entry.name.endswith(".toml")}
    return {path: state for path, state in files.items() if state and not path.name.startswith(".")}


def file_state(path: Path) -> str:
    """A string that changes with the file's content; empty if it can't be read."""
    try:
        return _written(path.stat())
    except OSError:
        return ""


def _state(entry: os.DirEntry[str]) -> str:
    """A string that changes with a file's content, and with its last change of status; empty if it is no file."""
    try:
        if not entry.is_file():
            return ""
        return _written(entry.stat())
    except OSError:
        return ""


def _written(found: os.stat_result) -> str:
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"
