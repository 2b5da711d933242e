"""Resyncs: when a record is compared with what its platforms still have, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go forward."""
    op.add_column("messages", sa.Column("withheld", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "resyncs",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("sure", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("position", sa.Text, nullable=False),
        sa.Column("tally", sa.Text, nullable=False),
    )
    op.create_index("resyncs_next", "resyncs", ["place", "state", "next_at"])
