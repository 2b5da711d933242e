"""Corrections: messages moved to another question, copies of a message that count once, and highlights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go forward."""
    op.add_column("messages", sa.Column("moved", sa.Text, nullable=False, server_default=""))
    op.add_column("messages", sa.Column("merged", sa.Text, nullable=False, server_default=""))
    op.add_column("messages", sa.Column("highlighted", sa.Boolean, nullable=False, server_default=sa.false()))
