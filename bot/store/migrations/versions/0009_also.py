"""Also: the further questions that a message answers."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go forward, and fill it for the messages that name several questions."""
    op.add_column("messages", sa.Column("also", sa.Text, nullable=False, server_default=""))
    names_any = sa.text("also != ''")
    op.create_index("messages_also", "messages", ["chat"], sqlite_where=names_any, postgresql_where=names_any)
    query = sa.text("SELECT place, id, refers FROM messages WHERE reason = 'mark' AND refers LIKE '%\",\"%'")
    fill = sa.text("UPDATE messages SET also = :also WHERE place = :place AND id = :id")
    connection = op.get_bind()
    for place, id, refers in connection.execute(query).all():
        also = json.loads(refers).get("named", [])[1:]
        if also:
            connection.execute(fill, {"also": f" {' '.join(also)} ", "place": place, "id": id})
