"""A trial: one short chat on X, Discord and the room with random faults, compared with the truth of each platform.

Everything but the platforms is real: the bot in its own process with the real client libraries, a real database, real
sockets. Faults and their times are drawn from a seed. All participants are pretend.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.chat import Chat
from bot.store import chats, outbox_queries
from bot.store.database import Database
from bot.store.post_states import OPEN_STATES
from tests.crash.test_crash import page_of
from tests.sharing.processes import Processes, Worker, harm_at_random, processes
from tests.sims.simulator import Simulator, simulator
from tests.soak import faults
from tests.soak.comparison import heard, wrong_messages, wrong_posts
from tests.soak.file_edits import ChatFile, edits
from tests.soak.file_versions import FileVersions
from tests.soak.kinds import Kind, kind_of
from tests.soak.participants import Said, talk_in_the_room, talk_on_discord, talk_on_x
from tests.soak.setting import settings, short_chat
from tests.store.postgres_server import Server
from tests.store.store_proxy import store_proxy

OUTAGE = 30.0
"""Seconds without a network, in one of ten trials."""

BEFORE = 4.0
"""Seconds until the chat begins. If the bot has not planned it by then, the trial is void."""

_PATIENCE = 240.0
"""Seconds after the end within which everything must be stored."""


@dataclass
class Trial:
    """The result of one trial. `wrong` is empty if every promise was kept."""

    seed: int
    kind: str
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    answers: int = 0
    attributed: int = 0
    emptied: int = 0
    seconds: float = 0.0


async def trial(seed: int, folder: Path, before: float = BEFORE, postgres: Server | None = None) -> Trial:
    """Run a chat with faults, and compare. Some kinds of trials need a PostgreSQL."""
    kind, begun = kind_of(seed), time.monotonic()
    result = Trial(seed, kind.name)
    with ExitStack() as stack:
        store = f"sqlite:///{folder / 'store.db'}"
        if kind.on_postgres:
            assert postgres
            store = stack.enter_context(postgres.database(f"soak_{seed}_{before:.0f}"))
        database = stack.enter_context(closing(Database(store)))
        x = stack.enter_context(simulator("x", visible_after=0.4))
        discord = stack.enter_context(simulator("discord", visible_after=0.2))
        workers, urls = list[Worker](), list[str]()
        for number in range(kind.processes):
            proxy, url = stack.enter_context(store_proxy(store)) if kind.on_postgres else (None, store)
            workers.append(Worker(number, proxy))
            urls.append(url)
        them = await asyncio.to_thread(stack.enter_context, processes(workers, folder))
        longer = OUTAGE if seed % 10 == 0 else kind.spare
        chat = short_chat(before, longer=longer, questions=kind.questions)
        versions = FileVersions([tuple(enumerate(one.text for one in chat.questions))])
        files = ChatFile(folder, chat) if kind.edited else None
        if files:
            files.save(versions.all[0])
        for worker, url in zip(workers, urls, strict=True):
            setup = {"chat": msgspec.to_builtins(chat), "settings": settings(url, worker.room, x, discord)}
            setup |= {"schedules": str(files.schedules)} if files else {}
            them.set_up(worker, setup | {"again": kind.on_postgres})
            them.start(worker)
        run = _Run(kind, chat, them, database, x=x, discord=discord, versions=versions, files=files)
        await asyncio.to_thread(faults.wait_until_planned, database, chat)
        await run.hold(seed, result)
        await run.compare(result)
    result.seconds = time.monotonic() - begun
    return result


class _Run:
    """A chat that is planned: what is said and done during it, and what must be true afterwards."""

    def __init__(
        self,
        kind: Kind,
        chat: Chat,
        them: Processes,
        database: Database,
        *,
        x: Simulator,
        discord: Simulator,
        versions: FileVersions,
        files: ChatFile | None,
    ) -> None:
        self._kind, self._chat, self._them, self._database = kind, chat, them, database
        self._x, self._discord, self._versions, self._files = x, discord, versions, files
        self._said = Said(words_stay=files is None)

    async def hold(self, seed: int, result: Trial) -> None:
        """Talk, and let go wrong what does, until the chat is over."""
        chat, said, them = self._chat, self._said, self._them
        dice, until = random.Random(seed), chat.ends - timedelta(seconds=1)  # noqa: S311 -- no secret
        faults.set_faults(self._x, self._discord, dice)
        kinds = [random.Random(seed + number) for number in range(1, 7)]  # noqa: S311 -- as above
        outage = OUTAGE if seed % 10 == 0 else 0.0
        done = await asyncio.gather(
            asyncio.to_thread(faults.network, self._x, self._discord, chat, kinds[1], outage),
            asyncio.to_thread(harm_at_random, them, until, kinds[0], self._kind.harms, self._kind.pause)
            if self._kind.harms
            else asyncio.to_thread(faults.kills, them, until, kinds[0]),
            self._edits(kinds[5]),
            talk_on_x(self._x, chat, kinds[2], said),
            talk_on_discord(self._discord, chat, kinds[3], said),
            *(talk_in_the_room(one.address, chat, kinds[4], said, 1000 * one.number) for one in them.workers),
        )
        result.faults = [what for part in done[:3] for what in part or ()]
        for one in (self._x, self._discord):
            one.tell("faults", faults=[])

    async def _edits(self, dice: random.Random) -> list[str]:
        if self._files is None:
            return []
        return await asyncio.to_thread(edits, self._files, self._versions, self._database, self._chat, dice)

    async def compare(self, result: Trial) -> None:
        """Wait until every post has an outcome and every answer is stored; then compare."""
        wanted = self._said.places.keys() - self._said.emptied
        until = time.monotonic() + _PATIENCE + max((self._chat.ends - datetime.now(UTC)).total_seconds(), 0)
        while True:
            lines = [
                one for one in await self._database.read(outbox_queries.outbox_rows) if one.post.kind != "calendar"
            ]
            settled = bool(lines) and all(line.state not in OPEN_STATES for line in lines)
            pages = [await page_of(worker.address, self._chat.name) for worker in self._them.workers]
            wrong = await self._wrong_messages(pages)
            if time.monotonic() > until or (settled and not wrong):
                break
            await asyncio.sleep(0.5)
        result.wrong += [
            f"{line.post.place} {line.post.key}: {line.state} ({line.error})"
            for line in lines
            if line.state != "sent" and not (self._kind.edited and line.state == "skipped" and not line.attempts)
        ]
        result.wrong += [*wrong, *wrong_posts(self._versions, self._x, self._discord, pages)]
        result.asked = sum(line.state == "sent" for line in lines)
        result.answers = len(wanted & heard(self._database, self._chat).keys())
        result.emptied, result.attributed = len(self._said.emptied), len(self._said.questions)

    async def _wrong_messages(self, pages: list[str]) -> list[str]:
        stored = await self._database.read(chats.find, self._chat.name)
        assert stored
        return [wrong for page in pages for wrong in wrong_messages(self._database, stored.chat, page, self._said)]
