"""Forms: reads them within limits, and checks that each was sent from our own page by the session it was made for.

Whether the text is acceptable is decided in `input_rules`.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from adapters.room.app_context import AppContext
from adapters.room.sessions import Session
from bot.messages import Value
from bot.translation import pending

_MAX_BYTES = 64 * 1024
"""Bytes of a form: 4000 characters at up to twelve bytes each, and some to spare."""
_TIMEOUT = 20.0
"""Wall seconds in which a form has to arrive."""

WRONG_FORM = pending(
    "This form was not made for you, or it is too old. Please open the page again and send it from there."
)
_OTHER_SITE = pending(
    "This form was sent from another website. Please open the chat's own page and send it from there."
)


class Form(Value, frozen=True):
    """A form that passed the checks. `id` comes from its CSRF token, and is the same each time it is sent."""

    session: Session
    id: str
    fields: dict[str, str]

    def __getitem__(self, field: str) -> str:
        """The value of a field, or an empty string."""
        return self.fields.get(field, "")


async def read_form(app: AppContext, request: Request, staff: Session | None = None) -> Form:
    """The form and its session: `staff`, who leads, or else the cookie's.

    Raises HTTPException: 403 not ours, 408 too slow, 413 too large, 400 unreadable.
    """
    if not _is_same_origin(request, app.settings.origin):
        raise HTTPException(403, _OTHER_SITE)
    fields = await _fields(request)
    request.state.typed = fields.get("text", "")  # whatever goes wrong, its author gets it back
    for session in (staff, app.sessions.read(request)):
        form_id = app.sessions.form_id(session, fields.get("token", "")) if session else None
        if session and form_id:
            return Form(session=session, id=form_id, fields=fields)
    raise HTTPException(403, WRONG_FORM)


def _is_same_origin(request: Request, origin: str) -> bool:
    """Whether the form comes from our own page, by the browser's headers. Without any, the CSRF token decides."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    sender = request.headers.get("origin")
    if sender is None:
        return True
    return sender == origin or urlsplit(sender).netloc == request.headers.get("host")


async def _fields(request: Request) -> dict[str, str]:
    try:
        async with asyncio.timeout(_TIMEOUT):
            body = await _body(request)
    except TimeoutError:
        raise HTTPException(408) from None

    async def replay() -> Message:
        return {"type": "http.request", "body": body}

    async with Request(request.scope, replay).form(max_files=0, max_fields=20) as form:
        return {key: value for key, value in form.items() if not isinstance(value, UploadFile)}


async def _body(request: Request) -> bytes:
    """The whole body. Some of what is too large is read and dropped, so that the client gets the answer."""
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= _MAX_BYTES:
            kept += chunk
        elif size > 16 * _MAX_BYTES:
            break
    if size > _MAX_BYTES:
        raise HTTPException(413)
    return bytes(kept)
