"""A call to X through tweepy: made once, its response read, and its cost reported. Nothing is retried.

A call is charged before its response is returned; a refused one costs nothing. `client` has the calls by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
import msgspec
import tweepy
from tweepy.asynchronous import AsyncClient
from yarl import URL

from adapters.kit.odd_parts import OddParts
from adapters.kit.payloads import read_in_part
from adapters.x.errors import CALL_ERRORS, CallKind, to_error
from adapters.x.payloads import Response
from adapters.x.settings import XSettings
from adapters.x.transport import Transport
from bot.clock import Clock
from bot.errors import PlatformError
from bot.ports.inbound import Charge, Listener


class Calls:
    """X as one account sees it, on a `place`. Made inside a running loop.

    Raises PlatformError, `lost` if settings are missing. `odd` counts the parts of responses that can't be read.
    """

    def __init__(self, settings: XSettings, clock: Clock, listener: Listener, place: str = "x") -> None:
        _check_settings(settings)
        self._settings, self._clock, self._listener = settings, clock, listener
        self._transport = Transport(settings)
        self.odd = OddParts(place, clock)
        self._client = AsyncClient(
            bearer_token=settings.credentials.user_token or None,
            consumer_key=settings.credentials.consumer_key,
            consumer_secret=settings.credentials.consumer_secret,
            access_token=settings.credentials.access_token,
            access_token_secret=settings.credentials.access_token_secret,
            return_type=aiohttp.ClientResponse,
        )
        self._client.session = self._transport
        self._auth = {"user_auth": not settings.credentials.user_token}

    async def close(self) -> None:
        """Break off the calls under way. May be called twice."""
        self.odd.close()
        await self._transport.close()

    async def ask(
        self, asking: Awaitable[Any], *, posting: bool = False, call: CallKind = "read"
    ) -> tuple[Response, Mapping[str, str]]:
        """Await a call of tweepy's, and read the response. Raises PlatformError."""
        try:
            response = await asking
            body = await response.json(content_type=None)
            return read_in_part(body, Response, self.odd.note) or msgspec.convert(body, Response), response.headers
        except CALL_ERRORS as error:
            body = await _refusal_of(error)
            raise to_error(error, now=self._clock.now(), posting=posting, call=call, body=body) from error

    async def pay(self, what: str, micros: int, resources: Iterable[str], chat: str | None = None) -> None:
        """Report the charge of `micros` for each of these resources."""
        at = self._clock.now()
        charges = [Charge(what=what, resource=one, micros=micros, at=at, chat=chat) for one in resources]
        if charges:
            await self._listener.paid(*charges)


async def _refusal_of(error: Exception) -> object:
    """The body of X's own refusal, which the transport has read already; None for any other error."""
    if isinstance(error, tweepy.HTTPException):
        with suppress(ValueError):
            return await error.response.json(content_type=None)
    return None


def _check_settings(settings: XSettings) -> None:
    if settings.credentials.missing:
        raise PlatformError(
            f"X's keys are missing: set {', '.join(settings.credentials.missing)}, or user_token. They are made in X's "
            "developer console, under the app's keys and tokens.",
            lost=True,
        )
    for name, address in (("api_url", settings.network.api_url), ("proxy", settings.network.proxy)):
        if (address or name == "api_url") and not _is_web_address(address):
            raise PlatformError(f"The setting {name} must read like https://host, with a port if needed.", lost=True)


def _is_web_address(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return url.scheme in {"http", "https"} and bool(url.host)
