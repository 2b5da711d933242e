"""Handlers of the team's page: the calendar of a series, and all that is done with a chat that has a file.

Every request asks the core whose link it is. The core drafts, checks and writes; nothing is decided here.
"""

from __future__ import annotations

import math
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.kit.bounded import RecentMap
from adapters.room.forms import Form
from adapters.room.sessions import CLEAR
from adapters.room.team_access import TeamMember
from adapters.room.team_forms import shown_fields
from adapters.room.team_views import TeamViews, see
from bot.errors import TeamError
from bot.messages import Command
from bot.ports.commands import Answer
from bot.ports.kept_texts import ANNOUNCEMENT
from bot.ports.team import TeamChat, TeamSession
from bot.translation import _

SLOWEST, FASTEST = 0.5, 3600
"""How many times as fast as the real hour a rehearsal may go."""

_MOST_LINKS = 200
"""Links that were just made, and are shown again if their page is loaded again."""


class TeamPages:
    """The calendar and the chats."""

    def __init__(self, views: TeamViews) -> None:
        self._views, self._team, self._app = views, views.team, views.app
        self._made: RecentMap[str, str] = RecentMap(_MOST_LINKS)

    async def index(self, request: Request) -> Response:
        """The series that somebody may plan; the calendar itself, if that is one."""
        member, _series = await self._views.member(request)
        names = [one for one in await self._team.series() if member.access.plans(one)]
        if len(names) == 1:
            return see(f"/team/{quote(names[0])}")
        return self._views.page("team_index.html", member, names=names)

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser; the link itself can be opened again."""
        await self._views.form(request)
        await self._views.access.sign_out(request)
        response = RedirectResponse("/", 303)
        self._views.access.clear_cookie(response)
        response.headers["Clear-Site-Data"] = CLEAR
        return response

    async def calendar(self, request: Request) -> Response:
        """The calendar of a series."""
        member, series = await self._views.member(request)
        calendar = await self._team.calendar(series)
        if calendar is None:
            raise HTTPException(404, _("There is no such series here."))
        pasted = (await self._app.adapter.kept_texts.of(series, member.session.id)).get(ANNOUNCEMENT)
        unread = pasted["text"] if pasted else ""
        return self._views.page("team_calendar.html", member, series=series, calendar=calendar, unread=unread)

    async def chat(self, request: Request) -> Response:
        """A chat that has a file."""
        member, series = await self._views.member(request)
        chat, made = await self._chat(request, series), self._made.get(request.query_params.get("link", ""), "")
        link = f"{self._views.origin(request)}{made}" if made else ""
        rehearsals, own = self._team.rehearsals, {"series": series, "chat": chat, "link": link}
        own |= {"saved": "saved" in request.query_params, "origin": self._views.origin(request)}
        own |= {"rehearsal": rehearsals.of_chat(chat.name), "trouble": rehearsals.trouble(chat.name)}
        own["changes"] = await self._team.drafts.changes_of(chat.name)
        return self._views.page("team_chat.html", member, **own)  # type: ignore[arg-type]

    async def change_chat(self, request: Request) -> Response:
        """Edit a chat, make a link for its host, or bring a version back."""
        member, series, form = await self._views.form(request)
        chat = await self._chat(request, series)
        path = f"/team/{quote(chat.name).replace('/', '/chat/', 1)}"
        if form["do"] in {"edit", "anew"}:
            return await self._edit(form, member, chat, path)
        if form["do"] == "link":
            if form.id not in self._made:  # a form that is sent twice makes one link
                name = " ".join(form["name"].split())[:60]
                session = _session(chat, form).chat
                self._made[form.id] = await self._team.create_link(chat.name, name or _("Host"), session=session)
            return see(f"{path}?link={form.id}#link")
        if form["do"] == "restore":
            await self._team.restore(chat.name, form["version"][:200], member.name)
            return see(f"{path}?saved")
        if form["do"] in {"rehearse", "stop"}:
            return await self._rehearse(request, form, member, chat)
        raise HTTPException(400)

    async def _edit(self, form: Form, member: TeamMember, chat: TeamChat, path: str) -> Response:
        """Open a draft of the chat's file as it is now; if drafts change it already, show them to choose from."""
        drafts = self._team.drafts
        changes = await drafts.changes_of(chat.name) if form["do"] == "edit" else []
        own = [one.draft.id for one in changes if one.draft.by == member.name and not one.is_outdated]
        if changes and len(own) != len(changes):
            return see(f"{path}#drafts")
        id = own[0] if own else await drafts.edit_file(chat.name, member.name)
        return see(f"/team/{path.split('/')[2]}/draft/{id}")

    async def _rehearse(self, request: Request, form: Form, member: TeamMember, chat: TeamChat) -> Response:
        """Start a rehearsal, or stop it."""
        rehearsals = self._team.rehearsals
        if form["do"] == "stop":
            await rehearsals.stop(chat.name)
        else:
            pretend = "pretend" in form.fields
            session, speed = _session(chat, form).chat, _speed(form["speed"])
            await rehearsals.start(chat.name, speed=speed, pretend=pretend, by=member.name, session=session)
        return see(f"{request.url.path}#rehearsal")

    async def version(self, request: Request) -> Response:
        """A version of a chat's file, with a button that brings it back."""
        member, series = await self._views.member(request)
        chat, number = await self._chat(request, series), str(request.path_params["version"])
        found = await self._team.version(chat.name, number)
        if found is None:
            raise HTTPException(404, _("There is no such version of this chat any more."))
        fields = shown_fields(found.form) if found.form else []
        own = {"series": series, "chat": chat, "number": number, "text": found.text, "fields": fields}
        return self._views.page("team_version.html", member, **own)  # type: ignore[arg-type]

    async def advice(self, request: Request) -> Response:
        """All advice, with the reasons."""
        member, series = await self._views.member(request)
        return self._views.page("team_advice.html", member, series=series, advice=self._team.advice())

    async def texts(self, request: Request) -> Response:
        """Ready texts about a chat."""
        member, series = await self._views.member(request)
        chat = await self._chat(request, series)
        found = await self._team.invitation(chat.name)
        return self._views.page("team_texts.html", member, series=series, chat=chat, texts=found)

    async def call_off(self, request: Request) -> Response:
        """The page that asks whether a chat is really called off."""
        member, series = await self._views.member(request)
        return self._views.page("team_off.html", member, series=series, chat=await self._chat(request, series))

    async def call_off_now(self, request: Request) -> Response:
        """Call a chat off."""
        member, series, form = await self._views.form(request)
        chat = await self._chat(request, series)
        session = _session(chat, form)
        answer = await self._answer(member, session, form, "cancel")
        if answer.confirm:
            answer = await self._answer(member, session, form, answer.confirm)
        context = {"series": series, "chat": await self._chat(request, series)}
        if not answer.done:
            return self._views.page("team_off.html", member, status=409, problem=answer.text, **context)
        return see(f"/team/{quote(chat.name).replace('/', '/chat/', 1)}")

    async def _answer(self, member: TeamMember, about: TeamSession, form: Form, text: str) -> Answer:
        adapter, session = self._app.adapter, member.session
        return await adapter.commands.answer(
            Command(
                place=adapter.place,
                at=adapter.clock.now(),
                id=f"{form.id}-{text.replace(' ', '-')}",
                author=session.author,
                chat=about.chat,
                text=text,
                role=session.role,
            )
        )

    async def _chat(self, request: Request, series: str) -> TeamChat:
        chat = await self._team.chat(f"{series}/{request.path_params['name']}")
        if chat is None:
            raise HTTPException(404, _("This chat has no file here. Go back to the calendar."))
        return chat


def _session(chat: TeamChat, form: Form) -> TeamSession:
    """The session that a form is about. Raises TeamError."""
    session = chat.session(form["session"])
    if session is None:
        raise TeamError(_("This session is not in the chat's file any more. Look at the chat again."))
    return session


def _speed(typed: str) -> float:
    """How many times as fast as the real hour. Raises TeamError."""
    try:
        speed = float(typed.strip().replace(",", "."))
    except ValueError:
        speed = math.nan
    if not SLOWEST <= speed <= FASTEST:
        said = _("Write how fast it is to go as a number from {slowest} to {fastest}, as 20.")
        raise TeamError(said.format(slowest=SLOWEST, fastest=FASTEST))
    return speed
