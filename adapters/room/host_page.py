"""The handlers of the host's page: the private link, the page, its parts, and what is asked for with its forms.

Each asks the Desk who somebody is, so that a revoked link ends at once. The Desk carries out; nothing is decided here.
"""

from __future__ import annotations

import hashlib

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.room import forms, host_forms
from adapters.room.app_context import AppContext
from adapters.room.errors import wants_data
from adapters.room.forms import STALE, Form
from adapters.room.host_view import HostView
from adapters.room.input_rules import InvalidInput
from adapters.room.last_answers import LastAnswer
from adapters.room.pages import Pages, name
from adapters.room.personal_pages import Attempt
from adapters.room.private_links import NO_LINK
from adapters.room.sessions import Person
from bot.messages import Author, Command

_GONE = "This message is gone; there is nobody to mute by it. Name the person with `mute`, like `mute @kate`."
_AS_IT_WAS = "Nothing was changed."


class HostPage:
    """What only a private link opens."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._view = app, Pages(app), HostView(app)

    async def enter(self, request: Request) -> Response:
        """Take the key out of the address and into a cookie. Opening a link twice, or only looking, is harmless."""
        key = str(request.path_params["key"])
        found = await self._app.keys.admit(request, key)
        if found is None:
            raise HTTPException(404, NO_LINK)
        response = RedirectResponse(f"/{found.chat}/host", 303)
        self._app.keys.keep(response, key, found.chat)
        return response

    async def page(self, request: Request) -> Response:
        """The room with the controls."""
        person = await self._leader(request)
        attempt = Attempt(reply=await self._pages.replied(request.query_params.get("reply", "")))
        received = "received" in request.query_params
        return await self._view.page(request, await self._pages.talk(request), person, attempt, received=received)

    async def fragment(self, request: Request) -> Response:
        """The controls and all that stands beside them, for the page's own script."""
        return await self._parts(request, await self._leader(request))

    async def stream(self, request: Request) -> Response:
        """Live updates, and a sign whenever something stirred that only a leader sees."""
        await self._leader(request)
        return await self._pages.watch(request, leads=True)

    async def command(self, request: Request) -> Response:
        """Ask the Desk for something. The answer stands on the page until the next; a refusal is an answer too."""
        form = await forms.receive(self._app, request, await self._leader(request))
        if not form.person.leads:
            raise HTTPException(403, STALE)
        slip = await self._slip(form)
        script = wants_data(request)
        if script and not form["typed"]:
            slip = replace(slip, said="")  # it is still in the field where it was typed
        self._app.receipts.keep(form.person.id, slip)
        if script:
            return await self._parts(request, form.person)
        return RedirectResponse(f"{form.person.home(form.person.chat)}#receipt", 303)

    async def _leader(self, request: Request) -> Person:
        chat = name(request)
        person = await self._app.keys.leader(request, chat)
        if person is None:
            raise HTTPException(404, NO_LINK)
        return person

    async def _parts(self, request: Request, person: Person) -> Response:
        chat_view = await self._app.conversation.chat_view(name(request))
        if chat_view is None:
            raise HTTPException(404)
        return HTMLResponse(await self._view.fragment(chat_view, person))

    async def _slip(self, form: Form) -> LastAnswer:
        now = self._app.clock.now()
        if form["never"]:
            return LastAnswer(text=_AS_IT_WAS, at=now)
        try:
            command = self._command(form, await self._line(form))
        except InvalidInput as error:
            return LastAnswer(text=str(error), at=now, said=_typed(form, form["say"] or f"{form['do']} {form['text']}"))
        answer = await self._app.commands.answer(command)
        lost = "" if answer.done or answer.confirm else _typed(form, command.text)
        return LastAnswer(
            text=answer.text, at=now, asked=command.text, confirm=answer.confirm, said=lost, done=answer.done
        )

    async def _line(self, form: Form) -> str:
        """The command's words. Who is to be muted is looked up by what they said, so that no page needs their id."""
        if not form["mute"]:
            return host_forms.line(form.fields, self._app.commands.catalogue)
        author = await self._author(form["mute"], form.person.chat)
        if author is None:
            raise InvalidInput(_GONE)
        return f"mute {form['mute'].partition('/')[0]}/{author.id}"

    async def _author(self, about: str, chat: str) -> Author | None:
        found = await self._pages.replied(about)
        if found:
            return found.author
        dashboard = await self._app.commands.dashboard(chat)
        queue = dashboard.queue if dashboard else ()
        held = (one.message for one in queue)
        return next((one.author for one in held if f"{one.place}/{one.id}" == about), None)

    def _command(self, form: Form, text: str) -> Command:
        """The form's id and the words together: a form sent twice is one command, two buttons on one page are two."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return Command(
            place=self._app.place,
            at=self._app.clock.now(),
            id=f"{form.once}-{digest}",
            author=form.person.author,
            text=text,
            chat=form.person.chat,
            role=form.person.role,
        )


def _typed(form: Form, line: str) -> str:
    """The words that somebody wrote themselves, so that they are not lost with a refusal. A button or a name is not."""
    own = bool(form["text"]) or (bool(form["typed"]) and " " in line and not line.startswith("help"))
    return line if own else ""
