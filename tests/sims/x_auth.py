"""Who is asking the pretend X: OAuth 1.0a signatures are really verified, OAuth 2.0 user tokens looked up."""

from __future__ import annotations

import time
from urllib.parse import unquote

from aiohttp import web
from oauthlib.common import Request  # type: ignore[import-untyped, unused-ignore]
from oauthlib.oauth1.rfc5849 import signature  # type: ignore[import-untyped, unused-ignore]

from tests.sims.x_problems import unauthorized
from tests.sims.x_store import Account

_FORM = "application/x-www-form-urlencoded"
_SKEW = 300
"""Seconds a timestamp may be off."""


class Authentication:
    """Lets accounts in. A nonce is good once."""

    def __init__(self, accounts: list[Account]) -> None:
        self._accounts = accounts
        self._nonces: set[tuple[str, str, str]] = set()

    async def who(self, request: web.Request) -> Account:
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            account = next((one for one in self._accounts if one.bearer == rest), None)
        elif scheme.lower() == "oauth":
            account = await self._signed(request, rest)
        else:
            account = None
        if account is None:
            raise unauthorized()
        return account

    async def _signed(self, request: web.Request, header: str) -> Account | None:
        told = dict(part.strip().partition("=")[::2] for part in header.split(","))
        oauth = {name: unquote(value.strip('"')) for name, value in told.items()}
        account = next((one for one in self._accounts if _knows(one, oauth)), None)
        if account is None or not await _fits(request, oauth, account):
            return None
        once = (account.access_token, oauth["oauth_timestamp"], oauth["oauth_nonce"])
        if once in self._nonces:
            return None
        self._nonces.add(once)
        return account


def _knows(account: Account, oauth: dict[str, str]) -> bool:
    keys = (oauth.get("oauth_consumer_key"), oauth.get("oauth_token"))
    return keys == (account.consumer_key, account.access_token)


async def _fits(request: web.Request, oauth: dict[str, str], account: Account) -> bool:
    """Whether method, time and signature are right, for the address as it came over the wire."""
    try:
        if oauth["oauth_signature_method"] != "HMAC-SHA1" or abs(time.time() - int(oauth["oauth_timestamp"])) > _SKEW:
            return False
        url = f"http://{request.host}{request.raw_path}"
        body = await request.text() if request.content_type == _FORM else ""
        seen = Request(url, request.method, body, {"Authorization": request.headers["Authorization"]})
        seen.params = signature.collect_parameters(
            uri_query=url.partition("?")[2], body=body, headers=seen.headers, with_realm=False
        )
        seen.signature = oauth["oauth_signature"]
        return bool(oauth["oauth_nonce"]) and bool(
            signature.verify_hmac_sha1(seen, account.consumer_secret, account.access_token_secret)
        )
    except (KeyError, ValueError):
        return False
