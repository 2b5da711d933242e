"""The schedules folder: only what changed is read, the nearest chat first, and a folder that is away takes nothing."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.authoring import schedules as schedules_module
from bot.authoring.folder_files import FolderFiles
from bot.authoring.rough_start import rough_times
from bot.authoring.schedules import Schedules
from bot.chat import FileVersion, Programme
from tests.fakes.clock import NOON, HandClock

QUESTION = '[[questions]]\ntext = "What do you do first, and why?"\n'
SERIES = 'timezone = "Europe/London"\nlength = "1h"\n'


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("series", SERIES)

    def write(self, name: str, text: str) -> Path:
        path = self.root / "s" / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def chat(self, name: str, *, days: float = 1, title: str = "A chat") -> Path:
        starts = (NOON + timedelta(days=days)).replace(tzinfo=None).isoformat()
        return self.write(name, f'title = "{title}"\nstarts = {starts}\n{QUESTION}')

    def schedules(self, places: dict[str, str] | None = None) -> Schedules:
        return Schedules(FolderFiles(self.root, HandClock(NOON)), places or {"room": "room"}, HandClock(NOON))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "schedules")


def read_at_once(monkeypatch: pytest.MonkeyPatch, files: int) -> None:
    for limit in ("_FIRST", "_AT_ONCE"):
        monkeypatch.setattr(schedules_module, limit, files)


def glance(path: Path) -> tuple[datetime, datetime] | None:
    return rough_times(path.read_bytes(), path.with_name("series.toml").read_bytes())


def names(programme: Programme) -> set[str]:
    return {chat.name for chat in programme.chats}


def stored(programme: Programme) -> dict[str, FileVersion]:
    """What the store keeps of it."""
    return {one.name: FileVersion(state=programme.versions[one.name], chat=one) for one in programme.chats}


def files_read(schedules: Schedules) -> tuple[Programme, int]:
    """The chats, and how many files were read for them: each of these files has one doubt, told when it is read."""
    with capture_logs() as logs:
        programme = schedules()
    return programme, sum(one["event"] == "schedules.problem" for one in logs)


def test_an_unchanged_file_is_not_read_again_by_the_next_process_either(folder: Folder) -> None:
    folder.write("series", 'length = "1h"\n')  # without a time zone, which is doubted at each reading
    for name in "ab":
        folder.chat(name)
    first, read = files_read(folder.schedules())
    assert (names(first), read) == ({"s/a", "s/b"}, 2)

    later = folder.schedules()
    later.known = lambda: stored(first)
    folder.chat("b", title="Another title")
    second, read = files_read(later)
    assert (names(second), read) == ({"s/a", "s/b"}, 1)
    assert [chat.title for chat in second.chats] == ["A chat", "Another title"]

    elsewhere = folder.schedules({"other": "room"})  # what its places make of a file may differ
    elsewhere.known = lambda: stored(second)
    assert files_read(elsewhere)[1] == 2


def test_a_change_of_the_same_size_at_the_same_time_is_noticed(folder: Folder) -> None:
    path = folder.chat("a", title="Old title")
    schedules, was = folder.schedules(), path.stat()
    schedules()
    folder.chat("a", title="New title")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert [chat.title for chat in schedules().chats] == ["New title"]


def test_a_change_of_the_series_changes_its_chats(folder: Folder) -> None:
    folder.chat("a")
    schedules = folder.schedules()
    assert [chat.length for chat in schedules().chats] == [timedelta(hours=1)]
    folder.write("series", SERIES.replace("1h", "90m"))
    assert [chat.length for chat in schedules().chats] == [timedelta(minutes=90)]


def test_of_many_new_files_the_nearest_chat_is_read_first(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    read_at_once(monkeypatch, 2)
    for name, days in (("a", 300), ("b", -2), ("c", 1), ("d", 40), ("e", -500)):
        folder.chat(name, days=days)
    schedules = folder.schedules()
    seen: list[set[str]] = []
    while len(seen) < 3:
        programme = schedules()
        assert names(programme) | programme.unread == {f"s/{name}" for name in "abcde"}
        seen.append(names(programme))
    assert seen == [{"s/c", "s/b"}, {"s/c", "s/b", "s/d", "s/a"}, {f"s/{name}" for name in "abcde"}]
    assert not programme.unread


def test_a_file_that_waits_to_be_read_keeps_its_chat_as_it_was(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        folder.chat(name)
    schedules = folder.schedules()
    schedules()
    read_at_once(monkeypatch, 1)
    for name in "ab":
        folder.chat(name, title="New title")
    programme = schedules()
    assert len(programme.unread) == 1
    assert sorted(chat.title for chat in programme.chats) == ["A chat", "New title"]


def test_a_folder_that_is_away_takes_no_chat_with_it(folder: Folder) -> None:
    folder.chat("a")
    schedules = folder.schedules()
    before = schedules()
    folder.root.rename(folder.root.with_name("away"))
    with capture_logs() as logs:
        assert names(schedules()) == names(schedules()) == {"s/a"}
    assert [one["event"] for one in logs] == ["schedules.folder_unreadable"], "it is told once"
    just_started = folder.schedules()
    just_started.known = lambda: stored(before)
    assert just_started().invalid == {"s/a"}
    folder.root.with_name("away").rename(folder.root)
    assert names(just_started()) == names(schedules()) == {"s/a"}


def test_deleted_files_are_gone_and_folders_without_chats_are_harmless(folder: Folder) -> None:
    path = folder.chat("a")
    (folder.root / "empty").mkdir()
    (folder.root / "s" / "folder.toml").mkdir()
    (folder.root / "s" / ".hidden.toml").write_text("x")
    schedules = folder.schedules()
    assert names(schedules()) == {"s/a"}
    path.unlink()
    assert schedules() == Programme(chats=())


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("starts = 2026-07-01T20:00:00", 19),
        ("starts=2026-07-01 20:00", 19),
        ('  starts = "2026-07-01T20:00"', 19),
        ("starts = 2026-07-01", 19),
        ('timezone = "UTC"\nstarts = 2026-07-01T20:00:00', 20),
    ],
)
def test_a_start_is_found_at_a_glance(folder: Folder, text: str, hours: int) -> None:
    found = glance(folder.write("a", text))
    assert found is not None
    first, starts = found
    assert first == starts
    assert (starts.day, starts.hour) == (1, hours)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ('reminders = ["1h", "24h"]', timedelta(days=1)),
        ('reminders = [\n  "7d",\n]', timedelta(days=7)),
        ('reminders = ["soon", "9w9", "1h"]', timedelta(hours=1)),
        ("reminders = []", timedelta(0)),
    ],
)
@pytest.mark.parametrize("whose", ["a", "series"])
def test_so_is_the_first_reminder(folder: Folder, whose: str, text: str, before: timedelta) -> None:
    folder.write("series", 'timezone = "Europe/London"')
    path = folder.write("a", "starts = 2026-07-01T20:00:00\n")
    with path.with_name(f"{whose}.toml").open("a") as file:
        file.write(f"\n{text}\n")
    found = glance(path)
    assert found is not None
    first, starts = found
    assert starts - first == before


@pytest.mark.parametrize(
    "text", ["", "starts = soon", "starts = 2026-13-41T20:00:00", 'timezone = "Mars"\nstarts = 2026-07-01']
)
def test_a_file_without_a_start_is_among_the_first(folder: Folder, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read_at_once(monkeypatch, 1)
    folder.chat("b", days=1)
    assert glance(folder.write("a", text)) is None
    programme = folder.schedules()()
    assert (programme.invalid, programme.unread) == (frozenset({"s/a"}), frozenset({"s/b"}))
    assert not programme.pressing


@pytest.mark.parametrize(
    ("days", "reminders", "pressing"),
    [(0.03, "", True), (-0.9, "", True), (-2, "", False), (1, "", False), (1, '"24h"', True), (2, '"24h"', False)],
)
def test_what_may_post_within_the_hour_is_pressing(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, days: float, reminders: str, *, pressing: bool
) -> None:
    read_at_once(monkeypatch, 1)
    folder.chat("now", days=0)
    path = folder.chat("a", days=days)
    path.write_text(f"reminders = [{reminders}]\n{path.read_text()}")
    schedules = folder.schedules()
    programme = schedules()
    assert (programme.unread, programme.pressing) == (frozenset({"s/a"}), pressing)
    assert not schedules().pressing
