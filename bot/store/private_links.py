"""Queries on the private links of the room: made, listed, admitted, revoked.

A key is known only to whoever has the link; the store keeps a digest of it. Where the room is, is not known here.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select, update

from bot.messages import Time, Value
from bot.ports.commands import LinkAccess
from bot.store import upsert
from bot.store.schema import chats, links

VALID_FOR = timedelta(days=14)
"""So long after a chat's start its links are good."""

LinkRole = Literal["host", "moderator"]
"""What a link can make of somebody."""

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = 3


def link_path(key: str) -> str:
    """Where in the room a key leads."""
    return f"/host/{key}"


class PrivateLink(Value, frozen=True, kw_only=True):
    """A link that was not revoked, without its key."""

    id: str
    name: str
    role: LinkRole
    made: Time


def create_link(connection: Connection, *, chat: str, name: str, role: LinkRole, now: datetime) -> tuple[str, str]:
    """A new link to a chat: its id, which may be shown, and its key, which is told this once and kept nowhere."""
    key = secrets.token_urlsafe(32)
    row = {"chat": chat, "name": name, "role": role, "digest": _digest(key), "made": now}
    while True:
        statement = upsert.dialect_insert(connection, links).values(id=_new_id(), **row).on_conflict_do_nothing()
        made = connection.scalar(statement.returning(links.c.id))
        if made is not None:
            return made, key


def find_by_key(connection: Connection, key: str, now: datetime) -> LinkAccess | None:
    """What a key is good for; None for an unknown one, one that was revoked, and one whose chat is long over.

    It is looked up by its digest, so how long that takes tells nothing about the keys there are.
    """
    query = select(links).join(chats, chats.c.name == links.c.chat)
    good = (links.c.digest == _digest(key), links.c.revoked.is_(None), chats.c.starts > now - VALID_FOR)
    row = connection.execute(query.where(*good)).first()
    return LinkAccess(id=row.id, chat=row.chat, name=row.name, role=row.role) if row else None


def active_links(connection: Connection, chat: str) -> list[PrivateLink]:
    """A chat's links that were not revoked, oldest first."""
    query = select(links).where(links.c.chat == chat, links.c.revoked.is_(None)).order_by(links.c.made, links.c.id)
    return [PrivateLink(id=row.id, name=row.name, role=row.role, made=row.made) for row in connection.execute(query)]


def revoke_links(connection: Connection, chat: str, id: str | None, now: datetime) -> int:
    """Let a link of a chat, or with None all of them, be good for nothing from now on; how many that were."""
    statement = update(links).where(links.c.chat == chat, links.c.revoked.is_(None)).values(revoked=now)
    if id is not None:
        statement = statement.where(links.c.id == id)
    return len(connection.execute(statement.returning(links.c.id)).all())


def _digest(key: str) -> str:
    """A key has so much chance in it that it needs no salt and no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _new_id() -> str:
    """Three syllables: short to type, and nobody takes it for the key."""
    return "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))
