"""People and readers for the benchmark of the room: the least HTTP over real sockets, so that they cost little."""

from __future__ import annotations

import asyncio
import json
import re
from time import perf_counter
from urllib.parse import quote_plus, urlsplit

_TOKEN = re.compile(rb'name="token" value="([^"]+)"')
_STAMP = re.compile(rb'data-stamp="([^"]+)"')


class Connection:
    """One kept connection, from an address of its own as a proxy would name it, with its cookies."""

    def __init__(self, address: str, client: int = 0) -> None:
        self._at = urlsplit(address)
        self._head = f"Host: {self._at.netloc}\r\nX-Forwarded-For: 10.9.{client // 250}.{client % 250 + 1}\r\n"
        self._cookies: dict[str, str] = {}
        self.location = ""

    async def open(self) -> None:
        """Connect."""
        self.reader, self._writer = await asyncio.open_connection(self._at.hostname, self._at.port, limit=1 << 22)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def ask(self, path: str, body: str | None = None, accept: str = "*/*") -> tuple[int, bytes]:
        """Send a GET, or a POST with a form; returns the status and the body."""
        if self.reader.at_eof():  # the server closes connections that nobody uses for a while
            self.close()
            await self.open()
        await self.send(path, body, accept)
        status, length = await self.head()
        return status, await self.reader.readexactly(length)

    async def send(self, path: str, body: str | None = None, accept: str = "*/*") -> None:
        """Send a request without waiting for the answer."""
        cookies = "".join(f"Cookie: {name}={value}\r\n" for name, value in self._cookies.items())
        sent = body.encode() if body is not None else b""
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(sent)}\r\n" if sent else ""
        line = f"{'POST' if sent else 'GET'} {path} HTTP/1.1\r\n{self._head}Accept: {accept}\r\n{cookies}{kind}\r\n"
        self._writer.write(line.encode() + sent)
        await self._writer.drain()

    async def head(self) -> tuple[int, int]:
        """The status of the answer, and the length of its body; 0 for a stream."""
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "location":
                self.location = value
            elif name.lower() == "set-cookie":
                key, _, given = value.partition(";")[0].partition("=")
                self._cookies[key] = given
        return int(lines[0].split()[1]), length


class Person:
    """Somebody who joins and posts: as a browser without JavaScript, or as our script does."""

    def __init__(self, address: str, chat: str, number: int) -> None:
        self._connection, self._path, self._number = Connection(address, number), f"/{chat}", number
        self._said = 0
        self._token = ""

    async def join(self) -> None:
        """Open the page and join."""
        await self._connection.open()
        await self.fetch_form()
        name = f"Pretend participant {self._number}".replace(" ", "+")
        status, _ = await self._connection.ask(f"{self._path}/join", f"token={self._token}&name={name}")
        assert status == 303, status
        await self.fetch_form()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    async def fetch_form(self) -> bytes:
        """Fetch the page for its form."""
        status, page = await self._connection.ask(self._path)
        found = _TOKEN.search(page)
        assert status == 200, status
        assert found
        self._token = found[1].decode()
        return page

    async def post_by_form(self, text: str) -> None:
        """Post by the form of a fetched page; the redirect isn't followed. `fetch_form` before the next one."""
        status, _ = await self._connection.ask(f"{self._path}/say", self._form(text))
        assert status == 303, status

    async def post_by_script(self, text: str) -> None:
        """Post as our script does: the answer has the next form's token."""
        status, answer = await self._connection.ask(f"{self._path}/say", self._form(text), "application/json")
        assert status == 201, status
        self._token = json.loads(answer)["token"]

    def _form(self, text: str) -> str:
        self._said += 1
        return f"token={self._token}&to=q{(self._number + self._said) % 6 + 1}&reply=&text={quote_plus(text)}"


class Reader:
    """An open stream. `seen` has the moment at which each text came."""

    def __init__(self, address: str, path: str, number: int) -> None:
        self._connection, self._path = Connection(address, 1000 + number), path
        self.seen: dict[str, float] = {}
        self.reloads = 0

    async def open(self, seen: str = "") -> None:
        """Open the stream, and note what comes."""
        await self._connection.open()
        await self._connection.send(f"{self._path}?seen={seen}", accept="text/event-stream")
        status, _ = await self._connection.head()
        assert status == 200, status
        self._task = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Close the stream."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._connection.close()

    async def _read(self) -> None:
        while data := await self._connection.reader.read(1 << 20):
            now = perf_counter()
            self.reloads += data.count(b"event: again")
            for mark in re.findall(rb"\[([0-9]+)\]", data):
                self.seen.setdefault(mark.decode(), now)


def stamp(page: bytes) -> str:
    """The version that a page shows."""
    found = _STAMP.search(page)
    return found[1].decode() if found else ""
