"""The whole bot: on the wall clock, over a real socket, on both databases, with a chat of a few seconds."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed
from pydantic import BaseModel

from adapters.discord.settings import DiscordSettings
from adapters.room.browser_client import BrowserClient
from adapters.room.settings import RoomSettings
from adapters.x.settings import XSettings
from bot import transfer
from bot.chat import Chat, Programme, Question
from bot.clock import WallClock
from bot.errors import SetupError
from bot.messages import Gap, Posted
from bot.reporting.files import write
from bot.scheduling.stored_files import StoredFiles
from bot.settings.places import DiscordPlace, RoomPlace, XPlace
from bot.settings.settings import Settings
from bot.store import outbox_queries
from bot.store.database import Database
from bot.wiring.adapters import address
from bot.wiring.convenor import Convenor
from bot.wiring.garbage_collector import put_off_garbage_collection
from tests.fakes.chats import a_chat


def a_short_chat() -> Chat:
    starts = datetime.now(UTC) + timedelta(seconds=2)
    return msgspec.structs.replace(
        a_chat(starts=starts),
        length=timedelta(seconds=3),
        questions=tuple(
            Question(key=f"q{n}", text=f"Question {n}?", at=starts + timedelta(seconds=0.6 * n)) for n in (1, 2, 3)
        ),
    )


def settings(url: str, port: int = 0) -> Settings:
    return Settings.model_validate(
        {"store": {"url": url}, "site": {"folder": ""}, "places": {"room": {"platform": "room", "port": port}}}
    )


def wired(url: str, chat: Chat, port: int = 0) -> Convenor:
    return Convenor(settings(url, port), clock=WallClock(), programme=lambda: Programme(chats=(chat,)))


async def until_sent(database: Database, chat: Chat, key: str) -> None:
    async with asyncio.timeout(60):
        while True:
            lines = await database.read(outbox_queries.outbox_rows, chat.name)
            if any(line.post.key == key and line.state == "sent" for line in lines):
                return
            await asyncio.sleep(0.02)


async def numbers(room: str) -> dict[str, float]:
    """What `/metrics` tells, without people."""
    async with aiohttp.ClientSession() as session, session.get(f"{room}/metrics") as answer:
        text = await answer.text()
        assert answer.content_type == "text/plain"
    assert not [word for word in ("Pretend", "video", "phone", "a/b", "author") if word in text]
    return {one.name + labels(one.labels): one.value for family in parsed(text) for one in family.samples}


async def calendar_uids(convenor: Convenor) -> list[str]:
    """The lines that tell calendars which chat is which."""
    where = f"{address(convenor.places['room'])}/calendar.ics"
    async with aiohttp.ClientSession() as session, session.get(where) as answer:
        return re.findall(r"UID:.+", (await answer.text()).replace("\r\n ", ""))


def labels(given: dict[str, str]) -> str:
    inner = ",".join(f'{name}="{value}"' for name, value in sorted(given.items()))
    return f"{{{inner}}}" if inner else ""


async def test_a_chat_from_beginning_to_transcript(store_url: str, tmp_path: Path) -> None:
    chat = a_short_chat()
    convenor = wired(store_url, chat)
    async with convenor.running():
        where = address(convenor.places["room"])
        async with BrowserClient(where, chat.name, "Pretend participant A") as visitor:
            await visitor.join()
            await until_sent(convenor.database, chat, "q2")
            first = await visitor.post("We meet by video", question="q1")
            await visitor.post("A2 whatever people know")
            gone = await visitor.post("oops")
            await visitor.post("And by phone", reply=first)
            await visitor.edit(first, "We meet by video, mostly")
            await visitor.delete(gone)
            page = await visitor.page()
            assert "We meet by video, mostly" in page
            assert "oops" not in page
        await until_sent(convenor.database, chat, "closing")
        found = await numbers(where)
    assert found['convenor_posts{place="room",state="sent"}'] == 6
    assert found['convenor_messages{place="room",verdict="keep"}'] == 3, "one was deleted"
    assert 0 <= found['convenor_question_late_seconds{place="room"}'] < 60
    assert (found["convenor_store_up"], found["convenor_planning"], found["convenor_queue_length"]) == (1, 1, 0)
    assert found['convenor_place_state{place="room",state="connected"}'] == 1
    assert found["convenor_turn_seconds_count"] > 0
    database = Database(store_url)
    events = transfer.export_events(database, chat)
    database.close()
    assert [one.key for one in events if isinstance(one, Posted)] == ["welcome", "rules", "q1", "q2", "q3", "closing"]
    assert not any(isinstance(one, Gap) for one in events)
    written = write(tmp_path, chat, events)
    assert (written.figures.posts, written.figures.participants) == (3, 1)
    told = msgspec.json.decode(written.transcript.read_bytes())
    assert [(one["text"], one["reason"]) for one in told["questions"][0]["messages"]] == [
        ("We meet by video, mostly", "reply"),
        ("And by phone", "thread"),
    ]
    assert [one["text"] for one in told["questions"][1]["messages"]] == ["A2 whatever people know"]


async def test_it_restarts_where_it_stopped(store_url: str) -> None:
    chat = a_short_chat()
    convenor = wired(store_url, chat)
    async with convenor.running():
        await until_sent(convenor.database, chat, "q1")
        before = await calendar_uids(convenor)
    again = wired(store_url, chat)
    async with again.running():
        assert await calendar_uids(again) == before, "whatever the port"
        async with BrowserClient(address(again.places["room"]), chat.name, "Pretend participant A") as visitor:
            assert "Question 1?" in await visitor.page()
        await until_sent(again.database, chat, "closing")
    database = Database(store_url)
    keys = [one.key for one in transfer.export_events(database, chat) if isinstance(one, Posted)]
    database.close()
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) == 6


async def test_while_it_runs_garbage_is_collected_though_not_while_it_was_loaded(sqlite_url: str) -> None:
    put_off_garbage_collection()
    assert not gc.isenabled()
    async with wired(sqlite_url, a_short_chat()).running():
        assert gc.isenabled()


async def test_a_port_in_use_is_a_plain_error_and_everything_is_closed(sqlite_url: str) -> None:
    chat = a_short_chat()
    convenor = wired(sqlite_url, chat)
    async with convenor.running():
        port = int(address(convenor.places["room"]).rpartition(":")[2])
        other = wired(f"{sqlite_url}-other", chat, port)
        with pytest.raises(SetupError, match=f"port {port} is in use"):
            async with other.running():
                pytest.fail("it must not open")


async def test_if_one_task_fails_the_bot_stops_with_its_error(sqlite_url: str) -> None:
    convenor = wired(sqlite_url, a_short_chat())

    async def dies() -> None:
        raise ZeroDivisionError

    convenor.inbox.run = dies  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        async with convenor.running():
            await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("place", "settings", "derived"),
    [
        (RoomPlace, RoomSettings, set()),
        (XPlace, XSettings, {"splits", "most_links", "per_chat", "per_month"}),
        (DiscordPlace, DiscordSettings, set()),
    ],
)
def test_each_setting_of_an_adapter_comes_from_the_settings_of_a_place(
    place: type[BaseModel], settings: type[msgspec.Struct], derived: set[str]
) -> None:
    assert set(names(settings)) - derived <= {*place.model_fields}


def names(settings: type[msgspec.Struct]) -> Iterator[str]:
    """The names of all fields, with those of each group instead of the group's."""
    for one in msgspec.structs.fields(settings):
        if isinstance(one.type, type) and issubclass(one.type, msgspec.Struct):
            yield from names(one.type)
        else:
            yield one.name


async def test_a_chat_that_is_written_into_the_store_is_planned_while_the_bot_runs(sqlite_url: str) -> None:
    convenor = Convenor(settings(sqlite_url), clock=WallClock(), programme=lambda: Programme(chats=()))
    async with convenor.running():
        files = StoredFiles(convenor.database, WallClock())
        text = 'title = "Sleep"\nstarts = 2099-03-05T20:00:00\n[[questions]]\ntext = "What helps?"\n'
        version = await asyncio.to_thread(files.write, "otalk/sleep", text, expected="", by="Pretend host A")
        async with asyncio.timeout(60):
            while "otalk/sleep" not in convenor.live_chats.by_name:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(files.write, "otalk/sleep", None, expected=version, by="Pretend host A")
            while "otalk/sleep" in convenor.live_chats.by_name:
                await asyncio.sleep(0.02)
