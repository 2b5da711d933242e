"""A host that uses a private link as a browser without JavaScript does: opens it, sends forms, reads the answers.

It goes over a real socket like all clients, and keeps only its cookie.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from bot.errors import PlatformError

_TIMEOUT = aiohttp.ClientTimeout(total=10)


class HostBrowser:
    """One host or moderator with a private link. Use it as an async context manager.

    `url` is the host's page, once the link was opened.
    """

    def __init__(self, address: str) -> None:
        self._address, self.url = address.rstrip("/"), ""
        # `unsafe`: cookies are accepted from an IP address, too
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def enter(self, key: str) -> None:
        """Open the link. Raises PlatformError if it doesn't work."""
        status, path = await self.request("GET", f"{self._address}/host/{key}")
        if status != HTTPStatus.SEE_OTHER:
            raise PlatformError(f"The link was answered with {status}.", permanent=True)
        self.url = f"{self._address}{path}"

    async def command(self, text: str) -> str:
        """Type a command; returns the answer. Raises PlatformError."""
        return await self.press(say=text, typed="yes")

    async def press(self, **fields: str) -> str:
        """Send one of the page's forms; returns the answer. Raises PlatformError."""
        status, _ = await self.request("POST", self.url, fields | {"token": await self.token()})
        if status != HTTPStatus.SEE_OTHER:
            permanent = status < HTTPStatus.TOO_MANY_REQUESTS
            raise PlatformError(f"The room answered {status} to a command.", permanent=permanent)
        parser = _AnswerParser()
        parser.feed(await self.page())
        return parser.answer.strip()

    async def send(self, headers: dict[str, str] | None = None, /, **fields: str) -> tuple[int, str]:
        """Send a form exactly as given; returns the status and the body, which may be an error page."""
        async with self.session.post(self.url, data=fields, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text()

    async def post(self, text: str) -> str:
        """Post a message in the chat; returns its id. Raises PlatformError."""
        form = {"token": await self.token(), "text": text, "to": "general", "reply": ""}
        status, path = await self.request("POST", f"{self.url.removesuffix('/host')}/say", form)
        if status != HTTPStatus.SEE_OTHER:
            raise PlatformError(f"The room answered {status} to a message.", permanent=True)
        return path.rpartition("#m-room-")[2]

    async def page(self, below: str = "") -> str:
        """The host's page, or one `below` it, as HTML. Raises PlatformError if the link doesn't open it."""
        try:
            async with self.session.get(f"{self.url}{below}") as response:
                if response.status != HTTPStatus.OK:
                    raise PlatformError(f"The host's page was answered with {response.status}.", permanent=True)
                return await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error

    async def token(self) -> str:
        """A CSRF token from the host's page."""
        found = re.search(r'name="token" value="([^"]+)"', await self.page())
        assert found
        return found[1]

    async def request(self, method: str, url: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """The status of the answer, and where it leads. Raises PlatformError if there is none."""
        try:
            async with self.session.request(method, url, data=form, allow_redirects=False) as response:
                return response.status, response.headers.get("Location", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error


class _AnswerParser(HTMLParser):
    """Finds the text of the last answer, with its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.answer, self._inside = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span" and dict(attrs).get("class") == "answer":
            self._inside = True
        if tag == "br" and self._inside:
            self.answer += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.answer += data
