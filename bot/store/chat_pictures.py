"""Queries on the pictures of chats whose files are in the store, so that every machine can post them.

As in a folder, the chats of a series share them: a picture stands beside its chat file, under its file's name. A
question refers to it by a digest of what it shows, so that a post that was planned never gets another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePath

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, Text, func, select, tuple_

from bot.errors import ChatFileError
from bot.store.chat_texts import newest_texts
from bot.store.database import dialect_insert
from bot.store.schema import metadata, outbox

IN_STORE = "store:"
"""Begins the path of such a picture."""

_SIZE, _MOST = 5_000_000, 30
"""Bytes of a picture, which is what X takes, and pictures of one file."""

chat_pictures = Table(
    "chat_pictures",
    metadata,
    Column("series", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""A row for each picture of a series. Of several with one name the highest number counts for new plans."""


def check_pictures(pictures: Mapping[str, bytes]) -> None:
    """Raise ChatFileError if these are too many for one file, or one is too large. What they show is not looked at."""
    if len(pictures) > _MOST:
        raise ChatFileError(f"A chat may have {_MOST} pictures, and this one has {len(pictures)}.")
    for file, data in pictures.items():
        if len(data) > _SIZE:
            raise ChatFileError(f"The picture {file} is too large; make it smaller than {_SIZE // 1_000_000} MB.")


def put(connection: Connection, name: str, pictures: Mapping[str, bytes]) -> None:
    """Store the pictures of a chat file of this name.

    Raises ChatFileError for one that would replace another chat's: its next posts would show what nobody meant.
    """
    there = paths(connection, name)
    others = [text for other, text in newest_texts(connection, _series(name)).items() if other != name]
    for file, data in sorted(pictures.items()):
        digest = hashlib.sha256(data).hexdigest()
        if there.get(file) == _path(file, digest):
            continue
        if file in there and any(file in text for text in others):
            raise ChatFileError(
                f"Another chat of this series has a picture {file} that is not the same; rename this one."
            )
        row = {"series": _series(name), "file": file, "digest": digest, "number": _next(connection, name), "data": data}
        new = dialect_insert(connection, chat_pictures)
        keys = ["series", "file", "digest"]
        connection.execute(new.on_conflict_do_update(index_elements=keys, set_={"number": new.excluded.number}), row)


def paths(connection: Connection, name: str) -> dict[str, str]:
    """The paths of the pictures beside a chat file of this name, by the names of their files."""
    columns = chat_pictures.c.file, chat_pictures.c.digest
    query = select(*columns).where(chat_pictures.c.series == _series(name)).order_by(chat_pictures.c.number)
    return {row.file: _path(row.file, row.digest) for row in connection.execute(query)}


def find(connection: Connection, path: str) -> bytes | None:
    """The picture that has this path; None if it is not there any more."""
    query = select(chat_pictures.c.data).where(chat_pictures.c.digest == digest_of(path))
    found: bytes | None = connection.scalar(query.limit(1))
    return found


def digest_of(path: str) -> str:
    """The digest in a path; of one of a file in a folder something that is no digest."""
    return PurePath(path.removeprefix(IN_STORE)).stem


def tidy(connection: Connection, name: str) -> None:
    """Delete the pictures of a series that no chat file of it names any more, and no post has."""
    current = paths(connection, name)
    texts = list(newest_texts(connection, _series(name)).values())
    posted = connection.scalars(
        select(outbox.c.image)
        .where(outbox.c.image.is_not(None), outbox.c.state.not_in(["skipped", "failed"]))
        .distinct()
    ).all()
    columns = chat_pictures.c.file, chat_pictures.c.digest
    unused = [
        (row.file, row.digest)
        for row in connection.execute(select(*columns).where(chat_pictures.c.series == _series(name)))
        if not (current[row.file] == _path(row.file, row.digest) and any(row.file in text for text in texts))
        and not any(row.digest in image for image in posted)
    ]
    if unused:
        gone = chat_pictures.delete().where(chat_pictures.c.series == _series(name), tuple_(*columns).in_(unused))
        connection.execute(gone)


def _next(connection: Connection, name: str) -> int:
    last = connection.scalar(select(func.max(chat_pictures.c.number)).where(chat_pictures.c.series == _series(name)))
    return (last or 0) + 1


def _series(name: str) -> str:
    return name.partition("/")[0]


def _path(file: str, digest: str) -> str:
    return f"{IN_STORE}{digest}{PurePath(file).suffix.lower()}"
