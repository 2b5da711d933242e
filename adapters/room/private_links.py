"""Private links of hosts and moderators: the cookie of a browser that opened one, and the session that it gives.

The cookie has a token and not the link's key. The core is asked about it on every request, so that a revoked link stops
working at once, also on open streams. Neither is ever logged or shown.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.kit.summed_log import SummedLog
from adapters.room.rate_limits import RateLimits, TooManyRequests
from adapters.room.sessions import Session, Sessions
from bot.errors import StoreError
from bot.ports.commands import CommandPort, LinkAccess
from bot.translation import pending

BAD_LINK = pending(
    "It does not open anything, or not any more. Please ask whoever runs the chat for a new one, and open the "
    "whole of it."
)
"""The same text for an unknown link and for a revoked one."""
SIGNED_OUT = pending(
    "To lead a chat, open your private link. If you had opened it here, you were signed out, or the link was taken "
    "back: open it again, or ask whoever runs the chat for a new one."
)
"""The same text for whoever never had a link, was signed out, or has a revoked one."""
NOT_LEADING = pending("The lead was taken back, or you never had it. Go back to the chat, and take part as before.")
"""The text for a participant of the chat who opens its controls."""
_TOO_MANY = pending(
    "Too many links were tried from here. If yours is right, it works all the same: open the whole of it."
)

_MAX_AGE = 24 * 3600
"""Seconds the cookie is kept: no session lasts longer."""
_KEY = re.compile(r"[A-Za-z0-9_.~-]{1,200}", re.ASCII)
_LOOK_EVERY = 0.7
"""Wall seconds between two looks whether the sessions with open streams have ended."""

_log = structlog.get_logger()


class PrivateLinks:
    """Opens links, and reads and sets the cookies of their sessions. `secure` keeps them to https.

    A participant who was handed the lead needs no link: the core is asked about their own session.
    """

    def __init__(
        self, commands: CommandPort, rate_limits: RateLimits, sessions: Sessions, *, place: str, secure: bool
    ) -> None:
        self._commands, self._rate_limits, self._sessions = commands, rate_limits, sessions
        self._place, self._secure = place, secure
        self._streams: dict[Callable[[], None], str | Session] = {}
        self._looking: asyncio.Task[None] | None = None
        self._wrong, self._stale = SummedLog("room.wrong_link"), SummedLog("room.link_session_over")

    @property
    def cookie(self) -> str:
        """The cookie's name, the same for all chats: its path tells them apart."""
        return "__Secure-convenor-lead" if self._secure else "convenor-lead"

    async def enter(self, request: Request, key: str) -> tuple[str, LinkAccess] | None:
        """Begin a session by a key: its token and access, or None. A wrong key keeps no right one from working.

        Raises 429 for wrong keys where an address has tried too many, and StoreError.
        """
        begun = await self._commands.links.begin(key) if _KEY.fullmatch(key) else None
        if begun is not None:
            _log.info("room.link_opened", link=begun[1].id, role=begun[1].role, chat=begun[1].chat or begun[1].series)
        else:
            self._wrong.warn()
            try:
                self._rate_limits.count_bad_link(request)
            except TooManyRequests as error:
                raise HTTPException(429, _TOO_MANY, {"Retry-After": str(error.seconds)}) from None
        return begun

    async def session(self, request: Request, chat: str) -> Session | None:
        """The session for this chat by the cookie; None if the cookie gives no access here. Raises StoreError.

        A cookie that gives no access any more is deleted by `clear_stale`.
        """
        token = request.cookies.get(self.cookie, "")
        if token:
            access = await self._commands.links.resume(token, chat) if _KEY.fullmatch(token) else None
            request.state.stale_link = access is None
            if access is None:
                self._stale.warn(chat=chat)
            if access is not None and access.is_to(chat):
                return Session(id=f"link-{access.id}", name=access.name, chat=chat, role=access.role)
        return await self._handed(self._sessions.read(request), chat)

    async def _handed(self, session: Session | None, chat: str) -> Session | None:
        """The session of a participant of this chat who was handed the lead, as a host's."""
        if session is None or not session.name or session.chat != chat or session.opted_out:
            return None
        leads = await self._commands.links.has_lead(chat, self._place, session.id)
        return Session(id=session.id, name=session.name, chat=chat, role="host") if leads else None

    async def session_or_none(self, request: Request, chat: str) -> Session | None:
        """As `session`, for public pages: never raises."""
        try:
            return await self.session(request, chat)
        except StoreError:
            return None

    async def staff(self, request: Request, chat: str) -> Session:
        """As `session`; raises 404 if the cookie gives no access here, and deletes it."""
        session = await self.session(request, chat)
        if session is None:
            response = Response()
            self.clear_stale(request, response, chat)
            headers = {"Set-Cookie": response.headers["set-cookie"]} if "set-cookie" in response.headers else None
            known = self._sessions.read(request)
            takes_part = known is not None and known.name != "" and known.chat == chat
            raise HTTPException(404, NOT_LEADING if takes_part else SIGNED_OUT, headers)
        return session

    async def sign_out(self, request: Request, *, everywhere: bool) -> None:
        """End the session of the cookie, here and on open streams. Raises StoreError.

        With `everywhere`, all sessions of its link end: whoever opened it has to open it again.
        """
        _log.info("room.signed_out")
        await self._commands.links.end(request.cookies.get(self.cookie, ""), everywhere=everywhere)

    def set_cookie(self, response: Response, token: str, access: LinkAccess) -> None:
        """Save a session's token in the browser, for its chat or series only.

        Lax, not strict: a link opened from a mail redirects at once, and the cookie has to be sent along.
        """
        path = quote(f"/{access.chat or access.series}")
        response.set_cookie(
            self.cookie, token, max_age=_MAX_AGE, path=path, secure=self._secure, httponly=True, samesite="lax"
        )

    def clear_cookie(self, response: Response, chat: str) -> None:
        """Delete the cookie for a chat, and the one for its series."""
        for path in (chat, chat.partition("/")[0]):
            response.delete_cookie(
                self.cookie, path=quote(f"/{path}"), secure=self._secure, httponly=True, samesite="lax"
            )

    def clear_stale(self, request: Request, response: Response, chat: str) -> None:
        """Delete a cookie that came with the request and was found to give no access any more."""
        if getattr(request.state, "stale_link", False):
            self.clear_cookie(response, chat)

    @contextmanager
    def watching(self, request: Request, session: Session, end: Callable[[], None]) -> Iterator[None]:
        """Call `end` within a second if the request's session ends during the block."""
        self._streams[end] = request.cookies.get(self.cookie, "") if session.has_link else session
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="room links")
        try:
            yield
        finally:
            self._streams.pop(end, None)
            if not self._streams:
                self._looking.cancel()

    async def _look(self) -> None:
        """Look at the sessions with open streams while there are any. Where the store does not answer, all go on."""
        while self._streams:
            with suppress(StoreError):
                tokens = {one for one in self._streams.values() if isinstance(one, str)}
                lasting = await self._commands.links.lasting(tokens) if tokens else set()
                for end, known in list(self._streams.items()):
                    if not (known in lasting if isinstance(known, str) else await self._handed(known, known.chat)):
                        end()
            await asyncio.sleep(_LOOK_EVERY)
