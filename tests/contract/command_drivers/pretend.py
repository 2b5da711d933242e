"""The pretend third platform, through its simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ports.commands import CommandInfo
from tests.contract.command_drivers.driver import HOST, SimulatedDriver, plain
from tests.contract.running_bot import until

BOT = "1"


class PretendCommands(SimulatedDriver):
    """Hosts write `!next`, and are answered below it; or write to the bot alone, and are answered there."""

    place, ways, quiet = "pretend", ("text", "direct"), "direct"
    called = "!"

    def account(self, by: str) -> str:
        return by.replace(" ", "_") if by.startswith("Pretend ") else f"pretend_{by}"

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        fields = {"text": line, "to": BOT} if way == "direct" else {"text": f"!{line}"}
        said = await self.tell("say", by=self.account(by), **fields)
        answer = plain(await until(lambda: self._answer(said["id"]), lambda: f"answer to {line}"))
        return answer.partition("\nReply ")[0]  # how to confirm it, in the kit's words

    async def _give(self, info: CommandInfo, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        del info, fields
        return await self.write(line, way=way, by=by)

    async def confirm(self, line: str, *, way: str = "") -> str:
        return await self.write(line, way=way)

    def _answer(self, id: str) -> str:
        mine = (one for one in self._by_bot() if id == one["reply_to"] or one["nonce"] == f"re-{id}")
        return str(next(mine, {"text": ""})["text"])

    def _by_bot(self) -> list[dict[str, Any]]:
        return [one for one in self.truth("messages") if one["by"] == BOT]

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        more = {"reply_to": self.first()} if answers else {}
        return str((await self.tell("say", by=self.account(name), text=text, **more))["id"])

    async def posted(self) -> list[str]:
        return [one["text"] for one in self._by_bot() if not one["to"] and self.bot.tag in one["text"]]

    async def answers(self, who: str = "guest") -> list[str]:
        name = self.account(self.named(who))
        theirs = {one["id"] for one in self.truth("messages") if one["by"] == name}
        return [one["text"] for one in self._by_bot() if one["reply_to"] in theirs or one["to"] == name]

    async def pointed(self, command: str, id: str) -> None:
        """As an answer to the message."""
        said = await self.tell("say", by=self.account(HOST), text=f"!{command}", reply_to=id)
        await until(lambda: self._answer(said["id"]), lambda: f"answer to {command}")

    async def twice(self, line: str) -> None:
        """The connection breaks, so that the history is read again."""
        await self.write(line)
        await self.tell("cut")
        await self.order("status")

    async def thrown(self, line: str) -> None:
        await self.write(line[:1000], way="direct")

    def named_account(self, by: str) -> dict[str, str]:
        return {"by": self.account(by)}
