"""The calendar files and the news feed of the room: of all chats, of a series, of one chat."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import lru_cache

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.room.app_context import AppContext
from bot.calendar import Source, calendar_file, feed
from bot.messages import Time
from bot.ports.views import ChatView
from bot.translation import _

_KEPT = timedelta(days=400)
"""How long a chat stays in calendars and feeds after its end."""

_MOST = 1000
"""Chats in one file: the latest."""


class CalendarFiles:
    """The GET handlers. A file is made once for all readers, until one of its chats changes."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def calendar(self, request: Request) -> Response:
        """The calendar. Raises 404 for a series or a chat without one."""
        chats, source = await self._chats(request), self._source(request)
        data = await asyncio.to_thread(_calendar, chats, source, self._minute())
        return Response(data, media_type="text/calendar")

    async def feed(self, request: Request) -> Response:
        """The feed. Raises 404 for a series without chats."""
        chats, source = await self._chats(request), self._source(request)
        data = await asyncio.to_thread(_feed, chats, source, request.url.path, self._minute())
        return Response(data, media_type="application/atom+xml")

    async def _chats(self, request: Request) -> tuple[ChatView, ...]:
        """The chats of the address, without what changes from question to question."""
        wanted = request.path_params
        since = self._app.adapter.clock.now() - _KEPT
        found = [
            one
            for one in await self._app.adapter.conversation.chat_views()
            if one.ends > since
            and wanted.get("series") in {None, one.chat.partition("/")[0]}
            and wanted.get("name") in {None, one.chat.partition("/")[2]}
        ]
        if wanted and not found:
            raise HTTPException(404)
        return tuple(msgspec.structs.replace(one, next_at=None, closes_at=None) for one in found[-_MOST:])

    def _source(self, request: Request) -> Source:
        address = self._app.settings.origin or str(request.base_url).rstrip("/")
        adapter = self._app.adapter
        name = adapter.community.name or _("Chats")
        return Source(name=name, address=address, calendar_host=adapter.calendar_host)

    def _minute(self) -> Time:
        """This minute: what is made in it is kept for all who ask."""
        return self._app.adapter.clock.now().replace(second=0, microsecond=0)


_calendar = lru_cache(maxsize=32)(calendar_file)
_feed = lru_cache(maxsize=32)(feed)
