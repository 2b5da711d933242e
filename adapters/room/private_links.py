"""Private links of hosts and moderators: the cookie with a link's key, and the session that the key opens.

The core is asked about the key on every request, so that a revoked link stops working at once. A key is never logged
or shown; only the browser that opened the link keeps it.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.kit.bounded import RecentMap
from adapters.room.rate_limits import RateLimits, TooManyRequests
from adapters.room.sessions import Session
from bot.ports.commands import CommandPort, LinkAccess

BAD_LINK = (
    "It does not open anything, or not any more. Please ask whoever runs the chat for a new one, and open the "
    "whole of it."
)
"""The same text for an unknown link and for a revoked one."""
_TOO_MANY = "Too many links were tried from here. Please wait a minute, and then open yours again."

_MAX_AGE = 3 * 7 * 24 * 3600
"""Seconds the cookie is kept: three weeks."""
_KEY = re.compile(r"[A-Za-z0-9_.~-]{1,200}", re.ASCII)
_MAX_KNOWN = 1000
"""Valid keys that we remember, so that wrong guesses from the same address don't lock their users out."""


class PrivateLinks:
    """Reads and sets the cookies of private links. `secure` keeps them to https."""

    def __init__(self, commands: CommandPort, rate_limits: RateLimits, *, secure: bool) -> None:
        self._commands, self._rate_limits, self._secure = commands, rate_limits, secure
        self._known: RecentMap[bytes, None] = RecentMap(_MAX_KNOWN)

    @property
    def cookie(self) -> str:
        """The cookie's name, the same for all chats: its path tells them apart."""
        return "__Secure-convenor-lead" if self._secure else "convenor-lead"

    async def check(self, request: Request, key: str) -> LinkAccess | None:
        """The access that a key gives, or None. Raises 429 where an address has tried too many bad keys."""
        if not _KEY.fullmatch(key):
            return None
        digest = hashlib.sha256(key.encode()).digest()
        if digest not in self._known:
            await self._check_rate(request)
        access = await self._commands.open_link(key)
        if access is None:
            # a valid key may be refused while the store is unreachable: that is no guess
            if digest not in self._known:
                await self._rate_limits.count_bad_link(request)
            return None
        self._known[digest] = None
        return access

    async def session(self, request: Request, chat: str) -> Session | None:
        """The session for this chat by the link's cookie; None if the cookie gives no access here. Raises 429."""
        key = request.cookies.get(self.cookie)
        access = await self.check(request, key) if key else None
        return _session(access) if access and access.chat == chat else None

    async def session_or_none(self, request: Request, chat: str) -> Session | None:
        """As `session`, for public pages: never raises."""
        try:
            return await self.session(request, chat)
        except HTTPException:
            return None

    async def _check_rate(self, request: Request) -> None:
        try:
            await self._rate_limits.check_link(request)
        except TooManyRequests as error:
            raise HTTPException(429, _TOO_MANY, {"Retry-After": str(error.seconds)}) from None

    def set_cookie(self, response: Response, key: str, chat: str) -> None:
        """Save the key in the browser for three weeks, for this chat only.

        Lax, not strict: a link opened from a mail redirects at once, and the cookie has to be sent along.
        """
        path = quote(f"/{chat}")
        response.set_cookie(
            self.cookie, key, max_age=_MAX_AGE, path=path, secure=self._secure, httponly=True, samesite="lax"
        )


def _session(access: LinkAccess) -> Session:
    """The session that a link opens. No participant's cookie has such an id."""
    return Session(id=f"link-{access.id}", name=access.name, chat=access.chat, role=access.role)
