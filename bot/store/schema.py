"""The tables of the plan, the commands and the places; `message_schema.py` has those of what people said.

Migrations create all tables, and also the indexes over a part of a table's rows. Those are not repeated
here: SQLAlchemy would load both databases' dialects for them, in every short verb.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.instant import Instant

metadata = MetaData()

big_key = BigInteger().with_variant(Integer, "sqlite")
"""Numbered by the database."""

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
"""Every chat ever planned. `definition` is the Chat as it is now, `written` as its file had it, both as JSON.

`ends` follows when the plan moves; `course` is a ChatState as JSON.
"""

chat_files = Table(
    "chat_files",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("definition", Text, nullable=False),
)
"""The chat of each file as it was last read, and the file's state then: an unchanged file isn't read again."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", big_key, primary_key=True, autoincrement=True),
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
    Column("claim", Text),
    Column("held_until", Instant),
    UniqueConstraint("chat", "key", "place", "part"),
    Index("outbox_next", "place", "state", "next_at"),
)
"""Every post ever planned, a row for each chat, key, place and part. At `next_at` it is due, or its lease ends.

`claim` is the token of the claim that is valid, `held_until` the end of a call under way by the database's clock.
"""

positions = Table(
    "positions",
    metadata,
    Column("place", Text, primary_key=True),
    Column("position", Text, nullable=False),
)
"""How far each place, or each source of a place, was read."""

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
"""The cost of API calls. A resource is charged once a day, in UTC, to the first chat that needed it."""

places = Table(
    "places",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""The status of each place, for other processes."""

concerns = Table(
    "concerns",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("place", Text, nullable=False),
    Column("chat", Text),
    Column("text", Text, nullable=False),
)
"""Problems for hosts and operators, each once."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts about this database: its secret, the last heartbeat."""

commands = Table(
    "commands",
    metadata,
    Column("seq", big_key, primary_key=True, autoincrement=True),
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
"""Every command and its outcome. `raw` is the event, `change` what `undo` needs, both as JSON."""

links = Table(
    "links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("made", Instant, nullable=False),
    Column("revoked", Instant),
    Column("kind", Text, nullable=False, server_default="chat"),
)
"""Private links of the room. Of the key only a digest is stored. `scope` is a chat or a series, as `kind` says."""

link_sessions = Table(
    "link_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("link", Text, nullable=False),
    Column("began", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
)
"""Browsers that opened a private link, by a digest of their cookie, until they sign out or long after `seen`."""
