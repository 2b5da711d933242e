"""What arrives in a form: read within bounds, and only if it was sent from our own page by the person it was made for.

It says nothing about whether the words in it are fit; that is `words`.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from adapters.room.app_context import AppContext
from adapters.room.sessions import Person
from bot.messages import Value

LARGEST = 64 * 1024
"""Bytes in a form: 4000 characters, each sent as twelve, and some room."""
_PATIENCE = 20.0
"""Wall seconds in which a form has to arrive."""

STALE = "This form was not made for you, or it is too old. Please open the page again and send it from there."
ELSEWHERE = "This form was sent from another website. Please open the chat's own page and send it from there."


class Form(Value, frozen=True):
    """A form that may be acted on. `once` is the id that it carries; it is the same each time it is sent."""

    person: Person
    once: str
    fields: dict[str, str]

    def __getitem__(self, field: str) -> str:
        """What was typed, or nothing."""
        return self.fields.get(field, "")


async def receive(app: AppContext, request: Request, leader: Person | None = None) -> Form:
    """The form and who sent it: whom the cookie names, or who leads the chat, if they were given it.

    Raises HTTPException: 403 not ours, 408 too slow, 413 too large, 400 unreadable.
    """
    if not _from_here(request, app.origin):
        raise HTTPException(403, ELSEWHERE)
    fields = await _fields(request)
    for person in (app.people.read(request), leader):
        once = app.people.once(person, fields.get("token", "")) if person else None
        if person and once:
            return Form(person=person, once=once, fields=fields)
    raise HTTPException(403, STALE)


def _from_here(request: Request, origin: str) -> bool:
    """Did the browser say that the form comes from our own page? Where it says nothing, the token decides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    sender = request.headers.get("origin")
    if sender is None:
        return True
    return sender == origin or urlsplit(sender).netloc == request.headers.get("host")


async def _fields(request: Request) -> dict[str, str]:
    try:
        async with asyncio.timeout(_PATIENCE):
            body = await _body(request)
    except TimeoutError:
        raise HTTPException(408) from None

    async def replay() -> Message:
        return {"type": "http.request", "body": body}

    async with Request(request.scope, replay).form(max_files=0, max_fields=20) as form:
        return {key: value for key, value in form.items() if not isinstance(value, UploadFile)}


async def _body(request: Request) -> bytes:
    """All of it. Some of what is too large is read and dropped, so that the sender lives to see the answer."""
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST:
            kept += chunk
        elif size > 16 * LARGEST:
            break
    if size > LARGEST:
        raise HTTPException(413)
    return bytes(kept)
