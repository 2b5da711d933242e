"""The data that the room holds on the person of a browser, and the form to have it erased.

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
from adapters.room.sessions import Session
from adapters.room.typed_requests import ask, forgotten, keep_told, own_authors, take_told
from bot.ports.views import ChatView

_ASK, _FORGET = "what do you hold on me", "forget me yes"


class OwnData:
    """The GET and POST handlers."""

    def __init__(self, app: AppContext, pages: Pages) -> None:
        self._app, self._pages, self._views = app, pages, PersonalPages(app)

    async def page(self, request: Request) -> Response:
        """The data and the form. `own=forgotten`: this browser's data has just been erased."""
        chat_view, session = await self._pages.chat_view(request), self._app.sessions.read(request)
        if session is None and request.query_params.get("own") == "forgotten":
            return HTMLResponse(self._page(chat_view, forgotten=True))
        authors = await own_authors(self._app, session)
        held, token = "", ""
        if session and authors:
            self._count(session, request)
            held = (await ask(self._app, authors, _ASK, chat_view.chat)).text
            token = self._app.sessions.csrf_token(session)
        html = self._page(chat_view, session, held=held, token=token, told=take_told(self._app, session))
        response = HTMLResponse(html)
        self._app.sessions.clear_bad_cookie(request, response)
        return response

    async def forget(self, request: Request) -> Response:
        """Erase it, and have the browser forget its session; or say why that could not be done."""
        chat_view, form = await self._pages.chat_view(request), await read_form(self._app, request)
        self._count(form.session, request)
        authors = await own_authors(self._app, form.session)
        answer = await ask(self._app, authors, _FORGET, chat_view.chat) if authors else None
        if answer is not None and not answer.done:
            keep_told(self._app, form.session, answer.text)
            return await self.page(request)
        return forgotten(self._app, HTMLResponse(self._page(chat_view, forgotten=True)))

    def _page(
        self,
        chat_view: ChatView,
        session: Session | None = None,
        *,
        held: str = "",
        token: str = "",
        told: str = "",
        forgotten: bool = False,
    ) -> str:
        return self._app.renderer.page(
            "own_data.html",
            chat_view=chat_view,
            session=session,
            held=held,
            token=token,
            told=told,
            forgotten=forgotten,
        )

    def _count(self, session: Session, request: Request) -> None:
        """Count a look through the store. Raises HTTPException (429), with the time to wait."""
        try:
            self._app.rate_limits.count_look(session, request)
        except TooManyRequests as error:
            raise HTTPException(429, headers={"Retry-After": str(error.seconds)}) from None
