"""What the tests ask of every platform, and how a simulator is asked."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from bot.ports.commands import CommandInfo
from tests.contract.running_bot import RunningBot, until
from tests.sims.simulator import Simulator

HOST, HELPER = "host", "helper"
"""Who leads, and who helps to: a moderator. Anybody else is called as they call themselves."""

_DATED = re.compile(r" \(\d\d? \w+ \d{4}, \d\d:\d\d\)$")
"""What the bot adds on a platform that takes no text twice."""


def plain(text: str) -> str:
    """An answer without the marks that a platform shows in its own way, and without the way back."""
    return re.sub(r" To take that back: undo \d+\.$", "", text.replace("`", ""))


class CommandDriver(ABC):
    """One platform of a running bot. `ways` are those in which a command is given; the first is the usual one."""

    place: str
    ways: tuple[str, ...]
    quiet: str
    """The way whose receipt nobody else sees, and which says all."""

    def __init__(self, bot: RunningBot) -> None:
        self.bot = bot

    def named(self, who: str) -> str:
        """The name of a participant, another one in each chat."""
        return f"Pretend {who} {self.bot.number}"

    called = ""
    """What stands before a command in the usual way."""

    # those who lead

    async def order(self, name: str, *, way: str = "", by: str = HOST, **fields: str) -> str:
        """Give a command by its name and fields; the receipt, as its author sees it."""
        info = next(one for one in self.bot.convenor.service.catalogue if one.name == name)
        return await self._give(info, fields, info.line(fields), way or self.ways[0], by)

    @abstractmethod
    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        """Give a command in words; the receipt."""

    @abstractmethod
    async def _give(self, info: CommandInfo, fields: Mapping[str, str], line: str, way: str, by: str) -> str: ...

    async def sent(self, line: str, by: str) -> str:
        """A command that gets no answer, once the bot has dealt with it; its id."""
        raise NotImplementedError

    @abstractmethod
    async def confirm(self, line: str, *, way: str = "") -> str:
        """Do what was asked once more; the receipt. `line` is what was to be said."""

    # everybody else

    async def say(self, text: str, *, who: str = "guest", answers: bool = True) -> str:
        """A participant writes, in answer to the first question if it is out; the id, once the bot has it."""
        id = await self._speak(text, self.named(who), answers=answers)
        await until(lambda: self.bot.row(self.place, id), lambda: f"{text} is heard")
        return id

    async def attempt(self, line: str, *, who: str = "guest") -> str | None:
        """A person without a role gives a command in public; its outcome, once it is in the log."""
        id = await self._speak(f"!{line}", self.named(who), answers=False)
        return (await until(lambda: self.bot.command(self.place, id), lambda: f"{line} is in the log")).outcome

    async def asked(self, line: str, about: str = "", *, who: str = "guest") -> str:
        """A participant asks the bot for something about themselves, in reply to a message where that is given.

        Returns what they are told. Nobody else is, where the platform can write in private.
        """
        del about
        return await self.write(line, way="direct", by=self.named(who))

    @abstractmethod
    async def _speak(self, text: str, name: str, *, answers: bool) -> str: ...

    @abstractmethod
    async def posted(self) -> list[str]:
        """What the bot has said to everybody in this chat, as it reads now, without receipts."""

    @abstractmethod
    async def answers(self, who: str = "guest") -> list[str]:
        """The bot's answers to a person: to them alone, or below their messages."""

    @abstractmethod
    async def pointed(self, command: str, id: str) -> None:
        """A command about a message, by pointing at it as people do there; once it is answered."""

    @abstractmethod
    async def twice(self, line: str) -> None:
        """The host gives a command once, and the platform tells of it again."""

    @abstractmethod
    async def thrown(self, line: str) -> None:
        """The host writes something that may be no command; once the bot has dealt with it."""

    def id_of(self, by: str) -> str:
        """The id of a host or moderator, if they have an account."""
        raise NotImplementedError

    def person(self, id: str) -> str:
        """The author of a message, as a command names them."""
        row = self.bot.row(self.place, id)
        assert row is not None
        assert row.author is not None
        return f"{self.place}/{row.author.id}"

    async def shown(self, text: str) -> None:
        """Until the bot says this there, exactly once."""

        last: list[str] = []

        async def once() -> bool:
            last[:] = [_DATED.sub("", one) for one in await self.posted()]
            return last.count(text) == 1

        await self.bot.soon(once, lambda: f"{text!r} in {self.place}, where there is {last}")

    async def saying(self, beginning: str) -> str:
        """What the bot says there that begins so, once it has."""

        async def found() -> str | None:
            return next((one for one in await self.posted() if one.startswith(beginning)), None)

        return await self.bot.soon(found, lambda: f"{beginning!r} in {self.place}")

    async def open(self) -> None:  # noqa: B027 -- most have nothing to do
        """Before each chat."""

    async def close(self) -> None:  # noqa: B027 -- the same
        """After it."""


class SimulatedDriver(CommandDriver):
    """A platform that is simulated."""

    def __init__(self, bot: RunningBot, sim: Simulator) -> None:
        super().__init__(bot)
        self.sim = sim

    async def tell(self, what: str, **data: Any) -> Any:  # noqa: ANN401 -- JSON
        return await asyncio.to_thread(lambda: self.sim.tell(what, **data))

    async def spoken(self, text: str, *, by: str = "", by_role: str = "", **more: Any) -> str:  # noqa: ANN401 -- JSON
        """Anybody says anything; its id."""
        who = self.named_account(by_role) if by_role else {"by": by}
        return str((await self.tell("say", text=text, **who, **more))["id"])

    @abstractmethod
    def named_account(self, by: str) -> dict[str, str]:
        """An account, as the simulator calls it."""

    def truth(self, part: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sim.ask("truth")[part]
        return found

    def first(self) -> str:
        """The post with the first question."""
        return str(next(one.receipt for one in self.bot.lines("q1") if one.post.place == self.place))
