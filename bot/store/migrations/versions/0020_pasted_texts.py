"""Announcements that were pasted into the team's page and are not read yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "pasted_texts",
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("link", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
