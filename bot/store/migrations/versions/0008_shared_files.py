"""Shared files: the chat files of each machine that uses the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "shared_files",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        for event in ("INSERT", "UPDATE", "DELETE"):
            which = "OLD" if event == "DELETE" else "NEW"
            op.execute(
                f"CREATE TRIGGER convenor_shared_files_{event} AFTER {event} ON shared_files"
                f" REFERENCING {which} TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION convenor_tell_chat('files')"
            )
