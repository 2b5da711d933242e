"""The page on which people decide about the record themselves: their own messages one by one, or everything of theirs.

It is open before, during and after a chat, also while the record is a draft and once it is published. Each press of a
button is one event; the page then shows what is so by now. Whoever uses another browser is not known here.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.forms import Form, read_form
from adapters.room.pages import Pages, chat_name
from adapters.room.personal_pages import withheld_from
from adapters.room.sessions import Session
from adapters.room.typed_requests import own_authors, take_told
from bot.messages import Returned, TakenOut, Withdrawn
from bot.ports.views import MessageView
from bot.translation import pending

_NOT_JOINED = pending("Please join the chat first; then you can do that.")
_NOT_YOURS = pending("This message is gone, or it is not yours. Please go back to the chat.")

_MOST = 5000
"""Messages of a chat among which somebody's own are looked for."""


class OwnChoices:
    """The page and its form."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._adapter = app, Pages(app), app.adapter

    async def page(self, request: Request) -> Response:
        """The reader's messages in this room, each with a choice, and the choice about everything.

        Where only those are in the record who said yes, that is asked for first.
        """
        chat_view, session = await self._pages.chat_view(request), self._app.sessions.read(request)
        authors = await own_authors(self._app, session)
        left_out = [await self._adapter.conversation.is_left_out(one.id) for one in authors]
        asks = authors if chat_view.by_consent else []
        said_yes = [await self._adapter.conversation.said_yes(chat_view.chat, one.id) for one in asks]
        html = self._app.renderer.page(
            "opt_out.html",
            chat_view=chat_view,
            session=session,
            left_out=any(left_out),
            said_yes=all(said_yes),
            known=bool(authors),
            own=await self._own(chat_view.chat, session) if session and authors else [],
            told=take_told(self._app, session),
            token=self._app.sessions.csrf_token(session) if session else "",
        )
        response = HTMLResponse(html)
        if session and session.name and session.opted_out != any(left_out):  # chosen elsewhere, or not in this browser
            chosen = session.opt_out(session.chat) if any(left_out) else session.come_back(session.chat)
            self._app.sessions.set_cookie(response, chosen)
        self._app.sessions.clear_bad_cookie(request, response)
        return response

    async def choose(self, request: Request) -> Response:
        """Do what was chosen: `take` or `back` with the id of a message, `all` with `back`; else leave them out.

        `back` also says yes to being in the record of this chat.
        """
        form, chat = await read_form(self._app, request), chat_name(request)
        if not await own_authors(self._app, form.session):
            raise HTTPException(403, _NOT_JOINED)
        if form["take"] or form["back"]:
            await self._one_message(form, chat)
            return RedirectResponse(f"/{chat}/out#own", 303)
        if form["all"] == "back":
            await self._come_back(form.session, chat)
            response, session = RedirectResponse(f"/{chat}/out", 303), form.session.come_back(chat)
        else:
            await self._leave(form.session)
            response, session = RedirectResponse(f"/{chat}#answer", 303), form.session.opt_out(chat)
        if session.name:
            self._app.sessions.set_cookie(response, session)
        return response

    async def _one_message(self, form: Form, chat: str) -> None:
        id = form["take"] or form["back"]
        if id not in {one.id for one in await self._own(chat, form.session)}:
            raise HTTPException(403, _NOT_YOURS)
        now, place = self._adapter.clock.now(), self._adapter.place
        await self._adapter.listener.hear(TakenOut(place=place, id=id, at=now, chat=chat, on=bool(form["take"])))

    async def _leave(self, session: Session) -> None:
        for author in await own_authors(self._app, session):
            event = Withdrawn(place=self._adapter.place, at=self._adapter.clock.now(), author=author)
            await self._adapter.listener.hear(event)

    async def _come_back(self, session: Session, chat: str) -> None:
        for author in await own_authors(self._app, session):
            event = Returned(place=self._adapter.place, at=self._adapter.clock.now(), author=author, chat=chat)
            await self._adapter.listener.hear(event)

    async def _own(self, chat: str, session: Session) -> list[MessageView]:
        """The session's messages in a chat, also those that only they see, in order of time."""
        authors, place = self._app.sessions.authors(session), self._adapter.place
        said = await self._adapter.conversation.messages(chat, limit=_MOST)
        found = [one for one in said if one.place == place and one.author.id in authors]
        return sorted([*found, *await withheld_from(self._app, chat, session)], key=lambda one: one.at)
