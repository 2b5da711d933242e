"""Discord, through its simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ports.commands import CommandInfo
from tests.contract.command_drivers.driver import HOST, SimulatedDriver, plain
from tests.contract.running_bot import until


class DiscordCommands(SimulatedDriver):
    """Who leads has slash commands, answered so that only they see it; or writes `!next`, or to the bot in private."""

    place, ways, quiet = "discord", ("slash", "text", "direct"), "slash"

    def account(self, by: str) -> str:
        return by if by.startswith("Pretend ") else f"Pretend {by}"

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        channel = {"channel": "dm"} if way == "direct" else {}
        text = line if way == "direct" else f"!{line}"
        said = await self.tell("say", by=self.account(by), text=text, **channel)
        return plain(
            await until(lambda: self._direct_message(self.account(by), said["id"]), lambda: f"answer to {line}")
        )

    async def _give(self, info: CommandInfo, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        if way != "slash":
            return await self.write(line, way=way, by=by)
        return plain((await self.slash(info, fields, by=self.account(by)))["content"])

    async def slash(self, info: CommandInfo, fields: Mapping[str, str], *, by: str) -> dict[str, Any]:
        """The answer to a slash command, which only they see."""
        group = "moderate" if info.group in {"people", "queue"} else "chat"
        made = await self.tell("interact", by=by, command=group, sub=info.slug, options=dict(fields))
        return await self.answered(made["id"])

    async def answered(self, interaction: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((one for one in self.sim.ask("answers") if one["id"] == interaction), None)

        answer = await until(found, lambda: "an answer to an interaction")
        assert answer["ephemeral"]
        assert answer["allowed_mentions"] == {"parse": []}
        self._last = answer
        return answer

    async def confirm(self, line: str, *, way: str = "") -> str:
        del line, way
        pressed = await self.tell("interact", by=self.account(HOST), button="Yes, do it", on=self._last["message"])
        return plain((await self.answered(pressed["id"]))["content"])

    async def asked(self, line: str, about: str = "", *, who: str = "guest") -> str:
        """With the bot's name in the channel, below the message; the answer comes in private all the same."""
        name, more = self.named(who), {"reply_to": about} if about else {}
        public = [one["id"] for one in self.truth("messages") if not one["to"]]
        said = await self.tell("say", by=name, text=f"<@1000> {line}", **more)
        told = await until(lambda: self._direct_message(name, said["id"]), lambda: f"answer to {line}")
        assert [one["id"] for one in self.truth("messages") if not one["to"]] == [*public, said["id"]]
        return plain(told)

    def _direct_message(self, person: str, after: str) -> str:
        found = [one for one in self.direct_messages(person) if int(one["id"]) > int(after)]
        return str(found[0]["content"]) if found else ""

    def direct_messages(self, person: str) -> list[dict[str, Any]]:
        """The bot's messages to one person alone."""
        return [one for one in self.truth("messages") if one["bot"] and one["to"] == person]

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        more = {"reply_to": self.first()} if answers else {}
        return str((await self.tell("say", by=name, text=text, **more))["id"])

    async def posted(self) -> list[str]:
        told = self.truth("messages")
        return [one["content"] for one in told if one["bot"] and not one["to"] and self.bot.tag in one["content"]]

    def named_account(self, by: str) -> dict[str, str]:
        return {"by": self.account(by)}

    async def twice(self, line: str) -> None:
        """The bot's connection breaks, so that what was said is read once more."""
        await self.write(line)
        reads = len(self._reads())
        await self.tell("gateway", do="drop")
        await until(lambda: len(self._reads()) > reads, lambda: "what was said is read again")
        await self.order("status")  # by now it has been dealt with
        assert self.sim.ask("sessions")["open"]

    def _reads(self) -> list[str]:
        return self.sim.calls("GET /api/v10/channels/600/messages")

    async def thrown(self, line: str) -> None:
        """In private, where everything is answered."""
        assert await self.write(line[:2000], way="direct")

    async def pointed(self, command: str, id: str) -> None:
        """By the menu on the message."""
        entry = {"hide": "Leave out of transcript", "hold": "Hold", "mute": "Mute author"}[command]
        made = await self.tell("interact", by=self.account(HOST), menu=entry, on=id)
        await self.answered(made["id"])

    def id_of(self, by: str) -> str:
        return str(self.sim.tell("person", by=self.account(by))["id"])

    async def reword(self, id: str, text: str) -> None:
        """Edit a message."""
        await self.tell("edit", id=id, text=text)

    async def again(self, name: str) -> str:
        """The host gives a slash command without fields, and Discord tells of the very same one twice; its id."""
        info = next(one for one in self.bot.convenor.service.catalogue if one.name == name)
        await self.slash(info, {}, by=self.account(HOST))
        id = str(self._last["id"])
        answers = len(self._tries(id))
        await self.tell("gateway", do="repeat")
        await until(lambda: len(self._tries(id)) > answers, lambda: "the same interaction is dealt with once more")
        return id

    def _tries(self, interaction: str) -> list[str]:
        return self.sim.calls(f"/interactions/{interaction}/")

    def silenced(self) -> set[str]:
        """Who may not speak."""
        return {one["name"] for one in self.truth("people") if one["until"]}

    async def answers(self, who: str = "guest") -> list[str]:
        name = self.named(who)
        theirs = {one["id"] for one in self.truth("messages") if one["by"] == name}
        below = [one["content"] for one in self.truth("messages") if one["bot"] and one["reply_to"] in theirs]
        return below + [one["content"] for one in self.direct_messages(name)]
