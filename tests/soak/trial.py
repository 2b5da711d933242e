"""A trial: one short chat on X, Discord and the room with random faults, compared with the truth of each platform.

Everything but the platforms is real: the bot in its own process with the real client libraries, a real database, real
sockets. Faults and their times are drawn from a seed. All participants are pretend.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.chat import Chat
from bot.store import outbox_queries
from bot.store.database import Database
from bot.store.post_states import OPEN_STATES
from tests.crash.lives import free_port, running, stop
from tests.crash.test_crash import page_of
from tests.sims.simulator import simulator
from tests.soak import faults
from tests.soak.comparison import heard, wrong_messages, wrong_posts
from tests.soak.participants import Said, talk_in_the_room, talk_on_discord, talk_on_x
from tests.soak.setting import settings, short_chat

OUTAGE = 30.0
"""Seconds without a network, in one of ten trials."""

BEFORE = 4.0
"""Seconds until the chat begins. If the bot has not planned it by then, the trial is void."""

_HOST = Path(__file__).parents[1] / "crash" / "host.py"
_PATIENCE = 240.0
"""Seconds after the end within which everything must be stored."""


@dataclass
class Trial:
    """The result of one trial. `wrong` is empty if every promise was kept."""

    seed: int
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    answers: int = 0
    attributed: int = 0
    emptied: int = 0
    seconds: float = 0.0


async def trial(seed: int, folder: Path, before: float = BEFORE) -> Trial:
    """Run a chat with faults, and compare."""
    dice = random.Random(seed)  # noqa: S311 -- no secret
    result, begun, said = Trial(seed), time.monotonic(), Said()
    outage = OUTAGE if seed % 10 == 0 else 0.0
    with ExitStack() as stack:
        x = stack.enter_context(simulator("x", visible_after=0.4))
        discord = stack.enter_context(simulator("discord", visible_after=0.2))
        room, setup, store = free_port(), folder / "setup.json", f"sqlite:///{folder / 'store.db'}"
        orders, answers = stack.enter_context(running(_HOST, setup))
        await asyncio.to_thread(answers.readline)  # everything is imported
        chat = short_chat(before, longer=outage)
        setup.write_bytes(msgspec.json.encode({"chat": chat, "settings": settings(store, room, x, discord)}))
        address, until = f"http://127.0.0.1:{room}", chat.ends - timedelta(seconds=1)
        faults.set_faults(x, discord, dice)
        kinds = [random.Random(seed + number) for number in range(1, 6)]  # noqa: S311 -- as above
        try:
            killed, cut, *_ = await asyncio.gather(
                asyncio.to_thread(faults.kills, orders, answers, store, chat, until, kinds[0]),
                asyncio.to_thread(faults.network, x, discord, chat, kinds[1], outage),
                talk_on_x(x, chat, kinds[2], said),
                talk_on_discord(discord, chat, kinds[3], said),
                talk_in_the_room(address, chat, kinds[4], said),
            )
            result.faults += [*killed, *cut]
            for one in (x, discord):
                one.tell("faults", faults=[])
            await _compared(store, chat, said, result, address)
            page = await page_of(address, chat.name)
        finally:
            stop(orders, answers)
        result.wrong += wrong_posts(chat, x, discord, page)
    result.seconds = time.monotonic() - begun
    return result


async def _compared(store: str, chat: Chat, said: Said, result: Trial, address: str) -> None:
    """Wait until every post has an outcome and every answer is stored; then compare."""
    database = Database(store)
    try:
        wanted = said.places.keys() - said.emptied
        until = time.monotonic() + _PATIENCE + max((chat.ends - datetime.now(UTC)).total_seconds(), 0)
        while time.monotonic() < until:
            lines = [line for line in await database.read(outbox_queries.outbox_rows) if line.post.kind != "calendar"]
            settled = bool(lines) and all(line.state not in OPEN_STATES for line in lines)
            page = await page_of(address, chat.name)
            if settled and not any(wrong_messages(database, chat, page, said)):
                break
            await asyncio.sleep(0.5)
        result.wrong += [
            f"{line.post.place} {line.post.key}: {line.state} ({line.error})" for line in lines if line.state != "sent"
        ]
        result.wrong += wrong_messages(database, chat, page, said)
        result.asked = sum(line.state == "sent" for line in lines)
        result.answers, result.emptied = len(wanted & heard(database, chat).keys()), len(said.emptied)
        result.attributed = len(said.questions)
    finally:
        database.close()
