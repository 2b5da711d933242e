"""The CPD sheet of a chat that is over: a page to fill in and print, and the empty sheet in Word.

What is typed into the page stays in it: there is no form around it, and nothing is stored. A reader chooses whose
messages are on it, by ids that are made for this chat alone; the reader's own are there from the start. Messages that
were sent without a name are nobody's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.kit.bounded import RecentMap
from adapters.room.app_context import AppContext
from adapters.room.pages import Pages, chat_name
from adapters.room.personal_pages import PersonalPages
from adapters.room.render import is_unnamed, web_url
from bot.cpd import Contribution, Sheet, printable, question_label, word_document
from bot.messages import Author, Time, Value
from bot.ports.views import ChatView, MessageView
from bot.translation import _, language, pending

_MOST = 20_000
"""Messages of a chat among which a reader's are looked for: the latest."""

_KEPT_CHATS = 4
"""Chats whose writers are kept in memory until one of their messages changes."""

_KEPT_FOR = timedelta(minutes=1)
"""How long at most: of a change by another process, such as a person's erasure, this one may not know."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

READER = "none"
"""Chosen by people who only read."""


class Writer(Value, frozen=True, kw_only=True):
    """A person with messages in a chat. `place` is where they wrote."""

    id: str
    place: str
    author: Author
    messages: tuple[MessageView, ...]

    @property
    def name(self) -> str:
        """The name as the sheet has it."""
        return self.author.name.strip() or self.author.handle.strip() or _("Somebody")


Writers = Mapping[str, Writer]
"""The people with messages in a chat, by the id that stands for them on its sheet."""


class _Known(Value, frozen=True, kw_only=True):
    """The writers of a chat as they were read at a time, with the versions of its messages then."""

    writers: Writers
    versions: Mapping[str, int]
    at: Time


class CpdSheets:
    """The GET handlers."""

    def __init__(self, app: AppContext, pages: Pages) -> None:
        self._app, self._pages, self._views = app, pages, PersonalPages(app)
        self._known: RecentMap[str, _Known] = RecentMap(_KEPT_CHATS)

    async def page(self, request: Request) -> Response:
        """The page. Raises 404 before the chat is over."""
        chat_view = await self._chat_view(request)
        writers = await self._writers(chat_view.chat)
        own = self._own(request, writers)
        chosen = request.query_params.get("who", own.id if own else READER)
        sheet = await self._sheet(chat_view, writers.get(chosen))
        names = sorted(writers.values(), key=lambda one: (one is not own, one.name.casefold(), one.place))
        return self._views.plain(
            request, "cpd.html", chat_view=chat_view, sheet=sheet, writers=names, own=own, chosen=chosen, reader=READER
        )

    async def word(self, request: Request) -> Response:
        """The empty sheet in Word. Raises 404 before the chat is over."""
        chat_view = await self._chat_view(request)
        data = await asyncio.to_thread(_word_in, language(), await self._sheet(chat_view, None))
        return Response(data, media_type=_WORD, headers={"Content-Disposition": 'attachment; filename="cpd.docx"'})

    async def _chat_view(self, request: Request) -> ChatView:
        chat_view = await self._pages.chat_view(request)
        if chat_view.state != "over" or chat_view.called_off:
            raise HTTPException(404, pending("There is a CPD sheet for each chat, once it is over."))
        return chat_view

    async def _sheet(self, chat_view: ChatView, writer: Writer | None) -> Sheet:
        posts = await self._app.adapter.conversation.posts(chat_view.chat)
        return Sheet(
            title=chat_view.title,
            hashtag=chat_view.hashtag,
            starts=chat_view.starts,
            ends=chat_view.ends,
            timezone=chat_view.timezone,
            hosts=chat_view.hosts,
            link=web_url(chat_view.link),
            questions=tuple(printable(one.text.strip()) for one in posts if one.kind == "question"),
            reflection=chat_view.reflection,
            name=printable(writer.name) if writer else "",
            contributions=tuple(map(_contribution, writer.messages)) if writer else (),
        )

    def _own(self, request: Request, writers: Writers) -> Writer | None:
        """What this browser's session wrote here."""
        session, place = self._app.sessions.read(request), self._app.adapter.place
        return writers.get(self._id(chat_name(request), place, session.id)) if session else None

    async def _writers(self, chat: str) -> Writers:
        """The people with messages in a chat. Who asked to be left out has none."""
        conversation = self._app.adapter.conversation
        versions, now = dict(conversation.versions(chat)), self._app.adapter.clock.now()
        known = self._known.get(chat)
        if known is None or known.versions != versions or now - known.at >= _KEPT_FOR:
            writers = self._grouped(chat, await conversation.messages(chat, limit=_MOST))
            self._known[chat] = known = _Known(writers=writers, versions=versions, at=now)
        return known.writers

    def _grouped(self, chat: str, messages: list[MessageView]) -> Writers:
        found: dict[tuple[str, str], list[MessageView]] = {}
        for one in messages:
            if not is_unnamed(one):
                found.setdefault((one.place, one.author.id), []).append(one)
        writers = (
            Writer(id=self._id(chat, *person), place=person[0], author=said[-1].author, messages=tuple(said))
            for person, said in found.items()
        )
        return {one.id: one for one in writers}

    def _id(self, chat: str, place: str, author: str) -> str:
        return self._app.sessions.public_id(f"{place}\n{author}", chat)


def _contribution(one: MessageView) -> Contribution:
    return Contribution(at=one.at, question=question_label(one.question), text=printable(one.text))


@lru_cache(maxsize=32)
def _word_in(_language: str, sheet: Sheet) -> bytes:
    return word_document(sheet)
