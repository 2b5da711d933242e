"""Queries on the room's private links: create, list, verify, revoke.

The database has only a digest of a link's key. The room's address is not known here.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select, update

from bot.messages import Time, Value
from bot.ports.commands import LinkAccess
from bot.store.database import dialect_insert
from bot.store.schema import chats, links

VALID_FOR = timedelta(days=14)
"""How long after a chat's start its links are valid."""

LinkRole = Literal["host", "moderator"]
"""The role that a link gives."""

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = 3


def link_path(key: str) -> str:
    """The path of a private link on the room's site."""
    return f"/host/{key}"


class PrivateLink(Value, frozen=True, kw_only=True):
    """An active link, without its key."""

    id: str
    name: str
    role: LinkRole
    made: Time


def create_link(connection: Connection, *, chat: str, name: str, role: LinkRole, now: datetime) -> tuple[str, str]:
    """Create a link to a chat. Returns its id, which may be shown, and its key, which is returned only this once."""
    key = secrets.token_urlsafe(32)
    row = {"chat": chat, "name": name, "role": role, "digest": _digest(key), "made": now}
    while True:
        statement = dialect_insert(connection, links).values(id=_new_id(), **row).on_conflict_do_nothing()
        made = connection.scalar(statement.returning(links.c.id))
        if made is not None:
            return made, key


def find_by_key(connection: Connection, key: str, now: datetime) -> LinkAccess | None:
    """The access that a key gives; None if it is unknown, revoked, or its chat is long over.

    The lookup is by digest, so its timing tells nothing about existing keys.
    """
    query = select(links).join(chats, chats.c.name == links.c.chat)
    valid = (links.c.digest == _digest(key), links.c.revoked.is_(None), chats.c.starts > now - VALID_FOR)
    row = connection.execute(query.where(*valid)).first()
    return LinkAccess(id=row.id, chat=row.chat, name=row.name, role=row.role) if row else None


def active_links(connection: Connection, chat: str) -> list[PrivateLink]:
    """A chat's links that were not revoked, oldest first."""
    query = select(links).where(links.c.chat == chat, links.c.revoked.is_(None)).order_by(links.c.made, links.c.id)
    return [PrivateLink(id=row.id, name=row.name, role=row.role, made=row.made) for row in connection.execute(query)]


def revoke_links(connection: Connection, chat: str, id: str | None, now: datetime) -> int:
    """Revoke a link of a chat, or with None all of them. Returns how many."""
    statement = update(links).where(links.c.chat == chat, links.c.revoked.is_(None)).values(revoked=now)
    if id is not None:
        statement = statement.where(links.c.id == id)
    return len(connection.execute(statement.returning(links.c.id)).all())


def _digest(key: str) -> str:
    """A plain SHA-256: the key is random enough to need neither salt nor a slow hash."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _new_id() -> str:
    """Three syllables: short to type, and not to be mistaken for the key."""
    return "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))
