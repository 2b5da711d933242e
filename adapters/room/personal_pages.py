"""The pages with a form in them, for one reader: their cookie, a fresh token, what they typed before a refusal.

It decides nothing; the handlers do.
"""

from __future__ import annotations

from typing import Self

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.errors import wants_data
from adapters.room.page_model import PageModel
from adapters.room.sessions import Person
from bot.messages import Value
from bot.ports.views import ChatView, MessageView


class Attempt(Value, frozen=True):
    """Something that was tried with a form, so that the form can be shown again under the same id.

    `to` is the question it was for, `reply` the message; `wait` is in seconds.
    """

    once: str = ""
    typed: str = ""
    to: str = ""
    reply: MessageView | None = None
    status: int = 200
    problem: str = ""
    wait: int = 0

    def refused(self, status: int, problem: str, wait: int = 0) -> Self:
        """The same attempt, with the answer it got."""
        return msgspec.structs.replace(self, status=status, problem=problem, wait=wait)


class FormPages:
    """Personal pages."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def chat(self, request: Request, talk: PageModel, attempt: Attempt, *, received: bool = False) -> Response:
        """The chat's page for whoever asks. A cookie goes with it only where there is a form to send."""
        people, known = self._app.people, self._app.people.read(request)
        form = talk.open or bool(known and known.name)
        person = known or people.newcomer()
        unseen = await self._app.conversation.withheld(talk.chat_view.chat, known.id) if known else []
        leads = await self._app.keys.visitor(request, talk.chat_view.chat)
        response = self._page(
            "chat.html",
            request,
            attempt,
            talk=talk,
            person=person,
            here=person.name != "" and person.chat == talk.chat_view.chat,
            me=people.mark(person.id) if known else "",
            unseen=unseen,
            leads=leads is not None,
            home=person.home(talk.chat_view.chat),
            token=people.token(person, attempt.once) if form else "",
            received=received,
            longest=self._app.longest,
            moment=self._app.clock.now(),
        )
        if form and known is None:
            people.keep(response, person)
        return response

    def edit(
        self, request: Request, talk: PageModel, person: Person, message: MessageView, attempt: Attempt | None = None
    ) -> Response:
        """One's own message in a form."""
        attempt = attempt or Attempt(typed=message.text)
        home = person.home(talk.chat_view.chat)
        token = self._app.people.token(person, attempt.once)
        return self._page(
            "edit.html", request, attempt, chat_view=talk.chat_view, message=message, token=token, home=home
        )

    def delete(self, request: Request, talk: PageModel, person: Person, message: MessageView) -> Response:
        """One's own message, and whether it should really go."""
        token, home = self._app.people.token(person), person.home(talk.chat_view.chat)
        return self._page(
            "delete.html", request, Attempt(), chat_view=talk.chat_view, message=message, token=token, home=home
        )

    def out(self, request: Request, chat_view: ChatView) -> Response:
        """What it means to be left out."""
        person = self._app.people.read(request)
        token = self._app.people.token(person) if person else ""
        return self._page("opt_out.html", request, Attempt(), chat_view=chat_view, person=person, token=token)

    def plain(self, request: Request, template: str, **context: object) -> Response:
        """A page with no form in it."""
        return self._page(template, request, Attempt(), **context)

    def _page(self, template: str, request: Request, attempt: Attempt, **context: object) -> Response:
        headers = {"Retry-After": str(attempt.wait)} if attempt.wait else None
        if attempt.problem and wants_data(request):
            return JSONResponse({"problem": attempt.problem}, attempt.status, headers)
        html = self._app.renderer.page(template, attempt=attempt, **context)
        response = HTMLResponse(html, attempt.status, headers)
        people = self._app.people
        if people.cookie in request.cookies and people.read(request) is None:
            people.forget(response)
        return response
