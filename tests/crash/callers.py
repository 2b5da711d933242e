"""Three people who lead a chat while its host is killed again and again, each in a way of their own.

One writes `!next` on the pretend platform, one asks the desk as the host's page does, one is in a shell and goes
through the store. Each tells what they were promised; whether the promises were kept is not known here.
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
"""Wall seconds until a caller takes it that nobody answers."""


@dataclass
class Promised:
    """What callers know. Everything is by place and id; `receipts` are the words that somebody got for an answer."""

    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    receipts: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    withdrawn: set[tuple[str, str]] = field(default_factory=set)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def begins(self, said: Message | Command) -> tuple[str, str]:
        """Somebody is about to say something: a good moment for a kill."""
        self.asked[said.place, said.id] = said.text
        self.stirred.set()
        return said.place, said.id


def orders(way: str, dice: random.Random) -> Iterator[tuple[Role, str]]:
    """Who says what, without end. Every text to be said or asked is another."""
    led = ["next"] * 6 + ["extend 1m"] * 4 + ["say Word of {}."] * 5 + ["add Added by {}?"] * 2 + ["skip q999"]
    while True:
        turns: list[tuple[Role, str]] = [("host", text) for text in led]
        turns += [("participant", "next"), ("participant", "say Forbidden word of {}.")]
        dice.shuffle(turns)
        for role, text in turns:
            yield role, text.format(f"{way} {dice.randrange(10**9)}")


@dataclass
class Callers:
    """All three. `control` is the host's socket for messages and commands; `clock` is the host's own."""

    database: Database
    control: str
    clock: WallClock
    promised: Promised
    dice: random.Random

    async def talk(self, over: asyncio.Event) -> None:
        """Go on until then, whatever becomes of the host."""
        ways = {"message": self._write, "desk": self._ask, "shell": self._leave}
        await asyncio.gather(*(self._go(way, call, over) for way, call in ways.items()))

    async def _go(self, way: str, call: Any, over: asyncio.Event) -> None:  # noqa: ANN401 -- one of ours
        for number, (role, text) in enumerate(orders(way, self.dice), 1):
            if over.is_set():
                return
            await call(f"{way}-{number}", role, text)
            await asyncio.sleep(self.dice.uniform(0, 0.3))

    async def _write(self, id: str, role: Role, text: str) -> None:
        """A message with a `!`; where nobody says that it was heard, the platform tells it again, or never."""
        said = Message(
            place="ledger", id=id, at=self.clock.now(), author=WHO[role], role=role, text=f"!{text}", chat=CHAT
        )
        await self._handed("hear", said, self.promised.begins(said))

    async def _ask(self, id: str, role: Role, text: str) -> None:
        """A command for the desk; where no answer comes the same form is sent again, or never."""
        said = Command(place="room", id=id, at=self.clock.now(), author=WHO[role], role=role, text=text, chat=CHAT)
        await self._handed("answer", said, self.promised.begins(said))

    async def _leave(self, id: str, role: Role, text: str) -> None:
        """As `convenor next` does: it waits in the store until it is answered, and is withdrawn if that takes long."""
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

    async def _handed(self, what: str, said: Message | Command, ident: tuple[str, str]) -> None:
        """Until it was taken, or once; what was taken is now and then told a second time."""
        for _ in range(40 if self.dice.random() < 0.7 else 1):
            if await self._told(what, said, ident):
                if self.dice.random() < 0.3:
                    await self._told(what, said, ident)
                return
            await asyncio.sleep(0.1)

    async def _told(self, what: str, said: Message | Command, ident: tuple[str, str]) -> bool:
        answer = await self._request({what: said})
        if answer is None or "error" in answer:
            return False
        self.promised.accepted.add(ident)
        self.promised.answered.set()
        if what == "answer":
            self.promised.receipts.setdefault(ident, set()).add(answer["text"])
        return True

    async def _request(self, request: dict[str, object]) -> dict[str, Any] | None:
        """The host's answer; None if it did not live to give one."""
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
