"""Private links: the cookie that holds a link's key, and who somebody is by it.

The Desk is asked each time, so that a link that was revoked is good for nothing at once. A key is never logged, never
shown, and kept only on the machine of whoever opened the link.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.room.rate_limits import RateLimits, TooFast
from adapters.room.sessions import Person
from bot.ports.commands import CommandPort, LinkAccess

NO_LINK = (
    "It does not open anything, or not any more. Please ask whoever runs the chat for a new one, and open the "
    "whole of it."
)
"""The same for a link that never was and for one that was revoked."""
FAST = "Too many links were tried from here. Please wait a minute, and then open yours again."

_WEEKS = 3 * 7 * 24 * 3600
_KEY = re.compile(r"[A-Za-z0-9_.~-]{1,200}", re.ASCII)
_MOST = 1000
"""Keys of whom we remember that they were good: somebody who tries bad ones beside them must not keep them out."""


class PrivateLinks:
    """Reads and sets the cookies of private links. `secure` keeps them to https."""

    def __init__(self, commands: CommandPort, pace: RateLimits, *, secure: bool) -> None:
        self._commands, self._pace, self._secure = commands, pace, secure
        self._good: OrderedDict[bytes, None] = OrderedDict()

    @property
    def cookie(self) -> str:
        """The cookie's name, the same for all chats: its path tells them apart."""
        return "__Secure-convenor-lead" if self._secure else "convenor-lead"

    async def admit(self, request: Request, key: str) -> LinkAccess | None:
        """What a key is good for. Raises 429 where an address has tried too many that are good for nothing."""
        if not _KEY.fullmatch(key):
            return None
        digest = hashlib.sha256(key.encode()).digest()
        if digest not in self._good:
            await self._knock(request)
        found = await self._commands.open_link(key)
        if found is None:
            # a good one may be refused while the store is out of reach: that is no guess
            if digest not in self._good:
                await self._pace.failed(request)
            return None
        self._good[digest] = None
        while len(self._good) > _MOST:
            self._good.popitem(last=False)
        return found

    async def leader(self, request: Request, chat: str) -> Person | None:
        """Who leads this chat by the cookie that came along; None where it is good for nothing here. Raises 429."""
        key = request.cookies.get(self.cookie)
        found = await self.admit(request, key) if key else None
        return person(found) if found and found.chat == chat else None

    async def visitor(self, request: Request, chat: str) -> Person | None:
        """As `leader`, for a page that is open to all: it never raises."""
        try:
            return await self.leader(request, chat)
        except HTTPException:
            return None

    async def _knock(self, request: Request) -> None:
        try:
            await self._pace.knock(request)
        except TooFast as error:
            raise HTTPException(429, FAST, {"Retry-After": str(error.seconds)}) from None

    def keep(self, response: Response, key: str, chat: str) -> None:
        """Remember the key for three weeks, on this machine and for this chat only.

        Lax, not strict: whoever comes from a mail is sent on at once, and the cookie has to come along.
        """
        response.set_cookie(
            self.cookie, key, max_age=_WEEKS, path=_path(chat), secure=self._secure, httponly=True, samesite="lax"
        )


def person(found: LinkAccess) -> Person:
    """Who a private link makes of somebody. No cookie of a participant has such an id."""
    return Person(id=f"link-{found.id}", name=found.name, chat=found.chat, role=found.role)


def _path(chat: str) -> str:
    return quote(f"/{chat}")
