"""`/metrics` for Prometheus, and who may read it: whoever has the token, or without one a program on this machine."""

from __future__ import annotations

import ipaddress
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.ports.health import MetricsPage

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
"""The content type of Prometheus' text format."""

_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
"""Headers of a request that came through a proxy: it is somebody else's, whatever address it seems to have."""


class MetricsGate:
    """The GET handler."""

    def __init__(self, page: MetricsPage, token: str) -> None:
        self._page, self._token = page, token.encode()

    async def metrics(self, request: Request) -> Response:
        """The numbers; 403 for anybody else."""
        if not (self._has_token(request) if self._token else _is_here(request)):
            return PlainTextResponse("Not for you: see metrics_token in the settings.\n", 403)
        return Response(await self._page(), media_type=_FORMAT)

    def _has_token(self, request: Request) -> bool:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), self._token)


def _is_here(request: Request) -> bool:
    """Whether the request comes from this machine, and straight."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
