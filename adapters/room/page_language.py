"""The language of a page: that of its chat, or else the one of the settings. The team's page has that of its series."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from adapters.room.store_timeout import Handler
from bot.ports.team import TeamPort
from bot.ports.views import ConversationView
from bot.translation import language, use_language


def in_language(handler: Handler, conversation: ConversationView) -> Handler:
    """The handler, which speaks the language of the chat in the address. So does the page for its errors."""

    async def handle(request: Request) -> Response:
        use_language(await _of_chat(request, conversation) or language())
        return await handler(request)

    return handle


async def use_series_language(request: Request, team: TeamPort, conversation: ConversationView) -> None:
    """Speak the language of the series in the address, on the page of a chat that has another that of the chat."""
    of_series = await team.language(str(request.path_params["series"]))
    use_language(await _of_chat(request, conversation) or of_series or language())


async def _of_chat(request: Request, conversation: ConversationView) -> str:
    """The language of the chat in the address; empty if it says none, or if none is named there."""
    where = request.path_params
    if "name" not in where:
        return ""
    chat_view = await conversation.chat_view(f"{where['series']}/{where['name']}")
    return chat_view.language if chat_view else ""
