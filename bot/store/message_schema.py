"""The tables of what people said: events, messages, the queue, and what is known of their authors.

The rest of the tables, and what holds for all, is in `schema.py`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint, and_, false

from bot.store.instant import Instant
from bot.store.schema import big_key, metadata

events = Table(
    "events",
    metadata,
    Column("seq", big_key, primary_key=True, autoincrement=True),
    Column("chat", Text),
    Column("place", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("raw", Text, nullable=False),
    UniqueConstraint("place", "type", "identity"),
    Index("events_chat", "chat", "seq"),
)
"""All events in the order in which they came. `raw` is the line of the event log."""

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
    Column("refers", Text, nullable=False, server_default=""),
    Column("also", Text, nullable=False, server_default=""),
    Column("moved", Text, nullable=False, server_default=""),
    Column("merged", Text, nullable=False, server_default=""),
    Column("highlighted", Boolean, nullable=False, server_default=false()),
    Column("taken_out", Boolean, nullable=False, server_default=false()),
    Column("withheld", Boolean, nullable=False, server_default=false()),
    Index("messages_question", "chat", "question", "at"),
    Index("messages_author", "place", "author_id"),
    Index("messages_url", "url"),
)
"""The messages, derived from the events. `author_id` is empty if only an edit or deletion came so far.

`verdict` is `keep`, `hold` or `drop`. `refers` is what it refers to, as JSON. `also` are further questions that it
answers, each between two spaces. `moved` is the question to which a host moved it, `merged` the message of which it is
a copy, as `place/id`. `withheld`: its platform shows it to nobody for now, so it is `gone`.
"""

REPOST = "repost"
"""The reason of a repost typed by hand. It keeps its question for the replies to it, but stands nowhere."""

stands = and_(messages.c.text != "", messages.c.reason != REPOST, messages.c.merged == "")
"""A message that stands under its question: something is left of it, and it is no repost and no copy."""

versions = Table(
    "versions",
    metadata,
    Column("place", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("id", Text, nullable=False),
)
"""The further ids of messages, on platforms that give each edit a new one."""

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
"""People who told the bot to stop: it never answers them."""

people = Table(
    "people",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Names of accounts that had to be asked for, at `at`."""

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
"""Messages that wait for a moderator, and why. A row is deleted with the decision, so no reason is kept."""

muted = Table(
    "muted",
    metadata,
    Column("place", Text, primary_key=True),
    Column("author_id", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("until", Instant),
)
"""People who are muted in a chat, until an instant or to its end; with an empty chat they are banned from all."""
