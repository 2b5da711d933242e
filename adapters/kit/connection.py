"""A connection that comes back: opened once, made again with growing pauses, and its state told to the Listener."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.errors import PlatformError
from bot.messages import Value

_log = structlog.get_logger()

_PATIENCE = 30.0
"""Wall seconds for the first connection."""

_SHORTEST, _LONGEST = 1.0, 30.0
"""Wall seconds before a new connection; doubled from the one to the other while it fails."""


class Network(Value, frozen=True, kw_only=True):
    """How a platform is reached: `api_url` is its address, a proxy's or a simulator's; `proxy` an HTTP proxy's address.

    A call is given up after `timeout` wall seconds; a post may stay invisible for `visible_after`.
    """

    api_url: str
    proxy: str = ""
    timeout: float = 10.0
    visible_after: float = 0.0

    def __repr__(self) -> str:
        """Without the proxy's password."""
        return f"Network(api_url={self.api_url!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """The same for rich."""
        return [("api_url", self.api_url)]


class StateListener(Protocol):
    """Takes the state of a connection; a `Listener` is one."""

    def up(self, account: str = "") -> None:
        """As in Listener.up."""

    def down(self, error: PlatformError) -> None:
        """As in Listener.down."""


class Reconnection:
    """One connection at a time, from `open` or `start` to `close`. It ends by itself only if a person has to act first.

    `connect` makes a connection, calls `up` and `down`, and returns when it ended or raises; `to_error` says why.
    """

    def __init__(
        self,
        *,
        place: str,
        name: str,
        listener: StateListener,
        connect: Callable[[], Awaitable[None]],
        to_error: Callable[[Exception], PlatformError],
    ) -> None:
        self._place, self._name, self._listener = place, name, listener
        self._connect, self._to_error = connect, to_error
        self._first: asyncio.Future[None] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._pause, self._logged = _SHORTEST, ""

    def start(self) -> None:
        """Begin to connect, unless that is under way; every success and failure is told to the listener."""
        if self._keeping is None or self._keeping.done():
            self._first, self._pause = None, _SHORTEST
            self._keeping = asyncio.create_task(self._keep(), name=f"{self._name} {self._place}".strip())

    async def open(self) -> None:
        """Connect, and return once `up` was called. Raises PlatformError."""
        self.start()
        self._first = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._first
        except TimeoutError as error:
            await self.close()
            raise PlatformError(f"{self._name} let us in, but did not begin to tell.") from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Disconnect. May be called twice, and before `open`."""
        keeping, self._keeping = self._keeping, None
        if keeping:
            keeping.cancel()
            await asyncio.wait([keeping])

    def up(self, account: str = "") -> None:
        """The connection stands: events arrive from now on. `account` is as in Listener.up."""
        self._pause, self._logged = _SHORTEST, ""
        if self._first and not self._first.done():
            self._first.set_result(None)
        self._listener.up(account)

    def down(self, error: PlatformError) -> None:
        """The connection is interrupted and may come back by itself. While `open` waits only a `lost` one counts."""
        if self._first is None or self._first.done():
            self._listener.down(error)
        elif error.lost:
            self._first.set_exception(error)

    async def _keep(self) -> None:
        while True:
            error = PlatformError(f"{self._name} closed the connection.")
            try:
                await self._connect()
            except Exception as raised:  # noqa: BLE001 - every failure is reported
                error = self._to_error(raised)
            self._ended(error)
            if error.lost:
                return
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, _LONGEST)

    def _ended(self, error: PlatformError) -> None:
        if self._first and not self._first.done():
            self._first.set_exception(error)
        else:
            if str(error) != self._logged:  # it may be tried for days
                _log.warning("connection.down", place=self._place, lost=error.lost, reason=str(error))
            self._logged = str(error)
            self._listener.down(error)
