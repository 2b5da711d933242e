from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bot.errors import SetupError
from bot.reporting.file_set import check_writable, finish_writing, write_files

NAMES = ("a", "b", "c")


class Crash(BaseException):
    """The machine is gone: nothing that would clean up runs either."""


class Machine:
    """Ends at a step of its file system: each making, renaming or removing is one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, last: int) -> None:
        self.steps, self.last = 0, last
        for owner, name in ((Path, "mkdir"), (Path, "open"), (Path, "rename"), (Path, "replace"), (Path, "rmdir")):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))
        monkeypatch.setattr(shutil, "rmtree", self._counted(shutil.rmtree))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:  # noqa: ANN401 -- any call of the library
            self.steps += 1
            if self.steps > self.last:
                raise Crash
            return real(*args, **options)

        return step


def write(folder: Path, text: bytes) -> None:
    write_files(folder, {name: lambda file: file.write(text) for name in NAMES})


def found(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    write(tmp_path, b"new")
    assert found(tmp_path) == dict.fromkeys(NAMES, b"new") | {"mine": b"mine"}


def test_after_a_crash_at_any_step_all_files_are_old_or_all_are_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = set()
    for last in range(30):
        folder = tmp_path / f"{last}"
        write(folder, b"old")
        with monkeypatch.context() as patched:
            machine = Machine(patched, last)
            with suppress(Crash):
                write(folder, b"new")
        assert {one.read_bytes() for one in folder.iterdir() if one.is_file()} <= {b"old", b"new"}, "each is whole"
        finish_writing(folder)
        assert sorted(found(folder)) == list(NAMES), "nothing else is left"
        outcomes.add((machine.steps <= last, *found(folder).values()))
    old, new = (b"old",) * 3, (b"new",) * 3
    assert outcomes == {(False, *old), (False, *new), (True, *new)}


def test_what_a_crash_left_is_finished_by_the_next_who_writes(tmp_path: Path) -> None:
    write(tmp_path, b"old")
    (tmp_path / ".written-1").mkdir()
    (tmp_path / ".written-1" / "d").write_bytes(b"new")
    (tmp_path / ".writing-2").mkdir()
    (tmp_path / ".writing-2" / "a").write_bytes(b"half")
    check_writable(tmp_path)
    assert found(tmp_path) == dict.fromkeys(NAMES, b"old") | {"d": b"new"}


def test_a_full_disk_leaves_the_old_files(tmp_path: Path) -> None:
    def full(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    write(tmp_path, b"old")
    with pytest.raises(SetupError, match=r"No space left on device\. Give another folder, or make room for it"):
        write_files(tmp_path, {"a": lambda file: file.write(b"new"), "b": full})
    assert found(tmp_path) == dict.fromkeys(NAMES, b"old")


def test_a_folder_in_place_of_a_file_is_told_before_anything_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, b"old")
    (tmp_path / "b").unlink()
    (tmp_path / "b").mkdir()
    with pytest.raises(SetupError, match="b is a folder there"):
        write(tmp_path, b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert sorted(one.name for one in tmp_path.iterdir()) == list(NAMES)
