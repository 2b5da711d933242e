"""Callers: three people who give commands while the bot is killed again and again.

One writes `!next` on the pretend platform, one calls the command service as the host's page does, one uses a shell and
so the database. They record what was promised to them; whether it was kept is checked elsewhere.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bot.clock import WallClock
from bot.messages import Author, Command, Message, Role
from bot.store import commands
from bot.store.database import Database

CHAT = "crash/led"
WHO: dict[Role, Author] = {
    "host": Author(id="77", name="Pretend host"),
    "participant": Author(id="99", name="Pretend guest"),
}

_PATIENCE = 20.0
"""Wall seconds that a caller waits for an answer."""


@dataclass
class Promised:
    """What was promised to callers, by place and id. `receipts` are the texts of answers."""

    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    receipts: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def begins(self, said: Message | Command) -> tuple[str, str]:
        """Record that a call is about to be made: a good moment for a kill."""
        self.asked[said.place, said.id] = said.text
        self.started.set()
        return said.place, said.id


def orders(way: str, dice: random.Random) -> Iterator[tuple[Role, str]]:
    """Commands without end, each with the role of its author. No text comes twice."""
    commands_of_host = (
        ["next"] * 6 + ["extend 1m"] * 4 + ["say Word of {}."] * 5 + ["add Added by {}?"] * 2 + ["skip q999"]
    )
    while True:
        turns: list[tuple[Role, str]] = [("host", text) for text in commands_of_host]
        turns += [("participant", "next"), ("participant", "say Forbidden word of {}.")]
        dice.shuffle(turns)
        for role, text in turns:
            yield role, text.format(f"{way} {dice.randrange(10**9)}")


@dataclass
class Callers:
    """All three callers. `control` is the bot's socket for messages and commands, `clock` the bot's clock."""

    database: Database
    control: str
    clock: WallClock
    promised: Promised
    dice: random.Random

    async def talk(self, over: asyncio.Event) -> None:
        """Give commands until `over` is set, whether the bot is alive or not."""
        ways = {"message": self._write, "page": self._ask, "shell": self._enqueue}
        await asyncio.gather(*(self._go(way, call, over) for way, call in ways.items()))

    async def _go(self, way: str, call: Any, over: asyncio.Event) -> None:  # noqa: ANN401 -- one of ours
        for number, (role, text) in enumerate(orders(way, self.dice), 1):
            if over.is_set():
                return
            await call(f"{way}-{number}", role, text)
            await asyncio.sleep(self.dice.uniform(0, 0.3))

    async def _write(self, id: str, role: Role, text: str) -> None:
        """Write a message with a `!`. Without an acknowledgement the platform delivers it again, or never."""
        said = Message(
            place="ledger", id=id, at=self.clock.now(), author=WHO[role], role=role, text=f"!{text}", chat=CHAT
        )
        await self._deliver("hear", said, self.promised.begins(said))

    async def _ask(self, id: str, role: Role, text: str) -> None:
        """Call the command service. Without an answer the same form is sent again, or never."""
        said = Command(place="room", id=id, at=self.clock.now(), author=WHO[role], role=role, text=text, chat=CHAT)
        await self._deliver("answer", said, self.promised.begins(said))

    async def _enqueue(self, id: str, role: Role, text: str) -> None:
        """Enqueue a command as `convenor next` does: it waits in the database, and is withdrawn if that takes long."""
        said = Command(place="shell", id=id, at=self.clock.now(), author=WHO[role], role=role, text=text, chat=CHAT)
        ident = self.promised.begins(said)
        await self.database.write("incoming", commands.enqueue, [said])
        self.promised.accepted.add(ident)
        if self.dice.random() < 0.5:
            return
        for _ in range(self.dice.randrange(1, 30)):
            found = await self.database.read(commands.find, *ident)
            if found and found.outcome:
                self.promised.receipts[ident] = {found.receipt or ""}
                return
            await asyncio.sleep(0.05)
        if await self.database.write("incoming", commands.withdraw, *ident):
            self.promised.withdrawn.add(ident)

    async def _deliver(self, what: str, said: Message | Command, ident: tuple[str, str]) -> None:
        """Deliver it until it is accepted, or once. Some accepted ones are delivered a second time."""
        for _ in range(40 if self.dice.random() < 0.7 else 1):
            if await self._deliver_once(what, said, ident):
                if self.dice.random() < 0.3:
                    await self._deliver_once(what, said, ident)
                return
            await asyncio.sleep(0.1)

    async def _deliver_once(self, what: str, said: Message | Command, ident: tuple[str, str]) -> bool:
        answer = await self._request({what: said})
        if answer is None or "error" in answer:
            return False
        self.promised.accepted.add(ident)
        self.promised.answered.set()
        if what == "answer":
            self.promised.receipts.setdefault(ident, set()).add(answer["text"])
        return True

    async def _request(self, request: dict[str, object]) -> dict[str, Any] | None:
        """The bot's answer; None if it was killed before."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._exchange(msgspec.json.encode(request) + b"\n")
        except (OSError, TimeoutError):
            return None

    async def _exchange(self, line: bytes) -> dict[str, Any] | None:
        reader, writer = await asyncio.open_unix_connection(self.control)
        try:
            writer.write(line)
            said = await reader.readline()
        finally:
            writer.close()
        return json.loads(said) if said else None
