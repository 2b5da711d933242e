"""The real tweepy, sent to the pretend X instead of the real one."""

from __future__ import annotations

from typing import Any

import aiohttp
from oauthlib.oauth1 import Client as OAuthClient  # type: ignore[import-untyped, unused-ignore]
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped, unused-ignore]
from yarl import URL

from tests.sims.simulator import Simulator

KEYS = {
    "consumer_key": "ck",
    "consumer_secret": "cs",
    "access_token": "1000-at",
    "access_token_secret": "ats",
}
"""What lets the simulator's usual account in."""


class Redirected:
    """Sends what tweepy would send to X to the simulator, signed for there."""

    def __init__(self, session: aiohttp.ClientSession, x: Simulator, keys: dict[str, str]) -> None:
        self._session = session
        self._origin = x.address
        self._keys = keys

    def request(self, method: str, url: str | URL, *, headers: dict[str, str], **told: Any) -> Any:  # noqa: ANN401 -- JSON
        there = str(url).replace("https://api.twitter.com", self._origin)
        if headers["Authorization"].startswith("OAuth"):
            _, headers, _ = OAuthClient(
                self._keys["consumer_key"],
                self._keys["consumer_secret"],
                self._keys["access_token"],
                self._keys["access_token_secret"],
            ).sign(there, method, headers=headers)
        return self._session.request(method, URL(there, encoded=True), headers=headers, **told)


def client(session: aiohttp.ClientSession, x: Simulator, **keys: str) -> AsyncClient:
    """A client that answers with plain dictionaries. `keys` replace the right ones."""
    known = KEYS | keys
    made = AsyncClient("user-token", **known, return_type=dict)
    made.session = Redirected(session, x, known)
    return made
