"""A store that hangs, or whose file is taken away: nothing waits for it without end, and it is told."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.store import chats
from bot.store.database import Database
from bot.store.lanes import LaneThreads, works


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """A call waits for this event, which comes at the end of the test."""
    over = threading.Event()
    yield over
    over.set()


async def test_a_call_that_hangs_is_given_up_and_the_next_one_is_done(hanging: threading.Event) -> None:
    lane = LaneThreads("test", 1, patience=0.2)
    stuck = asyncio.create_task(lane.run(hanging.wait))
    with pytest.raises(StoreError):
        await stuck
    assert await lane.run(lambda: "done") == "done"
    assert lane.longest() > 0.1
    hanging.set()
    while lane.longest():
        await asyncio.sleep(0.01)
    assert await lane.run(lambda: "done") == "done"
    lane.close()


async def test_a_call_that_hangs_is_given_up_too_if_nobody_waits_for_it_any_more(hanging: threading.Event) -> None:
    lane = LaneThreads("test", 1, patience=0.2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await lane.run(hanging.wait)
    answers: list[str] = []
    async with asyncio.timeout(60):
        while not answers:
            with suppress(StoreError):
                answers.append(await lane.run(lambda: "done"))
    hanging.set()
    lane.close()


async def test_a_call_that_works_is_not_given_up_but_one_that_stands_behind_it_for_too_long_is() -> None:
    """What a call computes is no silence of the database; whoever stands behind it is told to come again."""
    lane, done, go_on = LaneThreads("test", 1, patience=0.2), list[int](), threading.Event()

    def work(number: int) -> None:
        works()  # it has its answer from the database
        go_on.wait(60)
        done.append(number)

    first, second = (asyncio.create_task(lane.run(partial(work, number))) for number in (1, 2))
    with pytest.raises(StoreError):
        await second
    assert not first.done()
    go_on.set()
    await first
    lane.close()
    assert done[0] == 1


async def test_when_every_thread_hangs_calls_are_still_given_up(hanging: threading.Event) -> None:
    lane = LaneThreads("test", 1, patience=0.05)
    for _ in range(20):
        with pytest.raises(StoreError):
            await lane.run(hanging.wait)
    began = time.monotonic()
    lane.close()
    assert time.monotonic() - began < 60
    assert threading.active_count() < 20


async def test_a_lane_that_hangs_holds_no_other_lane_up(store_url: str, hanging: threading.Event) -> None:
    with closing(Database(store_url)) as database:
        hung = threading.Event()

        def hang(_connection: Connection) -> None:
            hung.set()
            hanging.wait()

        stuck = [asyncio.create_task(database.read(hang)) for _ in range(3)]
        await asyncio.to_thread(hung.wait)
        for lane in ("claims", "outgoing", "incoming", "pulse"):
            await database.write(lane, chats.set_fact, "known", lane)
            assert await database.read(chats.get_fact, "known") == lane
        hanging.set()
        await asyncio.gather(*stuck)


def test_a_store_whose_file_is_moved_deleted_or_replaced_takes_nothing_until_it_is_back(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    aside = file.with_name("aside.db")
    with closing(Database(sqlite_url)) as database:
        database.write_sync(chats.set_fact, "before", "stored")
        for replace in (False, True):
            file.rename(aside)
            if replace:
                shutil.copy(aside, file)
            with pytest.raises(StoreError, match=r"another file" if replace else r"is gone"):
                database.write_sync(chats.set_fact, "meanwhile", "lost")
            assert f"{file} is" in (database.trouble() or "")
            assert file.exists() == replace
            assert database.read_sync(chats.get_fact, "before") == "stored"
            aside.rename(file)
            assert database.read_sync(chats.get_fact, "meanwhile") is None
            assert database.trouble() is None
            database.write_sync(chats.set_fact, "after", "stored")


def test_no_new_file_is_made_in_place_of_one_that_is_gone(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with closing(Database(sqlite_url)) as database:  # no connection is open yet
        file.unlink()
        with pytest.raises(StoreError, match="is gone"):
            database.read_sync(chats.get_fact, "before")
        assert not file.exists()


async def test_only_one_lane_writes_to_a_file_at_a_time(sqlite_url: str, hanging: threading.Event) -> None:
    """SQLite itself would let the second writer sleep and try again; in our queue it has its turn at once."""
    with closing(Database(sqlite_url)) as database:
        order, begun = list[str](), threading.Event()

        def write(_connection: Connection, name: str) -> None:
            order.append(name)
            if name == "first":
                begun.set()
                hanging.wait()

        first = asyncio.create_task(database.write("incoming", write, "first"))
        await asyncio.to_thread(begun.wait)
        later = [asyncio.create_task(database.write("pulse", write, "pulse"))]
        while database.waiting < 1:
            await asyncio.sleep(0.01)
        later.append(asyncio.create_task(database.write("claims", write, "claims")))
        while database.waiting < 2:
            await asyncio.sleep(0.01)
        hanging.set()
        await asyncio.gather(first, *later)
        assert order == ["first", "claims", "pulse"]
