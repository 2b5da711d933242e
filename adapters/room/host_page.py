"""Handlers of the host's page: the private link, the page with its live parts, and the commands from its forms.

Every request asks the core whose link it is, so that a revoked link stops working at once. The core carries the
commands out; nothing is decided here. A button carries its whole command. A form with fields names the command in
`do`, and its fields are named after the kinds of the command's arguments. The buttons and fields themselves are in
`templates/host_controls.html`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.room.app_context import AppContext, LastAnswer
from adapters.room.errors import wants_json
from adapters.room.forms import WRONG_FORM, Form, read_form
from adapters.room.half_written import HalfWritten
from adapters.room.input_rules import InvalidInput, message_text
from adapters.room.pages import Pages, chat_name
from adapters.room.personal_pages import Attempt, PersonalPages
from adapters.room.private_links import BAD_LINK
from adapters.room.sessions import CLEAR, Session
from adapters.room.team_access import TeamAccess
from bot.messages import Author, Command
from bot.ports.commands import CommandInfo
from bot.translation import _, pending

LONGEST_COMMAND = 4000
"""Characters of a command with its arguments."""

_MESSAGE_GONE = pending(
    "This message is gone; there is nobody to mute by it. Name the person with `mute`, like `mute @kate`."
)
_PERSON_GONE = pending("This person is not there any more; nothing was changed.")
_NOT_CONFIRMED = pending("Nothing was changed.")
_NO_COMMAND = pending("Please type a command, or press a button. `help` lists what there is.")


class HostPage:
    """All that needs a private link."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._views, self._half = app, Pages(app), PersonalPages(app), HalfWritten(app)

    async def enter(self, request: Request) -> Response:
        """Begin a session, whose token replaces the key of the address. Opening a link twice is harmless."""
        begun = await self._app.private_links.enter(request, str(request.path_params["key"]))
        if begun is None:
            raise HTTPException(404, BAD_LINK)
        token, access = begun
        if access.team:
            team = RedirectResponse("/team", 303)
            TeamAccess(self._app.adapter.commands, secure=self._app.settings.is_https).set_cookie(team, token)
            return team
        response = RedirectResponse(f"/{access.chat}/host" if access.chat else "/", 303)
        self._app.private_links.set_cookie(response, token, access)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser, or of all that opened the link; the link itself can be opened again."""
        form = await read_form(self._app, request, await self._session(request))
        if not form.session.is_staff:
            raise HTTPException(403, WRONG_FORM)
        await self._app.private_links.sign_out(request, everywhere=bool(form["everywhere"]))
        response = RedirectResponse(f"/{form.session.chat}", 303)
        self._app.private_links.clear_cookie(response, form.session.chat)
        known = self._app.sessions.read(request)
        if known and known.id == form.session.id:  # a participant who was handed the lead
            self._app.sessions.clear_cookie(response)
        response.headers["Clear-Site-Data"] = CLEAR
        return response

    async def page(self, request: Request) -> Response:
        """The chat's page with the controls."""
        session = await self._session(request)
        attempt = Attempt(reply=await self._pages.find_message(request.query_params.get("reply", ""), session.chat))
        page, query = await self._pages.page_model(request), request.query_params
        received, own = "received" in query, query.get("own", "")
        return await self._views.host(request, page, session, attempt, received=received, own=own)

    async def fragment(self, request: Request) -> Response:
        """The controls and the dashboard, for our script."""
        return await self._fragment(request, await self._session(request))

    async def stream(self, request: Request) -> Response:
        """Live updates, and a signal whenever the dashboard may have changed."""
        return await self._pages.watch(request, await self._session(request))

    async def command(self, request: Request) -> Response:
        """Give a command. The page shows the answer until the next one; a refusal is an answer too."""
        form = await read_form(self._app, request, await self._session(request))
        if not form.session.is_staff:
            raise HTTPException(403, WRONG_FORM)
        answer = await self._answer(form)
        if answer.link:
            origin = self._app.settings.origin or str(request.base_url).rstrip("/")
            answer = replace(answer, link=f"{origin}{answer.link}")
        by_script = wants_json(request)
        await self._half.after_command(form, answer.command, done=answer.done, by_script=by_script)
        if by_script and not form["typed"]:
            answer = replace(answer, draft="")  # the page still has it in the form's own field
        self._app.last_answers.pop(form.session.id, None)  # so that it is the newest
        self._app.last_answers[form.session.id] = answer
        if by_script:
            return await self._fragment(request, form.session)
        return RedirectResponse(f"{form.session.chat_path(form.session.chat)}#receipt", 303)

    async def keep(self, request: Request) -> Response:
        """Keep a form that is half written, for our script."""
        form = await read_form(self._app, request, await self._session(request))
        if not form.session.is_staff:
            raise HTTPException(403, WRONG_FORM)
        return await self._half.keep(form)

    async def _session(self, request: Request) -> Session:
        return await self._app.private_links.staff(request, chat_name(request))

    async def _fragment(self, request: Request, session: Session) -> Response:
        chat_view = await self._app.adapter.conversation.chat_view(chat_name(request))
        if chat_view is None:
            raise HTTPException(404)
        return HTMLResponse(await self._views.host_fragment(chat_view, session))

    async def _answer(self, form: Form) -> LastAnswer:
        now = self._app.adapter.clock.now()
        if form["never"]:
            return LastAnswer(text=_(_NOT_CONFIRMED), at=now)
        try:
            command = self._command(form, await self._command_text(form))
        except InvalidInput as error:
            draft = _draft(form, form["say"] or f"{form['do']} {form['text']}")
            return LastAnswer(text=str(error), at=now, draft=draft)
        answer = await self._app.adapter.commands.answer(command)
        draft = "" if answer.done or answer.confirm else _draft(form, command.text)
        return LastAnswer(
            text=answer.text,
            at=now,
            command="undo" if command.text.startswith("undo ") else command.text,
            confirm=answer.confirm,
            draft=draft,
            done=answer.done,
            undo=answer.undo,
            link=answer.link,
        )

    async def _command_text(self, form: Form) -> str:
        """The command in words. Authors to mute are looked up by their message, so that no page needs their id."""
        if form["to"]:
            return await self._handover_text(form)
        if form["pass"]:
            name = form["pass"].replace('"', "'").strip()
            return f'handover "{name}" by link'
        if not form["mute"]:
            return command_text(form.fields, self._app.adapter.commands.catalogue)
        author = await self._author_of(form["mute"], form.session.chat)
        if author is None:
            raise InvalidInput(_(_MESSAGE_GONE))
        return f"mute {form['mute'].partition('/')[0]}/{author.id}"

    async def _handover_text(self, form: Form) -> str:
        """The command that hands the lead to a person of the list, who is named by their public id."""
        chat, public_id = form.session.chat, self._app.sessions.public_id
        there = await self._app.adapter.commands.links.candidates(chat)
        found = next((one for one in there if public_id(one.author.id, chat) == form["to"]), None)
        if found is None:
            raise InvalidInput(_(_PERSON_GONE))
        name = found.author.name
        is_only = [one.author.name for one in there].count(name) == 1 and name and '"' not in name
        return f'handover "{name}"' if is_only else f"handover {found.place}/{found.author.id}"

    async def hand_over(self, request: Request) -> Response:
        """The page with the people to whom the lead can be handed."""
        session, chat_view = await self._session(request), await self._pages.chat_view(request)
        return await self._views.hand_over(chat_view, session)

    async def correct(self, request: Request) -> Response:
        """The page to correct one message of the record. A message that is gone leads back to the controls."""
        session, chat_view = await self._session(request), await self._pages.chat_view(request)
        message = await self._pages.find_message(request.query_params.get("message", ""), session.chat)
        if message is None:
            return RedirectResponse(session.chat_path(session.chat), 303)
        return await self._views.correct(chat_view, session, message)

    async def _author_of(self, reference: str, chat: str) -> Author | None:
        """The author of a message named as `place/id`, in the conversation or in the queue."""
        found = await self._pages.find_message(reference, chat)
        if found:
            return found.author
        dashboard = await self._app.adapter.commands.dashboard(chat)
        held = (one.message for one in (dashboard.queue if dashboard else ()))
        return next((one.author for one in held if f"{one.place}/{one.id}" == reference), None)

    def _command(self, form: Form, text: str) -> Command:
        """The command, identified by form and text: a form sent twice is one command, two buttons on a page are two."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return Command(
            place=self._app.adapter.place,
            at=self._app.adapter.clock.now(),
            id=f"{form.id}-{digest}",
            author=form.session.author,
            text=text,
            chat=form.session.chat,
            role=form.session.own_role,
        )


def command_text(fields: Mapping[str, str], catalogue: tuple[CommandInfo, ...]) -> str:
    """The command of a form, in words. Raises InvalidInput if there is none, or its text can't be used."""
    text = fields.get("say", "")
    if not text.strip():
        text = next((_from_fields(one, fields) for one in catalogue if one.slug == fields.get("do")), "")
    if not text.strip():
        raise InvalidInput(_(_NO_COMMAND))
    return message_text(text, LONGEST_COMMAND)


def _from_fields(info: CommandInfo, fields: Mapping[str, str]) -> str:
    return info.line({one.kind: fields.get(one.kind, "").strip() for one in info.takes})


def _draft(form: Form, text: str) -> str:
    """The command if the host typed it, so that a refusal doesn't lose it. Empty for buttons and bare command names."""
    is_typed = bool(form["text"]) or (bool(form["typed"]) and " " in text and not text.startswith("help"))
    return text if is_typed else ""
