"""Three processes on one PostgreSQL, killed, stopped and cut off from it: each question is asked once, in order."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import msgspec
import pytest

from adapters.room.browser_client import BrowserClient
from bot.chat import Chat, Question
from bot.errors import PlatformError
from bot.messages import Message, Posted
from bot.store.database import Database
from bot.transfer import export_events
from tests.conftest import Server
from tests.crash.lives import free_port, running
from tests.crash.test_crash import finished, page_of
from tests.sims.tcp_proxy import TcpProxy, tcp_proxy

HERE = Path(__file__).parent
PROCESSES = 3
QUESTIONS = 12
APART = 1.3
STANDSTILL = 11.0
"""Seconds: longer than the lease."""

PLENTY = "100000/minute"


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


@dataclass(eq=False)
class Worker:
    """One process: its proxy to the database, its room, and its process id."""

    number: int
    proxy: TcpProxy
    room: int
    pid: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.room}"


@dataclass
class Processes:
    """All processes, and the one that starts them."""

    workers: list[Worker]
    orders: IO[str]
    answers: IO[str]

    def start(self, worker: Worker) -> None:
        self.orders.write(f"{worker.number}\n")
        self.orders.flush()
        worker.pid = int(self.answers.readline())


@contextmanager
def processes(postgres: Server, url: str, ledger: int, folder: Path) -> Iterator[tuple[Processes, Chat]]:
    name = url.partition("?")[0].rpartition("/")[2]
    socket = next(one for one in Path(postgres.folder).glob(".s.PGSQL.*") if one.suffix != ".lock")
    with ExitStack() as stack:
        workers, all_settings = list[Worker](), list[dict[str, Any]]()
        for number in range(PROCESSES):
            proxy = stack.enter_context(tcp_proxy(str(socket)))
            workers.append(Worker(number=number, proxy=proxy, room=free_port()))
            places = {
                "room": {"platform": "room", "port": workers[-1].room, "per_person": PLENTY, "per_address": PLENTY},
                "ledger": {"platform": "room", "port": ledger},
            }
            settings = {
                "store": {"url": f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}"},
                "hosting": {"lead": "2s", "late": "10m", "shift": "10m"},
                "places": places,
                "moderation": {"flood": PLENTY},
            }
            all_settings.append(settings)
        host = subprocess.Popen(  # noqa: S603 -- our own script
            [sys.executable, HERE / "host.py", *(folder / f"setup-{number}.json" for number in range(PROCESSES))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert host.stdin
        assert host.stdout
        try:
            assert host.stdout.readline() == "ready\n"
            chat = a_chat()
            for number, settings in enumerate(all_settings):
                setup = {"chat": msgspec.to_builtins(chat), "settings": settings}
                (folder / f"setup-{number}.json").write_bytes(msgspec.json.encode(setup))
            yield Processes(workers, host.stdin, host.stdout), chat
        finally:
            host.stdin.close()
            host.wait(60)
            host.stdout.close()


def harm(all_of_them: Processes, until: datetime, dice: random.Random) -> list[str]:
    """Kill, stop or cut off one process after the other until the chat ends; then mend all. Returns what was done."""
    done, again = list[str](), list[tuple[float, Worker, str]]()
    while datetime.now(UTC) < until:
        time.sleep(dice.uniform(0.3, 1.2))  # the moment is random: there is no event to wait for
        for at, worker, how in [one for one in again if one[0] < time.monotonic()]:
            again.remove((at, worker, how))
            mend(all_of_them, worker, how)
        free = [one for one in all_of_them.workers if one not in {worker for _, worker, _ in again}]
        if not free:
            continue
        worker, how = dice.choice(free), dice.choice(["kill", "kill", "stop", "cut", "mute"])
        if how == "kill":
            os.kill(worker.pid, signal.SIGKILL)
        elif how == "stop":
            os.kill(worker.pid, signal.SIGSTOP)
        else:
            (worker.proxy.cut if how == "cut" else worker.proxy.mute)()
        again.append((time.monotonic() + (STANDSTILL if how == "stop" else dice.uniform(0.2, 6.0)), worker, how))
        done.append(f"{how} {worker.number}")
    for _, worker, how in again:
        mend(all_of_them, worker, how)
    return done


def mend(all_of_them: Processes, worker: Worker, how: str) -> None:
    if how == "kill":
        all_of_them.start(worker)
    elif how == "stop":
        os.kill(worker.pid, signal.SIGCONT)
    else:
        worker.proxy.mend()


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
    postgres: Server, postgres_url: str, tmp_path: Path
) -> None:
    truth, accepted, tried = tmp_path / "truth.jsonl", set[str](), set[str]()
    with running(HERE.parent / "sims" / "ledger.py", truth, "knows-nonces") as (_, ledger):
        port = int(ledger.readline())
        with processes(postgres, postgres_url, port, tmp_path) as (all_of_them, chat):
            for worker in all_of_them.workers:
                all_of_them.start(worker)
            for worker in all_of_them.workers:
                await page_of(worker.address, chat.name)  # it is there
            dice = random.Random(1)  # noqa: S311 -- no secret
            done, *_ = await asyncio.gather(
                asyncio.to_thread(harm, all_of_them, chat.ends, dice),
                *(chatter(worker, chat.name, chat.ends, accepted, tried) for worker in all_of_them.workers),
            )
            database = Database(postgres_url)
            try:
                lines = await finished(database, within=180)
                told = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
                posted = [one["text"] for one in told if "text" in one]
                again = [one["again"] for one in told if "again" in one]
                # a process may stand still between its last look at the store and its socket; nothing else may do it
                assert len(again) <= sum(how.startswith("stop") for how in done or ()), again
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
