"""A trial: one short chat on X, Discord and the room with random faults, compared with the truth of each platform.

Everything but the platforms is real: the bot in its own process with the real client libraries, a real database, real
sockets. Faults and their times are drawn from a seed. All participants are pretend.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sqlite3
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import msgspec

from adapters.room.browser_client import BrowserClient
from bot.chat import Chat, Question
from bot.errors import PlatformError
from bot.messages import Message
from bot.store import outbox, outbox_queries
from bot.store.database import Database
from bot.transfer import export_events
from tests.crash.lives import running, start, stop
from tests.crash.test_crash import page_of
from tests.sims.drive import Simulator, simulator

QUESTIONS = 4
APART = 2.5
"""Seconds between two questions."""

OUTAGE = 30.0
"""Seconds without a network, in one of ten trials."""

BEFORE = 4.0
"""Seconds until the chat begins. If the bot has not planned it by then, the trial is void."""

_ENOUGH = 12
"""The least number of messages on each platform, even if the chat is over."""

_HOST = Path(__file__).parents[1] / "crash" / "host.py"
_PATIENCE = 240.0
"""Seconds after the end within which everything must be stored."""


class VoidError(Exception):
    """The machine was too busy to start the bot before the chat."""


@dataclass
class Trial:
    """The result of one trial. `wrong` is empty if every promise was kept."""

    seed: int
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    answers: int = 0
    seconds: float = 0.0


@dataclass
class _Messages:
    """The messages of participants: by place those that were accepted, and those without an answer."""

    accepted: dict[str, set[str]] = field(default_factory=lambda: {"x": set(), "discord": set(), "room": set()})
    unclear: set[str] = field(default_factory=set)


async def trial(seed: int, folder: Path, before: float = BEFORE) -> Trial:
    """Run a chat with faults, and compare."""
    dice = random.Random(seed)  # noqa: S311 -- no secret
    result, begun = Trial(seed), time.monotonic()
    outage = OUTAGE if seed % 10 == 0 else 0.0
    with ExitStack() as stack:
        x = stack.enter_context(simulator("x", visible_after=0.4))
        discord = stack.enter_context(simulator("discord", visible_after=0.2))
        room, setup, store = _free_port(), folder / "setup.json", f"sqlite:///{folder / 'store.db'}"
        orders, answers = stack.enter_context(running(_HOST, setup))
        await asyncio.to_thread(answers.readline)  # everything is imported
        chat = _chat(before, longer=outage)
        setup.write_bytes(msgspec.json.encode({"chat": chat, "settings": _settings(store, room, x, discord)}))
        address, said = f"http://127.0.0.1:{room}", _Messages()
        _set_faults(x, discord, dice, result)
        try:
            until = chat.ends - timedelta(seconds=1)
            await asyncio.gather(
                asyncio.to_thread(_trouble, orders, answers, store, chat, until, dice, result),
                asyncio.to_thread(_network, x, discord, chat.starts, dice, outage, result),
                _talk_on_x(x, chat, random.Random(seed + 1), said),  # noqa: S311 -- as above
                _talk_on_discord(discord, chat, random.Random(seed + 2), said),  # noqa: S311 -- as above
                _talk_in_the_room(address, chat, said),
            )
            for one in (x, discord):
                one.tell("faults", faults=[])
            await _all_done(store, chat, said, result)
            page = await page_of(address, chat.name)
        finally:
            stop(orders, answers)
        _compare(chat, x, discord, page, result)
    result.seconds = time.monotonic() - begun
    return result


def _chat(begins_in: float, *, longer: float) -> Chat:
    starts = datetime.now(UTC) + timedelta(seconds=begins_in)
    length = timedelta(seconds=APART * (QUESTIONS + 1.5) + longer)
    return Chat(
        name="soak/short",
        title="A short chat",
        hashtag="#soak",
        starts=starts,
        length=length,
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=starts + timedelta(seconds=APART * number))
            for number in range(1, QUESTIONS + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )


def _settings(store: str, room: int, x: Simulator, discord: Simulator) -> dict[str, Any]:
    plenty = "100000/minute"
    return {
        "store": {"url": store},
        "hosting": {"lead": "1s", "late": "5m", "shift": "5m", "lost": "10m", "open_before": "1m", "open_after": "10m"},
        "places": {
            "room": {"platform": "room", "port": room, "per_person": plenty, "per_address": plenty},
            "x": {
                "platform": "x",
                "handle": "@OTalk_",
                "consumer_key": "ck",
                "consumer_secret": "cs",
                "access_token": "1000-at",
                "access_token_secret": "ats",
                "api_url": x.address,
                "timeout": "1.5s",
                "visible_after": "1s",
                "mentions_every": "1s",
                "search_every": "2s",
                "cap_per_chat": 50,
                "cap_per_month": 50,
            },
            "discord": {
                "platform": "discord",
                "token": "bot-token",
                "guild": 500,
                "channel": 600,
                "api_url": f"{discord.address}/api/v10",
                "timeout": "2s",
                "visible_after": "1s",
            },
        },
    }


def _set_faults(x: Simulator, discord: Simulator, dice: random.Random, result: Trial) -> None:
    """Set the platforms' random faults: answers lost after a post was accepted, 429, 5xx, slowness."""
    soon = {"x-rate-limit-reset": str(int(time.time()) + 8), "x-rate-limit-remaining": "0"}
    problem = '{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}'
    limited = '{"message":"You are being rate limited.","retry_after":0.6,"global":false}'
    page = "<html><body>Over capacity</body></html>"
    on_x: list[dict[str, Any]] = [
        {"match": "POST /2/tweets$", "kind": "lost", "times": 99, "chance": 0.2},
        {"match": "POST /2/tweets$", "kind": "refused", "times": 99, "chance": 0.1},
        {"match": "POST /2/tweets$", "kind": "late", "seconds": 4.0, "times": 2, "chance": 0.1},
        {"match": "POST /2/tweets$", "kind": "status", "status": 503, "body": page, "times": 99, "chance": 0.1},
        {"match": "/2/", "kind": "status", "status": 429, "headers": soon, "body": problem, "times": 2, "chance": 0.1},
        {"match": "GET /2/", "kind": "status", "status": 503, "body": page, "times": 99, "chance": 0.1},
        {"match": "GET /2/", "kind": "lost", "times": 99, "chance": 0.1},
    ]
    on_discord: list[dict[str, Any]] = [
        {"match": r"POST .*/messages$", "kind": "lost", "times": 99, "chance": 0.2},
        {"match": r"POST .*/messages$", "kind": "late", "seconds": 4.0, "times": 2, "chance": 0.1},
        {"match": r"POST .*/messages$", "kind": "status", "status": 502, "body": page, "times": 99, "chance": 0.1},
        {
            "match": r"/api/v10/channels",
            "kind": "status",
            "status": 429,
            "headers": {"Via": "1.1 pretend"},
            "body": limited,
            "times": 3,
            "chance": 0.1,
        },
        {"match": r"GET .*/messages", "kind": "refused", "times": 99, "chance": 0.1},
    ]
    x.tell("faults", seed=dice.randrange(2**31), faults=on_x)
    discord.tell("faults", seed=dice.randrange(2**31), faults=on_discord)
    result.faults.append("chance")


def _trouble(
    orders: IO[str], answers: IO[str], store: str, chat: Chat, until: datetime, dice: random.Random, result: Trial
) -> None:
    """Start the bot, kill it at one to three random moments, and start it again."""
    child = start(orders, answers)
    while not _planned(store):
        if datetime.now(UTC) > chat.starts:
            raise VoidError
        time.sleep(0.05)  # another process can only be asked again
    moments = sorted(dice.uniform(0.0, (until - datetime.now(UTC)).total_seconds()) for _ in range(dice.randint(1, 3)))
    begun = time.monotonic()
    for moment in moments:
        time.sleep(max(0.0, moment - (time.monotonic() - begun)))  # the moment is random; nothing is waited for
        os.kill(child, signal.SIGKILL)
        result.faults.append(f"kill at {moment:.1f}")
        child = start(orders, answers)


def _planned(store: str) -> bool:
    """Whether the bot has planned the chat. It reads the database file: there may be no tables yet."""
    try:
        with closing(sqlite3.connect(f"file:{store.removeprefix('sqlite:///')}?mode=ro", uri=True)) as database:
            return bool(database.execute("SELECT 1 FROM outbox LIMIT 1").fetchall())
    except sqlite3.OperationalError:
        return False


def _network(
    x: Simulator, discord: Simulator, starts: datetime, dice: random.Random, outage: float, result: Trial
) -> None:
    """Drop gateways at random moments, and the network during the trial's outage, if it has one."""
    begins = (starts - datetime.now(UTC)).total_seconds()
    for moment in sorted(dice.uniform(begins, begins + 10.0) for _ in range(dice.randint(1, 2))):
        time.sleep(max(0.0, moment - begins if moment > begins else 0.0) / 2)  # as above
        what = dice.choice(["drop", "invalidate", "reconnect"])
        discord.tell("gateway", do=what)
        result.faults.append(f"gateway {what}")
    if outage:
        for one in dice.choice([(x,), (discord,), (x, discord)]):
            one.tell("down", seconds=outage)
            result.faults.append(f"no network for {outage:g} s")


async def _talk_on_x(x: Simulator, chat: Chat, dice: random.Random, said: _Messages) -> None:
    """Write answers on X: replies to the bot, and posts with only the hashtag."""
    number = 0
    while datetime.now(UTC) < chat.ends or number < _ENOUGH:
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        number += 1
        text = f"A{number % 4 + 1} x answer {number} {chat.hashtag}"
        posts = [post for post in (await asyncio.to_thread(x.ask, "truth"))["posts"] if post["by"] == "OTalk_"]
        more = {"reply_to": posts[-1]["id"]} if posts and number % 3 else {}
        await asyncio.to_thread(x.tell, "say", by=f"pretend{number % 3}", text=text, **more)
        said.accepted["x"].add(f"x answer {number}")


async def _talk_on_discord(discord: Simulator, chat: Chat, dice: random.Random, said: _Messages) -> None:
    """Write replies with a ping, and mentions: all that a bot without the Message Content intent can read."""
    number = 0
    while datetime.now(UTC) < chat.ends or number < _ENOUGH:
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        number += 1
        text = f"discord answer {number}"
        posts = [one for one in (await asyncio.to_thread(discord.ask, "truth"))["messages"] if one["bot"]]
        more = {"reply_to": posts[-1]["id"]} if posts and number % 3 else {}
        words = text if more else f"<@1000> {text}"
        by = f"Pretend participant {number % 3}"
        await asyncio.to_thread(discord.tell, "say", by=by, text=words, **more)
        said.accepted["discord"].add(text)


async def _talk_in_the_room(address: str, chat: Chat, said: _Messages) -> None:
    number, joined = 0, False
    async with BrowserClient(address, chat.name, "Pretend participant R") as visitor:
        while datetime.now(UTC) < chat.ends:
            await asyncio.sleep(0.4)
            number += 1
            text = f"room answer {number}"
            try:
                if not joined:
                    await visitor.join()
                    joined = True
                await visitor.post(text)
            except PlatformError:
                said.unclear.add(text)
            else:
                said.accepted["room"].add(text)


async def _all_done(store: str, chat: Chat, said: _Messages, result: Trial) -> None:
    """Wait until every post has an outcome and every answer is stored; then count."""
    database = Database(store)
    try:
        wanted = {text for texts in said.accepted.values() for text in texts}
        until = time.monotonic() + _PATIENCE + max((chat.ends - datetime.now(UTC)).total_seconds(), 0)
        while time.monotonic() < until:
            lines = await database.read(outbox_queries.outbox_rows)
            heard = _heard(database, chat)
            settled = bool(lines) and all(
                line.state not in outbox.OPEN_STATES for line in lines if line.post.kind != "calendar"
            )
            if settled and wanted <= heard.keys():
                break
            await asyncio.sleep(0.5)
        result.asked = sum(line.state == "sent" for line in lines)
        result.answers = len(wanted)
        result.wrong += [
            f"{line.post.place} {line.post.key}: {line.state} ({line.error})"
            for line in lines
            if line.state != "sent" and line.post.kind != "calendar"
        ]
        result.wrong += [f"lost: {text}" for text in sorted(wanted - heard.keys())]
        result.wrong += [f"heard {count} times: {text}" for text, count in heard.items() if count > 1]
        strange = heard.keys() - wanted - said.unclear
        result.wrong += [f"nobody said: {text}" for text in sorted(strange)]
    finally:
        database.close()


def _heard(database: Database, chat: Chat) -> Counter[str]:
    """How often each answer is in the event log, without addressee and hashtag."""
    texts = (event.text for event in export_events(database, chat) if isinstance(event, Message))
    return Counter(" ".join(_plain(text)) for text in texts)


def _plain(text: str) -> list[str]:
    words = text.replace("#soak", "").split()
    while words and (words[0].startswith(("@", "<@")) or words[0] in {"A1", "A2", "A3", "A4"}):
        words.pop(0)
    return words


def _compare(chat: Chat, x: Simulator, discord: Simulator, page: str, result: Trial) -> None:
    """Each post exactly once on each platform, the questions in order."""
    on_x = [post["text"] for post in x.ask("truth")["posts"] if post["by"] == "OTalk_"]
    on_discord = [one["content"] for one in discord.ask("truth")["messages"] if one["bot"]]
    questions = [f"Q{number}. Question {number}? #soak" for number in range(1, QUESTIONS + 1)]
    for place, posted in (("x", on_x), ("discord", on_discord)):
        counts = Counter(posted)
        result.wrong += [f"{place}: {count} times {text!r}" for text, count in counts.items() if count > 1]
        result.wrong += [f"{place}: never {text!r}" for text in questions if text not in counts]
        if [text for text in posted if text in questions] != questions:
            result.wrong.append(f"{place}: out of order")
    for question in chat.questions:
        if page.count(f'id="{question.key}"') != 1:
            result.wrong.append(f"room: {question.key} {page.count(f'id={question.key}')} times")


def _free_port() -> int:
    with socket.socket() as accepted:
        accepted.bind(("127.0.0.1", 0))
        port: int = accepted.getsockname()[1]
        return port
