"""The chat files in a folder, `<root>/<series>/<chat>.toml`, as ChatFiles. People may also edit them by hand.

Versions written here are kept in `<root>/<series>/.versions/<chat>.jsonl`, a line for each; a version by another
program is added when it is overwritten. The present version is named by the state of its file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import FileLock

from bot.authoring.chat_folder import FolderUnreadable, file_state, states
from bot.authoring.images import image_mistake
from bot.clock import Clock
from bot.errors import ChangedMeanwhileError, ChatFileError
from bot.messages import Time, Value
from bot.ports.chat_files import ChatFile, FileChange, check_name
from bot.toml.document import MAX_BYTES, path_text
from bot.translation import LazyText, lazy, pending

_VERSIONS = ".versions"

_PATIENCE = 5.0
"""Seconds to wait for another writer."""

_SOMEBODY = pending("edited in the folder")


class _Kept(Value, frozen=True, kw_only=True):
    """A line of a file of versions; without a text the file was removed."""

    at: Time
    by: str
    text: str | None


_line = msgspec.json.Decoder(_Kept).decode


class FolderFiles:
    """The files below `root`. A series' folder that can't be read just now keeps its files as they were."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root, self._clock = root, clock
        self._states: dict[Path, str] = {}
        self._names: dict[Path, str] = {}
        self._paths: dict[str, Path] = {}

    def list(self) -> Mapping[str, str]:
        """The state of each file. Raises ChatFileError if the folder can't be read."""
        try:
            self._states = states(self.root, before=self._states)
        except FolderUnreadable as error:
            raise ChatFileError(str(error)) from error
        names = {path: self._names.get(path) or _name(path) for path in self._states}
        self._names, self._paths = names, {name: path for path, name in names.items()}
        return {names[path]: state for path, state in self._states.items()}

    def read(self, name: str, version: str = "") -> ChatFile | None:
        """A file as it is now, or as it was in a kept version. Raises ChatFileError if it can't be read."""
        path = self._path(name)
        if version and version != file_state(path):
            return self._kept(name, path, version)
        state = file_state(path)
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise _why(lazy("this file cannot be opened"), error) from error
        return ChatFile(name=name, version=state, raw=raw, where=path_text(path))

    def write(self, name: str, text: str | None, *, expected: str, by: str) -> str:
        """Write a file, or remove it, and keep what was there."""
        check_name(name)
        path = self._path(name)
        try:
            (path.parent / _VERSIONS).mkdir(parents=True, exist_ok=True)
            with FileLock(path.parent / _VERSIONS / ".lock", timeout=_PATIENCE):
                before = self.read(name)
                if (before.version if before else "") != expected:
                    raise ChangedMeanwhileError
                self._keep(path, before, _Kept(at=self._clock.now(), by=by, text=text))
                if text is None:
                    path.unlink(missing_ok=True)
                else:
                    _replace(path, text)
                return file_state(path)
        except OSError as error:  # FileLock's Timeout is one
            raise _why(lazy("this file cannot be written"), error) from error

    def pictures(self, name: str) -> Mapping[str, str]:
        """The pictures in the folder of its series."""
        folder = self._path(name).parent
        try:
            there = sorted(folder.iterdir())
        except OSError:
            return {}
        return {one.name: str(one.resolve()) for one in there if image_mistake(folder, one.name) is None}

    def versions(self, name: str) -> tuple[FileChange, ...]:
        """The versions written here, the oldest first."""
        return tuple(
            FileChange(version=str(number), at=one.at, by=one.by, gone=one.text is None)
            for number, one in enumerate(_history(self._path(name)), 1)
        )

    def is_writable(self, name: str) -> bool:
        """Whether a file of this name could probably be written. Nothing is tried."""
        folder = self._path(name).parent
        return os.access(folder if folder.exists() else self.root, os.W_OK)

    def _path(self, name: str) -> Path:
        return self._paths.get(name) or self.root / f"{name}.toml"

    def _kept(self, name: str, path: Path, version: str) -> ChatFile | None:
        found = [one for number, one in enumerate(_history(path), 1) if str(number) == version]
        if not found or found[0].text is None:
            return None
        return ChatFile(name=name, version=version, raw=found[0].text.encode(), where=path_text(path))

    def _keep(self, path: Path, before: ChatFile | None, new: _Kept) -> None:
        """Add a version, after the one that is there if another program wrote that."""
        history = _history(path)
        lines = [new]
        if before and (not history or history[-1].text != before.text):
            lines.insert(0, _Kept(at=datetime.fromtimestamp(path.stat().st_mtime, UTC), by=_SOMEBODY, text=before.text))
        with _history_of(path).open("ab") as file:
            file.write(b"".join(msgspec.json.encode(one) + b"\n" for one in lines))
            file.flush()
            os.fsync(file.fileno())


def _history_of(path: Path) -> Path:
    return path.parent / _VERSIONS / f"{path.stem}.jsonl"


def _history(path: Path) -> list[_Kept]:
    """The versions of a file. A line that was cut off by a crash is left out."""
    found = []
    try:
        for line in _history_of(path).read_bytes().splitlines():
            with suppress(msgspec.DecodeError):
                found.append(_line(line))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _why(lazy("the versions of this file cannot be read"), error) from error
    return found


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _name(path: Path) -> str:
    return path_text(Path(path.parent.name, path.stem))


def _why(what: LazyText, error: Exception) -> ChatFileError:
    of_system = error.strerror if isinstance(error, OSError) and error.strerror else ""
    reason = of_system.lower() or lazy("its name is not a file's name")
    return ChatFileError(what + ": " + reason + ".")
