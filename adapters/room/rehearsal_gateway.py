"""The gateway to rehearsals: hands requests for `/rehearsal/<id>` on to their processes, and the answers back.

So a rehearsal needs no port of its own. Its pages have the same addresses there, and nothing in them is changed. Its
cookies get another name and its path, so that the browser keeps what it has of the real room. What takes part is
decided there; here is only how much may be under way.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from adapters.room.network_address import address
from adapters.room.settings import RoomSettings
from bot.ports.rehearsals import Rehearsals, TeamRehearsal
from bot.translation import pending

if TYPE_CHECKING:
    import aiohttp

MOST = 200
"""Requests under way in all rehearsals, of which most are open pages."""

LONGEST = 256 * 1024
"""Bytes of a form."""

OVER = pending(
    "This rehearsal is over, or there was none. Whoever runs the chats can start another on the team's page."
)
_MANY = pending("Too many take part in rehearsals just now. Please try again in a minute.")

_THERE, _HERE = "convenor", "convenor-rehearsal"
"""How the cookies' names begin in the process that rehearses, and in the browser."""

_ASKED = (
    *("accept", "accept-language", "content-type", "user-agent", "origin", "referer", "host"),
    *("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "last-event-id", "if-none-match"),
)
"""Headers that are handed on."""

_ANSWERED = (
    *("content-type", "content-disposition", "location", "retry-after", "clear-site-data"),
    *("content-security-policy", "x-accel-buffering", "vary", "etag"),
)
"""Headers that come back."""


class RehearsalGateway:
    """The handler of all addresses of rehearsals."""

    def __init__(self, rehearsals: Rehearsals, settings: RoomSettings) -> None:
        self._rehearsals, self._secure = rehearsals, settings.is_https
        self._under_way = 0

    async def handle(self, request: Request) -> Response:
        """Hand a request on. Raises 404 if the rehearsal is over, 503 if too much is under way."""
        if self._under_way >= MOST:
            raise HTTPException(503, _MANY, {"Retry-After": "30"})
        rehearsal = await self._rehearsals.ready(str(request.path_params["id"]))
        if rehearsal is None:
            raise HTTPException(404, OVER)
        return _HandedOn(self, rehearsal, request, await _body(request))

    def begin(self) -> None:
        """One more is under way."""
        self._under_way += 1

    def end(self) -> None:
        """One less is."""
        self._under_way -= 1

    def asked(self, request: Request) -> dict[str, str]:
        """The headers of a request as they are handed on."""
        kept = {name: request.headers[name] for name in _ASKED if name in request.headers}
        scheme = "https" if self._secure else request.url.scheme
        named = {"x-forwarded-for": address(request), "x-forwarded-proto": scheme, "accept-encoding": "identity"}
        cookies = {
            _THERE + name.removeprefix(_HERE): value for name, value in request.cookies.items() if _is_ours(name)
        }
        return {**kept, **named, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def answered(self, found: Headers, rehearsal: TeamRehearsal) -> MutableHeaders:
        """The headers of an answer as they come back."""
        kept = MutableHeaders({name: found[name] for name in _ANSWERED if name in found})
        for cookie in found.getlist("set-cookie"):
            for name, one in _cookies(cookie).items():
                one["path"] = rehearsal.path
                one["secure"] = self._secure
                kept.append("set-cookie", f"{_HERE}{one.OutputString().removeprefix(_THERE)}" if name else "")
        return kept


class _HandedOn(Response):
    """An answer that comes from the process of a rehearsal."""

    def __init__(self, gateway: RehearsalGateway, rehearsal: TeamRehearsal, request: Request, body: bytes) -> None:
        super().__init__()
        self._gateway, self._rehearsal, self._request, self._form = gateway, rehearsal, request, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask there, and stream the answer. Raises HTTPException, 404, if the rehearsal has just ended."""
        import aiohttp  # noqa: PLC0415 -- where nobody rehearses, no HTTP client is loaded
        from yarl import URL  # noqa: PLC0415

        url = URL(f"{self._rehearsal.room}{self._path(scope)}", encoded=True)
        self._gateway.begin()
        try:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=_patience()) as session,
                session.request(
                    self._request.method,
                    url,
                    headers=self._gateway.asked(self._request),
                    data=self._form or None,
                    allow_redirects=False,
                ) as found,
            ):
                answer = StreamingResponse(_parts(found), found.status)
                headers = Headers(raw=[(name.lower(), value) for name, value in found.raw_headers])
                answer.raw_headers = self._gateway.answered(headers, self._rehearsal).raw
                await answer(scope, receive, send)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HTTPException(404, OVER) from error
        finally:
            self._gateway.end()

    def _path(self, scope: Scope) -> str:
        """The path and query there: the same, but for private links. Who has the right key, is decided there."""
        first, _, key = str(self._request.path_params.get("path", "")).partition("/")
        if first == "lead":
            is_ours = hmac.compare_digest(key.encode(), self._rehearsal.lead.encode())
            return self._rehearsal.host_path if is_ours else f"/host/{quote(key, safe='')}"
        raw, query = scope.get("raw_path") or b"", scope.get("query_string") or b""
        return (raw + (b"?" + query if query else b"")).decode("ascii", "replace")


async def _parts(found: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """An answer as it comes. Where its process ends meanwhile, so does the answer."""
    import aiohttp  # noqa: PLC0415 -- see above

    with suppress(aiohttp.ClientError):
        async for part in found.content.iter_any():
            yield part


def _patience() -> aiohttp.ClientTimeout:
    """No limit but for connecting: an open page waits for news, and the browser's leaving ends it."""
    import aiohttp  # noqa: PLC0415 -- see above

    return aiohttp.ClientTimeout(total=None, sock_connect=10)


async def _body(request: Request) -> bytes:
    """The form that was sent. Raises 413."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > LONGEST:
            raise HTTPException(413)
    return bytes(found)


def _is_ours(name: str) -> bool:
    return name == _HERE or name.startswith(f"{_HERE}-")


def _cookies(header: str) -> SimpleCookie:
    """The cookie of a header; none if it is not written like one."""
    try:
        return SimpleCookie(header)
    except CookieError:
        return SimpleCookie()
