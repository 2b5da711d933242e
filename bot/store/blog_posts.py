"""Queries on the posts of chats on a blog. No texts are kept here."""

from __future__ import annotations

from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, Integer, Table, Text, select

from bot.messages import Time, Value
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.schema import metadata

blog_posts = Table(
    "blog_posts",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("post", Text),
    Column("attempts", Integer, nullable=False),
)
"""Each chat's post, its state (`bot/blog/rules.py`), and a digest of what was last sent.

`post` is its id there, once that is known.
"""


State = Literal["sending", "retry", "sent", "taken"]


class BlogEntry(Value, frozen=True, kw_only=True):
    """A chat's post on the blog. `digest` is that of the body it has or was last tried with.

    `next_at` is when to look at it again, `attempts` how often it was tried since it last worked.
    """

    chat: str
    state: State
    digest: str
    next_at: Time
    post: str | None = None
    attempts: int = 0


def save_post(connection: Connection, entry: BlogEntry) -> None:
    """Insert or update what is known of a chat's post."""
    row = msgspec.structs.asdict(entry)
    statement = dialect_insert(connection, blog_posts).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["chat"], set_=row))


def all_posts(connection: Connection) -> dict[str, BlogEntry]:
    """Every post, by chat."""
    rows = connection.execute(select(blog_posts).order_by(blog_posts.c.chat)).mappings()
    return {row["chat"]: BlogEntry(**row) for row in rows}
