"""A set of files in one folder, written as one: after a crash or on a full disk they are all old or all new.

They are made in a hidden folder beside them, which gets another name once it is complete; then each is moved into its
place. What a crash left is put right by the next who writes there: a complete set is moved, an incomplete one removed.
Of two who write at once the later wins, and the earlier is told so.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from bot.errors import SetupError

WriteTo = Callable[[BinaryIO], object]
"""Writes a file's content."""

_INCOMPLETE, _COMPLETE = ".writing-", ".written-"


def write_files(folder: Path, writers: Mapping[str, WriteTo]) -> None:
    """Write the files of these names into a folder, which is created if it is missing. Others there stay.

    Raises SetupError if they cannot be written; older ones then stay as they were.
    """
    token = secrets.token_hex(4)
    drafts = folder / f"{_INCOMPLETE}{token}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        finish_writing(folder)
        drafts.mkdir()
        for name, write_to in writers.items():
            _write_draft(drafts / name, write_to)
        _check_replaceable(folder, writers)
        complete = drafts.rename(folder / f"{_COMPLETE}{token}")
        _sync(folder)
        _move(complete, folder)
    except OSError as error:
        remedy = "Give another folder, or make room for it."
        raise SetupError(f"{folder} cannot be written: {error.strerror}. {remedy}") from error
    finally:
        shutil.rmtree(drafts, ignore_errors=True)


def finish_writing(folder: Path) -> None:
    """Finish what a crash interrupted: move complete files into their places, and remove incomplete ones."""
    for complete in sorted(folder.glob(f"{_COMPLETE}*"), key=lambda one: one.stat().st_mtime_ns):
        _move(complete, folder)
    for incomplete in folder.glob(f"{_INCOMPLETE}*"):
        shutil.rmtree(incomplete, ignore_errors=True)


def check_writable(folder: Path) -> None:
    """Create the folder and try to write to it, before a long task that ends in `write_files`. Raises SetupError."""
    write_files(folder, {".writable": lambda file: file.write(b"")})
    with suppress(OSError):
        (folder / ".writable").unlink(missing_ok=True)


def _write_draft(path: Path, write_to: WriteTo) -> None:
    with path.open("xb") as file:
        write_to(file)
        file.flush()
        os.fsync(file.fileno())


def _check_replaceable(folder: Path, names: Mapping[str, WriteTo]) -> None:
    """Raise IsADirectoryError, before anything is replaced, if a folder has the name of a file."""
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(0, f"{name} is a folder there")


def _move(complete: Path, folder: Path) -> None:
    for draft in sorted(complete.iterdir()):
        draft.replace(folder / draft.name)
    _sync(folder)
    complete.rmdir()


def _sync(folder: Path) -> None:
    """Make renames in a folder last through a power cut, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
