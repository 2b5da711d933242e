"""Refuses requests that no handler should get: another host name, two lengths, too much at once from one address.

Open streams have limits of their own, in `stream_seats`.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.kit.summed_log import SummedLog
from adapters.room.network_address import address

AT_ONCE = 100
"""Requests of one address that may be under way; behind a proxy the connections tell nothing of whose they are."""

_HEALTH = {"/healthz", "/readyz", "/metrics"}
"""Pages for programs, which may know the room by any name."""
_OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class _UnderWay:
    """A request under way. While it waits for its form to arrive, it can be made to give way to another."""

    def __init__(self) -> None:
        self.waits = False
        self._gives_way = asyncio.get_running_loop().create_future()

    def give_way(self) -> None:
        """Let whoever waits for the form have a 408."""
        self._gives_way.set_result(None)

    async def receive(self, receive: Receive) -> Message:
        """The next part of the request. Raises HTTPException, 408, if it had to give way."""
        arriving = asyncio.ensure_future(receive())
        self.waits = True
        try:
            await asyncio.wait({arriving, self._gives_way}, return_when=asyncio.FIRST_COMPLETED)
            if not arriving.done():
                raise HTTPException(408)
            return arriving.result()
        finally:
            self.waits = False
            arriving.cancel()


class RequestGuard:
    """Lets requests through. With a `public_url` only those that name its host, or this machine itself.

    At a busy address the request that waited the longest for its form gives way, so that slow forms keep nobody out.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        public = urlsplit(public_url).hostname
        self._names = {_bracketed(public), *_OWN_NAMES} if public else set()
        self._under_way: dict[str, dict[_UnderWay, None]] = {}
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
        if not self._has_room(address(request)):
            self._too_many.warn()
            text = "Too much at once comes from your network. Please try again in a few seconds.\n"
            return PlainTextResponse(text, 503, {"Retry-After": "5"})
        return None

    def _has_room(self, caller: str) -> bool:
        """Whether an address may have another request under way, after one has given way if need be."""
        theirs = self._under_way.get(caller, {})
        if len(theirs) < AT_ONCE:
            return True
        waiting = next((one for one in theirs if one.waits), None)
        if waiting is None:
            return False
        del theirs[waiting]
        waiting.give_way()
        return True

    async def _counted(self, caller: str, scope: Scope, receive: Receive, send: Send) -> None:
        mine = _UnderWay()
        theirs = self._under_way.setdefault(caller, {})
        theirs[mine] = None
        try:
            await self._app(scope, lambda: mine.receive(receive), send)
        finally:
            theirs.pop(mine, None)
            if not theirs and self._under_way.get(caller) is theirs:
                del self._under_way[caller]


def _named(request: Request) -> str:
    """The host that the request names, without its port."""
    name = request.headers.get("host", "").lower()
    head, colon, port = name.rpartition(":")
    return head if colon and (port.isdecimal() or not port) else name


def _bracketed(host: str) -> str:
    """A host as the `Host` header has it."""
    return f"[{host}]" if ":" in host else host
