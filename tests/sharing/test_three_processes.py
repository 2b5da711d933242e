"""Three processes on one PostgreSQL, killed, stopped and cut off from it: each question is asked once, in order."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.room.browser_client import BrowserClient
from bot.chat import Chat, Question
from bot.errors import PlatformError
from bot.messages import Message, Posted
from bot.store.database import Database
from bot.transfer import export_events
from tests.crash.lives import running
from tests.crash.test_crash import finished, page_of
from tests.sharing.processes import Processes, Worker, harm_at_random, processes
from tests.store.store_proxy import store_proxy

HERE = Path(__file__).parent
PROCESSES = 3
QUESTIONS = 12
APART = 1.3

HARM = ("kill", "kill", "stop", "cut", "mute")


def a_chat() -> Chat:
    starts = datetime.now(UTC) + timedelta(seconds=4)
    return Chat(
        name="shared/short",
        title="A short chat",
        hashtag="#short",
        starts=starts,
        length=timedelta(seconds=APART * (QUESTIONS + 1)),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=starts + timedelta(seconds=APART * number))
            for number in range(1, QUESTIONS + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )


def settings(worker: Worker, store: str, ledger: int) -> dict[str, Any]:
    plenty = "100000/minute"
    return {
        "store": {"url": store},
        "hosting": {"lead": "2s", "late": "10m", "shift": "10m"},
        "places": {
            "room": {"platform": "room", "port": worker.room, "per_person": plenty, "per_address": plenty},
            "ledger": {"platform": "room", "port": ledger},
        },
        "moderation": {"flood": plenty},
    }


@contextmanager
def behind_proxies(database: str, ledger: int, folder: Path) -> Iterator[tuple[Processes, Chat]]:
    """The processes, each with a way of its own to the database, started."""
    with ExitStack() as stack:
        ways = [stack.enter_context(store_proxy(database)) for _ in range(PROCESSES)]
        workers = [Worker(number, proxy) for number, (proxy, _) in enumerate(ways)]
        them = stack.enter_context(processes(workers, folder))
        chat = a_chat()
        for worker, (_, url) in zip(workers, ways, strict=True):
            setup = {"chat": msgspec.to_builtins(chat), "settings": settings(worker, url, ledger), "again": True}
            them.set_up(worker, setup)
            them.start(worker)
        yield them, chat


async def chatter(worker: Worker, chat: str, until: datetime, accepted: set[str], tried: set[str]) -> None:
    """Write messages in the room of one process, whether it is alive or not."""
    said = heard = 0
    while datetime.now(UTC) < until or not heard:
        try:
            async with BrowserClient(worker.address, chat, f"Pretend participant {worker.number}") as visitor:
                await visitor.join()
                while datetime.now(UTC) < until or not heard:
                    said += 1
                    text = f"Answer {said} of pretend person {worker.number}"
                    tried.add(text)
                    await visitor.post(text)
                    accepted.add(text)
                    heard += 1
                    await asyncio.sleep(1.0)
        except PlatformError:
            await asyncio.sleep(0.1)


async def test_three_processes_ask_each_question_once_whatever_happens_to_them(
    postgres_url: str, tmp_path: Path
) -> None:
    truth, accepted, tried = tmp_path / "truth.jsonl", set[str](), set[str]()
    with running(HERE.parent / "sims" / "ledger.py", truth, "knows-nonces") as (_, ledger):
        port = int(ledger.readline())
        with behind_proxies(postgres_url, port, tmp_path) as (all_of_them, chat):
            for worker in all_of_them.workers:
                await page_of(worker.address, chat.name)  # it is there
            dice = random.Random(1)  # noqa: S311 -- no secret
            done, *_ = await asyncio.gather(
                asyncio.to_thread(harm_at_random, all_of_them, chat.ends, dice, HARM, (0.3, 1.2)),
                *(chatter(worker, chat.name, chat.ends, accepted, tried) for worker in all_of_them.workers),
            )
            database = Database(postgres_url)
            try:
                lines = await finished(database, within=180)
                told = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
                posted = [one["text"] for one in told if "text" in one]
                again = [one["again"] for one in told if "again" in one]
                # a process may stand still between its last look at the clock and its socket, but that is a rare moment
                assert len(again) <= 1, again
                expected = [f"Q{number}. Question {number}? #short" for number in range(1, QUESTIONS + 1)]
                assert Counter(posted) == Counter(["Welcome.", "This is recorded.", *expected, "Thank you."]), done
                assert [text for text in posted if text.startswith("Q")] == expected
                assert {line.state for line in lines} == {"sent"}
                events = export_events(database, chat)
            finally:
                database.close()
            for worker in all_of_them.workers:
                await shows(worker, chat, accepted)
    texts = Counter(event.text for event in events if isinstance(event, Message))
    assert {text for text in accepted if texts[text] != 1} == set()
    assert set(texts) <= tried
    assert max(texts.values()) == 1
    posts = Counter((event.place, event.key) for event in events if isinstance(event, Posted))
    assert max(posts.values()) == 1


def missing_in(page: str, wanted: set[str]) -> set[str]:
    return {one for one in wanted if one not in page}


async def shows(worker: Worker, chat: Chat, accepted: set[str]) -> None:
    """The room of each process comes to show every question and every message."""
    wanted, missing = {f'id="q{number}"' for number in range(1, QUESTIONS + 1)} | accepted, set[str]()
    try:
        async with BrowserClient(worker.address, chat.name, "Pretend reader") as visitor, asyncio.timeout(60):
            while missing := missing_in(await visitor.page(), wanted):
                await asyncio.sleep(0.2)
    except TimeoutError:
        pytest.fail(f"The room of process {worker.number} does not show {sorted(missing)}")
