"""POST handlers for participants: join, post, edit, delete, leave. Each answers once the event is stored.

A message has the id of its form, so that a form sent twice is one message. Nothing is kept here. After a refusal the
form is shown again with all that was typed.
"""

from __future__ import annotations

from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.errors import FORM_ERRORS, form_error, wants_json
from adapters.room.forms import Form, read_form
from adapters.room.input_rules import display_name, message_text
from adapters.room.network_address import address
from adapters.room.pages import Pages, chat_name, editable, own_message
from adapters.room.personal_pages import Attempt, PersonalPages, withheld_from
from adapters.room.render import anchor
from adapters.room.sent_messages import sent_message
from adapters.room.sessions import UNNAMED, Session
from adapters.room.typed_requests import TypedRequests, forgotten, own_authors
from bot.messages import Author, Deleted, Edited, Joined, Message
from bot.ports.commands import PrivacyRequest
from bot.ports.views import ChatView, MessageView
from bot.translation import _, pending

_CLOSED = pending("The chat is not open for posts just now.")
_NO_NAME = pending("This chat takes nothing without a name. Please join with any name you like.")
_NOT_JOINED = pending("Please join the chat first; then you can do that.")


class ParticipantPosts:
    """The POST handlers. Staff may post, edit and delete by their private link."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._views = app, Pages(app), PersonalPages(app)
        self._adapter, self._typed = app.adapter, TypedRequests(app)

    async def join(self, request: Request) -> Response:
        """Join under a display name. A new session takes the form's id, so that a double click joins once."""
        form, chat_view = await self._form_and_chat(request)
        attempt = Attempt(form_id=form.id, typed=form["name"])
        if not self._is_open(chat_view):
            return await self._form_again(request, form, attempt.refused(403, _(_CLOSED)))
        keeps_id = form.session.name and not form.session.opted_out
        try:
            name = await self._free_name(request, chat_view, form["name"])
            waited = self._app.sessions.has_waited(request)
            self._app.rate_limits.count_join(request, waited=waited)
            session = Session(id=form.session.id if keeps_id else form.id, name=name, chat=chat_view.chat)
            now, place = self._adapter.clock.now(), self._adapter.place
            await self._adapter.listener.hear(Joined(place=place, at=now, author=session.author, chat=session.chat))
        except FORM_ERRORS as error:
            return await self._form_again(request, form, attempt.refused(*form_error(error)))
        page = self._app.chat_pages.last(chat_view.chat)
        response = _redirect(f"/{chat_view.chat}", page.current.key if page and page.current else "answer")
        self._app.sessions.set_cookie(response, session)
        return response

    async def post(self, request: Request) -> Response:
        """Post a message: in reply to a question, to another message, or to nothing."""
        form, chat_view = await self._form_and_chat(request, staff=True)
        reply = await self._pages.find_message(form["reply"], chat_view.chat)
        unnamed = form["unnamed"] == "yes" and not form.session.is_staff
        attempt = Attempt(form_id=form.id, typed=form["text"], question=form["to"], reply=reply, unnamed=unnamed)
        if asked := await self._asked(form):
            try:
                return await self._typed.carry_out(request, form, asked, form["reply"])
            except FORM_ERRORS as error:
                return await self._form_again(request, form, attempt.refused(*form_error(error)))
        if not self._is_open(chat_view):
            return await self._form_again(request, form, attempt.refused(403, _(_CLOSED)))
        if unnamed and not chat_view.unnamed:
            raise HTTPException(403, _NO_NAME)
        has_joined = form.session.name and form.session.chat == chat_view.chat
        if form.session.opted_out or not (has_joined or unnamed):
            raise HTTPException(403, _NOT_JOINED)
        try:
            text = message_text(form["text"], self._app.settings.longest)
            self._app.rate_limits.count_post(form.session, request, chat_view.chat)
            message = await self._message(form, chat_view.chat, text, reply, unnamed=unnamed)
            self._tell_whom_they_resemble(message, request, chat_view.chat)
            await self._adapter.listener.hear(message)
        except FORM_ERRORS as error:
            return await self._form_again(request, form, attempt.refused(*form_error(error)))
        return await self._posted(request, form)

    async def edit(self, request: Request) -> Response:
        """Edit your own message."""
        form, chat_view = await self._form_and_chat(request, staff=True)
        session, message = await self._own_message(request, form)
        editable(message)
        asked = await self._asked(form)
        try:
            if asked:
                return await self._typed.carry_out(request, form, asked, f"{message.place}/{message.id}")
            text = message_text(form["text"], self._app.settings.longest)
            self._app.rate_limits.count_post(session, request, chat_view.chat)
            if text != message.text:
                now, place = self._adapter.clock.now(), self._adapter.place
                await self._adapter.listener.hear(Edited(place=place, at=now, id=message.id, text=text))
        except FORM_ERRORS as error:
            attempt = Attempt(form_id=form.id, typed=form["text"]).refused(*form_error(error))
            return self._views.edit(request, chat_view, session, message, attempt)
        return _redirect(session.chat_path(chat_view.chat), anchor(message), "?own=changed")

    async def delete(self, request: Request) -> Response:
        """Delete your own message."""
        form, chat_view = await self._form_and_chat(request, staff=True)
        session, message = await self._own_message(request, form)
        now, place = self._adapter.clock.now(), self._adapter.place
        await self._adapter.listener.hear(Deleted(place=place, at=now, id=message.id))
        page = self._app.chat_pages.last(chat_view.chat)
        where = page.home(message.question) if page else message.question
        return _redirect(session.chat_path(chat_view.chat), where, "?own=deleted")

    async def leave(self, request: Request) -> Response:
        """End the session; its messages stay."""
        _form, chat_view = await self._form_and_chat(request)
        response = _redirect(f"/{chat_view.chat}", "")
        return forgotten(self._app, response)

    async def _free_name(self, request: Request, chat_view: ChatView, typed: str) -> str:
        """The display name. No other private link, nobody who leads the chat, and no message without a name has it."""
        staff = await self._app.private_links.session_or_none(request, chat_view.chat)
        leaders = await self._adapter.commands.staff_names(chat_view.chat)
        about = f"{chat_view.hashtag} {chat_view.chat.partition('/')[0]} {self._adapter.community.name}"
        nobody = {UNNAMED.name} if chat_view.unnamed else set[str]()
        reserved = {*chat_view.reserved, *leaders, *nobody}
        return display_name(typed, reserved, about=about, own=staff.name if staff else "")

    async def _form_and_chat(self, request: Request, *, staff: bool = False) -> tuple[Form, ChatView]:
        """The form and the chat. With `staff` the session of a private link is accepted, too."""
        session = await self._app.private_links.session(request, chat_name(request)) if staff else None
        return await read_form(self._app, request, session), await self._pages.chat_view(request)

    def _tell_whom_they_resemble(self, message: Message, request: Request, chat: str) -> None:
        async def shuts() -> datetime | None:
            chat_view = await self._adapter.conversation.chat_view(chat)
            return chat_view.shuts if chat_view else None

        if message.role == "participant":
            author = Author(id=message.author.id) if message.unnamed else message.author
            like = self._app.resemblance.like(author, address(request), chat, shuts)
            self._adapter.resembles(message.id, like)

    async def _asked(self, form: Form) -> PrivacyRequest | None:
        """The text's request about its author, if this browser is known."""
        asked = self._typed.asked(form)
        return asked if asked and (form.session.has_link or await own_authors(self._app, form.session)) else None

    def _is_open(self, chat_view: ChatView) -> bool:
        return chat_view.opens <= self._adapter.clock.now() < chat_view.shuts

    async def _own_message(self, request: Request, form: Form) -> tuple[Session, MessageView]:
        """The message that the form is about. Raises as `own_message`."""
        session, message = await own_message(self._app, request, form["id"])
        if session.id != form.session.id:
            raise HTTPException(403)
        return session, message

    async def _form_again(self, request: Request, form: Form, attempt: Attempt) -> Response:
        """The page that the form was on, with what was typed."""
        page = await self._pages.page_model(request)
        if form.session.is_staff:
            return await self._views.host(request, page, form.session, attempt)
        return await self._views.chat(request, page, attempt)

    async def _message(self, form: Form, chat: str, text: str, reply: MessageView | None, *, unnamed: bool) -> Message:
        posts = await self._adapter.conversation.posts(chat)
        asked = (one.id for one in posts if one.kind == "question" and one.key == form["to"])
        return Message(
            place=self._adapter.place,
            at=self._adapter.clock.now(),
            id=form.id,
            author=self._app.sessions.unnamed(form.session) if unnamed else form.session.author,
            text=text,
            reply_to=reply.id if reply else next(asked, "") or None,
            reply_place=reply.place if reply and reply.place != self._adapter.place else None,
            chat=chat,
            role="participant" if unnamed else form.session.own_role,
            unnamed=unnamed,
        )

    async def _posted(self, request: Request, form: Form) -> Response:
        """Show the message to its author, in the chat or among their held ones; else say that it has arrived."""
        chat, conversation = chat_name(request), self._adapter.conversation
        page = self._app.chat_pages.last(chat) or await self._pages.page_model(request)
        message = await conversation.find(self._adapter.place, form.id)
        withheld = [] if message else await withheld_from(self._app, chat, form.session)
        sent = sent_message(form.id, self._app.sessions.authors(form.session), page, message, withheld)
        if not wants_json(request):
            where = anchor(sent.message) if sent.message else "answer"
            told = f"?posted={form.id}" if not form.session.is_staff else "" if sent.message else "?received=1"
            return _redirect(form.session.chat_path(chat), where, told)
        renderer = self._app.renderer
        answer = {
            "token": self._app.sessions.csrf_token(form.session),
            "question": "" if sent.held else sent.section,
            "html": renderer.message(sent.message, page) if sent.message and not sent.held else "",
            "unseen": renderer.page("withheld.html", page=page, withheld=withheld) if sent.held else "",
            "sent": renderer.page("receipt.html", sent=sent).strip(),
        }
        return JSONResponse(answer, 201)


def _redirect(path: str, fragment: str, query: str = "") -> Response:
    """To a page, at an anchor, with a GET."""
    return RedirectResponse(f"{path}{query}" + (f"#{fragment}" if fragment else ""), 303)
