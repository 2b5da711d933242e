"""When a person in each role last opened a page of a chat by a private link: a host who only looks on is not absent.

Kept in memory, and where several processes share the store also there: the page may be another process's.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.errors import StoreError
from bot.messages import Role
from bot.store import chats
from bot.store.database import Database

_ROLES: tuple[Role, ...] = ("moderator", "host", "admin")

_SAVED_EVERY = timedelta(seconds=20)
"""The least time between two writes for one role in a chat."""


class LinkOpenings:
    """The last openings in every chat."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opened: dict[str, dict[Role, datetime]] = {}
        self._saved: dict[tuple[str, Role], datetime] = {}

    async def note(self, chat: str, role: Role, now: datetime) -> None:
        """A page of a chat was opened in this role. If that can't be stored, this process alone knows it."""
        self._opened.setdefault(chat, {})[role] = now
        saved = self._saved.get((chat, role))
        if self._database.is_shared and (saved is None or now - saved >= _SAVED_EVERY):
            self._saved[chat, role] = now
            with suppress(StoreError):
                await self._database.write("pulse", chats.set_fact, _fact(chat, role), now.isoformat())

    async def last(self, chat: str) -> Mapping[Role, datetime]:
        """When each role last opened a page of a chat. Raises StoreError."""
        here = self._opened.get(chat, {})
        if not self._database.is_shared:
            return here
        elsewhere = await self._database.read(_saved, chat)
        return elsewhere | {role: max(at, elsewhere.get(role, at)) for role, at in here.items()}


def _saved(connection: Connection, chat: str) -> dict[Role, datetime]:
    found = {role: chats.get_fact(connection, _fact(chat, role)) for role in _ROLES}
    return {role: datetime.fromisoformat(at) for role, at in found.items() if at}


def _fact(chat: str, role: Role) -> str:
    return f"opened {chat} {role}"
