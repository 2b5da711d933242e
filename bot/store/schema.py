"""The tables. The migrations build them; these are for the queries.

An instant is kept as whole microseconds since 1970 UTC: exact, ordered, and the same on every database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC. A naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- the library's signature
        """To the database."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 -- the library's signature
        """From the database, in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


STILL_OPEN = "state IN ('planned', 'paused', 'retry')"
"""Rows that may run out of time; a condition of an index, so it cannot be written with columns."""

_Key = BigInteger().with_variant(Integer, "sqlite")

chats = Table(
    "chats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("definition", Text, nullable=False),
    Column("written", Text),
    Column("course", Text, nullable=False, server_default="{}"),
)
"""Every chat ever planned. `definition` is the whole Chat as it stands, `written` as its file had it, both JSON.

`ends` follows a shift; `course` is how the chat goes beyond its plan: paused, called off, handed over.
"""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("chat", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("image", Text),
    Column("nonce", Text, nullable=False, unique=True),
    Column("due", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Instant),
    Column("receipt", Text),
    Column("url", Text),
    Column("sent_at", Instant),
    Column("error", Text),
    Column("reply_to", Text),
    Column("meeting", Text),
    Column("repeats", Text),
    Column("to", Text),
    Column("amends", Text),
    Column("measure", Text),
    UniqueConstraint("chat", "key", "place", "part"),
    Index("outbox_next", "place", "state", "next_at"),
    Index("outbox_open", "expires", sqlite_where=text(STILL_OPEN), postgresql_where=text(STILL_OPEN)),
)
"""Everything ever to be said, one row a chat, slot, place and part. `next_at` is when the row wants attention."""

events = Table(
    "events",
    metadata,
    Column("seq", _Key, primary_key=True, autoincrement=True),
    Column("chat", Text),
    Column("place", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("raw", Text, nullable=False),
    UniqueConstraint("place", "type", "identity"),
    Index("events_chat", "chat", "seq"),
)
"""Everything heard, raw, in order of hearing. `raw` is the event log's line."""

messages = Table(
    "messages",
    metadata,
    Column("place", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("chat", Text),
    Column("question", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_to", Text),
    Column("reply_place", Text),
    Column("url", Text),
    Column("edited", Instant),
    Column("gone", Boolean, nullable=False),
    Column("verdict", Text, nullable=False, server_default="keep"),
    Index("messages_question", "chat", "question", "at"),
    Index("messages_author", "place", "author_id"),
)
"""The messages as they stand, derived from the events. An empty `author_id`: only its edit or deletion came so far.

`verdict` is `keep`, `hold` or `drop`.
"""

absent = Table(
    "absent",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
)
"""People who asked to be left out, on each place."""

silenced = Table(
    "silenced",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
)
"""People who told the bot to stop: it never answers them again."""

people = Table(
    "people",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What accounts are called, where that had to be asked for. `at`: when we learnt it."""

positions = Table(
    "positions",
    metadata,
    Column("place", Text, primary_key=True),
    Column("position", Text, nullable=False),
)
"""Where reading stopped, on each place, or on each source of a place."""

charges = Table(
    "charges",
    metadata,
    Column("place", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("resource", Text, primary_key=True),
    Column("chat", Text),
    Column("micros", BigInteger, nullable=False),
    Index("charges_chat", "place", "chat"),
)
"""What calls cost. The same thing on the same day, in UTC, is paid once; its first chat bears it."""

places = Table(
    "places",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""How each place is, for those who ask from another process."""

concerns = Table(
    "concerns",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("place", Text, nullable=False),
    Column("chat", Text),
    Column("text", Text, nullable=False),
)
"""What hosts and operators have to be told, each thing once."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts about this store: its secret, the last sign of life."""

commands = Table(
    "commands",
    metadata,
    Column("seq", _Key, primary_key=True, autoincrement=True),
    Column("place", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("chat", Text),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text),
    Column("receipt", Text),
    Column("change", Text),
    Column("undone", Boolean, nullable=False),
    UniqueConstraint("place", "id"),
    Index("commands_state", "state", "seq"),
    Index("commands_chat", "chat", "seq"),
)
"""Every command, once: it waits, or what came of it. `raw` is the event, `change` what `undo` needs, as JSON."""

queue = Table(
    "queue",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reasons", Text, nullable=False),
    UniqueConstraint("place", "id"),
)
"""Messages that wait for a moderator, and why. A row goes once that is decided: nothing of the reason is kept."""

muted = Table(
    "muted",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("until", Instant),
)
"""People who are not heard in a chat, until an instant or to its end; with an empty chat, in none and for good."""

links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("chat", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("made", Instant, nullable=False),
    Column("revoked", Instant),
)
"""Private links of the room. Only a digest of the key is kept."""
