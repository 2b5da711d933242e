"""Forms: reads them within limits, and checks that each was sent from our own page by the session it was made for.

Whether the text is acceptable is decided in `input_rules`.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from adapters.room.app_context import AppContext
from adapters.room.sessions import Session
from bot.messages import Value
from bot.translation import pending

_DROPPED = 64 * 1024 * 1024
"""Bytes beyond a form's limit that are read, so that a browser that is still sending gets the answer."""

WRONG_FORM = pending(
    "This form was not made for you, or it is too old. Please open the page again and send it from there."
)
_OTHER_SITE = pending(
    "This form was sent from another website. Please open the chat's own page and send it from there."
)


class FormLimits(Value, frozen=True, kw_only=True):
    """The limits of a form. `size` is in bytes: usually 4000 characters at up to twelve bytes each, and some to spare.

    `seconds` are those of the wall in which it has to arrive.
    """

    size: int = 64 * 1024
    fields: int = 20
    files: int = 0
    seconds: float = 20.0


ORDINARY = FormLimits()


class Upload(Value, frozen=True, kw_only=True):
    """A file that was sent with a form, under the name that it has on its sender's device."""

    name: str
    data: bytes


class Form(Value, frozen=True):
    """A form that passed the checks. `id` comes from its CSRF token, and is the same each time it is sent."""

    session: Session
    id: str
    fields: dict[str, str]
    files: dict[str, Upload] = msgspec.field(default_factory=dict)

    def __getitem__(self, field: str) -> str:
        """The value of a field, or an empty string."""
        return self.fields.get(field, "")


async def read_form(
    app: AppContext, request: Request, staff: Session | None = None, limits: FormLimits | None = None
) -> Form:
    """The form and its session: `staff`, who leads, or else the cookie's. Without `limits` the ordinary ones hold.

    Raises HTTPException: 403 not ours, 408 too slow, 413 too large, 400 unreadable.
    """
    if not _is_same_origin(request, app.settings.origin):
        raise HTTPException(403, _OTHER_SITE)
    fields, files = await _fields(request, limits or ORDINARY)
    request.state.typed = fields.get("text", "")  # whatever goes wrong, its author gets it back
    for session in (staff, app.sessions.read(request)):
        form_id = app.sessions.form_id(session, fields.get("token", "")) if session else None
        if session and form_id:
            return Form(session=session, id=form_id, fields=fields, files=files)
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


async def _fields(request: Request, limits: FormLimits) -> tuple[dict[str, str], dict[str, Upload]]:
    try:
        async with asyncio.timeout(limits.seconds):
            body = await _body(request, limits.size)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None  # nobody is there to read it

    async def replay() -> Message:
        return {"type": "http.request", "body": body}

    async with Request(request.scope, replay).form(max_files=limits.files, max_fields=limits.fields) as form:
        sent = {key: value for key, value in form.items() if isinstance(value, UploadFile) and value.filename}
        files = {key: Upload(name=one.filename or "", data=await one.read()) for key, one in sent.items()}
        return {key: value for key, value in form.items() if not isinstance(value, UploadFile)}, files


async def _body(request: Request, most: int) -> bytes:
    """The whole body. Some of what is too large is read and dropped, so that the client gets the answer."""
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            kept += chunk
        elif size > most + _DROPPED:
            break
    if size > most:
        raise HTTPException(413)
    return bytes(kept)
