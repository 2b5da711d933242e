"""Link sessions: a browser that opened a private link has a session of its own; a link may be to a series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("links") as links:
        links.alter_column("chat", new_column_name="scope")
        links.add_column(sa.Column("kind", sa.Text, nullable=False, server_default="chat"))
    op.create_table(
        "link_sessions",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
