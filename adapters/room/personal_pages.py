"""Pages for one session: the chat's page, the host's page, and the forms to edit and delete.

Each has a fresh CSRF token, and after a refusal shows again what was typed. The handlers decide; nothing is decided
here.
"""

from __future__ import annotations

from typing import Any, Self

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.correction_choices import MOST_READ, possible_copies, sections
from adapters.room.errors import wants_json
from adapters.room.half_written import HalfWritten, template_values
from adapters.room.host_view import next_question, way_back
from adapters.room.page_model import PageModel
from adapters.room.section_cache import ReaderKind
from adapters.room.sent_messages import Sent, sent_message
from adapters.room.sessions import Session
from bot.messages import Role, Value
from bot.ports.commands import CommandInfo
from bot.ports.views import ChatView, Dashboard, MessageView
from bot.translation import _, pending

OWN_MESSAGE = {"changed": pending("Your message was changed."), "deleted": pending("Your message was deleted.")}
"""What the page says after its reader did this to a message of their own."""

_ROLES: tuple[Role, ...] = ("participant", "moderator", "host", "admin")


class Attempt(Value, frozen=True):
    """A form that was sent or is to be filled in, as the page shows it.

    `question` and `reply` are the question and the message that it answers. After a refusal `problem` says why, and
    `retry_after` is in seconds. `unnamed`: it is to have no name.
    """

    form_id: str = ""
    typed: str = ""
    question: str = ""
    reply: MessageView | None = None
    status: int = 200
    problem: str = ""
    retry_after: int = 0
    unnamed: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}

    def refused(self, status: int, problem: str, retry_after: int = 0) -> Self:
        """The same attempt with the refusal."""
        return msgspec.structs.replace(self, status=status, problem=problem, retry_after=retry_after)


class PersonalPages:
    """Renders pages for the session of a request."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    async def chat(
        self, request: Request, page: PageModel, attempt: Attempt, *, posted: str = "", own: str = ""
    ) -> Response:
        """The chat's page. The cookie is set only where there is a form to send.

        `posted` is the id of the message that was just sent: the page says what became of it. `own` is what its author
        just did to an earlier one: "changed" or "deleted".
        """
        app, chat = self._app, page.chat_view.chat
        known = app.sessions.read(request)
        has_form = page.open or bool(known and known.name)
        session = known or app.sessions.new()
        joined = session.name != "" and session.chat == chat
        withheld = await withheld_from(app, chat, known) if known else []
        response = self._page(
            "chat.html",
            request,
            attempt,
            page=page,
            session=session,
            joined=joined,
            kind=ReaderKind(joined=joined),
            own_id=app.sessions.public_ids(session, chat, unnamed=page.chat_view.unnamed) if known else "",
            withheld=withheld,
            sent=await self._sent(posted, session, page, withheld),
            done=_(OWN_MESSAGE[own]) if own in OWN_MESSAGE else "",
            has_link=await app.private_links.session_or_none(request, chat) is not None,
            chat_path=session.chat_path(chat),
            token=app.sessions.csrf_token(session, attempt.form_id) if has_form else "",
            longest=app.settings.longest,
            now=app.adapter.clock.now(),
        )
        app.private_links.clear_stale(request, response, chat)
        if has_form and known is None:
            app.sessions.set_cookie(response, session)
        return response

    async def host(
        self,
        request: Request,
        page: PageModel,
        session: Session,
        attempt: Attempt,
        *,
        received: bool = False,
        own: str = "",
    ) -> Response:
        """The chat's page with the controls. `received` and `own`: what became of a message of theirs."""
        if attempt.problem and wants_json(request):
            return _problem(attempt)
        app = self._app
        return self._html(
            "host.html",
            attempt,
            **await self._host_context(page.chat_view, session, attempt.form_id),
            opens_kept=True,
            page=page,
            joined=True,
            kind=ReaderKind(joined=True, moderates=True),
            own_id=app.sessions.public_id(session.id, session.chat),
            withheld=await app.adapter.conversation.withheld(session.chat, session.id),
            received=received,
            done=_(OWN_MESSAGE[own]) if own in OWN_MESSAGE else "",
            longest=app.settings.longest,
            now=app.adapter.clock.now(),
        )

    async def _sent(self, id_: str, session: Session, page: PageModel, withheld: list[MessageView]) -> Sent:
        if not (id_ and id_.isprintable()):
            return Sent()
        found = await self._app.adapter.conversation.find(self._app.adapter.place, id_)
        return sent_message(id_, self._app.sessions.authors(session), page, found, withheld)

    async def host_fragment(self, chat_view: ChatView, session: Session) -> str:
        """The controls, the last answer, the plan, the queue, the places and the log, with a fresh token."""
        context = await self._host_context(chat_view, session)
        return self._app.renderer.page("host_fragment.html", opens_kept=False, **context)

    async def hand_over(self, chat_view: ChatView, session: Session) -> Response:
        """The people to whom the lead can be handed, each with a button, and a form for a link.

        Raises 404 for moderators who don't lead.
        """
        dashboard = await self._app.adapter.commands.dashboard(session.chat)
        if _effective_role(session, dashboard) == "moderator":
            raise HTTPException(404)
        there = await self._app.adapter.commands.links.candidates(session.chat)
        return self._html(
            "hand_over.html",
            Attempt(),
            chat_view=chat_view,
            session=session,
            people=[
                (one, self._app.sessions.public_id(one.author.id, session.chat))
                for one in there
                if one.author.id != session.id
            ],
            chat_path=session.chat_path(session.chat),
            token=self._app.sessions.csrf_token(session),
        )

    async def correct(self, chat_view: ChatView, session: Session, message: MessageView) -> Response:
        """The corrections of a message: its question, a highlight, and that it was said twice."""
        adapter = self._app.adapter
        others = await adapter.conversation.messages(session.chat, limit=MOST_READ)
        return self._html(
            "correct.html",
            Attempt(),
            chat_view=chat_view,
            session=session,
            message=message,
            questions=sections(await adapter.commands.dashboard(session.chat)),
            copies=possible_copies(message, others),
            chat_path=session.chat_path(session.chat),
            token=self._app.sessions.csrf_token(session),
        )

    def edit(
        self,
        request: Request,
        chat_view: ChatView,
        session: Session,
        message: MessageView,
        attempt: Attempt | None = None,
    ) -> Response:
        """The form to edit a message."""
        attempt = attempt or Attempt(typed=message.text)
        return self._message_form("edit.html", request, chat_view, session, message, attempt)

    def delete(self, request: Request, chat_view: ChatView, session: Session, message: MessageView) -> Response:
        """The form to delete a message."""
        return self._message_form("delete.html", request, chat_view, session, message, Attempt())

    def plain(self, request: Request, template: str, **context: object) -> Response:
        """A page without a form."""
        return self._page(template, request, Attempt(), **context)

    async def _host_context(self, chat_view: ChatView, session: Session, form_id: str = "") -> dict[str, object]:
        commands, clock = self._app.adapter.commands, self._app.adapter.clock
        dashboard, last_answer = await commands.dashboard(session.chat), self._app.last_answers.get(session.id)
        return {
            "chat_view": chat_view,
            "session": session,
            "chat_path": session.chat_path(session.chat),
            "token": self._app.sessions.csrf_token(session, form_id),
            "allowed": _allowed_commands(_effective_role(session, dashboard), commands.catalogue),
            "last_answer": last_answer,
            "dashboard": dashboard,
            "next_question": next_question(dashboard),
            "way_back": way_back(dashboard, last_answer, clock.now(), clock.speed),
            **template_values(await HalfWritten(self._app).of(session)),
        }

    def _message_form(
        self,
        template: str,
        request: Request,
        chat_view: ChatView,
        session: Session,
        message: MessageView,
        attempt: Attempt,
    ) -> Response:
        return self._page(
            template,
            request,
            attempt,
            chat_view=chat_view,
            message=message,
            token=self._app.sessions.csrf_token(session, attempt.form_id),
            chat_path=session.chat_path(chat_view.chat),
        )

    def _page(self, template: str, request: Request, attempt: Attempt, **context: object) -> Response:
        """A public page, or for our script the problem as JSON. An unreadable cookie is deleted."""
        if attempt.problem and wants_json(request):
            return _problem(attempt)
        response = self._html(template, attempt, **context)
        self._app.sessions.clear_bad_cookie(request, response)
        return response

    def _html(self, template: str, attempt: Attempt, **context: Any) -> HTMLResponse:  # noqa: ANN401
        renderer = self._app.renderer
        html = (renderer.conversation if "kind" in context else renderer.page)(template, attempt=attempt, **context)
        return HTMLResponse(html, attempt.status, attempt.headers)


async def withheld_from(app: AppContext, chat: str, session: Session) -> list[MessageView]:
    """The messages of a session that only its user sees, in order of time, also those without a name."""
    chat_view = await app.adapter.conversation.chat_view(chat)
    authors = app.sessions.authors(session)[: 2 if chat_view and chat_view.unnamed else 1]
    found = [one for author in authors for one in await app.adapter.conversation.withheld(chat, author)]
    return sorted(found, key=lambda one: one.at) if len(authors) > 1 else found


def _problem(attempt: Attempt) -> Response:
    return JSONResponse({"problem": attempt.problem}, attempt.status, attempt.headers)


def _effective_role(session: Session, dashboard: Dashboard | None) -> Role:
    """The link's role; `host` for moderators who were asked to lead."""
    is_deputy = dashboard is not None and dashboard.moderators_lead and session.role == "moderator"
    return "host" if is_deputy else session.role


def _allowed_commands(role: Role, catalogue: tuple[CommandInfo, ...]) -> frozenset[str]:
    """The slugs of the commands that a role may give."""
    return frozenset(one.slug for one in catalogue if _ROLES.index(one.role) <= _ROLES.index(role))
