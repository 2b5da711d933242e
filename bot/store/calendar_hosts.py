"""The end of each chat's UID in calendars: one name for the installation, whatever its public address becomes.

RFC 7986 wants a UID that is unique in the world and lasts, and none that tells a machine's address.
"""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, select

from bot.store.chats import get_fact
from bot.store.database import dialect_insert
from bot.store.schema import chats, meta


def calendar_host(connection: Connection, calendar: str, address: str) -> str:
    """The end of the UIDs in a calendar: that of a place by its name, or of the site.

    It is made when it is first asked for, so the connection has to be able to write. A store that has chats by then
    goes on with the address that the calendar has had (empty: unknown), so that those who subscribed see no chat twice.
    """
    key = f"calendar {calendar}"
    if found := get_fact(connection, key):
        return found
    known = address and connection.execute(select(chats.c.name).limit(1)).first() is not None
    return _kept(connection, key, address if known else _kept(connection, "calendars", str(uuid.uuid4())))


def _kept(connection: Connection, key: str, value: str) -> str:
    """A fact with this value, unless another process was faster: then with that one's."""
    added = dialect_insert(connection, meta).values(key=key, value=value).on_conflict_do_nothing()
    connection.execute(added)
    return get_fact(connection, key) or value
