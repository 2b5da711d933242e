"""A leader who uses a private link as a browser without scripts does: opens it, fills in the form, reads the answer.

For rehearsals and tests. It goes through the same door as everyone, over a real socket, and keeps only its cookie.
"""

from __future__ import annotations

from html.parser import HTMLParser
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from bot.errors import PlatformError

_TIMEOUT = aiohttp.ClientTimeout(total=10)


class HostBrowser:
    """One person with a private link. Use it as an async context manager."""

    def __init__(self, address: str) -> None:
        self._address, self._page = address.rstrip("/"), ""
        # An address that is only a number gets its cookie too.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def enter(self, key: str) -> None:
        """Open the link. Raises PlatformError if it is good for nothing."""
        url = f"{self._address}/host/{key}"
        status, where = await self._ask("GET", url)
        if status != HTTPStatus.SEE_OTHER:
            raise PlatformError(f"The link was answered with {status}.", permanent=True)
        self._page = f"{self._address}{where}"

    async def say(self, command: str) -> str:
        """Give a command, in the same words as anywhere; returns the answer. Raises PlatformError."""
        return (await self._send({"say": command, "typed": "yes"})).answer

    async def post(self, text: str) -> str:
        """Say something in the chat under one's own name; returns the message's id."""
        form = {"token": (await self._look()).token, "text": text, "to": "general", "reply": ""}
        status, where = await self._ask("POST", f"{self._page.removesuffix('/host')}/say", form)
        if status != HTTPStatus.SEE_OTHER:
            raise PlatformError(f"The room answered {status} to a message.", permanent=True)
        return where.rpartition("#m-room-")[2]

    async def press(self, **fields: str) -> str:
        """Send one of the page's other forms by its fields; returns the answer. Raises as `say`."""
        return (await self._send(fields)).answer

    async def page(self) -> str:
        """The host's page as HTML. Raises PlatformError if it is closed to us."""
        try:
            async with self._session.get(self._page) as response:
                if response.status != HTTPStatus.OK:
                    raise PlatformError(f"The host's page was answered with {response.status}.", permanent=True)
                return await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error

    async def _send(self, fields: dict[str, str]) -> _Reader:
        status, _ = await self._ask("POST", self._page, fields | {"token": (await self._look()).token})
        if status != HTTPStatus.SEE_OTHER:
            final = status < HTTPStatus.TOO_MANY_REQUESTS
            raise PlatformError(f"The room answered {status} to a command.", permanent=final)
        return await self._look()

    async def _look(self) -> _Reader:
        reader = _Reader()
        reader.feed(await self.page())
        return reader

    async def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        try:
            async with self._session.request(method, url, data=form, allow_redirects=False) as response:
                return response.status, response.headers.get("Location", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error


class _Reader(HTMLParser):
    """Finds the token that the page's forms carry, and the words of the last answer."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self._words, self._inside = "", "", False

    @property
    def answer(self) -> str:
        """The answer, with its lines."""
        return self._words.strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == "token":
            self.token = fields.get("value") or ""
        if tag == "span" and fields.get("class") == "answer":
            self._inside = True
        if tag == "br" and self._inside:
            self._words += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._words += data
