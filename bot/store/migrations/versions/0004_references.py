"""References: what each message refers to, and the further ids of edited messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go forward."""
    op.add_column("messages", sa.Column("refers", sa.Text, nullable=False, server_default=""))
    op.create_index("messages_url", "messages", ["url"])
    op.create_table(
        "versions",
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
    )
