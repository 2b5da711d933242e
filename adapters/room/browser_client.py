"""A participant that uses the room as a browser without JavaScript does: fetches a page, fills in its form, sends it.

For rehearsals and tests. It goes over a real socket like all clients, and keeps only its cookie.
"""

from __future__ import annotations

from html.parser import HTMLParser
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from bot.errors import PlatformError

_TIMEOUT = aiohttp.ClientTimeout(total=10)


class BrowserClient:
    """One participant on one chat's page. Use it as an async context manager."""

    def __init__(self, address: str, chat: str, name: str) -> None:
        self._address = address.rstrip("/")
        self._page = f"{self._address}/{chat}"
        self._name = name
        # `unsafe`: cookies are accepted from an IP address, too
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def join(self) -> None:
        """Join the chat. Raises PlatformError if the room refuses."""
        await self._send("join", {"token": await self._token(), "name": self._name})

    async def post(self, text: str, *, question: str = "", reply: str = "") -> str:
        """Post an answer to a question (`q1`…), or a reply to a message by its id; returns the new message's id."""
        fields = {"text": text, "to": question, "reply": f"room/{reply}" if reply else ""}
        location = await self._send("say", fields | {"token": await self._token()})
        return location.rpartition("#m-room-")[2]

    async def ask(self, text: str, *, reply: str = "") -> str:
        """Type what people ask for about themselves, in reply to a message by its id; returns the page that follows."""
        fields = {"text": text, "reply": f"room/{reply}" if reply else ""}
        path = await self._send("say", fields | {"token": await self._token()})
        return await self.page(path)

    async def edit(self, id: str, text: str) -> None:
        """Edit your own message."""
        await self._send("edit", {"token": await self._token(), "id": id, "text": text})

    async def delete(self, id: str) -> None:
        """Delete your own message."""
        await self._send("delete", {"token": await self._token(), "id": id})

    async def page(self, path: str = "") -> str:
        """The chat's page, or the one at a path of the room, as HTML."""
        try:
            async with self._session.get(f"{self._address}{path}" if path else self._page) as response:
                return await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error

    async def _token(self) -> str:
        parser = _TokenParser()
        parser.feed(await self.page())
        return parser.token

    async def _send(self, action: str, fields: dict[str, str]) -> str:
        try:
            async with self._session.post(f"{self._page}/{action}", data=fields, allow_redirects=False) as response:
                if response.status != HTTPStatus.SEE_OTHER:
                    permanent = response.status < HTTPStatus.TOO_MANY_REQUESTS
                    raise PlatformError(f"The room answered {response.status} to {action}.", permanent=permanent)
                return response.headers["Location"]
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error


class _TokenParser(HTMLParser):
    """Finds the CSRF token in the page's forms."""

    def __init__(self) -> None:
        super().__init__()
        self.token = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == "token":
            self.token = fields.get("value") or ""
