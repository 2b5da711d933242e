"""Queries on planned posts, before the first attempt to send them. A row that was ever tried is never changed here."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Insert, and_, delete, or_, select, update

from bot.messages import Post, Value
from bot.store.database import dialect_insert
from bot.store.lock_order import posts_in_order
from bot.store.schema import outbox

_NONCE_BYTES = 15
"""Bytes of a nonce: 24 characters, one fewer than Discord takes."""

REMOVED_FROM_PLAN, FILE_DELETED = "taken out of the plan", "the chat file was deleted"
"""Why an untried row was skipped: by a command or an edited file, or with its chat."""

UNTRIED_STATES = ("planned", "paused")
"""States of a row that was not tried yet."""

UNPLANNED_KINDS = ("receipt", "measure")
"""Kinds that are no part of a chat's plan: answers to one person, and moderation actions."""

_PLAN_COLUMNS = ("text", "image", "kind", "due", "expires", "next_at", "state", "reply_to", "meeting", "repeats", "to")
"""Columns that follow the plan until the row is tried."""


class PlannedPost(Value, frozen=True, kw_only=True):
    """A post to send. After `expires` it is skipped."""

    post: Post
    expires: datetime


def nonce(chat: str, key: str, place: str, part: int) -> str:
    """The idempotency key of a post: always the same for the same post. 24 characters."""
    digest = hashlib.blake2b("\0".join((chat, key, place, str(part))).encode(), digest_size=_NONCE_BYTES)
    return base64.b32encode(digest.digest()).decode().lower()


def save_plan(connection: Connection, planned: Iterable[PlannedPost]) -> None:
    """Insert posts, or update those that were not tried yet. A row that was ever tried is left alone."""
    if rows := [_row(one) for one in planned]:
        name = connection.dialect.name
        statement = _saving.get(name)
        if statement is None:
            statement = _saving[name] = _make_saving(connection)
        connection.execute(statement, rows)


_saving: dict[str, Insert] = {}
"""The statement of `save_plan` in each database's dialect: to make it takes longer than to run it."""


def _make_saving(connection: Connection) -> Insert:
    statement = dialect_insert(connection, outbox)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["chat", "key", "place", "part"],
        set_={name: new[name] for name in _PLAN_COLUMNS} | {"error": None},
        where=or_(
            *(outbox.c.state == state for state in UNTRIED_STATES),
            and_(outbox.c.state == "skipped", outbox.c.attempts == 0),
        ),
    )


def _row(planned: PlannedPost) -> dict[str, Any]:
    post = planned.post
    return {
        "chat": post.chat,
        "key": post.key,
        "place": post.place,
        "part": post.part,
        "kind": post.kind,
        "text": post.text,
        "image": msgspec.json.encode(post.image).decode() if post.image else None,
        "reply_to": post.reply_to,
        "meeting": msgspec.json.encode(post.calendar_entry).decode() if post.calendar_entry else None,
        "repeats": post.repeats,
        "to": post.to,
        "amends": post.edits,
        "measure": msgspec.json.encode(post.action).decode() if post.action else None,
        "nonce": post.nonce,
        "due": post.due,
        "expires": planned.expires,
        "state": "planned",
        "next_at": post.due,
        "attempts": 0,
    }


def skip_unplanned(
    connection: Connection,
    chat: str,
    keep: Collection[tuple[str, str, int]],
    *,
    only: Collection[str] | None = None,
    reason: str = REMOVED_FROM_PLAN,
) -> None:
    """Skip untried posts of a chat whose (key, place, part) is not in `keep`, of all keys or of `only` these.

    Answers to one person and moderation actions are not part of the plan, and stay.
    """
    rows = connection.execute(
        select(outbox.c.id, outbox.c.key, outbox.c.place, outbox.c.part).where(
            outbox.c.chat == chat, outbox.c.state.in_(UNTRIED_STATES), outbox.c.kind.not_in(UNPLANNED_KINDS)
        )
    )
    gone = [row.id for row in rows if (row.key, row.place, row.part) not in keep and (only is None or row.key in only)]
    connection.execute(
        update(outbox).where(posts_in_order(outbox.c.id.in_(gone))).values(state="skipped", error=reason)
    )


def pause_posts(connection: Connection, chat: str, keys: Collection[str]) -> None:
    """Pause the planned posts with these keys until they are planned anew. A row that was ever tried goes on."""
    mine = outbox.c.chat == chat, outbox.c.key.in_(list(keys)), outbox.c.state == "planned"
    connection.execute(update(outbox).where(posts_in_order(*mine, outbox.c.attempts == 0)).values(state="paused"))


def skip_rest(connection: Connection, chat: str, keep: Collection[str]) -> None:
    """Skip all unsent posts of a chat, except those with these keys, answers to one person, and moderation actions.

    A post that may be out already is not touched.
    """
    mine = outbox.c.chat == chat, outbox.c.key.not_in(list(keep)), outbox.c.kind.not_in(UNPLANNED_KINDS)
    left = outbox.c.state.in_((*UNTRIED_STATES, "retry"))
    skipped = {"state": "skipped", "error": "the chat was ended"}
    connection.execute(update(outbox).where(posts_in_order(*mine, left)).values(skipped))


def delete_posts(connection: Connection, chat: str, key: str, place: str | None = None) -> set[tuple[str, str]]:
    """Delete the posts of a chat with this key, on one `place` or on all. A post that is under way stays.

    A key that ends in `-%` stands for all keys with that beginning. Returns the addressees, by place and id, of posts
    that were not sent.
    """
    named = outbox.c.key.startswith(key[:-1], autoescape=True) if key.endswith("-%") else outbox.c.key == key
    on_place = () if place is None else (outbox.c.place == place,)
    at_rest = outbox.c.state.not_in(("sending", "ambiguous"))
    gone = delete(outbox).where(posts_in_order(outbox.c.chat == chat, named, *on_place, at_rest))
    rows = connection.execute(gone.returning(outbox.c.place, outbox.c.to, outbox.c.state)).all()
    return {(row.place, row.to) for row in rows if row.to and row.state in (*UNTRIED_STATES, "retry")}
