"""Builds what works on records after the chats: publication, drafts on a blog, the site, erasure and retention."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bot.reporting.imprint import Imprint
from bot.scheduling.place_monitor import PlaceMonitor
from bot.settings.settings import Settings
from bot.wiring.adapters import blog
from bot.wiring.blog_keeper import BlogKeeper
from bot.wiring.community import community
from bot.wiring.erasure_keeper import ErasureKeeper
from bot.wiring.foundation import Foundation
from bot.wiring.published_folder import PublishedFolder
from bot.wiring.publisher import ExecuteOwn, Publisher
from bot.wiring.retention_keeper import RetentionKeeper
from bot.wiring.running_task import running_task
from bot.wiring.site_keeper import SiteKeeper


class Afterwards:
    """`open` before the chats are helped, then `run`; `planning` is for the process that plans.

    `reload_people` reads again who asked for what, `reload_chat` a chat, whose hosts may be fewer.
    """

    def __init__(
        self,
        foundation: Foundation,
        monitor: PlaceMonitor,
        *,
        execute_own: ExecuteOwn,
        reload_people: Callable[[], Awaitable[None]],
        reload_chat: Callable[[str], Awaitable[None]],
    ) -> None:
        self._foundation, self._monitor = foundation, monitor
        self.publisher = self._make_publisher(execute_own)
        self.erasing = ErasureKeeper(foundation, reload_people=reload_people, reload_chat=reload_chat)
        self._retention = RetentionKeeper(foundation)
        self._blog_keeper: BlogKeeper | None = None

    def open(self, stack: AsyncExitStack) -> None:
        """Open the blog, if there is one, until the stack closes."""
        settings, clock, database, _, _ = self._foundation
        if (drafts := blog(settings, clock)) is not None:
            stack.push_async_callback(drafts.close)
            self._blog_keeper = BlogKeeper(settings, drafts, database=database, clock=clock, monitor=self._monitor)

    async def run(self, stack: AsyncExitStack) -> None:
        """Erase what is asked for or due, and keep the site, until the stack closes."""
        settings, clock, database, _, _ = self._foundation
        await stack.enter_async_context(running_task(self.erasing.run()))
        await stack.enter_async_context(running_task(self._retention.run()))
        if settings.site.folder:
            site_keeper = SiteKeeper(settings, database=database, clock=clock, monitor=self._monitor)
            await stack.enter_async_context(running_task(site_keeper.run()))

    def planning(self) -> Iterator[Coroutine[None, None, None]]:
        """Work for the process that plans, and no other."""
        yield self.publisher.run()
        if self._blog_keeper is not None:
            yield self._blog_keeper.run()

    def _make_publisher(self, execute_own: ExecuteOwn) -> Publisher:
        settings, clock, database, live_chats, _ = self._foundation
        path = settings.publication.folder
        return Publisher(
            live_chats=live_chats,
            clock=clock,
            execute_own=execute_own,
            folder=PublishedFolder(Path(path), database, clock, partial(_imprint, settings)) if path else None,
            monitor=self._monitor,
        )


def _imprint(settings: Settings) -> Imprint:
    return Imprint(community=community(settings))
