"""What no handler gets to see: another host name than ours, two lengths, too much at once from one address.

Open streams have limits of their own, in `stream_seats`.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.kit.summed_log import SummedLog
from adapters.room.network_address import address

AT_ONCE = 100
"""Requests of one address that may be under way. Behind a proxy its slow forms would else hold every connection."""

_HEALTH = {"/healthz", "/readyz", "/metrics"}
"""Pages for programs, which may know the room by any name."""
_OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class FrontDoor:
    """Lets requests through. With a `public_url` only those that name its host, or this machine itself."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        public = urlsplit(public_url).hostname
        self._names = {_bracketed(public), *_OWN_NAMES} if public else set()
        self._under_way: Counter[str] = Counter()
        self._other_hosts, self._too_many = SummedLog("room.other_host"), SummedLog("room.too_many_requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or hand it on."""
        request = Request(scope)
        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["path"].endswith("/stream"):
            await self._app(scope, receive, send)
        else:
            await self._counted(address(request), scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            # whoever stands in front may believe the other one (RFC 9112, 6.1)
            return PlainTextResponse("Two lengths are one too many.\n", 400, {"Connection": "close"})
        if self._names and request.scope["path"] not in _HEALTH and _named(request) not in self._names:
            self._other_hosts.warn()
            return PlainTextResponse("This is not the address of this room.\n", 421)
        if self._under_way[address(request)] >= AT_ONCE:
            self._too_many.warn()
            text = "Too much at once comes from your network. Please try again in a few seconds.\n"
            return PlainTextResponse(text, 503, {"Retry-After": "5"})
        return None

    async def _counted(self, caller: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way[caller] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way[caller] -= 1
            if not self._under_way[caller]:
                del self._under_way[caller]


def _named(request: Request) -> str:
    """The host that the request names, without its port."""
    name = request.headers.get("host", "").lower()
    head, colon, port = name.rpartition(":")
    return head if colon and (port.isdecimal() or not port) else name


def _bracketed(host: str) -> str:
    """A host as the `Host` header has it."""
    return f"[{host}]" if ":" in host else host
