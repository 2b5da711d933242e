"""Somebody of the team in a browser without JavaScript: opens pages, fills in their forms, and presses buttons."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from types import TracebackType
from typing import Self

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=60)


class TeamBrowser:
    """One browser. `page`, `path` and `status` are those of the last answer. Use it as an async context manager."""

    def __init__(self, address: str) -> None:
        self.address, self.page, self.path, self.status = address, "", "", 0
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    async def open(self, path: str) -> str:
        """Open a page."""
        async with self.session.get(self.address + path) as answer:
            return await self._see(answer)

    async def press(self, button: str, **typed: str) -> str:
        """Fill in the first form that has this button (`do=…`), and press it. Fields are named with `__` for a dot."""
        action, fields = next((one.action, one.fields) for one in _forms(self.page) if button in one.buttons)
        filled = fields | {name.replace("__", "."): value for name, value in typed.items()} | {"do": button}
        async with self.session.post(self.address + (action or self.path), data=filled) as answer:
            return await self._see(answer)

    async def post_form(self, path: str, typed: dict[str, str]) -> str:
        """Send what was typed to a path, with the token of the page."""
        async with self.session.post(self.address + path, data={"token": self.fields["token"], **typed}) as answer:
            return await self._see(answer)

    async def send_file(self, name: str, data: bytes) -> str:
        """Choose a file in the form that takes one, and press its button."""
        action, fields = next((one.action, one.fields) for one in _forms(self.page) if "read" in one.buttons)
        form = aiohttp.FormData(fields | {"do": "read"}, default_to_multipart=True)
        form.add_field("file", io.BytesIO(data), filename=name)
        async with self.session.post(self.address + action, data=form) as answer:
            return await self._see(answer)

    @property
    def buttons(self) -> list[str]:
        """The buttons of all forms of the page."""
        return [button for one in _forms(self.page) for button in one.buttons]

    @property
    def fields(self) -> dict[str, str]:
        """The fields of all forms of the page."""
        return {name: value for one in _forms(self.page) for name, value in one.fields.items()}

    async def _see(self, answer: aiohttp.ClientResponse) -> str:
        self.page, self.path, self.status = await answer.text(), answer.url.raw_path_qs, answer.status
        return self.page


class _FormParser(HTMLParser):
    """The forms of a page, with what is in their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_FormParser] = []
        self.action, self.fields, self.buttons = "", dict[str, str](), list[str]()
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_FormParser())
            self.forms[-1].action = given.get("action", "")
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "button" and name == "do":
            form.buttons.append(given["value"])
        elif tag == "input" and name and given.get("type") != "file":
            if given.get("type") != "checkbox" or "checked" in given:
                form.fields[name] = given.get("value", "")
        elif tag == "textarea" and name:
            self._textarea = name
            form.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            fields = self.forms[-1].fields
            fields[self._textarea] = fields[self._textarea].removeprefix("\n")
            self._textarea = ""


def _forms(page: str) -> list[_FormParser]:
    parser = _FormParser()
    parser.feed(page)
    return parser.forms
