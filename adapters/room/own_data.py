"""What the room holds on the person of a browser, and the form with which they have all of it erased.

Both are asked of the core as if the person had written the words. Messages without a name belong to the same person.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.forms import read_form
from adapters.room.pages import Pages
from adapters.room.personal_pages import PersonalPages
from adapters.room.rate_limits import TooManyRequests
from adapters.room.sessions import CLEAR, Session, new_id
from bot.messages import Author, Command

_ASK, _FORGET = "what do you hold on me", "forget me yes"


class OwnData:
    """The GET and POST handlers."""

    def __init__(self, app: AppContext, pages: Pages) -> None:
        self._app, self._pages, self._views = app, pages, PersonalPages(app)

    async def page(self, request: Request) -> Response:
        """What is held, and the form."""
        chat_view, session = await self._pages.chat_view(request), self._app.sessions.read(request)
        named = session is not None and session.name != ""
        if session and named:
            self._count(session, request)
        held = [
            text for one in self._authors(session) for text in [await self._answer(one, _ASK, chat_view.chat)] if text
        ]
        token = self._app.sessions.csrf_token(session) if session and named else ""
        return self._views.plain(
            request, "own_data.html", chat_view=chat_view, session=session, held=held, token=token, forgotten=False
        )

    async def forget(self, request: Request) -> Response:
        """Erase it, and have the browser forget its session."""
        chat_view, form = await self._pages.chat_view(request), await read_form(self._app, request)
        self._count(form.session, request)
        for one in self._authors(form.session):
            await self._answer(one, _FORGET, chat_view.chat)
        page = self._app.renderer.page("own_data.html", chat_view=chat_view, session=None, forgotten=True)
        response = HTMLResponse(page)
        self._app.sessions.clear_cookie(response)
        response.headers["Clear-Site-Data"] = CLEAR
        return response

    def _count(self, session: Session, request: Request) -> None:
        """Count a look through the store. Raises HTTPException (429), with the time to wait."""
        try:
            self._app.rate_limits.count_look(session, request)
        except TooManyRequests as error:
            raise HTTPException(429, headers={"Retry-After": str(error.seconds)}) from None

    def _authors(self, session: Session | None) -> tuple[Author, ...]:
        return (session.author, self._app.sessions.unnamed(session)) if session is not None and session.name else ()

    async def _answer(self, author: Author, text: str, chat: str) -> str:
        adapter = self._app.adapter
        command = Command(place=adapter.place, id=new_id(), author=author, text=text, chat=chat, at=adapter.clock.now())
        return (await adapter.commands.answer(command)).text
