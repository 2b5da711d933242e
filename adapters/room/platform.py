"""The room as a `Platform`: it opens a socket, serves the pages, and closes promptly.

Posts need no sending, because the pages read them from the conversation view; `send` only makes the receipt, and
making it twice is harmless. Pages are read and written elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from adapters.kit.bounded import RecentMap
from adapters.room.app import build
from adapters.room.app_context import AppContext
from adapters.room.chat_pages import ChatPages
from adapters.room.diagnosis import diagnose
from adapters.room.http_server import HttpServer
from adapters.room.listening_socket import bind
from adapters.room.live_updates import LiveUpdates
from adapters.room.private_links import PrivateLinks
from adapters.room.rate_limits import RateLimits
from adapters.room.render import Renderer
from adapters.room.resemblance import Resemblance
from adapters.room.sessions import Sessions
from adapters.room.settings import RoomSettings, traits_of
from bot.errors import PlatformError
from bot.messages import Author, Post, Receipt
from bot.ports.inbound import AdapterContext
from bot.ports.platform import CurrentMessages, Diagnosis, Page, ReadCount, ReadRequest, Traits

_MAX_ANSWERS = 500
"""Last answers that are kept, one for each host or moderator."""


class Room:
    """One room. Implements `bot.ports.platform.Platform`. Raises SetupError for settings that can't work."""

    def __init__(self, adapter: AdapterContext, settings: RoomSettings) -> None:
        settings.check()
        self._adapter, self._settings = adapter, settings
        sessions = Sessions(settings.secret, secure=settings.is_https)
        rate_limits = RateLimits(settings.per_person, settings.per_address)
        renderer = Renderer(adapter.place, sessions, adapter.community)
        chat_pages = ChatPages(adapter.conversation, adapter.clock)
        self._app = AppContext(
            adapter=adapter,
            settings=settings,
            sessions=sessions,
            private_links=PrivateLinks(
                adapter.commands, rate_limits, sessions, place=adapter.place, secure=settings.is_https
            ),
            rate_limits=rate_limits,
            resemblance=Resemblance(adapter.clock),
            last_answers=RecentMap(_MAX_ANSWERS),
            chat_pages=chat_pages,
            live_updates=LiveUpdates(adapter.conversation, chat_pages, renderer),
            renderer=renderer,
        )
        self._server: HttpServer | None = None
        self._serving: asyncio.Task[None] | None = None
        self._address = ""
        self._traits = traits_of(settings.public_url)

    @property
    def traits(self) -> Traits:
        """Sending twice is harmless, and posts are visible at once."""
        return self._traits

    @property
    def address(self) -> str:
        """The URL that the room listens on; empty before `open`."""
        return self._address

    @property
    def streams(self) -> int:
        """How many pages have live updates."""
        return self._app.live_updates.streams

    async def open(self) -> None:
        """Listen and serve. Raises SetupError if the address is taken or can't be used."""
        sock = bind(self._settings.host, self._settings.port, self._adapter.place)
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        self._address = f"http://{host}:{sock.getsockname()[1]}"
        self._app.live_updates.open()
        self._server = HttpServer.create(build(self._app), behind_proxy=self._settings.behind_proxy)
        self._serving = asyncio.create_task(self._server.serve([sock]), name=f"room {self._adapter.place}")
        await self._server.started_up.wait()

    async def listen(self, *, wanted: bool) -> None:
        """Do nothing: each process has a room of its own and gets its messages."""
        del wanted

    async def send(self, post: Post) -> Receipt:
        """The receipt; the pages show the post as soon as the core has it. An edit keeps the old post's id."""
        anchor = post.key if post.kind == "question" else f"p-{post.edits or post.nonce}"
        url = f"{self._settings.origin or self._address}/{post.chat}#{anchor}"
        return Receipt(id=post.edits or post.nonce, url=url, at=self._adapter.clock.now())

    async def find(self, post: Post) -> Receipt | None:
        """The same receipt as from `send`: every post of the core is in the room."""
        return await self.send(post)

    async def read(self, reading: ReadRequest) -> Page:
        """Return nothing: the room reports everything at once."""
        del reading
        return Page()

    async def find_names(self, ids: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Return nothing: events from the room have names."""
        del ids, chat
        return ()

    async def find_handles(self, handles: Sequence[str], chat: str) -> tuple[Author, ...]:
        """Return nothing: there are no accounts in the room."""
        del handles, chat
        return ()

    async def count_reads(self, days: int) -> ReadCount:
        """Refuse: reading is free."""
        raise PlatformError(f"The room does not count what is read in {days} days.", permanent=True)

    async def find_current(self, ids: Sequence[str], chat: str) -> CurrentMessages:
        """Return nothing: the room reports every change itself."""
        del ids, chat
        return CurrentMessages()

    async def find_deleted(self, ids: Sequence[str], chat: str) -> tuple[str, ...]:
        """Return nothing: the room reports deletions at once."""
        del ids, chat
        return ()

    async def diagnose(self) -> tuple[Diagnosis, ...]:
        """Check that the address can be bound, the secret is long enough, and enough files may be open."""
        return diagnose(self._settings, self._adapter.place, self._address)

    async def close(self) -> None:
        """Stop serving, live updates first. Takes about a second."""
        self._app.live_updates.close()
        if self._server and self._serving:
            self._server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await self._serving
        self._server = self._serving = None
        await self._app.resemblance.close()
