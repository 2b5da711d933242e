"""What every request to the pretend Discord passes first: the token, the limits, how errors and bodies read."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import math
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.sims.discord_world import Json

WINDOW = 5.0
"""Seconds in which `rate` requests are allowed to one route of one channel."""

_OPEN = re.compile(r"^/api/v10/(gateway$|interactions/|webhooks/\d+/[^/]+)")
"""Where no token is needed; an interaction's own is in the path."""


class Refused(Exception):  # noqa: N818 -- what the platform did, not what went wrong here
    """An error as Discord says it: HTTP status, its own code, a message, and what is wrong with the form."""

    def __init__(self, status: int, code: int, message: str, field: str = "", wrong: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.told: Json = {"message": message, "code": code}
        if field:
            self.told["errors"] = {field: {"_errors": [{"code": 50035, "message": wrong}]}}


def bad_form(field: str, wrong: str) -> Refused:
    return Refused(400, 50035, "Invalid Form Body", field, wrong)


def lacking() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def hidden() -> Refused:
    return Refused(403, 50001, "Missing Access")


def unknown(what: str) -> Refused:
    codes = {"Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008, "User": 10013, "Webhook": 10015}
    codes |= {"interaction": 10062, "application command": 10063, "Guild Scheduled Event": 10070}
    return Refused(404, codes[what], f"Unknown {what}")


def answer(data: object, status: int = 200) -> web.Response:
    """JSON with the bare content type that Discord sends and its library looks for."""
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


def done() -> web.Response:
    return web.Response(status=204)


@dataclass(kw_only=True)
class File:
    field: str
    name: str
    type: str
    data: bytes


async def read(request: web.Request) -> tuple[Any, list[File]]:
    """The JSON of a request, on its own or beside files, and the files."""
    raw = await request.read()
    if request.content_type != "multipart/form-data":
        return _json(raw), []
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = email.message_from_bytes(head + raw, policy=email.policy.HTTP)
    data: Any = {}
    files: list[File] = []
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if name == "payload_json":
            data = _json(content)
        else:
            files.append(File(field=name, name=part.get_filename() or name, type=part.get_content_type(), data=content))
    return data, files


async def form(request: web.Request) -> Json:
    """The body, which must be an object."""
    data, _files = await read(request)
    if not isinstance(data, dict):
        raise bad_form("body", "This must be an object.")
    return data


def _json(raw: bytes) -> Any:  # noqa: ANN401 -- JSON
    try:
        return json.loads(raw or b"{}")
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None


def number(text: str, field: str) -> int:
    """An identifier out of a path or a query."""
    if not text.isdecimal():
        raise bad_form(field, f'Value "{text}" is not snowflake.')
    return int(text)


def wished(request: web.Request, name: str) -> bool:
    """A yes or no in the query, in either of the ways it is written."""
    return request.query.get(name, "").lower() in {"1", "true"}


@dataclass(kw_only=True)
class Limit:
    """429 to the next `times` requests whose "METHOD /path" matches."""

    match: str
    times: int = 1
    retry_after: float = 0.1
    overall: bool = False


class Requests:
    """Lets in, counts, and turns what was refused into an answer."""

    def __init__(self, token: str, rate: int, window: float = WINDOW) -> None:
        self._token = token
        self._rate = rate
        self._window = window
        self._used: dict[str, tuple[float, int]] = {}
        self.limits: list[Limit] = []

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return await handler(request)
        headers = self._count(request)
        try:
            result = self._limited(request, headers) or await self._enter(request, handler)
        except Refused as refused:
            result = answer(refused.told, refused.status)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
            result = answer({"message": f"{error.status}: {error.reason}", "code": 0}, error.status)
        result.headers.update(headers)
        return result

    async def _enter(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not _OPEN.match(request.path) and request.headers.get("Authorization") != f"Bot {self._token}":
            raise Refused(401, 0, "401: Unauthorized")
        return await handler(request)

    def _count(self, request: web.Request) -> dict[str, str]:
        """Count a request to its bucket (route and major parameter); the headers that say so."""
        resource = request.match_info.route.resource
        route = f"{request.method} {resource.canonical if resource else ''}"
        info = request.match_info
        major = info.get("channel") or info.get("guild") or info.get("token") or ""
        at = time.time()
        until, used = self._used.get(route + major, (0.0, 0))
        if at >= until:
            until, used = at + self._window, 0
        used += 1
        self._used[route + major] = (until, used)
        return {
            "X-RateLimit-Limit": str(self._rate),
            "X-RateLimit-Remaining": str(max(self._rate - used, 0)),
            "X-RateLimit-Reset": f"{until:.3f}",
            "X-RateLimit-Reset-After": f"{until - at:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
            "Via": "1.1 pretend",
            "X-Used": str(used),
        }

    def _limited(self, request: web.Request, headers: dict[str, str]) -> web.Response | None:
        used = int(headers.pop("X-Used"))
        if used > self._rate:
            return _too_many(headers, float(headers["X-RateLimit-Reset-After"]), overall=False)
        for limit in self.limits:
            if limit.times > 0 and re.search(limit.match, f"{request.method} {request.path}"):
                limit.times -= 1
                return _too_many(headers, limit.retry_after, overall=limit.overall)
        return None


def _too_many(headers: dict[str, str], seconds: float, *, overall: bool) -> web.Response:
    headers["Retry-After"] = str(math.ceil(seconds))
    headers["X-RateLimit-Scope"] = "global" if overall else "user"
    if overall:
        headers["X-RateLimit-Global"] = "true"
    told = {"message": "You are being rate limited.", "code": 0, "retry_after": seconds, "global": overall}
    return answer(told, 429)
