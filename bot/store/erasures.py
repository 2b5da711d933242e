"""Queries on erasures: requests to forget a person, each done in stages, and whom the inbox must not store again.

A request names its person only until it is done. What stays for good is its receipt, which names nobody, and digests
with a key that is in this store only: they say of an id that is known already whether it was erased, and no more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, Table, Text, or_, select, update

from bot.messages import Value
from bot.store.chats import get_fact
from bot.store.database import dialect_insert
from bot.store.instant import Instant
from bot.store.lookups import ListQuery
from bot.store.message_rows import Ident
from bot.store.schema import metadata

Stage = Literal["asked", "erased", "rewritten", "done"]
"""How far a request is: taken down, gone from the tables, gone from the files, gone from the disk as well."""

_KEY = "erasure key"
_IDLE = timedelta(seconds=30)
"""How long a process may work on a request without a sign of life before another takes it over."""

erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("asked", Instant, nullable=False),
    Column("stage", Text, nullable=False),
    Column("person", Text),
    Column("worker", Text),
    Column("seen", Instant),
    Column("receipt", Text),
)
"""Requests to forget a person. `person` is null once it is done; `receipt` is JSON without personal data."""

forgotten = Table(
    "forgotten",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("until", Instant),
)
"""Accounts, handles and messages that are not stored again: what happened up to `until`; null: ever."""

_any_refused = select(forgotten.c.digest).limit(1)  # made once: every batch of events asks
_refused = ListQuery(select(forgotten), forgotten.c.digest)

_encode = msgspec.json.Encoder().encode


class ErasedPerson(Value, frozen=True, kw_only=True):
    """Whom to forget: accounts of one person, by place and id."""

    accounts: tuple[Ident, ...]


class ErasureReceipt(Value, frozen=True, kw_only=True):
    """The receipt of an erasure: what was removed. It names nobody.

    `chats` are those whose record has changed. Besides `messages` and `events`, `rows` are all others that were
    deleted; `mentions` are messages of others that have a mark now. `folders` were written again. `backups` may still
    have the person, and so may `left`, files of people's own and older revisions on a blog, which the bot doesn't
    change.
    """

    chats: tuple[str, ...] = ()
    messages: int = 0
    events: int = 0
    rows: int = 0
    mentions: int = 0
    folders: tuple[str, ...] = ()
    backups: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Erasure(Value, frozen=True, kw_only=True):
    """A request, how far it is, and its receipt as far as it is known. `person` is None once it is done."""

    id: str
    asked: datetime
    stage: Stage
    person: ErasedPerson | None
    receipt: ErasureReceipt


def request(connection: Connection, person: ErasedPerson, now: datetime) -> str:
    """Take a request down; one for the same accounts that is not done yet stays the only one. Returns its id."""
    for one in unfinished(connection):
        if one.person is not None and set(person.accounts) <= set(one.person.accounts):
            return one.id
    id = secrets.token_hex(4)
    row = {"id": id, "asked": now, "stage": "asked", "person": _encode(person).decode()}
    connection.execute(dialect_insert(connection, erasures), row)
    return id


def unfinished(connection: Connection) -> list[Erasure]:
    """The requests that are not done, the oldest first."""
    query = select(erasures).where(erasures.c.stage != "done").order_by(erasures.c.asked, erasures.c.id)
    return [_erasure(row) for row in connection.execute(query)]


def find_erasure(connection: Connection, id: str) -> Erasure | None:
    """One request."""
    row = connection.execute(select(erasures).where(erasures.c.id == id)).first()
    return _erasure(row) if row is not None else None


def claim(connection: Connection, id: str, worker: str, now: datetime) -> bool:
    """Take a request, or keep it: no other process works on it meanwhile. Returns whether this one may."""
    free = or_(erasures.c.worker.is_(None), erasures.c.worker == worker, erasures.c.seen < now - _IDLE)
    mine = update(erasures).where(erasures.c.id == id, erasures.c.stage != "done", free)
    return connection.execute(mine.values(worker=worker, seen=now)).rowcount > 0


def advance(connection: Connection, id: str, stage: Stage, receipt: ErasureReceipt) -> None:
    """Note that a request has got so far. Once all that was written is written again, it names its person no more."""
    values: dict[str, object] = {"stage": stage, "receipt": _encode(receipt).decode()}
    if stage in {"rewritten", "done"}:
        values["person"] = None
    if stage == "done":
        values |= {"worker": None, "seen": None}
    connection.execute(update(erasures).where(erasures.c.id == id).values(values))


def _erasure(row: object) -> Erasure:
    values = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 -- SQLAlchemy's own name for it
    return Erasure(
        id=values["id"],
        asked=values["asked"],
        stage=values["stage"],
        person=msgspec.json.decode(values["person"], type=ErasedPerson) if values["person"] else None,
        receipt=msgspec.json.decode(values["receipt"] or "{}", type=ErasureReceipt),
    )


# Whom not to store again -----------------------------------------------------------------------------------


class Digests:
    """Makes the digests of a store: keyed, so that without its key nobody can look ids up in them."""

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)

    def account(self, place: str, id: str) -> str:
        """The digest of an account."""
        return self._digest("account", place, id)

    def message(self, place: str, id: str) -> str:
        """The digest of a message, or of anything else with an id of its own."""
        return self._digest("message", place, id)

    def stand_in(self, place: str, id: str) -> str:
        """The id under which others' messages refer to an erased one: always the same, and nobody's."""
        return f"gone-{self._digest('stand-in', place, id)[:16]}"

    def _digest(self, *parts: str) -> str:
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def digests(connection: Connection) -> Digests:
    """The digests of this store; its key is made when it is first needed."""
    return Digests(str(get_fact(connection, _KEY, lambda: secrets.token_hex(32))))


def refuse(connection: Connection, found: Iterable[str], until: datetime | None) -> None:
    """Store no event again that belongs to one of these digests and happened up to `until`; None: none, ever."""
    rows = [{"digest": one, "until": until} for one in sorted(set(found))]
    if rows:
        statement = dialect_insert(connection, forgotten)
        new = statement.on_conflict_do_update(index_elements=["digest"], set_={"until": statement.excluded.until})
        connection.execute(new, rows)


def refused_until(connection: Connection, wanted: Collection[str]) -> dict[str, datetime | None]:
    """Those among these digests that are refused, and until when."""
    if not wanted:
        return {}
    return {row.digest: row.until for row in _refused.rows(connection, wanted)}


def any_refused(connection: Connection) -> bool:
    """Whether anybody was ever forgotten here: without that, no event has to be looked at."""
    return connection.scalar(_any_refused) is not None
