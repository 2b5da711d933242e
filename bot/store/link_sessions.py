"""Queries on the sessions of private links: a browser that opened a link has a token of its own, not the link's key.

A session ends hours after it was last used, a day after it began, by signing out, and with its link.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from bot.ports.commands import LinkAccess
from bot.store.private_links import access, digest, find_by_key, is_valid
from bot.store.schema import link_sessions, links

IDLE, LONGEST = timedelta(hours=8), timedelta(hours=24)
"""How long a session lasts after it was last used, and in all."""
RENEWED_EVERY = timedelta(minutes=5)
"""The least time between two notes that a session is used."""


class Resumed(NamedTuple):
    """A resumed session. `is_due`: its use has to be noted again."""

    access: LinkAccess
    is_due: bool


def begin(connection: Connection, key: str, now: datetime) -> tuple[str, LinkAccess] | None:
    """Begin a session by a link's key. Returns its token, only this once; None for a key that opens nothing."""
    found = find_by_key(connection, key, now)
    if found is None:
        return None
    connection.execute(delete(link_sessions).where(link_sessions.c.began < now - LONGEST))
    token = secrets.token_urlsafe(32)
    row = {"digest": digest(token), "link": found.id, "began": now, "seen": now}
    connection.execute(insert(link_sessions).values(row))
    return token, found


def resume(connection: Connection, token: str, now: datetime) -> Resumed | None:
    """Resume a session; None if it has ended."""
    query = select(links, link_sessions.c.seen).join(link_sessions, link_sessions.c.link == links.c.id)
    row = connection.execute(query.where(link_sessions.c.digest == digest(token), _lasts(now))).first()
    return Resumed(access(row), now - row.seen >= RENEWED_EVERY) if row else None


def renew(connection: Connection, token: str, now: datetime) -> None:
    """Note that a session is used."""
    connection.execute(update(link_sessions).where(link_sessions.c.digest == digest(token)).values(seen=now))


def end(connection: Connection, token: str) -> None:
    """End a session. Harmless for one that has ended."""
    connection.execute(delete(link_sessions).where(link_sessions.c.digest == digest(token)))


def end_all(connection: Connection, token: str) -> None:
    """End a session, and every other one of its link. Harmless for one that has ended."""
    link = select(link_sessions.c.link).where(link_sessions.c.digest == digest(token)).scalar_subquery()
    connection.execute(delete(link_sessions).where(link_sessions.c.link == link))


def lasting(connection: Connection, tokens: Collection[str], now: datetime) -> set[str]:
    """The tokens among these whose sessions have not ended."""
    by_digest = {digest(one): one for one in tokens}
    query = select(link_sessions.c.digest).join(links, link_sessions.c.link == links.c.id)
    found = connection.scalars(query.where(link_sessions.c.digest.in_(by_digest), _lasts(now)))
    return {by_digest[one] for one in found}


def _lasts(now: datetime) -> ColumnElement[bool]:
    used, begun = link_sessions.c.seen > now - IDLE, link_sessions.c.began > now - LONGEST
    return and_(used, begun, is_valid(now))
