"""A watched folder: a change before the watch has begun is noticed like one after it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import file_watch

NEVER = 3600.0


@pytest.fixture(autouse=True)
def _no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the look once a minute, only the watch itself can notice something."""
    monkeypatch.setattr(file_watch, "_INTERVAL", NEVER)


async def test_a_file_that_came_before_the_watch_had_begun_is_noticed(tmp_path: Path) -> None:
    looked = asyncio.Event()
    async with file_watch.watching(tmp_path, looked.set), asyncio.timeout(120):
        (tmp_path / "early.toml").touch()  # the watch begins in a thread, later than this
        await looked.wait()


async def test_each_later_change_is_noticed(tmp_path: Path) -> None:
    looked = asyncio.Event()
    async with file_watch.watching(tmp_path, looked.set), asyncio.timeout(120):
        for name in ("one.toml", "two.toml"):
            await looked.wait()
            looked.clear()
            (tmp_path / "folder").mkdir(exist_ok=True)
            (tmp_path / "folder" / name).touch()
        await looked.wait()


async def test_a_folder_that_comes_later_or_is_replaced_is_watched_like_any_other(tmp_path: Path) -> None:
    looked, folder = asyncio.Event(), tmp_path / "late"
    async with file_watch.watching(folder, looked.set), asyncio.timeout(120):
        folder.mkdir()
        await looked.wait()
        await _settled(looked)
        folder.rename(tmp_path / "away")
        folder.mkdir()
        await looked.wait()
        await _settled(looked)
        (folder / "one.toml").touch()
        await looked.wait()


async def test_a_change_is_looked_at_a_second_time(tmp_path: Path) -> None:
    looks = asyncio.Semaphore(0)
    async with file_watch.watching(tmp_path, looks.release), asyncio.timeout(120):
        await looks.acquire()
        (tmp_path / "new" / "folder").mkdir(parents=True)
        for _ in range(2):
            await looks.acquire()


async def _settled(looked: asyncio.Event) -> None:
    """Until nobody has looked for longer than a second look takes."""
    while looked.is_set():
        looked.clear()
        await asyncio.sleep(file_watch._SECOND_LOOK * 1.5)
