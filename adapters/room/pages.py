"""What can be looked at: the list of chats, a chat, its stream, and the questions before something is changed.

Reading needs no cookie; one is given only with a form.
"""

from __future__ import annotations

import mimetypes
from datetime import datetime

from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.live_updates import Full
from adapters.room.page_model import NEWEST, PageModel, Section, read
from adapters.room.personal_pages import Attempt, FormPages
from adapters.room.rate_limits import address
from adapters.room.sessions import Person
from bot.ports.views import MessageView


class Pages:
    """The GET handlers."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._view = app, FormPages(app)

    async def index(self, request: Request) -> Response:
        """Live, coming and past chats."""
        chat_views = await self._app.conversation.chat_views()
        groups = {state: [one for one in chat_views if one.state == state] for state in ("live", "coming", "over")}
        groups["over"].reverse()
        return self._view.plain(request, "index.html", groups=groups)

    async def about(self, request: Request) -> Response:
        """How the room works and what is kept."""
        return self._view.plain(request, "about.html")

    async def chat(self, request: Request) -> Response:
        """A chat's page; or, with `question` and `before`, the older answers to one question."""
        if "before" in request.query_params:
            return await self._earlier(request)
        talk = await self.talk(request)
        attempt = Attempt(reply=await self.replied(request.query_params.get("reply", "")))
        return await self._view.chat(request, talk, attempt, received="received" in request.query_params)

    async def fragment(self, request: Request) -> Response:
        """What is the same for everybody, for the page's own script."""
        html = await self._app.streams.fragment(name(request))
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html)

    async def stream(self, request: Request) -> Response:
        """Live updates, until the reader goes away or the room closes."""
        return await self.watch(request)

    async def watch(self, request: Request, *, leads: bool = False) -> Response:
        """The same; with what only whoever leads the chat is told. Raises 404, or 503 where there are too many."""
        chat, who = name(request), address(request)
        if await self._app.conversation.chat_view(chat) is None:
            raise HTTPException(404)
        try:
            self._app.streams.admit(who)
        except Full:
            raise HTTPException(503, headers={"Retry-After": "30"}) from None
        seen = request.headers.get("last-event-id") or request.query_params.get("seen", "")
        updates = self._app.streams.watch(chat, who, seen, leads=leads)
        return EventSourceResponse(updates, send_timeout=20, cleanup_timeout=1)

    async def picture(self, request: Request) -> Response:
        """The image that was posted with a question."""
        asked = await self._app.conversation.posts(name(request))
        image = next((one.image for one in asked if one.key == request.path_params["key"] and one.image), None)
        kind = mimetypes.guess_type(image.path)[0] if image else None
        if image is None or not (kind or "").startswith("image/"):
            raise HTTPException(404)
        return FileResponse(image.path, media_type=kind)

    async def edit(self, request: Request) -> Response:
        """One's own message in a form."""
        return self._view.edit(request, await self.talk(request), *await owned(self._app, request, _id(request)))

    async def delete(self, request: Request) -> Response:
        """One's own message, and whether it should really go."""
        return self._view.delete(request, await self.talk(request), *await owned(self._app, request, _id(request)))

    async def out(self, request: Request) -> Response:
        """What it means to be left out, and the button for it."""
        return self._view.out(request, (await self.talk(request)).chat_view)

    async def talk(self, request: Request) -> PageModel:
        """The chat that the address names. Raises 404."""
        talk = await read(self._app.conversation, name(request), self._app.clock.now())
        if talk is None:
            raise HTTPException(404)
        return talk

    async def _earlier(self, request: Request) -> Response:
        talk, key = await self.talk(request), request.query_params.get("question", "")
        before = _moment(request.query_params["before"])
        section = next((one for one in talk.sections if one.key == key), None)
        if section is None:
            raise HTTPException(404)
        heard = await self._app.conversation.messages(talk.chat_view.chat, question=key, before=before, limit=NEWEST)
        older = Section(key=key, asked=section.asked, entries=tuple(heard), total=len(heard))
        return self._view.plain(request, "earlier.html", talk=talk, section=older, more=len(heard) == NEWEST)

    async def replied(self, asked: str) -> MessageView | None:
        """The message that is to be replied to, as a form or link names it; None if it is gone."""
        place, _, id_ = asked.partition("/")
        return await self._app.conversation.find(place, id_) if place and id_ and asked.isprintable() else None


async def owned(app: AppContext, request: Request, id_: str) -> tuple[Person, MessageView]:
    """The person and their own message, also one that only they see. Raises 404 if there is none, 403 if not theirs."""
    chat = name(request)
    people = [one for one in (app.people.read(request), await app.keys.leader(request, chat)) if one]
    message = await app.conversation.find(app.place, id_) if id_.isprintable() else None
    for person in people:
        if message is None:
            unseen = await app.conversation.withheld(chat, person.id)
            message = next((one for one in unseen if one.id == id_), None)
        if message and message.author.id == person.id:
            return person, message
    if message is None:
        raise HTTPException(404, "This message is gone, or was never here. Please go back to the chat.")
    raise HTTPException(403)


def name(request: Request) -> str:
    """The chat's name in the address. Raises 404 for what no store could look up."""
    named = f"{request.path_params['series']}/{request.path_params['name']}"
    if not named.isprintable():
        raise HTTPException(404)
    return named


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise HTTPException(400) from None
    if moment.tzinfo is None:
        raise HTTPException(400)
    return moment
