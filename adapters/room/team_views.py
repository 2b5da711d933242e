"""Shared by all handlers of the team's page: the member who asks, the series, their forms and pages."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.forms import WRONG_FORM, Form, FormLimits, read_form
from adapters.room.page_language import use_series_language
from adapters.room.team_access import TeamAccess, TeamMember
from adapters.room.team_forms import kind_of, label_of
from bot.ports.chat_files import can_be_series
from bot.ports.team import TeamPort
from bot.ports.team_drafts import Draft
from bot.translation import _, pending

GONE = pending("This draft is not there any more: somebody published it or threw it away.")

LARGE_FORM = FormLimits(size=1024 * 1024, fields=600)
"""A chat's form: 60 questions of 2000 characters, and as many people with their handles."""


class TeamViews:
    """Reads requests of the team, and renders pages for it."""

    def __init__(self, app: AppContext, team: TeamPort) -> None:
        self.app, self.team = app, team
        self.access = TeamAccess(app.adapter.commands, secure=app.settings.is_https)

    async def member(self, request: Request) -> tuple[TeamMember, str]:
        """The member who asks, and the series in the address. Its language is used. Raises 404 for others."""
        series = str(request.path_params.get("series", ""))
        if series and not can_be_series(series):
            raise HTTPException(404)
        member = await self.access.member(request, series)
        if series:
            await use_series_language(request, self.team, self.app.adapter.conversation)
        return member, series

    async def form(self, request: Request, limits: FormLimits = LARGE_FORM) -> tuple[TeamMember, str, Form]:
        """The member who sends a form, the series, and the form. Raises 403 if it was not made for them."""
        member, series = await self.member(request)
        form = await read_form(self.app, request, member.session, limits)
        if form.session != member.session:
            raise HTTPException(403, WRONG_FORM)
        return member, series, form

    async def draft(self, request: Request, series: str) -> Draft:
        """The draft in the address. Raises 404."""
        draft = await self.team.drafts.find(series, str(request.path_params["draft"]))
        if draft is None:
            raise HTTPException(404, _(GONE))
        return draft

    def page(self, template: str, member: TeamMember, *, status: int = 200, **context: object) -> Response:
        """A page, with a token for its forms."""
        sessions = self.app.sessions
        own = {
            "member": member,
            "token": sessions.csrf_token(member.session),
            "label_of": label_of,
            "kind_of": kind_of,
            "handles": self.team.handles,
            "problem": "",
        }
        return HTMLResponse(self.app.renderer.page(template, **{**own, **context}), status)

    def origin(self, request: Request) -> str:
        """The scheme and host by which this room is reached."""
        return self.app.settings.origin or str(request.base_url).rstrip("/")


def see(path: str) -> Response:
    """Go on to another page of the team's."""
    return RedirectResponse(path, 303)


def revision_of(form: Form) -> int:
    """The revision of what a form was made from; 0 if it says none."""
    number = form["revision"]
    return int(number) if number.isascii() and number.isdigit() and len(number) < len("1000000000") else 0
