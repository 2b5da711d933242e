"""Messages that their authors took out of the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go forward."""
    op.add_column("messages", sa.Column("taken_out", sa.Boolean, nullable=False, server_default=sa.false()))
