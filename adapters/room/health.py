"""The pages for programs: whether the bot is well (`/healthz`), and whether it has started (`/readyz`)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.ports.health import HealthCheck

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
