"""Who has which of the server's roles. History does not tell it with a message, so it is asked for where it matters."""

from __future__ import annotations

import asyncio

from adapters.discord.errors import UNKNOWN_MEMBER, UNKNOWN_USER
from adapters.discord.payloads import Home
from adapters.discord.rest import Json, Rest, number
from adapters.discord.translation import code_of
from bot.errors import PlatformError

_MOST = 20
"""People who are asked about in one reading; the others have no role by Discord's means."""

_PATIENCE = 2.0
"""Wall seconds for each; after one that took longer, or failed, nobody else is asked about."""


class MemberRoles:
    """For one reading: everybody is asked about at most once."""

    def __init__(self, *, home: Home, rest: Rest) -> None:
        self._home, self._rest = home, rest
        self._known: dict[int, Json | None] = {}
        self._left = _MOST

    async def vouch(self, one: Json) -> Json:
        """A message with its author's membership, if it may be a command. Whoever cannot be looked up has no role."""
        author = one.get("author")
        id = number(author.get("id")) if isinstance(author, dict) else 0
        if not id or not self._home.ranks or not self._commands(str(one.get("content"))):
            return one
        if id not in self._known and self._left > 0:
            self._left -= 1
            self._known[id] = await self._member(id)
        member = self._known.get(id)
        return {**one, "member": member} if member else one

    def _commands(self, text: str) -> bool:
        me = self._home.me
        return text.lstrip().startswith(("!", "/")) or f"<@{me}>" in text or f"<@!{me}>" in text

    async def _member(self, id: int) -> Json | None:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._rest.call(self._rest.http.get_member(self._home.guild, id))
        except (PlatformError, TimeoutError) as error:
            if code_of(error) not in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                self._left = 0
            return None
        return dict(found) if isinstance(found, dict) else None
