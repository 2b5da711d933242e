"""The review page: what is doubtful in a record before it is published, corrected in one go by those who lead.

It shows how the publication stands, the messages that wait, and those whose question was only guessed. Each choice is a
command like any other, so it is logged, and `undo` takes it back. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.room.app_context import AppContext
from adapters.room.forms import WRONG_FORM, Form, FormLimits, read_form
from adapters.room.half_written import HalfWritten, template_values
from adapters.room.host_page import LONGEST_COMMAND
from adapters.room.input_rules import InvalidInput, message_text
from adapters.room.pages import Pages, chat_name
from adapters.room.sessions import Session
from bot.messages import Command
from bot.ports.commands import Answer
from bot.ports.views import MessageView, PostView

_SOON = timedelta(minutes=3)
"""How soon after a question a message without a mark or a reply may still answer the one before."""

_MOST = 5000
"""Messages of a chat that are looked through."""

_SHOWN = 100
"""Doubtful messages on one page: when they are filed, the next ones come."""

_LIMITS = FormLimits(fields=2 * _SHOWN + 200)
"""What the form may have: two fields for each message."""

_FILE, _HELD = "file ", "held "
"""What the names of the fields begin with."""


class ReviewPage:
    """The page and its form."""

    def __init__(self, app: AppContext) -> None:
        self._app, self._pages, self._half = app, Pages(app), HalfWritten(app)

    async def page(self, request: Request) -> Response:
        """The open matters, each with a choice."""
        return await self._shown(request, await self._session(request), [])

    async def correct(self, request: Request) -> Response:
        """Carry out all choices, and say what came of each."""
        session = await self._session(request)
        form = await read_form(self._app, request, session, _LIMITS)
        if not form.session.is_staff:
            raise HTTPException(403, WRONG_FORM)
        answers = list[Answer]()
        for number, text in enumerate(chosen_commands(form.fields)):
            answers.append(await self._answer(form, number, text))
        if not form["say"]:
            await self._half.reviewed(session)
        return await self._shown(request, session, answers)

    async def _session(self, request: Request) -> Session:
        return await self._app.private_links.staff(request, chat_name(request))

    async def _shown(self, request: Request, session: Session, answers: Sequence[Answer]) -> Response:
        conversation, chat = self._app.adapter.conversation, session.chat
        chat_view, posts = await self._pages.chat_view(request), await conversation.posts(chat)
        doubtful = doubtful_messages(await conversation.messages(chat, limit=_MOST), posts)
        dashboard = await self._app.adapter.commands.dashboard(chat)
        html = self._app.renderer.page(
            "review.html",
            chat_view=chat_view,
            chat_path=session.chat_path(chat),
            questions=[one for one in posts if one.kind == "question"],
            queue=dashboard.queue if dashboard else (),
            doubtful=doubtful[:_SHOWN],
            more=max(0, len(doubtful) - _SHOWN),
            answers=answers,
            leads=session.role != "moderator" or bool(dashboard and dashboard.moderators_lead),
            token=self._app.sessions.csrf_token(session),
            **template_values(await self._half.of(session)),
        )
        return HTMLResponse(html)

    async def _answer(self, form: Form, number: int, text: str) -> Answer:
        try:
            command = self._command(form, number, message_text(text, LONGEST_COMMAND))
        except InvalidInput as error:
            return Answer(text=str(error), done=False)
        return await self._app.adapter.commands.answer(command)

    def _command(self, form: Form, number: int, text: str) -> Command:
        return Command(
            place=self._app.adapter.place,
            at=self._app.adapter.clock.now(),
            id=f"{form.id}-{number}",
            author=form.session.author,
            text=text,
            chat=form.session.chat,
            role=form.session.own_role,
        )


def doubtful_messages(messages: Sequence[MessageView], posts: Sequence[PostView]) -> list[MessageView]:
    """The messages that stand where they do only by their time, and soon after a question, oldest first."""
    asked = {one.key: one.at for one in reversed(posts) if one.kind == "question"}
    return [
        one
        for one in messages
        if one.reason == "floor" and one.question in asked and one.at - asked[one.question] < _SOON
    ]


def chosen_commands(fields: Mapping[str, str]) -> Iterator[str]:
    """The commands that a form stands for: a publication, or a choice for each message that has one."""
    if fields.get("say"):
        yield fields["say"]
        return
    for name, choice in fields.items():
        if name.startswith(_FILE) and choice:
            reference = name.removeprefix(_FILE)
            yield f"hide {reference}" if choice == "out" else f"file {reference} {choice}"
        elif name.startswith(_HELD) and choice in ("approve", "drop"):
            yield f"{choice} {name.removeprefix(_HELD)}"
