"""X, through its simulator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.ports.commands import CommandInfo
from tests.contract.command_drivers.driver import HELPER, HOST, SimulatedDriver, plain
from tests.contract.running_bot import until

_STAMP = re.compile(r" \(Receipt \d+\)$")


class XCommands(SimulatedDriver):
    """Who leads mentions the bot, and is answered below; or writes it a direct message."""

    place, ways, quiet = "x", ("mention", "direct"), "direct"
    called = "@OTalk_ "

    async def open(self) -> None:
        """The bot asks X whose the handles are."""
        wanted = {("x", self.user(one)) for one in (HOST, HELPER)}
        roster = self.bot.convenor.services.roles
        await until(
            lambda: wanted <= set(roster.leader_accounts(self.bot.chat.name)), lambda: "X said whose the handles are"
        )

    def user(self, by: str) -> str:
        """The id of an account."""
        name = self.account(by)["by"]
        return str(next((one["id"] for one in self.truth("users") if one["username"] == name), ""))

    def account(self, by: str) -> dict[str, str]:
        name = by if by.startswith("Pretend ") else f"Pretend {by}"
        return {"by": re.sub(r"\W", "_", name.lower())[:15], "name": name}

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        if way == "direct":
            said = await self.tell("direct", text=line, **self.account(by))
            answers = await until(
                lambda: self._direct_message(said["user_id"], said["id"]), lambda: f"answer to {line}"
            )
            return plain(_STAMP.sub("", answers))
        said = await self.tell("say", text=f"@OTalk_ {line}", **self.account(by))
        answer = (await until(lambda: self.below(said["id"]), lambda: f"answer to {line}"))[0]
        return plain(_STAMP.sub("", answer))

    async def _give(self, info: CommandInfo, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        del info, fields
        return await self.write(line, way=way, by=by)

    async def sent(self, line: str, by: str) -> str:
        """A mention, once the bot has dealt with it; its id."""
        said = await self.tell("say", text=f"@OTalk_ {line}", **self.account(by))
        await until(lambda: self.bot.command("x", said["id"]), lambda: f"{line} is in the log")
        return str(said["id"])

    async def confirm(self, line: str, *, way: str = "") -> str:
        return await self.write(line, way=way)

    async def asked(self, line: str, about: str = "", *, who: str = "guest") -> str:
        """By a mention below the post, or as a direct message."""
        if not about:
            return await super().asked(line, who=who)
        said = await self.tell("say", text=f"@OTalk_ {line}", reply_to=about, **self.account(self.named(who)))
        answers = await until(lambda: self.below(said["id"]), lambda: f"answer to {line}")
        return plain(_STAMP.sub("", answers[0]))

    def below(self, id: str) -> list[str]:
        """The bot's replies to a post."""
        return [one["text"] for one in self.truth("posts") if one["by"] == "OTalk_" and one["reply_to"] == id]

    def _direct_message(self, person: str, after: str) -> str:
        found = [one for one in self.direct_messages(person) if int(one["id"]) > int(after)]
        return str(found[0]["text"]) if found else ""

    async def direct_message(self, line: str, by: str) -> str:
        """Write to the bot alone; the id."""
        return str((await self.tell("direct", text=line, **self.account(by)))["id"])

    def direct_messages(self, person: str) -> list[dict[str, Any]]:
        """The bot's messages to one person alone."""
        told = self.truth("direct")
        return [one for one in told if one["by"] == "OTalk_" and person in one["conversation"].split("-")]

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        more = {"reply_to": self.first()} if answers else {}
        words = text if answers else f"@OTalk_ {text}"
        said = await self.tell("say", text=words, **self.account(name), **more)
        return str(said["id"])

    async def posted(self) -> list[str]:
        return [one["text"] for one in self.truth("posts") if one["by"] == "OTalk_" and self.bot.tag in one["text"]]

    async def answers(self, who: str = "guest") -> list[str]:
        account = self.account(self.named(who))
        theirs = [one["id"] for one in self.truth("posts") if one["by"] == account["by"]]
        direct_messages = [one["text"] for one in self.direct_messages(self.user(self.named(who)))]
        return [text for id in theirs for text in self.below(id)] + direct_messages

    def named_account(self, by: str) -> dict[str, str]:
        return self.account(by)

    async def twice(self, line: str) -> None:
        """It is read again and again, because each reading begins a little before the last one ended."""
        await self.write(line)
        looks = len(self.sim.calls("mentions"))
        await until(lambda: len(self.sim.calls("mentions")) > looks + 2, lambda: "it is read again")

    async def thrown(self, line: str) -> None:
        """Post by post, as long as X takes them, and as a direct message."""
        said = await self.tell("direct", text=line, **self.account(HOST))
        await until(lambda: self.bot.command("x", said["id"]), lambda: f"{line[:50]} is in the log")

    async def pointed(self, command: str, id: str) -> None:
        """As an answer to the message."""
        said = await self.tell("say", text=f"@OTalk_ {command}", reply_to=id, **self.account(HOST))
        await until(lambda: self.below(said["id"]), lambda: f"answer to {command}")

    def id_of(self, by: str) -> str:
        return self.user(by)

    def handle(self, name: str) -> str:
        return f"@{self.account(name)['by']}"

    def hidden(self) -> set[str]:
        return {one["id"] for one in self.truth("posts") if one["hidden"]}
