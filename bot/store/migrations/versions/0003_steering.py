"""Steering: commands, how a chat goes, private posts and measures, verdicts, the queue, people muted, private links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.add_column("chats", sa.Column("written", sa.Text))
    op.add_column("chats", sa.Column("course", sa.Text, nullable=False, server_default="{}"))
    for name in ("repeats", "to", "amends", "measure"):
        op.add_column("outbox", sa.Column(name, sa.Text))
    still_open = sa.text("state IN ('planned', 'paused', 'retry')")
    op.drop_index("outbox_open", "outbox")
    op.create_index("outbox_open", "outbox", ["expires"], sqlite_where=still_open, postgresql_where=still_open)
    op.add_column("messages", sa.Column("verdict", sa.Text, nullable=False, server_default="keep"))
    op.create_index("messages_author", "messages", ["place", "author_id"])
    op.create_table(
        "commands",
        sa.Column("seq", _KEY, primary_key=True, autoincrement=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("chat", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("receipt", sa.Text),
        sa.Column("change", sa.Text),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.UniqueConstraint("place", "id"),
    )
    op.create_index("commands_state", "commands", ["state", "seq"])
    op.create_index("commands_chat", "commands", ["chat", "seq"])
    op.create_table(
        "queue",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.UniqueConstraint("place", "id"),
    )
    op.create_table(
        "muted",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("author_id", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("until", sa.BigInteger),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
