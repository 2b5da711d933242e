"""The marker of a running rehearsal, which commands with the same schedules find, and others don't."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot.clock import FastClock
from bot.rehearsal.discovery import FOLDER_PREFIX, RehearsalMarker, running_rehearsals, write_marker
from bot.settings.settings import Settings
from tests.fakes.clock import NOON


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a rehearsal, the only one on this machine."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    created = tmp_path / f"{FOLDER_PREFIX}pretend"
    created.mkdir()
    return created


def settings(folder: Path, schedules: str = "schedules") -> Settings:
    return Settings(schedules=folder / schedules)


def marker_file(folder: Path) -> Path:
    clock = FastClock(NOON, 60)
    return write_marker(folder, settings(folder), clock, chat="a/b", store="sqlite:///x.db", room="http://127.0.0.1:1")


def test_a_running_rehearsal_is_found_and_its_clock_runs(folder: Path) -> None:
    file = marker_file(folder)
    [marker] = running_rehearsals(settings(folder))
    assert (marker.chat, marker.store, marker.room) == ("a/b", "sqlite:///x.db", "http://127.0.0.1:1")
    assert marker.clock.speed == 60
    assert marker.clock.now() >= NOON
    earlier = msgspec.structs.replace(marker, created=marker.created - timedelta(minutes=1))
    assert earlier.clock.now() - marker.clock.now() > timedelta(minutes=59), (
        "a minute of ours is an hour of the rehearsal"
    )
    assert running_rehearsals(settings(folder, "elsewhere")) == []
    file.unlink()
    assert running_rehearsals(settings(folder)) == []


def test_a_marker_whose_process_is_gone_is_ignored(folder: Path) -> None:
    file = marker_file(folder)
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    marker = msgspec.json.decode(file.read_bytes(), type=RehearsalMarker)
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(marker, process=gone.pid)))
    assert running_rehearsals(settings(folder)) == []


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{}", b"[]", b'{"process":-1}', b"[" * 5000, b'{"x":' + b"[" * 5000]
)
def test_invalid_markers_are_ignored(content: bytes, folder: Path) -> None:
    file = marker_file(folder)
    other = folder.with_name(f"{FOLDER_PREFIX}other")
    other.mkdir()
    (other / file.name).write_bytes(content)
    assert len(running_rehearsals(settings(folder))) == 1
    folder.with_name(f"{FOLDER_PREFIX}third").write_bytes(content)
    assert len(running_rehearsals(settings(folder))) == 1


@pytest.mark.parametrize("process", [0, -1])
def test_a_marker_may_not_name_all_processes(process: int, folder: Path) -> None:
    file = marker_file(folder)
    raw = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(raw | {"process": process}))
    assert running_rehearsals(settings(folder)) == []


def test_a_marker_with_an_impossible_process_is_ignored(folder: Path) -> None:
    file = marker_file(folder)
    raw = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(raw | {"process": 2**40}))
    assert running_rehearsals(settings(folder)) == []
