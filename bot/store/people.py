"""Queries on people: names and handles, who takes part, and who wants no answer.

People who asked to be left out are in `messages`, muted ones in `muted`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, func, select, update

from bot.messages import Author, Named
from bot.store.database import dialect_insert
from bot.store.lock_order import posts_in_order
from bot.store.lookups import LookUp
from bot.store.message_rows import Ident
from bot.store.message_schema import messages, people, silenced, stands
from bot.store.schema import outbox

_author = msgspec.json.Decoder(Author).decode
_encode = msgspec.json.Encoder().encode

_named = LookUp(select(people), people.c.place, people.c.author_id)
_wrote = LookUp(
    select(messages.c.place, messages.c.author_id, messages.c.author).order_by(messages.c.at),
    messages.c.place,
    messages.c.author_id,
)


def save_names(connection: Connection, named: Iterable[Named]) -> None:
    """Save the names of accounts, here and on their messages."""
    named = sorted(named, key=lambda one: (one.place, one.author.id))
    before = get_authors(connection, {(one.place, one.author.id) for one in named})
    for one in named:
        author = _encode(_merged(one.author, before.get((one.place, one.author.id)))).decode()
        row = {"place": one.place, "author_id": one.author.id, "author": author, "at": one.at}
        statement = dialect_insert(connection, people).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["place", "author_id"], set_=row))
        mine = messages.c.place == one.place, messages.c.author_id == one.author.id
        connection.execute(update(messages).where(*mine).values(author=author))


def _merged(author: Author, before: Author | None) -> Author:
    """The new name, with the old follower count if it has none: that was paid for."""
    if before is None or author.followers is not None:
        return author
    return msgspec.structs.replace(author, followers=before.followers)


def get_authors(connection: Connection, idents: Collection[Ident]) -> dict[Ident, Author]:
    """The names of these accounts, where they are known."""
    if not idents:
        return {}
    return {(row.place, row.author_id): _author(row.author) for row in _named.rows(connection, idents)}


def latest_authors(connection: Connection, idents: Collection[Ident]) -> dict[Ident, Author]:
    """The names of these accounts, as of their last message or learnt since."""
    if not idents:
        return {}
    wrote = {(row.place, row.author_id): _author(row.author) for row in _wrote.rows(connection, idents)}
    return wrote | get_authors(connection, idents)


_RENAMING = (  # made once: accounts that were not heard before come with every batch
    update(messages)
    .where(
        messages.c.place == bindparam("of_place"),
        messages.c.author_id == bindparam("of_author"),
        messages.c.at <= bindparam("until"),
        messages.c.author.not_like('%"handle":""%'),
        messages.c.author != bindparam("new"),
    )
    .values(author=bindparam("new"))
)


def rename(connection: Connection, called: Iterable[tuple[str, Author, datetime]]) -> None:
    """Put accounts' handles and names, as they were at an instant, on their messages with a handle until then.

    `called` are places, authors and instants; those of one account are gone through in order.
    """
    rows = [
        {"of_place": place, "of_author": author.id, "until": at, "new": _encode(author).decode()}
        for place, author, at in sorted(called, key=lambda one: (one[0], one[1].id))
    ]
    if rows:
        connection.execute(_RENAMING, rows)


def ids_without_handle(connection: Connection, place: str, chat: str, *, followers: bool) -> list[str]:
    """The ids of a chat's authors whose handle is unknown, in order of their number of messages.

    With `followers` also of those whose follower count is unknown.
    """
    query = select(messages.c.author_id, messages.c.author).where(
        messages.c.place == place,
        messages.c.chat == chat,
        messages.c.gone == False,  # noqa: E712 -- a column
    )
    counts: dict[str, int] = {}
    for id, author in connection.execute(query):
        if not id:
            continue
        known = _author(author)
        if not known.handle or (followers and known.followers is None):
            counts[id] = counts.get(id, 0) + 1
    return sorted(counts, key=lambda id: (-counts[id], id))


def silence_people(connection: Connection, idents: Iterable[Ident]) -> None:
    """Save people who told the bot to stop, and skip the receipts that are still due to them."""
    idents = list(idents)
    for place, id in idents:
        theirs = select(messages.c.id).where(messages.c.place == place, messages.c.author_id == id)
        due = outbox.c.place == place, outbox.c.kind == "receipt", outbox.c.state.in_(("planned", "retry"))
        to_them = posts_in_order(*due, outbox.c.reply_to.in_(theirs))
        connection.execute(update(outbox).where(to_them).values(state="skipped", error="told to stop"))
    rows = [{"place": place, "author_id": id} for place, id in idents]
    if rows:
        connection.execute(dialect_insert(connection, silenced).on_conflict_do_nothing(), rows)


def silenced_people(connection: Connection) -> set[Ident]:
    """All people who told the bot to stop."""
    return {(row.place, row.author_id) for row in connection.execute(select(silenced))}


def chat_authors(connection: Connection, chat: str) -> list[tuple[str, Author]]:
    """The authors of a chat with their place, under their latest name."""
    query = select(messages.c.place, messages.c.author_id, messages.c.author).where(
        messages.c.chat == chat, messages.c.author_id != ""
    )
    found = {(row.place, row.author_id): row.author for row in connection.execute(query.order_by(messages.c.at))}
    return [(place, _author(author)) for (place, _), author in found.items()]


def counts_by_place(connection: Connection, chat: str) -> dict[str, tuple[int, int]]:
    """The number of authors and of shown messages of a chat, by place."""
    shown = messages.c.chat == chat, messages.c.author_id != "", messages.c.verdict == "keep"
    query = select(messages.c.place, func.count(messages.c.author_id.distinct()), func.count()).where(
        *shown,
        messages.c.gone == False,  # noqa: E712 -- a column
        stands,
    )
    return {place: (authors, posts) for place, authors, posts in connection.execute(query.group_by(messages.c.place))}


def ids_by_handle(connection: Connection, place: str) -> dict[str, str]:
    """The ids of a place's accounts whose handle is known, by casefolded handle."""
    rows = connection.execute(select(people.c.author_id, people.c.author).where(people.c.place == place))
    handles = ((row.author_id, _author(row.author).handle) for row in rows)
    return {handle.casefold(): id for id, handle in handles if handle}


def last_message_times(connection: Connection, chat: str) -> list[tuple[str, Author, datetime]]:
    """The authors of a chat with their place, and the time of their latest message."""
    query = select(messages.c.place, messages.c.author, func.max(messages.c.at)).where(
        messages.c.chat == chat, messages.c.author_id != ""
    )
    grouped = query.group_by(messages.c.place, messages.c.author_id, messages.c.author)
    return [(place, _author(author), at) for place, author, at in connection.execute(grouped)]
