"""The HTTP session that tweepy is given: it sends tweepy's requests to the address in the settings.

tweepy hard-wires its host, sets no time limit and knows no proxy. The session replaces the host, signs signed requests
again (an OAuth 1.0a signature covers the host), and sends each once. It reads a response only to tell X's own refusals
from a proxy's or firewall's page; nothing is retried, redirected or logged.
"""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec
from oauthlib.oauth1 import Client as Signer
from yarl import URL

from adapters.kit.errors import UnsentError
from adapters.kit.late_requests import punctual
from adapters.x.settings import XSettings

_TOO_TALKATIVE = ("tweepy", "oauthlib")
"""Libraries that log keys and texts at the level DEBUG."""


class _Mistake(msgspec.Struct, frozen=True, kw_only=True):
    message: str = ""
    code: int | str = 0


class _Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as tweepy can read it; it fails on any other."""

    errors: list[_Mistake | str] = []
    error: _Mistake | str = ""
    detail: str = ""


class _AppToken(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str = ""


class Transport:
    """A pool of connections to X. Made inside a running loop; `close` it."""

    def __init__(self, settings: XSettings) -> None:
        for name in _TOO_TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._settings = settings
        self._home = str(URL(settings.network.api_url)).rstrip("/")
        trace = punctual()
        trace.on_request_headers_sent.append(_leaving)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=settings.network.timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[trace],
            proxy=settings.network.proxy or None,
            middlewares=(self._sign,),
        )

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str | URL,
        *,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one of tweepy's requests, and yield the response, already read.

        Raises UnsentError if nothing was sent, else aiohttp's errors; ContentTypeError for a refusal that isn't JSON
        that tweepy can read.
        """
        address = self._address(URL(url), params)
        begun = SimpleNamespace(left=False)
        try:
            if self._session.closed:
                raise UnsentError
            response = await self._session.request(
                method,
                address,
                data=None if json is None else io.BytesIO(msgspec.json.encode(json)),
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=begun,
            )
        except (aiohttp.ClientError, OSError) as error:
            if begun.left:
                raise
            raise UnsentError from error
        async with response:
            _check(response, await response.read())
            yield response

    async def app_token(self) -> str:
        """The token of the app itself, which X gives for its key and secret; empty if X gives none.

        Raises aiohttp's errors if X can't be reached.
        """
        keys = self._settings.credentials
        login = aiohttp.encode_basic_auth(quote(keys.consumer_key, safe=""), quote(keys.consumer_secret, safe=""))
        async with self._session.post(
            f"{self._home}/oauth2/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": login},
            allow_redirects=False,
            trace_request_ctx=SimpleNamespace(left=False),
        ) as response:
            try:
                told = msgspec.json.decode(await response.read(), type=_AppToken)
            except msgspec.MsgspecError:
                return ""
            return told.access_token if response.ok else ""

    async def close(self) -> None:
        """Break off the calls under way. May be called twice."""
        await self._session.close()

    def _address(self, url: URL, params: Mapping[str, str | int] | None) -> URL:
        asked = url.with_query(params) if params else url
        query = f"?{asked.raw_query_string}" if asked.raw_query_string else ""
        return URL(f"{self._home}{asked.raw_path}{query}", encoded=True)

    async def _sign(self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Sign for the real address if tweepy signed for its own.

        This is done at each attempt: aiohttp repeats a GET after a broken connection, and X takes no signature twice.
        """
        if request.headers.get("Authorization", "").startswith("OAuth "):
            keys = self._settings.credentials
            signer = Signer(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret)
            _, signed, _ = signer.sign(str(request.url), request.method)
            request.headers["Authorization"] = signed["Authorization"]
        return await send(request)


async def _leaving(_session: aiohttp.ClientSession, context: Any, _params: object) -> None:  # noqa: ANN401 -- aiohttp's
    """Note that from here on the request may have arrived."""
    context.trace_request_ctx.left = True


def _check(response: aiohttp.ClientResponse, body: bytes) -> None:
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    try:
        int(response.headers.get("x-rate-limit-reset", "0"))  # as tweepy does, which fails on an odd one
        sound = response.content_type.endswith("json") and msgspec.json.decode(body, type=_Refusal)
    except (msgspec.MsgspecError, ValueError):
        sound = False
    if not sound:
        raise aiohttp.ContentTypeError(
            response.request_info, (), status=response.status, message="no refusal of X's", headers=response.headers
        )
