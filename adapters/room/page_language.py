"""The language of a page: that of its chat, or else the one of the settings."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from adapters.room.patience import Handler
from bot.ports.views import ConversationView
from bot.translation import language, use_language


def in_language(handler: Handler, conversation: ConversationView) -> Handler:
    """The handler, which speaks the language of the chat in the address. So does the page for its errors."""

    async def handle(request: Request) -> Response:
        where = request.path_params
        if "name" in where:
            chat_view = await conversation.chat_view(f"{where['series']}/{where['name']}")
            use_language((chat_view.language if chat_view else "") or language())
        return await handler(request)

    return handle
