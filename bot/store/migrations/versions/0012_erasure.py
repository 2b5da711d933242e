"""Erasure: requests to forget a person, whom not to store again, and which files were written outside of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("worker", sa.Text),
        sa.Column("seen", sa.BigInteger),
        sa.Column("receipt", sa.Text),
    )
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("until", sa.BigInteger),
    )
    op.create_table(
        "outputs",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
