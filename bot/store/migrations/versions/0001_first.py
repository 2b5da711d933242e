"""The first tables: chats, outbox, events, messages, absent, positions, meta."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "chats",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("starts", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("image", sa.Text),
        sa.Column("nonce", sa.Text, nullable=False, unique=True),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempted_at", sa.BigInteger),
        sa.Column("receipt", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("chat", "key", "place", "part"),
    )
    op.create_index("outbox_next", "outbox", ["place", "state", "next_at"])
    still_open = sa.text("state IN ('planned', 'retry')")
    op.create_index("outbox_open", "outbox", ["expires"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "events",
        sa.Column("seq", _KEY, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.Text),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.UniqueConstraint("place", "type", "identity"),
    )
    op.create_index("events_chat", "events", ["chat", "seq"])
    op.create_table(
        "messages",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("author_id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("reply_to", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("edited", sa.BigInteger),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("messages_question", "messages", ["chat", "question", "at"])
    op.create_table(
        "absent",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("author_id", sa.Text, primary_key=True),
    )
    op.create_table(
        "positions",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("position", sa.Text, nullable=False),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
