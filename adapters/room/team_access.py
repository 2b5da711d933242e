"""Access to the team's page: for browsers that opened a private link of the team, and nobody else.

Their cookie has a token and not the link's key. The core is asked about it on every request, so that a revoked link
stops working at once. A link to one series opens nothing of another.
"""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.room.sessions import Session
from bot.messages import Value
from bot.ports.commands import CommandPort, LinkAccess
from bot.translation import pending

NOT_ON_TEAM = pending(
    "To plan chats, open the team's private link. If you had opened it here, you were signed out, or the link was "
    "taken back: open it again, or ask whoever runs the chats for a new one."
)
"""The same text for whoever never had a link, was signed out, or has a revoked one, or one to another series."""

_PATH = "/team"
_MAX_AGE = 24 * 3600
"""Seconds the cookie is kept: no session lasts longer."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


class TeamMember(Value, frozen=True, kw_only=True):
    """Somebody with a private link of the team."""

    access: LinkAccess

    @property
    def name(self) -> str:
        """Their name, as versions and drafts have it."""
        return self.access.name

    @property
    def session(self) -> Session:
        """The session that forms are made for."""
        return Session(id=f"link-{self.access.id}", name=self.name, role="host")


class TeamAccess:
    """Reads and sets the cookies of the team. `secure` keeps them to https."""

    def __init__(self, commands: CommandPort, *, secure: bool) -> None:
        self._commands, self._secure = commands, secure

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return "__Secure-convenor-team" if self._secure else "convenor-team"

    async def member(self, request: Request, series: str = "") -> TeamMember:
        """The member who asks, if they may plan this series (empty: any). Raises 404, and StoreError."""
        token = request.cookies.get(self.cookie, "")
        access = await self._commands.links.resume(token, "") if _TOKEN.fullmatch(token) else None
        if access is None or not access.team or (series and not access.plans(series)):
            raise HTTPException(404, NOT_ON_TEAM)
        return TeamMember(access=access)

    async def sign_out(self, request: Request) -> None:
        """End the session of the cookie. Raises StoreError."""
        await self._commands.links.end(request.cookies.get(self.cookie, ""))

    def set_cookie(self, response: Response, token: str) -> None:
        """Save a session's token in the browser. Lax, not strict: a link opened from a mail redirects at once."""
        response.set_cookie(
            self.cookie, token, max_age=_MAX_AGE, path=_PATH, secure=self._secure, httponly=True, samesite="lax"
        )

    def clear_cookie(self, response: Response) -> None:
        """Delete the cookie."""
        response.delete_cookie(self.cookie, path=_PATH, secure=self._secure, httponly=True, samesite="lax")
