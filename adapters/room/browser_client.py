"""A visitor who uses the room as a browser without scripts does: fetches a page, fills in its form, sends it.

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


class BrowserClient:
    """One person at one chat's page. Use it as an async context manager."""

    def __init__(self, address: str, chat: str, name: str) -> None:
        self._page = f"{address.rstrip('/')}/{chat}"
        self._name = name
        # An address that is only a number gets its cookie too.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def join(self) -> None:
        """Come in. Raises PlatformError if the room says no."""
        await self._post("join", {"token": await self._token(), "name": self._name})

    async def say(self, text: str, *, question: str = "", reply: str = "") -> str:
        """Answer a question (`q1`…), or reply to a message by its id; returns the new message's id."""
        fields = {"text": text, "to": question, "reply": f"room/{reply}" if reply else ""}
        where = await self._post("say", fields | {"token": await self._token()})
        return where.rpartition("#m-room-")[2]

    async def edit(self, id: str, text: str) -> None:
        """Change one's own message."""
        await self._post("edit", {"token": await self._token(), "id": id, "text": text})

    async def delete(self, id: str) -> None:
        """Take one's own message back."""
        await self._post("delete", {"token": await self._token(), "id": id})

    async def page(self) -> str:
        """The chat's page as HTML."""
        try:
            async with self._session.get(self._page) as response:
                return await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error

    async def _token(self) -> str:
        reader = _Token()
        reader.feed(await self.page())
        return reader.token

    async def _post(self, what: str, fields: dict[str, str]) -> str:
        try:
            async with self._session.post(f"{self._page}/{what}", data=fields, allow_redirects=False) as response:
                if response.status != HTTPStatus.SEE_OTHER:
                    final = response.status < HTTPStatus.TOO_MANY_REQUESTS
                    raise PlatformError(f"The room answered {response.status} to {what}.", permanent=final)
                return response.headers["Location"]
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PlatformError("The room did not answer.", ambiguous=True) from error


class _Token(HTMLParser):
    """Finds the token that the page's forms carry."""

    def __init__(self) -> None:
        super().__init__()
        self.token = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == "token":
            self.token = fields.get("value") or ""
