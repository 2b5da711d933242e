"""The addresses for programs: whether the bot is well (`/healthz`) or has started (`/readyz`), and `/metrics`.

The numbers are for Prometheus: for whoever has the token, or without one for a program on this machine.
"""

from __future__ import annotations

import ipaddress
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.ports.health import HealthCheck, MetricsPage

_RETRY = {"Retry-After": "5"}


class HealthPages:
    """The GET handlers. They tell states, no reasons and no names of people: anybody can read them."""

    def __init__(self, check: HealthCheck) -> None:
        self._check = check

    async def healthz(self, _: Request) -> Response:
        """`ok` or `impaired` (503), then each part and each place."""
        health = await self._check()
        lines = ["ok" if health.is_well else "impaired", *(f"{part}: {state}" for part, state in health.parts)]
        return _answer(lines, good=health.is_well)

    async def readyz(self, _: Request) -> Response:
        """`ready` or `starting` (503), then how many chat files are still to be read, if any are."""
        health = await self._check()
        lines = ["ready" if health.is_ready else "starting", *filter(None, [health.reading])]
        return _answer(lines, good=health.is_ready)


def _answer(lines: list[str], *, good: bool) -> Response:
    text = "".join(f"{line}\n" for line in lines)
    return PlainTextResponse(text) if good else PlainTextResponse(text, 503, headers=_RETRY)


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
