"""The host's page for one leader: the chat's page with the controls, and the controls alone for the page's script.

It decides nothing; the handlers do.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room import host_forms
from adapters.room.app_context import AppContext
from adapters.room.errors import wants_data
from adapters.room.page_model import PageModel
from adapters.room.personal_pages import Attempt
from adapters.room.sessions import Person
from bot.messages import Role
from bot.ports.views import ChatView, Dashboard


class HostView:
    """Pages that only a leader sees."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def page(
        self, request: Request, talk: PageModel, person: Person, attempt: Attempt, *, received: bool = False
    ) -> Response:
        """The whole page; after a refusal of something they wanted to say, with that and why."""
        headers = {"Retry-After": str(attempt.wait)} if attempt.wait else None
        if attempt.problem and wants_data(request):
            return JSONResponse({"problem": attempt.problem}, attempt.status, headers)
        people = self._app.people
        html = self._app.renderer.page(
            "host.html",
            **await self._context(talk.chat_view, person, attempt.once),
            talk=talk,
            attempt=attempt,
            here=True,
            me=people.mark(person.id),
            unseen=await self._app.conversation.withheld(person.chat, person.id),
            received=received,
            longest=self._app.longest,
            moment=self._app.clock.now(),
        )
        return HTMLResponse(html, attempt.status, headers)

    async def fragment(self, chat_view: ChatView, person: Person) -> str:
        """The controls, the receipt, the plan, the queue, the places and the log, with a fresh token."""
        return self._app.renderer.page("host_fragment.html", **await self._context(chat_view, person))

    async def _context(self, chat_view: ChatView, person: Person, once: str = "") -> dict[str, object]:
        dashboard = await self._app.commands.dashboard(person.chat)
        return {
            "chat_view": chat_view,
            "person": person,
            "home": person.home(person.chat),
            "token": self._app.people.token(person, once),
            "may": host_forms.may(_role(person, dashboard), self._app.commands.catalogue),
            "slip": self._app.receipts.last(person.id),
            "dashboard": dashboard,
        }


def _role(person: Person, dashboard: Dashboard | None) -> Role:
    """What somebody may do: what the link says, or more where the moderators were asked to lead."""
    raised = dashboard is not None and dashboard.deputised and person.role == "moderator"
    return "host" if raised else person.role
