"""The room as a Platform: it opens a socket, serves the pages, and closes promptly.

A post needs no sending, because the pages read what has been asked from the Board; the receipt is the whole of it, and
giving it twice is harmless. Nothing here reads or writes a page.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.room.app import build
from adapters.room.app_context import AppContext
from adapters.room.http_server import HttpServer, bind
from adapters.room.last_answers import LastAnswers
from adapters.room.live_updates import LiveUpdates
from adapters.room.private_links import PrivateLinks
from adapters.room.rate_limits import RateLimits
from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot.clock import Clock
from bot.errors import SetupError
from bot.messages import Author, Post, Receipt
from bot.ports.commands import CommandPort
from bot.ports.inbound import Listener
from bot.ports.platform import Delivery, Diagnosis, Features, Page, ReadRequest, TextRules, Traits
from bot.ports.views import ConversationView

TRAITS = Traits(
    platform="room",
    called="the web room",
    text=TextRules(limit=2000),
    delivery=Delivery(timeout=5.0, idempotent=True),
    features=Features(edits=True, own_pages=True),
)


class Room:
    """One room, under the name `place`. Implements `bot.ports.platform.Platform`.

    `public_url` is where people reach it, without a path (empty: `address`); `secret` signs cookies and forms (empty:
    a new one at each start, so that everybody has to join again). `per_person` and `per_address` are rates as the
    `limits` library writes them ("12/minute"); `longest` is the longest message in characters. `behind_proxy` says
    that a proxy on a private network is in front, whose word about the visitor's address is taken.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each setting
        self,
        *,
        place: str,
        clock: Clock,
        listener: Listener,
        conversation: ConversationView,
        commands: CommandPort,
        host: str,
        port: int,
        public_url: str,
        secret: str,
        behind_proxy: bool,
        per_person: str,
        per_address: str,
        longest: int,
    ) -> None:
        self._place, self._clock, self._host, self._port = place, clock, host, port
        self._public, self._behind_proxy = public_url.rstrip("/"), behind_proxy
        secure = public_url.startswith("https:")
        people, pace = Sessions(secret, secure=secure), RateLimits(per_person, per_address, clock)
        renderer = Renderer(place, people)
        self._streams = LiveUpdates(conversation, clock, renderer)
        self._app = AppContext(
            place=place,
            clock=clock,
            listener=listener,
            conversation=conversation,
            commands=commands,
            people=people,
            keys=PrivateLinks(commands, pace, secure=secure),
            receipts=LastAnswers(),
            pace=pace,
            streams=self._streams,
            renderer=renderer,
            longest=longest,
            origin=_origin(self._public),
        )
        self._door: HttpServer | None = None
        self._serving: asyncio.Task[None] | None = None
        self._address = ""

    @property
    def traits(self) -> Traits:
        """Sending twice is harmless, and what is sent is seen at once."""
        return TRAITS

    @property
    def address(self) -> str:
        """Where the room really listens, as a URL; empty before `open`."""
        return self._address

    async def open(self) -> None:
        """Listen and serve. Raises SetupError if the address is taken or cannot be had."""
        sock = bind(self._host, self._port, self._place)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._address = f"http://{host}:{sock.getsockname()[1]}"
        self._streams.open()
        self._door = HttpServer.at(build(self._app), behind_proxy=self._behind_proxy)
        self._serving = asyncio.create_task(self._door.serve([sock]), name=f"room {self._place}")
        await self._door.ready.wait()

    async def send(self, post: Post) -> Receipt:
        """Nothing to do: the pages show the post as soon as the core has this receipt. New words keep the old id."""
        anchor = post.key if post.kind == "question" else f"p-{post.amends or post.nonce}"
        url = f"{self._public or self._address}/{post.chat}#{anchor}"
        return Receipt(id=post.amends or post.nonce, url=url, at=self._clock.now())

    async def find(self, post: Post) -> Receipt | None:
        """The same receipt as from `send`: what is owed to the room is always there."""
        return await self.send(post)

    async def read(self, reading: ReadRequest) -> Page:
        """There is nothing to read: what is said in the room was never anywhere else."""
        del reading
        return Page()

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Nobody: people say in the room what they want to be called."""
        del ids, chat
        return ()

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Nobody: nobody has an account here."""
        del handles, chat
        return ()

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """None: the room tells at once what is taken back."""
        del ids, chat
        return ()

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Whether the address can be had. Where it is taken, that may be by the room itself, which is open already."""
        if self._address:
            return (Diagnosis(level="ok", text=f"It is open at {self._address}."),)
        try:
            sock = bind(self._host, self._port, self._place)
        except SetupError as error:
            text = f"{error} If `convenor run` is running, that is how it should be."
            return (Diagnosis(level="doubt", text=text),)
        sock.close()
        return (Diagnosis(level="ok", text=f"Its address can be had: {self._host}, port {self._port or 'any'}."),)

    async def close(self) -> None:
        """Stop serving; streams end first. Within about a second."""
        self._streams.close()
        if self._door and self._serving:
            self._door.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving
        self._door = self._serving = None


def _origin(public: str) -> str:
    """The scheme and host under which forms are sent to us. A path is refused: the pages' links start at the root."""
    parts = urlsplit(public)
    if parts.path or parts.query or (public and parts.scheme not in {"http", "https"}):
        raise SetupError(f"public_url '{public}' must read like https://chat.example.org, with no path")
    return public
