"""Claims: which claim of a post is valid, and until when a call that was begun may still be answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go forward."""
    op.add_column("outbox", sa.Column("claim", sa.Text))
    op.add_column("outbox", sa.Column("held_until", sa.BigInteger))
