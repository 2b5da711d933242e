"""Queries on the bot's posts that were sent, as the outbox has them: what other processes said."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.messages import Image, Posted
from bot.store.message_rows import Ident
from bot.store.outbox import post_of
from bot.store.schema import outbox


def sent_posts(connection: Connection, chats: Collection[str]) -> list[tuple[Posted, Image | None]]:
    """The posts of these chats that everybody can read, each with its image."""
    query = select(outbox).where(outbox.c.chat.in_(list(chats)), outbox.c.state == "sent")
    found = []
    for row in connection.execute(query.order_by(outbox.c.sent_at, outbox.c.id)):
        post = post_of(row)
        if post.is_public:
            posted = Posted(
                place=post.place,
                at=row.sent_at,
                id=row.receipt,
                key=post.key,
                text=post.text,
                part=post.part,
                kind=post.kind,
                url=row.url,
                chat=post.chat,
                repeats=post.repeats,
            )
            found.append((posted, post.image))
    return found


def edited_texts(connection: Connection, chats: Collection[str]) -> dict[Ident, str]:
    """The latest text of each of these chats' posts that was edited, by place and id."""
    edits = outbox.c.chat.in_(list(chats)), outbox.c.amends.is_not(None), outbox.c.state == "sent"
    query = select(outbox.c.place, outbox.c.amends, outbox.c.text).where(*edits)
    return {(place, id): text for place, id, text in connection.execute(query.order_by(outbox.c.sent_at, outbox.c.id))}
