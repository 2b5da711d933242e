"""Sharing: who is on duty, and on PostgreSQL a notification of each change for the other processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOST = 50
"""Chats that are named in the notifications of one statement; of more, one says `*`."""

_TELL = """
CREATE FUNCTION convenor_tell_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sender text := coalesce(current_setting('convenor.process', true), '-');
    named text[] := ARRAY(SELECT DISTINCT {column} FROM changed WHERE {column} IS NOT NULL AND ({condition}));
    one text;
BEGIN
    IF cardinality(named) > {most} THEN
        named := ARRAY['*'];
    END IF;
    FOREACH one IN ARRAY named LOOP
        PERFORM pg_notify('convenor', sender || ' ' || TG_ARGV[0] || ' ' || one);
    END LOOP;
    RETURN NULL;
END $$
"""

_TRIGGER = """
CREATE TRIGGER convenor_{kind}_{event} AFTER {event} ON {table} REFERENCING {which} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION convenor_tell_{name}('{kind}')
"""

_FUNCTIONS = {
    "chat": ("name", "true"),
    "sent": ("chat", "state = 'sent'"),
    "planned": ("place", "state IN ('planned', 'retry')"),
    "of_chat": ("chat", "true"),
    "of_place": ("place", "true"),
}
"""Functions by name: the column that is told, and of which rows."""

_TRIGGERS = (
    *(("chats", "chats", event, "chat") for event in ("INSERT", "UPDATE", "DELETE")),
    ("outbox", "posts", "UPDATE", "sent"),
    ("outbox", "due", "INSERT", "planned"),
    *(("messages", "messages", event, "of_chat") for event in ("INSERT", "UPDATE")),
    *(("queue", "queue", event, "of_chat") for event in ("INSERT", "DELETE")),
    *((table, "people", "INSERT", "of_place") for table in ("absent", "silenced", "people")),
    ("commands", "commands", "INSERT", "of_place"),
)
"""Triggers: table, kind of change, event, function."""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for name, (column, condition) in _FUNCTIONS.items():
        op.execute(_TELL.format(name=name, column=column, condition=condition, most=_MOST))
    for table, kind, event, name in _TRIGGERS:
        which = "OLD" if event == "DELETE" else "NEW"
        trigger = _TRIGGER.format(kind=f"{table}_{kind}", event=event, table=table, which=which, name=name)
        op.execute(trigger.replace(f"('{table}_{kind}')", f"('{kind}')"))
