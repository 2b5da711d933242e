"""Chats that are over and whose record is withheld, or published without everybody's name.

What was said in them is for those who lead them alone.

Everybody else is told so, at every address of the chat. What is about one's own messages stays: who wrote them may
still look at them, delete them, and have all of it erased. Those who lead keep their own pages.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.room.app_context import AppContext
from adapters.room.pages import chat_name
from adapters.room.personal_pages import PersonalPages
from adapters.room.store_timeout import Handler
from bot.ports.views import ChatView
from bot.translation import pending

CONCEALED = pending("The record of this chat is not public, so what was said in it isn't shown here.")

UNNAMED = pending(
    "The record of this chat is published without everybody's name, so the conversation isn't shown here any more."
)


class ConcealedChats:
    """Guards handlers of pages for everybody."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._views = app, PersonalPages(app)

    def guard(self, handler: Handler) -> Handler:
        """The handler; it raises 404 for a chat that is concealed."""

        async def guarded(request: Request) -> Response:
            chat_view = await self._app.adapter.conversation.chat_view(chat_name(request))
            if chat_view is not None and chat_view.concealed:
                raise HTTPException(404, _why(chat_view))
            return await handler(request)

        return guarded

    def guard_page(self, handler: Handler) -> Handler:
        """The handler of a chat's page; for one that is concealed the page says when it was, and no more.

        It leads to what is published of it, if the archive has it.
        """

        async def guarded(request: Request) -> Response:
            chat = chat_name(request)
            chat_view = await self._app.adapter.conversation.chat_view(chat)
            if chat_view is None or not chat_view.concealed:
                return await handler(request)
            has_link = await self._app.private_links.session_or_none(request, chat) is not None
            published = self._app.adapter.archive.page_of(chat) if chat_view.publication.is_public else ""
            return self._views.plain(
                request,
                "concealed.html",
                chat_view=chat_view,
                text=_why(chat_view),
                has_link=has_link,
                published=published,
            )

        return guarded


def _why(chat_view: ChatView) -> str:
    return UNNAMED if chat_view.publication.is_public else CONCEALED
