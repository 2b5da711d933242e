"""The processor time of a post in the room, beside raw limits of the same run; when readers see it; a long page.

The bot is a process of its own with the real wiring, SQLite and all rules on; people and readers are in this process,
over real sockets. CPU of the bot's process with all its threads, not wall time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple
from urllib.parse import quote_plus

from benchmarks.pretend import conversation
from benchmarks.room_clients import Connection, Person, Reader, stamp
from benchmarks.room_servers import CHAT

_PEOPLE, _READERS = 50, 200
_POSTS = 600
"""Posts of a flood."""


class Server:
    """A server process."""

    def __init__(self, process: Process, address: str) -> None:
        self._process, self.address = process, address

    async def order(self, line: str) -> float:
        """Give an order; returns the CPU milliseconds spent so far."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n".encode())
        return float(json.loads(await self._process.stdout.readline())) * 1000

    async def cpu(self) -> float:
        """The CPU milliseconds spent so far."""
        return await self.order("cpu")


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Server]:
    """A server of this kind, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.room_servers", kind, folder, stdin=PIPE, stdout=PIPE
        )
        assert process.stdin
        assert process.stdout
        try:
            yield Server(process, (await process.stdout.readline()).decode().strip())
        finally:
            process.stdin.close()
            await process.wait()


class Texts:
    """Ordinary messages, no two the same. Each ends with its number in square brackets."""

    def __init__(self) -> None:
        self._said, self._numbers = conversation(people=1, chat=CHAT, places=["room"]), count()
        self._at = datetime.now(UTC)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each number and text."""
        for number in self._numbers:
            yield str(number), f"{self._said(self._at).text} [{number}]"


class Seen(NamedTuple):
    """The CPU milliseconds of a post, and the milliseconds after which each reader saw each post."""

    cpu: float
    after: list[float]

    @property
    def p95(self) -> float:
        """The time within which 95 of 100 were seen."""
        return quantiles(self.after, n=20, method="inclusive")[18]


async def flood(server: Server, people: list[Person], texts: Iterator[tuple[str, str]], *, by_script: bool) -> float:
    """All people at once, each as soon as the last post is answered. Returns the CPU milliseconds of a post.

    By script a post's answer has the next form; else each first fetches the page for its form.
    """
    before = await server.cpu()

    async def talk(person: Person) -> None:
        for _ in range(_POSTS // len(people)):
            if not by_script:
                await person.fetch_form()
            await (person.post_by_script if by_script else person.post_by_form)(next(texts)[1])

    await asyncio.gather(*(talk(person) for person in people))
    return (await server.cpu() - before) / _POSTS


async def at_rate(
    server: Server,
    people: list[Person],
    readers: list[Reader],
    texts: Iterator[tuple[str, str]],
    *,
    posts: int,
    rate: float,
) -> Seen:
    """Posts at an even rate, however long the answers take."""
    sent: dict[str, float] = {}
    before, begun = await server.cpu(), perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(posts):
            await asyncio.sleep(max(0, begun + number / rate - perf_counter()))
            mark, text = next(texts)
            sent[mark] = perf_counter()
            group.create_task(people[number % len(people)].post_by_script(text))
    await asyncio.sleep(1)
    cpu = (await server.cpu() - before) / posts
    return Seen(cpu, [(one.seen[mark] - at) * 1000 for one in readers for mark, at in sent.items() if mark in one.seen])


async def our_room(bare_form: float, bare_update: float) -> None:
    """The bot's room."""
    texts = iter(Texts())
    async with running("ours") as server, AsyncExitStack() as stack:
        people = [Person(server.address, CHAT, number) for number in range(_PEOPLE)]
        await asyncio.gather(*(one.join() for one in people))
        for one in people:
            stack.callback(one.close)
        for name, by_script in (("a post by script", True), ("a form's page and the post", False)):
            cpu = await flood(server, people, texts, by_script=by_script)
            print(f"  {name}, nobody reads: {cpu:.2f} ms, bare form {bare_form:.2f} ms, ratio {cpu / bare_form:.1f}")
        page = await people[0].fetch_form()
        readers = [Reader(server.address, f"/{CHAT}/stream", number) for number in range(_READERS)]
        await asyncio.gather(*(reader.open(stamp(page)) for reader in readers))
        for reader in readers:
            stack.push_async_callback(reader.close)
        await asyncio.gather(*(one.fetch_form() for one in people))
        limit = bare_form + bare_update
        for posts, rate in ((10, 2), (100, 20)):
            seen = await at_rate(server, people, readers, texts, posts=posts, rate=rate)
            print(
                f"  {rate} posts a second, {_READERS} readers: {seen.cpu:.2f} ms, bare {limit:.2f} ms, ratio"
                f" {seen.cpu / limit:.1f}; seen after {median(seen.after):.0f} ms, p95 {seen.p95:.0f} ms,"
                f" {len(seen.after) / posts / _READERS:.0%} shown"
            )
        await server.order("fill 3000")
        newcomer = Person(server.address, CHAT, _PEOPLE)
        await newcomer.join()
        stack.callback(newcomer.close)
        await _long_page(server, newcomer)


async def _long_page(server: Server, person: Person) -> None:
    await asyncio.sleep(1)  # what came last is stored, and the readers have it
    for name in ("a page of over 3,000 messages", "the same again"):
        begun, before = perf_counter(), await server.cpu()
        page = await person.fetch_form()
        taken, spent = (perf_counter() - begun) * 1000, await server.cpu() - before
        print(f"  {name}: {taken:.0f} ms, of it {spent:.0f} ms CPU; {len(page) / 1000:.0f} kB")


async def bare() -> tuple[float, float]:
    """The CPU milliseconds of the raw limits: a form, and an update to all readers."""
    texts = iter(Texts())
    async with running("form") as server:
        connections = [Connection(server.address) for _ in range(_PEOPLE)]

        async def talk(one: Connection) -> None:
            await one.open()
            for _ in range(_POSTS // _PEOPLE):
                status, _ = await one.ask("/say", f"token=x&text={quote_plus(next(texts)[1])}")
                assert status == 303
            one.close()

        before = await server.cpu()
        await asyncio.gather(*(talk(one) for one in connections))
        form = (await server.cpu() - before) / _POSTS
    async with running("streams") as server:
        readers = [Reader(server.address, "/stream", number) for number in range(_READERS)]
        await asyncio.gather(*(reader.open() for reader in readers))
        sender = Connection(server.address)
        await sender.open()
        update = "x" * 1500  # a rendered message
        before = await server.cpu()
        for _ in range(20):
            await sender.ask("/say", update)
            await asyncio.sleep(0.05)
        spent = (await server.cpu() - before) / 20
        for reader in readers:
            await reader.close()
        sender.close()
    return form, spent


def main() -> None:
    """Measure and print."""
    print(f"The room: CPU of the bot's process, {_PEOPLE} people at once")
    asyncio.run(our_room(*asyncio.run(bare())))


if __name__ == "__main__":
    main()
