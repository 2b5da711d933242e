"""What is deleted is told to the other processes as well, so that none of them shows an erased message any longer."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"

_TRIGGER = """
CREATE TRIGGER convenor_{table}_{kind}_DELETE AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION convenor_tell_{name}('{kind}')
"""

_TRIGGERS = (("messages", "messages", "of_chat"), ("absent", "people", "of_place"), ("people", "people", "of_place"))
"""Table, kind of change, and the function of migration 0007 that tells it."""


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, kind, name in _TRIGGERS:
        op.execute(_TRIGGER.format(table=table, kind=kind, name=name))
