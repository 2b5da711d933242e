"""The HTTP server: a bound socket and a uvicorn server inside an event loop that is already running.

It installs no signal handler, writes no access log and sends no `Server` header. It knows nothing of chats.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator
from functools import partial
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.room.connections import BACKLOG, PER_ADDRESS, Connections, open_files
from adapters.room.network_address import household

REQUEST_TIMEOUT = 15.0
"""Wall seconds in which a connection has to send its first, or its next, request line and headers."""
READING_TIMEOUT = 60.0
"""Wall seconds in which a client has to read what waits for it."""

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
"""The answer to a connection for which there is no room; its request is not read."""

_TRUSTED_PROXIES = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
"""Addresses that our own proxy may have. Not all addresses, else any client could claim to be another."""


class _GuardedProtocol(H11Protocol):
    """HTTP whose connections are counted, and closed where a request, or the reading of an answer, takes too long.

    Each request finds its connection in its `state`, as `transport`.
    """

    def __init__(self, connections: Connections, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- uvicorn's own
        super().__init__(*args, **kwargs)
        self._open_connections = connections
        self._address = ""
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def waits(self) -> bool:
        """Whether it waits for a request, for the rest of one, or for an answer to be read."""
        return self.is_idle or self.cycle.more_body or self.flow.write_paused

    def drop(self) -> None:
        """Close it for another one. Who has not asked anything yet is told."""
        if getattr(self, "cycle", None) is None:
            self.transport.write(_FULL)
        self._close()

    def _close(self) -> None:
        """Close it; at once where the client doesn't read."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)
        self._address = household(self.client[0] if self.client else "")
        if not self._open_connections.admit(self, self._address):
            transport.write(_FULL)
            transport.close()
            return
        _notice_silence(transport)
        self._expect(REQUEST_TIMEOUT)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self._open_connections.forget(self, self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.transport.is_closing():
            super().data_received(data)
        if not self.is_idle:
            self._expect(None)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.is_idle:  # else the next request was there already
            self._expect(REQUEST_TIMEOUT)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._expect(READING_TIMEOUT)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._expect(REQUEST_TIMEOUT if self.is_idle else None)

    def _expect(self, seconds: float | None) -> None:
        """Close the connection after so many seconds, unless something else is expected by then."""
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._close) if seconds is not None else None


def _notice_silence(transport: asyncio.Transport) -> None:
    """Have the system notice a client that vanished without a word, where it can."""
    sock = transport.get_extra_info("socket")
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(READING_TIMEOUT * 1000))


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
        """A server for `app`, not yet serving. It takes as many connections as the process may open files."""
        most = open_files(raised=True).visitors
        settings: dict[str, Any] = {
            "http": partial(_GuardedProtocol, Connections(most, most if behind_proxy else min(PER_ADDRESS, most // 2))),
            "backlog": BACKLOG,
            "ws": "none",
            "lifespan": "off",
            "log_config": None,
            "log_level": "warning",
            "access_log": False,
            "server_header": False,
            "proxy_headers": behind_proxy,
            "forwarded_allow_ips": _TRUSTED_PROXIES if behind_proxy else None,
            "timeout_keep_alive": REQUEST_TIMEOUT,
            "timeout_graceful_shutdown": 1,
            "h11_max_incomplete_event_size": 16 * 1024,
        }
        return cls(uvicorn.Config(app, **settings))

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Captures none."""
        yield
