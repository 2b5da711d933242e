"""The host's page for one leader: the chat's page with the controls, and the controls alone for the page's script.

It decides nothing; the handlers do.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room import host_forms
from adapters.room.app_context import AppContext
from adapters.room.errors import wants_data
from adapters.room.form_pages import Attempt
from adapters.room.page_model import PageModel
from adapters.room.sessions import Person
from bot.messages import Role
from bot.ports.views import ChatView, Dashboard


class HostView:
    """Pages that only a leader sees."""

    def __init__(self, hall: AppContext) -> None:
        self._hall = hall

    async def page(
        self, request: Request, talk: PageModel, person: Person, attempt: Attempt, *, received: bool = False
    ) -> Response:
        """The whole page; after a refusal of something they wanted to say, with that and why."""
        headers = {"Retry-After": str(attempt.wait)} if attempt.wait else None
        if attempt.problem and wants_data(request):
            return JSONResponse({"problem": attempt.problem}, attempt.status, headers)
        people = self._hall.people
        html = self._hall.renderer.page(
            "host.html",
            **await self._context(talk.sheet, person, attempt.once),
            talk=talk,
            attempt=attempt,
            here=True,
            me=people.mark(person.id),
            unseen=await self._hall.board.unseen(person.chat, person.id),
            received=received,
            longest=self._hall.longest,
            moment=self._hall.clock.now(),
        )
        return HTMLResponse(html, attempt.status, headers)

    async def fragment(self, sheet: ChatView, person: Person) -> str:
        """The controls, the receipt, the plan, the queue, the places and the log, with a fresh token."""
        return self._hall.renderer.page("host_fragment.html", **await self._context(sheet, person))

    async def _context(self, sheet: ChatView, person: Person, once: str = "") -> dict[str, object]:
        console = await self._hall.desk.console(person.chat)
        return {
            "sheet": sheet,
            "person": person,
            "home": person.home(person.chat),
            "token": self._hall.people.token(person, once),
            "may": host_forms.may(_role(person, console), self._hall.desk.offers),
            "slip": self._hall.receipts.last(person.id),
            "console": console,
        }


def _role(person: Person, console: Dashboard | None) -> Role:
    """What somebody may do: what the link says, or more where the moderators were asked to lead."""
    raised = console is not None and console.deputised and person.role == "moderator"
    return "host" if raised else person.role
