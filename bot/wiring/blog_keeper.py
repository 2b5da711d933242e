"""Keeps a draft of each published chat on the blog of the settings while the bot runs."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO

import structlog

from bot.blog import rules
from bot.blog.writer import BlogChat, BlogWriter, TakesConcerns
from bot.clock import Clock
from bot.errors import SetupError, StoreError
from bot.ports.blog import Blog
from bot.reporting.files import NAMES
from bot.reporting.imprint import Imprint
from bot.settings.settings import Settings
from bot.site.build import PublishedChat
from bot.store.blog_posts import BlogEntry, all_posts
from bot.store.database import Database
from bot.store.record_versions import records_version
from bot.wiring.published_chats import published_chats, site_of

_INTERVAL = timedelta(seconds=20)
"""Between two looks whether anything changed, by the clock at normal speed."""

_RECENT = timedelta(days=7)
"""A chat that was published longer ago gets no draft: whoever begins with a blog does not want them all."""

_OPEN = {"sending", "retry"}

_log = structlog.get_logger()


class BlogKeeper:
    """Keeps the drafts of one blog."""

    def __init__(
        self, settings: Settings, blog: Blog, *, database: Database, clock: Clock, monitor: TakesConcerns
    ) -> None:
        self._settings, self._database, self._clock = settings, database, clock
        self._writer = BlogWriter(blog, database, monitor)
        self._seen: str | None = None

    async def run(self) -> None:
        """Keep them until cancelled."""
        while True:
            await self.run_once(self._clock.now())
            await self._clock.sleep_until(self._clock.now() + _INTERVAL * self._clock.speed)

    async def run_once(self, now: datetime) -> None:
        """Write what changed since the last look, and what is to be tried again."""
        try:
            version, known = await asyncio.to_thread(self._look)
            is_due = any(one.state in _OPEN and one.next_at <= now for one in known.values())
            if version == self._seen and not is_due:
                return
            for chat in await asyncio.to_thread(self._chats, known, now):
                await self._writer.write(chat, known.get(chat.name), now)
            self._seen = version
        except (SetupError, StoreError) as error:
            _log.warning("blog.skipped", error=str(error))

    def _look(self) -> tuple[str, dict[str, BlogEntry]]:
        return self._database.read_sync(records_version), self._database.read_sync(all_posts)

    def _chats(self, known: dict[str, BlogEntry], now: datetime) -> list[BlogChat]:
        """The chats that have a post or are to have one, and those that have one and are published no more."""
        site = site_of(self._settings)
        imprint = Imprint(community=site.community)
        public = published_chats(self._database, site, now)
        wanted = [one for one in public if one.name in known or now - one.published < _RECENT]
        withdrawn = known.keys() - {one.name for one in public}
        return [
            *(BlogChat(one.name, one.title, one.state, partial(_transcript, one, imprint)) for one in wanted),
            *(BlogChat(name, "", "withdrawn", lambda: rules.WITHDRAWN) for name in sorted(withdrawn)),
        ]


def _transcript(chat: PublishedChat, imprint: Imprint) -> str:
    written = BytesIO()
    chat.prepare(imprint).writers[NAMES["wordpress"]](written)
    return written.getvalue().decode()
