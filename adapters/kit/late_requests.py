"""A look at aiohttp's last moment before a request leaves: if that comes too late, it does not leave."""

from __future__ import annotations

from typing import Any

import aiohttp

from adapters.kit.errors import UnsentError
from bot.ports.punctuality import is_too_late


def punctual() -> aiohttp.TraceConfig:
    """A trace for a session: it raises UnsentError where a request would leave too late."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_leaving)  # called when there is a connection, right before the first byte
    return trace


async def _leaving(_session: aiohttp.ClientSession, _context: Any, _params: object) -> None:  # noqa: ANN401 -- aiohttp's
    if is_too_late():
        raise UnsentError
