"""Each platform as those who lead a chat, and everybody else, find it: how a command is given, and what is seen.

What is seen is the platform's own account: the room's pages, and the truth of the two simulators.
"""

from __future__ import annotations

import asyncio
import html
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from adapters.room.leader import Leader
from adapters.room.visitor import Visitor
from bot.desk import Offer
from bot.errors import PlatformError
from bot.store import links
from bot.wiring import address
from tests.contract.house import House, until
from tests.sims.drive import Simulator

HOST, HELPER = "host", "helper"
"""Who leads, and who helps to: a moderator. Anybody else is called as they call themselves."""

_STAMP = re.compile(r" \(Receipt \d+\)$")


_DATED = re.compile(r" \(\d\d? \w+ \d{4}, \d\d:\d\d\)$")
"""What the bot adds on a platform that takes no text twice."""


def plain(text: str) -> str:
    """An answer without the marks that a platform shows in its own way."""
    return text.replace("`", "")


class Stage(ABC):
    """One platform of a house. `ways` are those in which a command is given; the first is the usual one."""

    place: str
    ways: tuple[str, ...]
    quiet: str
    """The way whose receipt nobody else sees, and which says all."""

    def __init__(self, house: House) -> None:
        self.house = house

    def named(self, who: str) -> str:
        """What somebody is called who is nobody: another one in each chat."""
        return f"Pretend {who} {self.house.number}"

    called = ""
    """What stands before a command in the usual way."""

    # those who lead

    async def order(self, name: str, *, way: str = "", by: str = HOST, **fields: str) -> str:
        """Give a command by its name and fields; the receipt, as whoever gave it sees it."""
        offer = next(one for one in self.house.convenor.desk.offers if one.name == name)
        return await self._give(offer, fields, offer.line(fields), way or self.ways[0], by)

    @abstractmethod
    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        """Give a command in words; the receipt."""

    @abstractmethod
    async def _give(self, offer: Offer, fields: Mapping[str, str], line: str, way: str, by: str) -> str: ...

    async def sent(self, line: str, by: str) -> str:
        """A command that gets no answer, once the bot has dealt with it; its id."""
        raise NotImplementedError

    @abstractmethod
    async def confirm(self, line: str) -> str:
        """Do what was asked once more; the receipt. `line` is what was to be said."""

    # everybody else

    async def say(self, text: str, *, who: str = "guest", answers: bool = True) -> str:
        """Somebody says something, as an answer to the first question where it is out; its id, once it was heard."""
        id = await self._speak(text, self.named(who), answers=answers)
        await until(lambda: self.house.row(self.place, id), lambda: f"{text} is heard")
        return id

    async def attempt(self, line: str, *, who: str = "guest") -> str | None:
        """Somebody without a role gives a command aloud; what came of it, once it is in the log."""
        id = await self._speak(f"!{line}", self.named(who), answers=False)
        return (await until(lambda: self.house.command(self.place, id), lambda: f"{line} is in the log")).outcome

    @abstractmethod
    async def _speak(self, text: str, name: str, *, answers: bool) -> str: ...

    @abstractmethod
    async def posted(self) -> list[str]:
        """What the bot has said to everybody in this chat, as it reads now, without receipts."""

    @abstractmethod
    async def answers(self, who: str = "guest") -> list[str]:
        """What the bot said because of somebody: to them alone, or below what they wrote."""

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
        """The id of somebody who leads, where they have an account."""
        raise NotImplementedError

    def person(self, id: str) -> str:
        """Whoever wrote a message, as a command names them."""
        row = self.house.row(self.place, id)
        assert row is not None
        assert row.author is not None
        return f"{self.place}/{row.author.id}"

    async def shown(self, text: str) -> None:
        """Until the bot says this there, exactly once."""

        last: list[str] = []

        async def once() -> bool:
            last[:] = [_DATED.sub("", one) for one in await self.posted()]
            return last.count(text) == 1

        await self.house.soon(once, lambda: f"{text!r} in {self.place}, where there is {last}")

    async def open(self) -> None:  # noqa: B027 -- most have nothing to do
        """Before each chat."""

    async def close(self) -> None:  # noqa: B027 -- the same
        """After it."""


class RoomStage(Stage):
    """Who leads has a private link; the page there has forms, and a field for any command."""

    place, ways, quiet = "room", ("form", "typed"), "form"

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._leaders: dict[str, Leader] = {}
        self._visitors: dict[str, Visitor] = {}

    @property
    def address(self) -> str:
        return address(self.house.convenor.places["room"])

    async def leader(self, by: str = HOST) -> Leader:
        if by not in self._leaders:
            role: links.Lead = "host" if by == HOST else "moderator"
            key = await self.link(by, role)
            self._leaders[by] = Leader(self.address)
            await self._leaders[by].enter(key)
        return self._leaders[by]

    async def link(self, name: str, role: links.Lead) -> str:
        house = self.house
        made = house.convenor.database.run(
            lambda connection: links.make(
                connection, chat=house.chat.name, name=f"Pretend {name}", role=role, now=house.clock.now()
            )
        )
        return made[1]

    async def visitor(self, name: str) -> Visitor:
        if name not in self._visitors:
            self._visitors[name] = Visitor(self.address, self.house.chat.name, name)
            await self._visitors[name].join()
        return self._visitors[name]

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        del way
        return plain(await (await self.leader(by)).say(line))

    async def _give(self, offer: Offer, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        leader = await self.leader(by)
        if way == "typed" or not offer.takes:
            return plain(await leader.say(line))
        return plain(await leader.press(do=offer.slug, **fields))

    async def confirm(self, line: str) -> str:
        leader = await self.leader()
        assert f'value="{line}"' in await leader.page()
        return plain(await leader.press(say=line))

    async def twice(self, line: str) -> None:
        """The same form is sent again."""
        leader = await self.leader()
        form = {"say": line, "token": (await leader._look()).token}
        for _ in range(2):
            status, _ = await leader._ask("POST", leader._page, form)
            assert status == HTTPStatus.SEE_OTHER

    async def thrown(self, line: str) -> None:
        assert await self.write(line)

    async def refused(self, name: str) -> str:
        """What the room says to somebody who wants to be called so."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            page = f"{self.address}/{self.house.chat.name}"
            async with session.get(page) as answer:
                token = re.findall(r'name="token" value="([^"]*)"', await answer.text())[0]
            async with session.post(f"{page}/join", data={"token": token, "name": name}) as answer:
                return await answer.text()

    async def knock(self, key: str) -> int:
        """The status that a private link gets."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/host/{key}") as answer:
            return answer.status

    async def pointed(self, command: str, id: str) -> None:
        """By the button below the message."""
        await (await self.leader()).press(say=f"{command} room/{id}")

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        return await (await self.visitor(name)).say(text, question="q1" if answers else "")

    async def posted(self) -> list[str]:
        """Those of the board that the page really shows."""
        page = await self.page()
        asked = await self.house.convenor.board("room").asked(self.house.chat.name)
        return [one.text for one in asked if " ".join(one.text.split()) in page]

    async def page(self, name: str = "a reader") -> str:
        """The words of the page, as somebody sees it."""
        raw = await (await self.visitor(self.named(name))).page()
        return " ".join(html.unescape(re.sub(r"<[^>]*>", "", raw)).split())

    async def answers(self, who: str = "guest") -> list[str]:
        """Nobody is written to in the room."""
        del who
        return []

    async def close(self) -> None:
        for leader in self._leaders.values():
            await leader.__aexit__(None, None, None)
        for visitor in self._visitors.values():
            await visitor.__aexit__(None, None, None)
        self._leaders, self._visitors = {}, {}


class Simulated(Stage):
    """A platform that is simulated."""

    def __init__(self, house: House, sim: Simulator) -> None:
        super().__init__(house)
        self.sim = sim

    async def tell(self, what: str, **data: Any) -> Any:  # noqa: ANN401 -- JSON
        return await asyncio.to_thread(lambda: self.sim.tell(what, **data))

    async def spoken(self, text: str, *, by: str = "", by_role: str = "", **more: Any) -> str:  # noqa: ANN401 -- JSON
        """Anybody says anything; its id."""
        who = self.named_account(by_role) if by_role else {"by": by}
        return str((await self.tell("say", text=text, **who, **more))["id"])

    @abstractmethod
    def named_account(self, by: str) -> dict[str, str]:
        """Somebody, as the simulator calls them."""

    def truth(self, part: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sim.ask("truth")[part]
        return found

    def first(self) -> str:
        """The post with the first question."""
        return str(next(one.receipt for one in self.house.lines("q1") if one.post.place == self.place))


class XStage(Simulated):
    """Who leads mentions the bot, and is answered below; or writes it a direct message."""

    place, ways, quiet = "x", ("mention", "direct"), "direct"
    called = "@OTalk_ "

    async def open(self) -> None:
        """The bot asks X whose the handles are."""
        wanted = {("x", self.user(one)) for one in (HOST, HELPER)}
        roster = self.house.convenor.front.roster
        await until(lambda: wanted <= set(roster.team(self.house.chat.name)), lambda: "X said whose the handles are")

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
            answers = await until(lambda: self._letter(said["user_id"], said["id"]), lambda: f"answer to {line}")
            return plain(_STAMP.sub("", answers))
        said = await self.tell("say", text=f"@OTalk_ {line}", **self.account(by))
        answer = (await until(lambda: self.below(said["id"]), lambda: f"answer to {line}"))[0]
        return plain(_STAMP.sub("", answer))

    async def _give(self, offer: Offer, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        del offer, fields
        return await self.write(line, way=way, by=by)

    async def sent(self, line: str, by: str) -> str:
        """A mention, once the bot has dealt with it; its id."""
        said = await self.tell("say", text=f"@OTalk_ {line}", **self.account(by))
        await until(lambda: self.house.command("x", said["id"]), lambda: f"{line} is in the log")
        return str(said["id"])

    async def confirm(self, line: str) -> str:
        return await self.write(line)

    def below(self, id: str) -> list[str]:
        """The bot's replies to a post."""
        return [one["text"] for one in self.truth("posts") if one["by"] == "OTalk_" and one["reply_to"] == id]

    def _letter(self, person: str, after: str) -> str:
        found = [one for one in self.letters(person) if int(one["id"]) > int(after)]
        return str(found[0]["text"]) if found else ""

    def letters(self, person: str) -> list[dict[str, Any]]:
        """What the bot wrote to somebody alone."""
        told = self.truth("direct")
        return [one for one in told if one["by"] == "OTalk_" and person in one["conversation"].split("-")]

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        more = {"reply_to": self.first()} if answers else {}
        words = text if answers else f"@OTalk_ {text}"
        said = await self.tell("say", text=words, **self.account(name), **more)
        return str(said["id"])

    async def posted(self) -> list[str]:
        return [one["text"] for one in self.truth("posts") if one["by"] == "OTalk_" and self.house.tag in one["text"]]

    async def answers(self, who: str = "guest") -> list[str]:
        account = self.account(self.named(who))
        theirs = [one["id"] for one in self.truth("posts") if one["by"] == account["by"]]
        letters = [one["text"] for one in self.letters(self.user(self.named(who)))]
        return [text for id in theirs for text in self.below(id)] + letters

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
        await until(lambda: self.house.command("x", said["id"]), lambda: f"{line[:50]} is in the log")

    async def pointed(self, command: str, id: str) -> None:
        """As an answer to the message."""
        said = await self.tell("say", text=f"@OTalk_ {command}", reply_to=id, **self.account(HOST))
        await until(lambda: self.below(said["id"]), lambda: f"answer to {command}")

    def id_of(self, by: str) -> str:
        return self.user(by)

    def hidden(self) -> set[str]:
        return {one["id"] for one in self.truth("posts") if one["hidden"]}


class DiscordStage(Simulated):
    """Who leads has slash commands, answered so that only they see it; or writes `!next`, or to the bot in private."""

    place, ways, quiet = "discord", ("slash", "text", "direct"), "slash"

    def account(self, by: str) -> str:
        return by if by.startswith("Pretend ") else f"Pretend {by}"

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        channel = {"channel": "dm"} if way == "direct" else {}
        text = line if way == "direct" else f"!{line}"
        said = await self.tell("say", by=self.account(by), text=text, **channel)
        return plain(await until(lambda: self._letter(self.account(by), said["id"]), lambda: f"answer to {line}"))

    async def _give(self, offer: Offer, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        if way != "slash":
            return await self.write(line, way=way, by=by)
        return plain((await self.slash(offer, fields, by=self.account(by)))["content"])

    async def slash(self, offer: Offer, fields: Mapping[str, str], *, by: str) -> dict[str, Any]:
        """The answer to a slash command, which only they see."""
        group = "moderate" if offer.group in {"people", "queue"} else "chat"
        made = await self.tell("interact", by=by, command=group, sub=offer.slug, options=dict(fields))
        return await self.answered(made["id"])

    async def answered(self, interaction: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((one for one in self.sim.ask("answers") if one["id"] == interaction), None)

        answer = await until(found, lambda: "an answer to an interaction")
        assert answer["ephemeral"]
        assert answer["allowed_mentions"] == {"parse": []}
        self._last = answer
        return answer

    async def confirm(self, line: str) -> str:
        del line
        pressed = await self.tell("interact", by=self.account(HOST), button="Yes, do it", on=self._last["message"])
        return plain((await self.answered(pressed["id"]))["content"])

    def _letter(self, person: str, after: str) -> str:
        found = [one for one in self.letters(person) if int(one["id"]) > int(after)]
        return str(found[0]["content"]) if found else ""

    def letters(self, person: str) -> list[dict[str, Any]]:
        """What the bot wrote to somebody alone."""
        return [one for one in self.truth("messages") if one["bot"] and one["to"] == person]

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        more = {"reply_to": self.first()} if answers else {}
        return str((await self.tell("say", by=name, text=text, **more))["id"])

    async def posted(self) -> list[str]:
        told = self.truth("messages")
        return [one["content"] for one in told if one["bot"] and not one["to"] and self.house.tag in one["content"]]

    def named_account(self, by: str) -> dict[str, str]:
        return {"by": self.account(by)}

    async def twice(self, line: str) -> None:
        """The bot's connection breaks, so that what was said is read once more."""
        await self.write(line)
        begun = len(self.sim.ask("sessions")["identified"])
        await self.tell("gateway", do="invalidate")
        await until(lambda: len(self.sim.ask("sessions")["identified"]) > begun, lambda: "it is connected again")
        reads = len(self.sim.calls("GET /api/v10/channels/600/messages"))
        await until(
            lambda: len(self.sim.calls("GET /api/v10/channels/600/messages")) > reads, lambda: "it is read again"
        )
        assert self.sim.ask("sessions")["open"]

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

    def silenced(self) -> set[str]:
        """Who may not speak."""
        return {one["name"] for one in self.truth("people") if one["until"]}

    async def answers(self, who: str = "guest") -> list[str]:
        name = self.named(who)
        theirs = {one["id"] for one in self.truth("messages") if one["by"] == name}
        below = [one["content"] for one in self.truth("messages") if one["bot"] and one["reply_to"] in theirs]
        return below + [one["content"] for one in self.letters(name)]


__all__ = ["HELPER", "HOST", "DiscordStage", "PlatformError", "RoomStage", "Stage", "XStage"]
