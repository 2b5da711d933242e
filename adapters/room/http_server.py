"""The HTTP server: a bound socket and a uvicorn server inside an event loop that is already running.

It installs no signal handler, writes no access log and sends no `Server` header. It knows nothing of chats.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Generator
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import SetupError

FIRST_REQUEST_TIMEOUT = 15.0
"""Wall seconds in which a new connection has to send its first request line and headers; uvicorn has no such limit."""

_TRUSTED_PROXIES = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
"""Addresses that our own proxy may have. Not all addresses, else any client could claim to be another."""


def bind(host: str, port: int, place: str) -> socket.socket:
    """A listening socket. Raises SetupError, with the remedy."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise SetupError(_remedy(error, host, port, place)) from error


def _remedy(error: OSError, host: str, port: int, place: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; set another under [places.{place}]"
    if error.errno == errno.EACCES:
        return f"port {port} needs special rights; set one above 1023 under [places.{place}]"
    return f"cannot listen on '{host}' port {port} ({error.strerror}); set another host under [places.{place}]"


class _TimedProtocol(H11Protocol):
    """HTTP that closes connections whose first request does not arrive in time.

    Each request finds its connection in its `state`, as `transport`.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)
        self.loop.call_later(FIRST_REQUEST_TIMEOUT, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if getattr(self, "scope", None) is None:
            self.transport.close()


class HttpServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the owner of the event loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.started_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, and then set `started_up`."""
        await super().startup(sockets)
        self.started_up.set()

    @classmethod
    def create(cls, app: ASGIApp, *, behind_proxy: bool) -> Self:
        """A server for `app`, not yet serving."""
        settings: dict[str, Any] = {
            "http": _TimedProtocol,
            "ws": "none",
            "lifespan": "off",
            "log_config": None,
            "log_level": "warning",
            "access_log": False,
            "server_header": False,
            "proxy_headers": behind_proxy,
            "forwarded_allow_ips": _TRUSTED_PROXIES if behind_proxy else None,
            "timeout_keep_alive": 15,
            "timeout_graceful_shutdown": 1,
            "h11_max_incomplete_event_size": 16 * 1024,
            "limit_concurrency": 4000,
        }
        return cls(uvicorn.Config(app, **settings))

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Captures none."""
        yield
