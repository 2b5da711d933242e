"""Kills the bot at random moments of a short chat, over and over, and compares with the ground truth."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import msgspec
import pytest

from adapters.room.browser_client import BrowserClient
from bot.chat import Chat, Question
from bot.errors import PlatformError
from bot.messages import Gap, Message, Posted
from bot.reporting.record import record
from bot.store import outbox_queries
from bot.store.database import Database
from bot.transfer import export_events
from tests.cli.preloaded import preloaded
from tests.crash.lives import free_port, running, start, stop

HERE = Path(__file__).parent
KILLS = 26
"""In each of two runs, so more than fifty altogether."""

QUESTIONS = 14
SECONDS = 20
ENOUGH = 8
"""Each participant goes on until the room has accepted this many messages, however long that takes."""


def a_chat() -> Chat:
    starts = datetime.now(UTC) + timedelta(seconds=2)
    return Chat(
        name="crash/short",
        title="A short chat",
        hashtag="#short",
        starts=starts,
        length=timedelta(seconds=SECONDS),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=starts + timedelta(seconds=1.3 * number))
            for number in range(1, QUESTIONS + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )


@dataclass
class Talk:
    """The messages of a participant: those that the room accepted, and those without an answer."""

    accepted: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    refused: int = 0
    heard: threading.Event = field(default_factory=threading.Event)
    killed: threading.Event = field(default_factory=threading.Event)


async def chatter(address: str, chat: str, number: int, until: datetime, talk: Talk) -> None:
    """Write messages, whether the bot is alive or not, until the last kill."""
    said = accepted = 0
    async with BrowserClient(address, chat, f"Pretend participant {number}") as visitor:
        joined = False
        while datetime.now(UTC) < until or accepted < ENOUGH or not talk.killed.is_set():
            said += 1
            text = f"Answer {said} of pretend participant {number}"
            try:
                if not joined:
                    await visitor.join()
                    joined = True
                await visitor.post(text)
            except PlatformError as error:
                talk.refused += not error.ambiguous
                talk.unanswered.add(text)
                await asyncio.sleep(0.02)
            else:
                accepted += 1
                talk.accepted.add(text)
                talk.heard.set()


def killings(orders: IO[str], answers: IO[str], until: datetime, dice: random.Random, talk: Talk) -> None:
    """Start the bot, kill it at a random moment, start it again; leave it alive after KILLS.

    The first one lives until it has accepted a message, so that the others have some work left by it.
    """
    share = max((until - datetime.now(UTC)).total_seconds(), SECONDS / 2) / KILLS
    for life in range(KILLS):
        child = start(orders, answers)
        if not life:
            assert talk.heard.wait(120), "nobody was heard"
        wait(dice.uniform(0.1, 2 * share - 0.15))
        os.kill(child, signal.SIGKILL)
    start(orders, answers)
    talk.killed.set()


def wait(seconds: float) -> None:
    """Sleep: the time of a kill is random, so there is no event to wait for."""
    time.sleep(seconds)


async def finished(database: Database, *, within: float) -> list[outbox_queries.OutboxRow]:
    async with asyncio.timeout(within):
        while True:
            lines = await database.read(outbox_queries.outbox_rows)
            if lines and all(line.state in {"sent", "failed", "skipped"} for line in lines):
                return lines
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_again_and_again_it_posts_once_and_stores_each_message_once(seed: int, tmp_path: Path) -> None:
    truth, talk, file = tmp_path / "truth.jsonl", Talk(), tmp_path / "setup.json"
    room, store = free_port(), f"sqlite:///{tmp_path / 'store.db'}"
    address = f"http://127.0.0.1:{room}"
    with running(HERE.parent / "sims" / "ledger.py", truth) as (_, ledger):
        plenty = "100000/minute"
        places = {
            "room": {"platform": "room", "port": room, "per_person": plenty, "per_address": plenty},
            "ledger": {"platform": "room", "port": int(ledger.readline())},
        }
        settings = {
            "store": {"url": store},
            "hosting": {"lead": "1s", "late": "10m", "shift": "10m"},  # a slow machine leaves nothing out
            "places": places,
            "moderation": {"flood": "100000/minute"},  # whoever answers in the blink of an eye is no flood here
        }
        with preloaded().running("tests.crash.host:main", file) as (orders, answers):
            assert answers.readline() == "ready\n"
            chat = a_chat()  # only now: one that was over before the bot first saw it would not be hosted
            file.write_bytes(msgspec.json.encode({"chat": msgspec.to_builtins(chat), "settings": settings}))
            until = chat.ends - timedelta(seconds=1)
            try:
                await asyncio.gather(
                    asyncio.to_thread(killings, orders, answers, until, random.Random(seed), talk),  # noqa: S311 -- no secret
                    *(chatter(address, chat.name, number, chat.ends, talk) for number in range(3)),
                )
                database = Database(store)
                lines = await finished(database, within=180)
                page = await page_of(address, chat.name)
            finally:
                stop(orders, answers)
    try:
        check_asked(truth, lines, page)
        check_heard(database, chat, talk)
    finally:
        database.close()


async def page_of(address: str, chat: str) -> str:
    """The chat's page, once the process that was started last answers."""
    async with BrowserClient(address, chat, "Pretend reader") as visitor, asyncio.timeout(120):
        while True:
            try:
                return await visitor.page()
            except PlatformError:
                await asyncio.sleep(0.1)


def check_asked(truth: Path, lines: list[outbox_queries.OutboxRow], page: str) -> None:
    """On the pretend platform every post exactly once and in order; on the room's page every question once."""
    expected = ["Welcome.", "This is recorded.", *(f"Q{n}. Question {n}? #short" for n in range(1, QUESTIONS + 1))]
    posted = [json.loads(line)["text"] for line in truth.read_text(encoding="utf-8").splitlines()]
    planned = [text for text in posted if not text.startswith("Sorry, we were away")]
    assert Counter(planned) == Counter([*expected, "Thank you."])
    questions = [text for text in planned if text.startswith("Q")]
    assert questions == expected[2:]
    assert {line.state for line in lines} == {"sent"}
    for number in range(1, QUESTIONS + 1):
        assert len(re.findall(rf'id="q{number}"', page)) == 1


def check_heard(database: Database, chat: Chat, talk: Talk) -> None:
    """Each accepted message is in the event log once, one without an answer at most once."""
    events = export_events(database, chat)
    texts = Counter(event.text for event in events if isinstance(event, Message))
    assert len(talk.accepted) > 20, "everybody went on until they were heard"
    assert talk.refused == 0, "the room refused an honest message"
    assert {text for text in talk.accepted if texts[text] != 1} == set()
    assert set(texts) <= talk.accepted | talk.unanswered
    assert max(texts.values()) == 1
    assert any(isinstance(event, Gap) for event in events)
    posts = Counter((event.place, event.key) for event in events if isinstance(event, Posted))
    assert max(posts.values()) == 1
    told = {message.text for message in record(chat, events).messages}
    assert talk.accepted <= told
