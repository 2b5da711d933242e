"""Copied, renamed, restored and called-off chat files: one chat is hosted once in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Connection

from bot import transfer
from bot.chat import Chat
from bot.scheduling.chat_identity import is_same_chat
from bot.store import chats, outbox_queries, place_status, planned_posts
from bot.store.chats import ChatState
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.scheduling.test_plan_sync import Process, living

QUESTIONS = ["Q1. Question 1? #plain", "Q2. Question 2? #plain", "Q3. Question 3? #plain"]
LATER, NEXT_WEEK = NOON + timedelta(minutes=30), NOON + timedelta(days=7)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON - timedelta(minutes=5))


@pytest.fixture
def platform(clock: HandClock) -> FakePlatform:
    return FakePlatform(clock)


def named(name: str, *, starts: datetime = NOON, title: str = "A plain chat", id: str = "") -> Chat:
    return msgspec.structs.replace(a_chat(starts=starts, name=name), title=title, id=id)


async def save(process: Process, *files: Chat) -> None:
    """These are the chat files now."""
    process.chats[:] = files
    process.scheduler.reload()
    await process.scheduler.sync_files()
    await process.turn()


def questions(database: Database) -> list[str]:
    """All questions that were asked or will be, whatever their chat."""
    rows = database.read_sync(outbox_queries.outbox_rows)
    return [row.post.text for row in rows if row.post.kind == "question" and row.state != "skipped"]


def concerns(database: Database) -> list[str]:
    return [one.text for one in database.read_sync(place_status.concerns_at, "schedules")]


SAME = [
    pytest.param(named("a/b copy"), id="copied"),
    pytest.param(named("a/b copy", title="A plain chat!"), id="copied and mended"),
    pytest.param(named("a/b copy", starts=LATER), id="copied with a later start"),
    pytest.param(named("other/b", title="Quite another title"), id="copied to another series with another title"),
]


@pytest.mark.parametrize("copy", SAME)
@pytest.mark.parametrize("minutes", [0, 17], ids=["before", "during"])
async def test_a_copy_is_held_back_with_a_concern_that_names_both_files(
    database: Database, clock: HandClock, platform: FakePlatform, copy: Chat, minutes: int
) -> None:
    async with living(database, clock, platform, [named("a/b")]) as process:
        await process.advance(minutes=minutes)
        await save(process, named("a/b"), copy)
        [told] = concerns(database)
        assert f"{copy.name}.toml is not hosted: it looks like a/b.toml" in told
    async with living(database, clock, platform, [copy, named("a/b")]) as process:
        await process.turn()
        assert questions(database) == QUESTIONS
        assert concerns(database) == [told]


async def test_a_concern_is_over_when_somebody_has_decided(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    copy = named("a/b copy")
    async with living(database, clock, platform, [named("a/b"), copy]) as process:
        await process.turn()
        assert len(concerns(database)) == 1
        await save(process, named("a/b"))
        assert concerns(database) == []
        await save(process, named("a/b"), copy)
        assert len(concerns(database)) == 1
    async with living(database, clock, platform, [named("a/b")]) as process:
        await process.turn()
        assert concerns(database) == []
        await save(process, named("a/b"), copy)
        await save(process, named("a/b"), msgspec.structs.replace(copy, id="another"))
        assert concerns(database) == []
        assert sorted(process.live_chats.by_name) == ["a/b", "a/b copy"]


@pytest.mark.parametrize("renamed", SAME)
async def test_a_chat_that_is_on_goes_on_when_its_file_is_renamed(
    database: Database, clock: HandClock, platform: FakePlatform, renamed: Chat
) -> None:
    async with living(database, clock, platform, [named("a/b")]) as process:
        await process.advance(minutes=17)
        better = msgspec.structs.replace(renamed.questions[1], text="Question 2, really?")
        renamed = msgspec.structs.replace(renamed, questions=(renamed.questions[0], better, renamed.questions[2]))
        await save(process, renamed)
    async with living(database, clock, platform, [renamed]) as process:
        await process.turn()
        assert questions(database) == [QUESTIONS[0], "Q2. Question 2, really? #plain", QUESTIONS[2]]
        assert list(process.live_chats.by_name) == ["a/b"]
        assert concerns(database) == []


async def test_a_renamed_chat_keeps_the_name_under_which_people_know_it(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    reminded = msgspec.structs.replace(named("a/b"), reminders=(timedelta(minutes=3),))
    renamed = msgspec.structs.replace(reminded, name="a/c", starts=NEXT_WEEK)
    async with living(database, clock, platform, [reminded]) as process:
        await process.advance(minutes=3)
        await save(process, renamed)
        assert list(process.live_chats.by_name) == ["a/b"]
        await save(process)  # deleted, though people were reminded of it, and restored under a third name
        assert list(process.live_chats.by_name) == ["a/b"]
        await save(process, msgspec.structs.replace(renamed, name="a/d"))
        assert process.live_chats.by_name["a/b"].chat.starts == NEXT_WEEK
        await save(process, msgspec.structs.replace(renamed, name="a/d"), named("a/b", starts=LATER))
        assert "a/b.toml is not hosted: it looks like a/d.toml" not in "".join(concerns(database))


async def test_weekly_chats_from_one_template_are_different_chats(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    weekly = [named(f"a/{week}", starts=NOON + week * timedelta(days=7)) for week in range(3)]
    async with living(database, clock, platform, weekly) as process:
        assert len(process.live_chats.by_name) == len(weekly)
        assert concerns(database) == []


async def test_a_chat_that_was_held_may_be_held_again_from_a_new_file(
    database: Database, clock: HandClock, platform: FakePlatform
) -> None:
    async with living(database, clock, platform, [named("a/b")]) as process:
        await process.advance(minutes=70)
        await save(process, named("a/again", starts=NOON + timedelta(hours=3)))
        assert questions(database) == QUESTIONS * 2


@pytest.mark.parametrize("starts", [NOON, NEXT_WEEK])
@pytest.mark.parametrize("how", ["edited", "renamed", "copied", "restored", "imported"])
async def test_a_chat_that_was_called_off_stays_called_off(
    database: Database, clock: HandClock, platform: FakePlatform, starts: datetime, how: str
) -> None:
    async with living(database, clock, platform, [named("a/b")]) as process:
        database.write_sync(chats.save_state, "a/b", ChatState(cancelled=True, plan_changed=True))
        await process.plan_sync.reload("a/b")
        process.database.write_sync(_skip_all)
        file = named("a/b" if how in ("edited", "restored") else "a/c", starts=starts)
        if how in ("restored", "imported"):
            await save(process)
        if how == "imported":
            await _in_thread(transfer.import_events, database, file, [])
        await save(process, *([named("a/b")] if how == "copied" and starts != NEXT_WEEK else []), file)
    async with living(database, clock, platform, [file]) as process:
        await process.turn()
        assert questions(database) == []
        assert all("was called off" in told for told in concerns(database))


def test_ids_decide_whatever_the_files_say() -> None:
    one, other = named("a/b", id="one"), named("a/c", starts=NEXT_WEEK, title="Something else", id="one")
    assert is_same_chat(other, one, gone=False, held=False, places=["x"])
    assert not is_same_chat(named("a/c", id="two"), one, gone=True, held=False, places=["x"])
    assert not is_same_chat(named("a/c"), one, gone=False, held=False, places=["x"])


def test_the_same_chat_in_another_place_is_another_chat() -> None:
    here, there = (msgspec.structs.replace(named(f"a/{place}"), places=(place,)) for place in ("x", "room"))
    assert not is_same_chat(there, here, gone=False, held=False, places=["x", "room"])
    assert is_same_chat(named("a/all"), here, gone=False, held=False, places=["x", "room"])


def _skip_all(connection: Connection) -> None:
    planned_posts.skip_rest(connection, "a/b", ())


async def _in_thread(work: Callable[..., object], *given: object) -> None:
    await asyncio.to_thread(work, *given)


def test_chats_of_one_pattern_that_differ_in_a_number_are_different_chats() -> None:
    first, second = (
        msgspec.structs.replace(
            named(f"a/{number}", title=f"Part {number}"),
            questions=tuple(
                msgspec.structs.replace(one, text=f"What do you say to step {number} of part {one.number}?")
                for one in a_chat().questions
            ),
        )
        for number in (1, 2)
    )
    assert not is_same_chat(second, first, gone=False, held=False, places=["x"])
    assert is_same_chat(msgspec.structs.replace(first, name="a/c"), first, gone=False, held=False, places=["x"])
