"""Many chat files: planned in batches beside the ticks; those that an earlier process planned aren't planned again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec
import pytest
from structlog.testing import capture_logs

from bot.chat import Chat
from bot.errors import StoreError
from bot.scheduling import plan_sync
from bot.store import chat_files, chats
from bot.store.chat_files import FileReading
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_plan_sync import Process


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


CLOCK = HandClock(NOON - timedelta(minutes=5))


def a_process(database: Database, chats: Sequence[Chat], **traits: bool) -> Process:
    process = Process(database, CLOCK, FakePlatform(CLOCK, **traits), list(chats))
    process.versions = {chat.name: "as it is" for chat in chats}
    return process


async def planned(process: Process) -> list[str]:
    """The chats that are planned when a process starts."""
    with capture_logs() as logs:
        await process.plan_sync.load()
        await process.plan_sync.sync(CLOCK.now())
    return [one["chat"] for one in logs if one["event"] == "plan_sync.chat_planned"]


async def test_what_changed_while_the_duty_to_plan_had_lapsed_for_a_moment_is_planned_all_the_same(
    database: Database,
) -> None:
    chats = [a_chat(name="a/1", starts=NOON)]
    process = a_process(database, chats)
    assert await planned(process) == ["a/1"]
    scheduler, questions = process.scheduler, chats[0].questions
    process.chats[0] = msgspec.structs.replace(chats[0], questions=questions[:-1])
    process.versions = {"a/1": "edited"}
    scheduler.on_duty = lambda: False
    scheduler.reload()
    await scheduler.sync_files()
    assert len(process.live_chats.by_name["a/1"].chat.questions) == len(questions)
    scheduler.on_duty = lambda: True
    await scheduler.tick(CLOCK.now())
    await scheduler.sync_files()
    assert len(process.live_chats.by_name["a/1"].chat.questions) == len(questions) - 1


async def test_the_next_process_plans_only_what_has_changed(database: Database) -> None:
    chats = [a_chat(name=f"a/{n}", starts=NOON + timedelta(days=n)) for n in range(3)]
    assert len(await planned(a_process(database, chats))) == 3
    assert await planned(a_process(database, chats)) == []

    chats[1] = msgspec.structs.replace(chats[1], welcome="Welcome, all.")
    assert await planned(a_process(database, chats)) == ["a/1"]

    moved = a_process(database, chats)
    assert await planned(moved) == []
    assert {name: live.chat.welcome for name, live in moved.live_chats.by_name.items()} == {
        "a/0": "Welcome.",
        "a/1": "Welcome, all.",
        "a/2": "Welcome.",
    }
    assert all(live.upcoming for live in moved.live_chats.by_name.values())


async def test_other_abilities_of_a_place_plan_everything_anew(database: Database) -> None:
    chats = [a_chat(name=f"a/{n}", starts=NOON + timedelta(days=n)) for n in range(3)]
    await planned(a_process(database, chats))
    assert len(await planned(a_process(database, chats, calendar=True))) == 3
    assert await planned(a_process(database, chats, calendar=True)) == []


async def test_a_change_of_abilities_that_was_cut_off_is_not_taken_for_done(database: Database) -> None:
    chats = [a_chat(name=f"a/{n}", starts=NOON + timedelta(days=n)) for n in range(3)]
    await planned(a_process(database, chats))
    cut_off = a_process(database, chats, calendar=True)
    cut_off.unread = {"a/there-was-no-time-for-this-one"}
    assert len(await planned(cut_off)) == 3
    assert len(await planned(a_process(database, chats))) == 3


async def test_the_nearest_chat_is_planned_first_and_ticks_go_on_between_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_sync, "_BATCH", 2)
    days = (30, 1, 400, 0, 7)
    process = a_process(database, [a_chat(name=f"a/{n}", starts=NOON + timedelta(days=n)) for n in days])
    assert await planned(process) == [f"a/{n}" for n in sorted(days)]


async def test_how_many_files_are_still_to_be_read_is_told_until_none_is(database: Database) -> None:
    process = a_process(database, [a_chat()])
    await planned(process)
    assert database.read_sync(chat_files.reading) is None
    process.unread = {f"b/{n}" for n in range(1200)}
    await process.plan_sync.sync(CLOCK.now())
    found = database.read_sync(chat_files.reading)
    assert found is not None
    assert found.told == "still reading 1,200 of 1,201 chat files"
    next_process = a_process(database, [a_chat()])
    await planned(next_process)
    assert database.read_sync(chat_files.reading) == FileReading(left=0, total=1)


async def test_a_process_that_stood_still_does_not_plan_over_what_another_has_planned(database: Database) -> None:
    process = a_process(database, [a_chat()])
    await planned(process)
    process.chats[:] = [msgspec.structs.replace(a_chat(), welcome="An older welcome.")]
    process.plan_sync.may_plan = lambda _connection: False
    with pytest.raises(StoreError, match="Another process plans"):
        await process.plan_sync.sync(CLOCK.now())
    process.chats.clear()
    with pytest.raises(StoreError, match="Another process plans"):
        await process.plan_sync.sync(CLOCK.now())
    [stored] = await database.read(chats.all_chats)
    assert stored.chat.welcome == "Welcome."


async def test_a_change_while_files_are_read_is_not_lost(database: Database) -> None:
    process = a_process(database, [])
    read = process.programme

    def read_while_another_is_written() -> object:
        found = read()
        if not process.chats:
            process.chats.append(a_chat())
            process.scheduler.reload()
        return found

    process.plan_sync._programme = read_while_another_is_written  # type: ignore[assignment]
    process.scheduler.reload()
    await process.scheduler.sync_files()
    assert list(process.live_chats.by_name) == ["a/b"]


async def test_a_deleted_file_is_forgotten_so_that_it_is_planned_when_it_comes_back(database: Database) -> None:
    CLOCK.move(seconds=-3600)
    await planned(a_process(database, [a_chat()]))
    gone = a_process(database, [])
    await planned(gone)
    assert not gone.live_chats.by_name
    assert await planned(a_process(database, [a_chat()])) == ["a/b"]
