"""GET handlers of the public pages: the list of chats, a chat, its live updates, and the forms to edit and delete.

Reading needs no cookie; one is set only with a form.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.event_stream import EventStream, Watcher
from adapters.room.first_view import MAX_SHOWN, newest
from adapters.room.network_address import address
from adapters.room.page_model import PageModel, Section
from adapters.room.personal_pages import Attempt, PersonalPages, withheld_from
from adapters.room.render import is_unnamed
from adapters.room.sessions import Session
from adapters.room.stream_seats import Reader, Seat
from bot.ports.views import ChatView, MessageView
from bot.translation import pending


class Pages:
    """The GET handlers, and what other handlers look up in the same way."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._views = app, PersonalPages(app)

    async def index(self, request: Request) -> Response:
        """Live, coming and past chats."""
        chats = await self._app.adapter.conversation.chat_views()
        groups = {state: [one for one in chats if one.state == state] for state in ("live", "coming", "over")}
        groups["over"].reverse()
        archive = self._app.adapter.archive.has("index.html")
        return self._views.plain(request, "index.html", groups=groups, archive=archive)

    async def about(self, request: Request) -> Response:
        """How the room works and what is recorded."""
        return self._views.plain(request, "about.html")

    async def chat(self, request: Request) -> Response:
        """A chat's page; with `question` and `before` in the query, older answers to one question."""
        if "before" in request.query_params:
            return await self._older_answers(request)
        page = await self.page_model(request)
        query = request.query_params
        attempt = Attempt(reply=await self.find_message(query.get("reply", ""), page.chat_view.chat))
        return await self._views.chat(request, page, attempt, posted=query.get("posted", ""), own=query.get("own", ""))

    async def fragment(self, request: Request) -> Response:
        """The parts of the page that are the same for all readers, for our script."""
        html = await self._app.live_updates.fragment(chat_name(request))
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html)

    async def stream(self, request: Request) -> Response:
        """Live updates, until the reader disconnects or the room closes."""
        return await self.watch(request)

    async def watch(self, request: Request, staff: Session | None = None) -> Response:
        """Live updates, for `staff` with changes to the dashboard. Raises 404; answers 503 if there are too many."""
        page, live = await self.page_model(request), self._app.live_updates
        known = staff or self._app.sessions.read(request) or Session(id="")
        reader = Reader(staff.id if staff else address(request), known.id, is_known=known.name != "")
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")

        @contextmanager
        def watching(watcher: Watcher, seat: Seat) -> Iterator[None]:
            with ExitStack() as stack:
                stack.enter_context(live.watching(page, watcher, seat, seen, staff=staff is not None))
                if staff:
                    stack.enter_context(self._app.private_links.watching(request, staff, watcher.end))
                yield

        return EventStream(lambda: live.seat(reader), watching)

    async def picture(self, request: Request) -> Response:
        """The image of a question."""
        posts = await self._app.adapter.conversation.posts(chat_name(request))
        image = next((one.image for one in posts if one.key == request.path_params["key"] and one.image), None)
        media_type = mimetypes.guess_type(image.path)[0] if image else None
        if image is None or not (media_type or "").startswith("image/"):
            raise HTTPException(404)
        try:
            here = await self._app.adapter.conversation.picture(image)
        except OSError:
            raise HTTPException(404) from None
        if here is None:  # its chat was removed from the store since
            raise HTTPException(404)
        return FileResponse(here.path, media_type=media_type)

    async def edit(self, request: Request) -> Response:
        """The form to edit your own message."""
        chat_view = await self.chat_view(request)
        session, message = await own_message(self._app, request, _message_id(request))
        return self._views.edit(request, chat_view, session, editable(message))

    async def delete(self, request: Request) -> Response:
        """The form to delete your own message."""
        chat_view = await self.chat_view(request)
        return self._views.delete(request, chat_view, *await own_message(self._app, request, _message_id(request)))

    async def chat_view(self, request: Request) -> ChatView:
        """The chat in the address, without its conversation. Raises 404."""
        chat_view = await self._app.adapter.conversation.chat_view(chat_name(request))
        if chat_view is None:
            raise HTTPException(404)
        return chat_view

    async def page_model(self, request: Request) -> PageModel:
        """The chat in the address, with its conversation. Raises 404."""
        page = await self._app.chat_pages.read(chat_name(request))
        if page is None:
            raise HTTPException(404)
        return page

    async def find_message(self, reference: str, chat: str) -> MessageView | None:
        """The message of this chat that a form or link names as `place/id`; None if it is gone, or another chat's."""
        place, _, id_ = reference.partition("/")
        if not (place and id_ and reference.isprintable()):
            return None
        return await self._app.adapter.conversation.find(place, id_, chat)

    async def _older_answers(self, request: Request) -> Response:
        page, key = await self.page_model(request), request.query_params.get("question", "")
        before = _timestamp(request.query_params["before"])
        section = next((one for one in page.sections if one.key == key), None)
        if section is None:
            raise HTTPException(404)
        chat = page.chat_view.chat
        read, found = self._app.adapter.conversation.messages, list[MessageView]()
        for each in section.keys:
            found += await read(chat, question=each, before=before, limit=MAX_SHOWN + 1)
        found.sort(key=lambda one: one.at)
        more = len(found) > MAX_SHOWN
        messages = newest(found, MAX_SHOWN)
        older = Section(key=key, question=section.question, entries=tuple(messages), total=len(messages))
        html = self._app.renderer.older_answers(older, page)
        return self._views.plain(request, "older_answers.html", page=page, section=older, more=more, html=html)


async def own_message(app: AppContext, request: Request, id_: str) -> tuple[Session, MessageView]:
    """The session and its own message, also one that only its author sees.

    Raises 404 if there is no such message, 403 if it is another author's.
    """
    chat, conversation = chat_name(request), app.adapter.conversation
    sessions = [one for one in (app.sessions.read(request), await app.private_links.session(request, chat)) if one]
    message = await conversation.find(app.adapter.place, id_) if id_.isprintable() else None
    for session in sessions:
        if message is None:
            withheld = await withheld_from(app, chat, session)
            message = next((one for one in withheld if one.id == id_), None)
        if message and message.author.id in app.sessions.authors(session):
            return session, message
    if message is None:
        raise HTTPException(404, pending("This message is gone, or was never here. Please go back to the chat."))
    raise HTTPException(403)


def editable(message: MessageView) -> MessageView:
    """The message, if its author may change it. Raises 403: without a name, each text passes a moderator first."""
    if is_unnamed(message):
        raise HTTPException(
            403, pending("What was sent without a name cannot be changed. You can delete it, and send it anew.")
        )
    return message


def chat_name(request: Request) -> str:
    """The chat's name in the address. Raises 404 for names that no store can look up."""
    name = f"{request.path_params['series']}/{request.path_params['name']}"
    if not name.isprintable():
        raise HTTPException(404)
    return name


def _message_id(request: Request) -> str:
    return str(request.path_params["id"])


def _timestamp(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise HTTPException(400) from None
    if at.tzinfo is None:
        raise HTTPException(400)
    return at
