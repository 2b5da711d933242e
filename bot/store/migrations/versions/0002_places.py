"""Several places: replies, calendar entries, what reading cost, how places are, what people are called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward."""
    op.add_column("outbox", sa.Column("reply_to", sa.Text))
    op.add_column("outbox", sa.Column("meeting", sa.Text))
    op.add_column("messages", sa.Column("reply_place", sa.Text))
    op.create_table(
        "charges",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("resource", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text),
        sa.Column("micros", sa.BigInteger, nullable=False),
    )
    op.create_index("charges_chat", "charges", ["place", "chat"])
    op.create_table(
        "places",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "concerns",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("chat", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("author_id", sa.Text, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "silenced",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("author_id", sa.Text, primary_key=True),
    )
