"""What people can do: join, say, change, take back, leave, be left out. Each tells the Ear and only then answers.

One form is heard once: the id that it carries is the message's id. Nothing is kept here. A refusal shows the form
again with all that was typed.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from adapters.room import forms, input_rules
from adapters.room.app_context import AppContext
from adapters.room.errors import REFUSALS, verdict, wants_data
from adapters.room.forms import Form
from adapters.room.host_view import HostView
from adapters.room.page_model import PageModel
from adapters.room.pages import Pages, name, owned
from adapters.room.personal_pages import Attempt, FormPages
from adapters.room.render import anchor
from adapters.room.sessions import Person
from bot.messages import Deleted, Edited, Joined, Message, Withdrawn
from bot.ports.views import MessageView

_SHUT = "The chat is not open for posts just now."
_STRANGER = "Please join the chat first; then you can do that."


class ParticipantPosts:
    """The POST handlers."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._view, self._leading = app, Pages(app), FormPages(app), HostView(app)

    async def join(self, request: Request) -> Response:
        """Give a display name and come in. Someone new takes the form's id, so that a double click is one person."""
        form, talk = await self._received(request)
        attempt = Attempt(once=form.once, typed=form["name"])
        if not talk.open:
            return await self._view.chat(request, talk, attempt.refused(403, _SHUT))
        known = form.person.name and not form.person.out
        try:
            called = input_rules.name(form["name"], await self._reserved(request, talk))
            await self._app.pace.join(request)
            person = Person(id=form.person.id if known else form.once, name=called, chat=talk.chat_view.chat)
            now, place = self._app.clock.now(), self._app.place
            await self._app.listener.hear(Joined(place=place, at=now, author=person.author, chat=person.chat))
        except REFUSALS as error:
            return await self._view.chat(request, talk, attempt.refused(*verdict(error)))
        response = _back(f"/{talk.chat_view.chat}", "answer")
        self._app.people.keep(response, person)
        return response

    async def say(self, request: Request) -> Response:
        """Post a message, as a reply to a question, to somebody, or to nothing."""
        form, talk = await self._received(request, leads=True)
        reply = await self._pages.replied(form["reply"])
        attempt = Attempt(once=form.once, typed=form["text"], to=form["to"], reply=reply)
        if not talk.open:
            return await self._again(request, talk, form, attempt.refused(403, _SHUT))
        if not form.person.name or form.person.chat != talk.chat_view.chat or form.person.out:
            raise HTTPException(403, _STRANGER)
        try:
            said = input_rules.text(form["text"], self._app.longest)
            await self._app.pace.post(form.person.id, request)
            await self._app.listener.hear(self._message(form, talk, said, reply))
        except REFUSALS as error:
            return await self._again(request, talk, form, attempt.refused(*verdict(error)))
        return await self._said(request, form)

    async def edit(self, request: Request) -> Response:
        """Change one's own message."""
        form, talk = await self._received(request, leads=True)
        person, message = await self._own(request, form)
        try:
            said = input_rules.text(form["text"], self._app.longest)
            await self._app.pace.post(person.id, request)
            if said != message.text:
                now, place = self._app.clock.now(), self._app.place
                await self._app.listener.hear(Edited(place=place, at=now, id=message.id, text=said))
        except REFUSALS as error:
            attempt = Attempt(once=form.once, typed=form["text"]).refused(*verdict(error))
            return self._view.edit(request, talk, person, message, attempt)
        return _back(person.home(talk.chat_view.chat), anchor(message))

    async def delete(self, request: Request) -> Response:
        """Take one's own message back."""
        form, talk = await self._received(request, leads=True)
        person, message = await self._own(request, form)
        now, place = self._app.clock.now(), self._app.place
        await self._app.listener.hear(Deleted(place=place, at=now, id=message.id))
        return _back(person.home(talk.chat_view.chat), message.question)

    async def leave(self, request: Request) -> Response:
        """Forget who this is; what they wrote stays."""
        _, talk = await self._received(request)
        response = _back(f"/{talk.chat_view.chat}", "")
        self._app.people.forget(response)
        return response

    async def out(self, request: Request) -> Response:
        """Leave out of every record all that this person wrote here."""
        form, talk = await self._received(request)
        if not form.person.name:
            raise HTTPException(403, _STRANGER)
        now, place = self._app.clock.now(), self._app.place
        await self._app.listener.hear(Withdrawn(place=place, at=now, author=form.person.author))
        response = _back(f"/{talk.chat_view.chat}", "answer")
        self._app.people.keep(response, form.person.left_out(talk.chat_view.chat))
        return response

    async def _reserved(self, request: Request, talk: PageModel) -> list[str]:
        """The names that are not theirs to take: those of all who lead, but for their own if they have a link."""
        leader = await self._app.keys.visitor(request, talk.chat_view.chat)
        return [one for one in talk.chat_view.reserved if leader is None or one != leader.name]

    async def _received(self, request: Request, *, leads: bool = False) -> tuple[Form, PageModel]:
        """The form and the chat. Whoever came by a private link may do only what `leads` says."""
        leader = await self._app.keys.leader(request, name(request)) if leads else None
        return await forms.receive(self._app, request, leader), await self._pages.talk(request)

    async def _own(self, request: Request, form: Form) -> tuple[Person, MessageView]:
        """The message that the form is about, if it is the sender's."""
        person, message = await owned(self._app, request, form["id"])
        if person.id != form.person.id:
            raise HTTPException(403)
        return person, message

    async def _again(self, request: Request, talk: PageModel, form: Form, attempt: Attempt) -> Response:
        """The page that the form was on, with what was typed."""
        if form.person.leads:
            return await self._leading.page(request, talk, form.person, attempt)
        return await self._view.chat(request, talk, attempt)

    def _message(self, form: Form, talk: PageModel, said: str, reply: MessageView | None) -> Message:
        questions = {one.key: one.asked.id for one in talk.questions if one.asked}
        return Message(
            place=self._app.place,
            at=self._app.clock.now(),
            id=form.once,
            author=form.person.author,
            text=said,
            reply_to=reply.id if reply else questions.get(form["to"]) or None,
            reply_place=reply.place if reply and reply.place != self._app.place else None,
            chat=talk.chat_view.chat,
            role=form.person.role,
        )

    async def _said(self, request: Request, form: Form) -> Response:
        """Show the writer their message, also where only they see it; or say that it arrived, if it is nowhere yet."""
        talk, message = await self._pages.talk(request), await self._app.conversation.find(self._app.place, form.once)
        unseen = [] if message else await self._app.conversation.withheld(talk.chat_view.chat, form.person.id)
        held = next((one for one in unseen if one.id == form.once), None)
        shown, home = message or held, form.person.home(talk.chat_view.chat)
        if not wants_data(request):
            return _back(home, anchor(shown)) if shown else _back(home, "answer", "?received=1")
        render = self._app.renderer
        answer = {
            "token": self._app.people.token(form.person),
            "question": message.question if message else "",
            "html": render.message(talk, message) if message else "",
            "unseen": render.page("unseen.html", talk=talk, unseen=unseen) if held else "",
        }
        return JSONResponse(answer, 201)


def _back(home: str, where: str, query: str = "") -> Response:
    """To the chat's page, at an anchor, with a GET."""
    return RedirectResponse(f"{home}{query}" + (f"#{where}" if where else ""), 303)
