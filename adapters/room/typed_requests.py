"""Requests about themselves that people type in the chat: done at once, told to them alone, and never a message.

The core reads the words, does what they ask for, and says what it did. Here they are led to the page that shows it:
the one about the record, the one about what is held, or with a private link the host's.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from adapters.room.app_context import AppContext, LastAnswer
from adapters.room.errors import wants_json
from adapters.room.forms import Form
from adapters.room.pages import chat_name
from adapters.room.sessions import CLEAR, Session, new_id
from bot.messages import Author, Command
from bot.ports.commands import Answer, PrivacyRequest


class TypedRequests:
    """Recognizes them in the text of a form, and carries them out."""

    def __init__(self, app: AppContext) -> None:
        self._app = app

    def asked(self, form: Form) -> PrivacyRequest | None:
        """The request in the text of a form. A bare "stop" is said to the others here: a message like any other."""
        found = self._app.adapter.commands.privacy_request(form["text"])
        return None if found == "stop" else found

    async def carry_out(self, request: Request, form: Form, asked: PrivacyRequest, about: str) -> Response:
        """Do it, and lead to the page that says so. `about` is the message above, as `place/id`.

        Raises TooManyRequests.
        """
        session, chat = form.session, chat_name(request)
        self._app.rate_limits.count_post(session, request, chat)
        if session.has_link:
            answer = await ask(self._app, [session.author], form["text"], chat, about)
            now = self._app.adapter.clock.now()
            self._app.last_answers[session.id] = LastAnswer(
                text=answer.text, at=now, command=form["text"], confirm=answer.confirm, done=answer.done
            )
            return _lead_to(request, f"{session.chat_path(chat)}?asked={form.id}#receipt")
        if asked == "hold":
            return _lead_to(request, f"/{chat}/mine")  # which asks for it itself
        answer = await ask(self._app, await own_authors(self._app, session), form["text"], chat, about)
        if asked == "forget yes" and answer.done:
            return forgotten(self._app, _lead_to(request, f"/{chat}/mine?own=forgotten"))
        keep_told(self._app, session, answer.text)
        response = _lead_to(request, f"/{chat}/mine#erase" if asked.startswith("forget") else f"/{chat}/out")
        if session.name and answer.done and asked in {"leave", "return"}:
            chosen = session.opt_out(chat) if asked == "leave" else session.come_back(chat)
            self._app.sessions.set_cookie(response, chosen)
        return response


async def own_authors(app: AppContext, session: Session | None) -> list[Author]:
    """The authors of a session's messages: with its name, if it has one, and without where any chat takes such."""
    if session is None:
        return []
    unnamed = any(one.unnamed for one in await app.adapter.conversation.chat_views())
    named = [session.author] if session.name else []
    return [*named, *([app.sessions.unnamed(session)] if unnamed else [])]


async def ask(app: AppContext, authors: Iterable[Author], text: str, chat: str, about: str = "") -> Answer:
    """Have the core do what one person asks for about themselves, under each of their authors."""
    place, now = app.adapter.place, app.adapter.clock.now()
    return await app.adapter.commands.answer_person(
        tuple(
            Command(place=place, id=new_id(), author=one, text=text, chat=chat, about=_printable(about), at=now)
            for one in authors
        )
    )


def keep_told(app: AppContext, session: Session, text: str) -> None:
    """Keep what a person is to be told on the next page of theirs about the record."""
    app.last_answers[_key(session)] = LastAnswer(text=text, at=app.adapter.clock.now())


def take_told(app: AppContext, session: Session | None) -> str:
    """The notice for the person, once; empty if there is none."""
    found = app.last_answers.pop(_key(session), None) if session else None
    return found.text if found else ""


def forgotten(app: AppContext, response: Response) -> Response:
    """The response, with which the browser forgets its session and its drafts."""
    app.sessions.clear_cookie(response)
    response.headers["Clear-Site-Data"] = CLEAR
    return response


def _key(session: Session) -> str:
    return f"typed {session.id}"


def _printable(about: str) -> str | None:
    return about if about and about.isprintable() else None


def _lead_to(request: Request, path: str) -> Response:
    """To a page; our script goes there itself."""
    return JSONResponse({"go": path}) if wants_json(request) else RedirectResponse(path, 303)
