"""The room, through its pages, as a browser without scripts has them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from adapters.room.browser_client import BrowserClient
from bot.ports.commands import CommandInfo
from bot.store import private_links
from bot.wiring.adapters import address
from tests.adapters.room.host_browser import HostBrowser
from tests.contract.command_drivers.driver import HOST, CommandDriver, plain
from tests.contract.running_bot import RunningBot


class RoomCommands(CommandDriver):
    """Who leads has a private link; the page there has forms, and a field for any command."""

    place, ways, quiet = "room", ("form", "typed"), "form"

    def __init__(self, bot: RunningBot) -> None:
        super().__init__(bot)
        self._leaders: dict[str, HostBrowser] = {}
        self._visitors: dict[str, BrowserClient] = {}

    @property
    def address(self) -> str:
        return address(self.bot.convenor.places["room"])

    async def leader(self, by: str = HOST) -> HostBrowser:
        if by not in self._leaders:
            role: private_links.LinkRole = "host" if by == HOST else "moderator"
            key = await self.link(by, role)
            self._leaders[by] = HostBrowser(self.address)
            await self._leaders[by].enter(key)
        return self._leaders[by]

    async def link(self, name: str, role: private_links.LinkRole) -> str:
        bot = self.bot
        made = bot.convenor.database.write_sync(
            lambda connection: private_links.create_link(
                connection, chat=bot.chat.name, name=f"Pretend {name}", role=role, now=bot.clock.now()
            )
        )
        return made[1]

    async def visitor(self, name: str) -> BrowserClient:
        if name not in self._visitors:
            self._visitors[name] = BrowserClient(self.address, self.bot.chat.name, name)
            await self._visitors[name].join()
        return self._visitors[name]

    async def write(self, line: str, *, way: str = "", by: str = HOST) -> str:
        del way
        return plain(await (await self.leader(by)).command(line))

    async def _give(self, info: CommandInfo, fields: Mapping[str, str], line: str, way: str, by: str) -> str:
        leader = await self.leader(by)
        if way == "typed" or not info.takes:
            return plain(await leader.command(line))
        return plain(await leader.press(do=info.slug, **fields))

    async def confirm(self, line: str, *, way: str = "") -> str:
        del way
        leader = await self.leader()
        assert f'value="{line}"' in await leader.page()
        return plain(await leader.press(say=line))

    async def twice(self, line: str) -> None:
        """The same form is sent again."""
        leader = await self.leader()
        form = {"say": line, "token": await leader.token()}
        for _ in range(2):
            status, _ = await leader.request("POST", leader.url, form)
            assert status == HTTPStatus.SEE_OTHER

    async def thrown(self, line: str) -> None:
        assert await self.write(line)

    async def refused(self, name: str) -> str:
        """The room's answer to a person who wants this name."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            page = f"{self.address}/{self.bot.chat.name}"
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

    async def asked(self, line: str, about: str = "", *, who: str = "guest") -> str:
        """Typed like an answer: the page that follows says what was done."""
        return self._text(await (await self.visitor(self.named(who))).ask(line, reply=about))

    async def _speak(self, text: str, name: str, *, answers: bool) -> str:
        return await (await self.visitor(name)).post(text, question="q1" if answers else "")

    async def reword(self, id: str, text: str, who: str = "guest") -> None:
        """Edit a message."""
        await (await self.visitor(self.named(who))).edit(id, text)

    async def posted(self) -> list[str]:
        """Those of the board that the page really shows."""
        page = await self.page()
        asked = await self.bot.convenor.conversation("room").posts(self.bot.chat.name)
        return [one.text for one in asked if " ".join(one.text.split()) in page]

    async def page(self, name: str = "a reader") -> str:
        """The text of the page, as a participant sees it."""
        return self._text(await (await self.visitor(self.named(name))).page())

    @staticmethod
    def _text(raw: str) -> str:
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
