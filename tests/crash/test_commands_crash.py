"""Kills the bot around commands, over and over: each accepted command has happened once, and no refused one has."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import msgspec
import pytest
from sqlalchemy import Connection

from bot.chat import Chat, Question
from bot.commands.plan.announcements import local_time as on_the_wall
from bot.messages import Command, Posted
from bot.store import chats, commands, outbox_queries
from bot.store.commands import CommandRow
from bot.store.database import Database
from bot.transfer import export_events
from tests.cli.preloaded import preloaded
from tests.crash.callers import CHAT, Callers, Promised
from tests.crash.host import clock_of
from tests.crash.lives import free_port, running, start, stop

HERE = Path(__file__).parent
KILLS = 16
"""In each of two runs."""

_LIFE = 1.6
"""The longest time in seconds from the bot's first answer to the call around which it is killed."""

_MOMENT = 0.06
"""The longest time in seconds from that call to the kill."""

SPEED = 10
"""How much faster the chat's clock runs: a second `next` within five of its seconds is refused."""

QUESTIONS = 60

NAMES = {"next", "extend", "say", "add"}
WAYS = {"ledger", "room", "shell"}
"""The commands that are done, and the places that they come from."""

_LEASE = timedelta(seconds=1)
"""Wall time after which every claim of a killed process is ambiguous, and looked up."""


def a_long_chat(starts: datetime) -> Chat:
    """A chat so long that no question and no closing comes without a command: an hour, here six minutes, apart."""
    return Chat(
        name=CHAT,
        title="A led chat",
        hashtag="#led",
        starts=starts,
        length=timedelta(hours=70),
        timezone="Europe/London",
        questions=tuple(
            Question(key=f"q{number}", text=f"Question {number}?", at=starts + timedelta(hours=4 + number))
            for number in range(1, QUESTIONS + 1)
        ),
        welcome="Welcome.",
        rules="This is recorded.",
        closing="Thank you.",
    )


@dataclass
class Found:
    """The state at the end. `truth` are the texts on the pretend platform, in order."""

    chat: Chat
    now: chats.StoredChat
    entries: dict[tuple[str, str], CommandRow]
    truth: list[str]
    posted: list[Posted]
    logged: list[Command]

    def done(self, name: str) -> list[CommandRow]:
        return [one for one in self.entries.values() if one.outcome == "done" and one.name == name]

    def words(self, name: str) -> list[str]:
        """The texts of the commands of this name that were done."""
        return [one.command.text.removeprefix("!").removeprefix(f"{name} ") for one in self.done(name)]


async def killings(orders: IO[str], answers: IO[str], promised: Promised, dice: random.Random) -> None:
    """Start the bot, and after its first answer kill it just after the beginning of a call; over and over.

    The last one is left alive.
    """
    for left in reversed(range(KILLS + 1)):
        child = await asyncio.to_thread(start, orders, answers)
        promised.answered.clear()
        await asyncio.wait_for(promised.answered.wait(), 120)
        if left:
            await asyncio.sleep(dice.uniform(0, _LIFE))
            promised.started.clear()
            await asyncio.wait_for(promised.started.wait(), 120)
            await asyncio.sleep(dice.uniform(0, _MOMENT))
            os.kill(child, signal.SIGKILL)


async def run_callers(orders: IO[str], answers: IO[str], callers: Callers, dice: random.Random) -> None:
    """Give commands until the bot was killed often enough, and every command was done, and one in each way."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(callers.talk(over))
        await killings(orders, answers, callers.promised, dice)
        async with asyncio.timeout(180):
            while not await callers.database.read(_all_kinds):
                await asyncio.sleep(0.1)
        over.set()


async def settled(database: Database, clock: Any, *, within: float) -> None:  # noqa: ANN401 -- a clock
    """Wait until no command waits, and each post that is due or ambiguous has an outcome."""
    async with asyncio.timeout(within):
        while await database.read(_unsettled, clock.now() + _LEASE * SPEED):
            await asyncio.sleep(0.1)


def _all_kinds(connection: Connection) -> bool:
    """Whether every command was done, and one in each way."""
    done = [one for one in commands.recent(connection, CHAT, 100_000) if one.outcome == "done"]
    return {one.name for one in done} >= NAMES and {one.command.place for one in done} >= WAYS


def _unsettled(connection: Connection, by: datetime) -> bool:
    waits = bool(commands.waiting(connection))
    lines = outbox_queries.outbox_rows(connection, CHAT)
    return waits or any(
        line.state in ("sending", "ambiguous", "retry") or (line.state == "planned" and line.next_at <= by)
        for line in lines
    )


def found(database: Database, chat: Chat, truth: Path) -> Found:
    """Read the state at the end."""
    now = database.read_sync(chats.find, CHAT)
    assert now
    events = export_events(database, chat)
    entries = database.read_sync(commands.recent, CHAT, 100_000)
    return Found(
        chat=chat,
        now=now,
        entries={(one.command.place, one.command.id): one for one in entries},
        truth=[json.loads(line)["text"] for line in truth.read_text(encoding="utf-8").splitlines()],
        posted=[one for one in events if isinstance(one, Posted)],
        logged=[one for one in events if isinstance(one, Command)],
    )


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_accepted_command_happens_exactly_once(seed: int, tmp_path: Path) -> None:
    starts = datetime.now(UTC)
    chat, truth, url = a_long_chat(starts), tmp_path / "truth.jsonl", f"sqlite:///{tmp_path / 'store.db'}"
    promised = Promised()
    with (
        TemporaryDirectory(prefix="led-") as short,  # a socket's path has little room
        running(HERE.parent / "sims" / "ledger.py", truth) as (_, ledger),
    ):
        control = f"{short}/control"
        setup = {
            "chat": msgspec.to_builtins(chat),
            "settings": {
                "store": {"url": url},
                "hosting": {"lead": "1s", "late": "5h", "absent": "3d"},
                "places": {
                    "room": {"platform": "room", "port": free_port()},
                    "ledger": {"platform": "room", "port": int(ledger.readline())},
                },
            },
            "control": control,
            "since": starts.isoformat(),
            "speed": SPEED,
        }
        (tmp_path / "setup.json").write_bytes(msgspec.json.encode(setup))
        database, clock = Database(url), clock_of(setup)
        try:
            with preloaded().running("tests.crash.host:main", tmp_path / "setup.json") as (orders, answers):
                assert answers.readline() == "ready\n"
                dice = random.Random(seed)  # noqa: S311 -- no secret
                callers = Callers(database, control, clock, promised, dice)
                try:
                    await run_callers(orders, answers, callers, dice)
                    await settled(database, clock, within=180)
                finally:
                    stop(orders, answers)
            check(found(database, chat, truth), promised)
        finally:
            database.close()


def check(found: Found, promised: Promised) -> None:
    """Check the promises about commands, the plan, and both places."""
    check_receipts(found, promised)
    check_questions(found)
    check_end(found)
    check_said(found)
    check_answers(found)


def check_receipts(found: Found, promised: Promised) -> None:
    """Each accepted command is stored once, with the outcome that its caller was told; nothing else is stored."""
    done = [one for one in found.entries.values() if one.outcome == "done"]
    assert {one.name for one in done} == NAMES, "the run must have had all commands"
    assert {one.command.place for one in done} == WAYS, "they must have come in every way"
    assert promised.accepted <= found.entries.keys() <= promised.asked.keys()
    told = {ident: {found.entries[ident].receipt} for ident in promised.receipts}
    assert told == promised.receipts
    assert {found.entries[ident].outcome for ident in promised.withdrawn} <= {"late"}
    guests = [one for one in found.entries.values() if one.command.author.id == "99"]
    assert not [one for one in guests if one.outcome == "done"]
    logged = Counter((one.place, one.id) for one in found.logged)
    carried = found.entries.keys() - promised.withdrawn
    assert logged == Counter(carried)


def check_questions(found: Found) -> None:
    """Each `next` moved one question, each `add` added one; each is on each place once, and in order."""
    moved = [re.match(r"Q(\d+) now", one.receipt or "") for one in found.done("next")]
    asked = len(moved)
    assert sorted(int(one[1]) for one in moved if one) == list(range(1, asked + 1))
    on_ledger = [text for text in found.truth if re.match(r"Q\d+\. ", text)]
    assert on_ledger == [f"Q{n}. Question {n}? #led" for n in range(1, asked + 1)]
    on_room = [one.key for one in found.posted if one.place == "room" and one.kind == "question"]
    assert on_room == [f"q{n}" for n in range(1, asked + 1)]
    added = [one.text for one in found.now.chat.questions[QUESTIONS:]]
    assert Counter(added) == Counter(found.words("add"))
    assert [one.key for one in found.now.chat.questions] == [f"q{n}" for n in range(1, QUESTIONS + len(added) + 1)]


def check_end(found: Found) -> None:
    """Each `extend 1m` moved the end by a minute, with a receipt and one notice."""
    longer = len(found.done("extend"))
    assert found.now.ends == found.chat.ends + timedelta(minutes=longer)
    steps = [on_the_wall(found.chat, found.chat.ends + timedelta(minutes=n)) for n in range(1, longer + 1)]
    told = [re.search(r"closing at (\d\d:\d\d)", one.receipt or "") for one in found.done("extend")]
    assert sorted(one[1] for one in told if one) == sorted(steps)
    notices = Counter(f"We take a little more time: we close at {step}. #led" for step in steps)
    assert Counter(text for text in found.truth if text.startswith("We take")) == notices
    on_room = (one.text for one in found.posted if one.place == "room" and one.text.startswith("We take"))
    assert Counter(on_room) == notices


def check_said(found: Found) -> None:
    """The text of each `say` is on each place once, and no forbidden text is on any."""
    words = Counter(f"{one} #led" for one in found.words("say"))
    assert Counter(text for text in found.truth if "ord of" in text and not text.startswith("(to ")) == words
    assert Counter(one.text for one in found.posted if one.place == "room" and "ord of" in one.text) == words
    openings = Counter(text for text in found.truth if text in ("Welcome.", "This is recorded."))
    assert openings == Counter(["Welcome.", "This is recorded."])


def check_answers(found: Found) -> None:
    """Each command in a message has one private answer; denied ones have none."""
    assert not [text for text in found.truth if text.startswith("(to ") and not text.startswith("(to 77, ")]
    private = [text.split(") ", 1) for text in found.truth if text.startswith("(to 77, ")]
    assert len({key for key, _ in private}) == len(private)
    owed = [one for one in found.entries.values() if one.command.place == "ledger" and one.outcome != "denied"]
    back = re.compile(r" To take that back: `undo \d+`\.$")
    assert Counter(back.sub("", text) for _, text in private) == Counter(one.receipt for one in owed)
