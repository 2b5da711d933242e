"""Queries on the room's private links: create, list, verify, revoke.

A link is to a chat, to all chats of a series, or to the page of a series' team. The database has only a digest of a
link's key. The room's address is not known here.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select, update

from bot.messages import Time, Value
from bot.ports import rehearsals
from bot.ports.commands import LinkAccess
from bot.store.database import dialect_insert
from bot.store.schema import chats, links

VALID_FOR = timedelta(days=14)
"""How long after a chat's start its links are valid."""
SERIES_VALID_FOR = timedelta(days=400)
"""How long a link to a series, or to a team's page, is valid after it was made: a year, and time to make the next."""

LinkRole = Literal["host", "moderator"]
"""The role that a link gives."""

LinkKind = Literal["chat", "series", "team"]
"""What a link's scope is. A team's is a series, or empty: all of them."""

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_SYLLABLES = 3


def link_path(key: str, chat: str = "") -> str:
    """The path of a private link on the room's site. That of a `chat` which is a team's rehearsal is below its page."""
    return rehearsals.lead_path(chat, key) if rehearsals.is_rehearsal(chat) else f"/host/{key}"


class PrivateLink(Value, frozen=True, kw_only=True):
    """An active link, without its key."""

    id: str
    name: str
    role: LinkRole
    made: Time


def create_link(
    connection: Connection, *, chat: str, name: str, role: LinkRole, now: datetime, kind: LinkKind = "chat"
) -> tuple[str, str]:
    """Create a link to a chat, or with `kind` to the series, or the team's page of the series, that `chat` names.

    Returns its id, which may be shown, and its key, which is returned only this once.
    """
    key = secrets.token_urlsafe(32)
    row = {"scope": chat, "kind": kind, "name": name, "role": role, "digest": digest(key), "made": now}
    while True:
        statement = dialect_insert(connection, links).values(id=_new_id(), **row).on_conflict_do_nothing()
        made = connection.scalar(statement.returning(links.c.id))
        if made is not None:
            return made, key


def find_by_key(connection: Connection, key: str, now: datetime) -> LinkAccess | None:
    """The access that a key gives; None if it is unknown, revoked, or its chat is long over.

    The lookup is by digest, so its timing tells nothing about existing keys.
    """
    row = connection.execute(select(links).where(links.c.digest == digest(key), is_valid(now))).first()
    return access(row) if row else None


def is_valid(now: datetime) -> ColumnElement[bool]:
    """The condition that a link opens something at `now`: a chat that isn't long over, a series, or a team's page."""
    fresh = exists().where(chats.c.name == links.c.scope, chats.c.starts > now - VALID_FOR)
    lasting = and_(links.c.kind != "chat", links.c.made > now - SERIES_VALID_FOR)
    return and_(links.c.revoked.is_(None), or_(and_(links.c.kind == "chat", fresh), lasting))


def access(row: Row[Any]) -> LinkAccess:
    """The access that a row of `links` gives."""
    scope = {"chat": row.scope, "series": ""} if row.kind == "chat" else {"chat": "", "series": row.scope}
    return LinkAccess(id=row.id, name=row.name, role=row.role, team=row.kind == "team", **scope)


def active_links(connection: Connection, chat: str, kind: LinkKind = "chat") -> list[PrivateLink]:
    """The links of a chat, or with `kind` of another scope, that were not revoked, oldest first."""
    query = select(links).where(links.c.scope == chat, links.c.kind == kind, links.c.revoked.is_(None))
    query = query.order_by(links.c.made, links.c.id)
    return [PrivateLink(id=row.id, name=row.name, role=row.role, made=row.made) for row in connection.execute(query)]


def holders(connection: Connection, chat: str) -> frozenset[str]:
    """The names on the links to a chat, or to its series, that were not revoked."""
    to_series = and_(links.c.kind == "series", links.c.scope == chat.partition("/")[0])
    query = select(links.c.name).where(links.c.revoked.is_(None), or_(links.c.scope == chat, to_series))
    return frozenset(connection.scalars(query))


def revoke_links(connection: Connection, chat: str, id: str | None, now: datetime, kind: LinkKind = "chat") -> int:
    """Revoke a link of a chat, or with `kind` of another scope; with None for its id all of them. Returns how many."""
    of_scope = and_(links.c.scope == chat, links.c.kind == kind, links.c.revoked.is_(None))
    statement = update(links).where(of_scope).values(revoked=now)
    if id is not None:
        statement = statement.where(links.c.id == id)
    return len(connection.execute(statement.returning(links.c.id)).all())


def host_links(connection: Connection, chat: str, now: datetime | None = None) -> dict[str, str]:
    """The names on the host's links to a chat, or to its series, by id; with `now` only of valid links."""
    to_series = and_(links.c.kind == "series", links.c.scope == chat.partition("/")[0])
    to_chat = and_(links.c.kind == "chat", links.c.scope == chat)
    query = select(links.c.id, links.c.name).where(links.c.role == "host", or_(to_chat, to_series))
    query = query if now is None else query.where(is_valid(now))
    return {row.id: row.name for row in connection.execute(query.order_by(links.c.made, links.c.id))}


def restore_links(connection: Connection, ids: Collection[str]) -> None:
    """Restore revoked links."""
    if ids:
        connection.execute(update(links).where(links.c.id.in_(list(ids))).values(revoked=None))


def names(connection: Connection, ids: Collection[str]) -> list[str]:
    """The names on these links."""
    return list(connection.scalars(select(links.c.name).where(links.c.id.in_(list(ids))))) if ids else []


def digest(key: str) -> str:
    """The stored form of a key. A plain SHA-256: the key is random enough to need neither salt nor a slow hash."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _new_id() -> str:
    """Three syllables: short to type, and not to be mistaken for the key."""
    return "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(_SYLLABLES))
