"""Queries on chats and their state, and on single facts about this database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Insert, Row, delete, func, literal, select, update

from bot.chat import Chat
from bot.messages import Time, Value
from bot.publication import PublicationChoice
from bot.store.bulk import BulkWrite
from bot.store.database import dialect_insert
from bot.store.lock_order import posts_in_order
from bot.store.message_schema import events
from bot.store.schema import chats, commands, links, meta, outbox

ALIVE = "alive"
"""The fact that says when a bot was last running, in UTC."""

STOPPED = "stopped"
"""The fact that says when one was stopped, in UTC. Another may run all the same, and is alive later."""

_chat = msgspec.json.Decoder(Chat).decode


def _upsert(connection: Connection) -> Insert:
    fact = dialect_insert(connection, meta)
    return fact.on_conflict_do_update(index_elements=["key"], set_={"value": fact.excluded.value})


_new_fact = BulkWrite(_upsert, ("key", "value"))


class ChatState(Value, frozen=True, kw_only=True):
    """The state of a chat besides its plan, as commands and pacing left it.

    `slow` is the slow mode in seconds. `hosts` are (place, id) of people who took the chat over, and `handed_links` are
    private links that a host passed on. With `moderators_lead` each moderator has a host's rights: because they were
    asked at `moderators_asked_at`, until a host is seen again, or with `moderators_stay` because a host said so. With
    `plan_changed` the plan differs from the chat file. `pacing_shifts` are the seconds by which pacing moved each
    question, and `fixed_questions` are those that it must not move. `renumbered` counts how often an edited file
    renumbered the questions to come. `revision` counts the changes to what calendars show: title, time, link, hosts,
    and whether it takes place; `changed_at` is the time of the last, or when the chat was first planned. `moved_from`
    is the first start, if an edited file moved the chat. The names in the stored JSON are older.
    """

    paused_at: Time | None = None
    cancelled: bool = False
    hold_all: bool = False
    slow: int | None = None
    hosts: tuple[tuple[str, str], ...] = ()
    moderators_lead: bool = msgspec.field(default=False, name="deputised")
    plan_changed: bool = msgspec.field(default=False, name="steered")
    moderators_asked_at: Time | None = msgspec.field(default=None, name="asked_at")
    pacing_shifts: dict[str, float] = msgspec.field(default_factory=dict, name="drift")
    fixed_questions: tuple[str, ...] = msgspec.field(default=(), name="fixed")
    renumbered: int = 0
    moved_from: Time | None = None
    revision: int = 0
    changed_at: Time | None = None
    moderators_stay: bool = False
    handed_links: tuple[str, ...] = ()
    publication: PublicationChoice = PublicationChoice()

    def revised(self, now: datetime) -> ChatState:
        """The state after a change that calendars should show."""
        return msgspec.structs.replace(self, revision=self.revision + 1, changed_at=now)


class StoredChat(Value, frozen=True, kw_only=True):
    """A chat in the database. `ends` is later than the chat's own end if its plan moved.

    `written` is the chat as it was last read from its file; None if that was never saved.
    """

    chat: Chat
    ends: datetime
    state: ChatState = ChatState()
    written: Chat | None = None


def save_state(connection: Connection, name: str, state: ChatState) -> None:
    """Save a chat's state."""
    connection.execute(update(chats).where(chats.c.name == name).values(course=msgspec.json.encode(state).decode()))


def save_chat(connection: Connection, chat: Chat, ends: datetime) -> None:
    """Insert or update a chat. Its state stays."""
    row = {
        "name": chat.name,
        "starts": chat.starts,
        "ends": ends,
        "definition": msgspec.json.encode(chat).decode(),
    }
    connection.execute(
        dialect_insert(connection, chats).values(row).on_conflict_do_update(index_elements=["name"], set_=row)
    )


def save_plans(connection: Connection, plans: Iterable[tuple[Chat, datetime, ChatState, Chat | None]]) -> None:
    """Insert or update chats with their ends, states, and versions as in their files; None keeps the old version."""
    rows = [
        {
            "name": chat.name,
            "starts": chat.starts,
            "ends": ends,
            "definition": msgspec.json.encode(chat).decode(),
            "course": msgspec.json.encode(state).decode(),
            "written": msgspec.json.encode(written).decode() if written else None,
        }
        for chat, ends, state, written in plans
    ]
    statement = dialect_insert(connection, chats)
    new = {name: statement.excluded[name] for name in ("starts", "ends", "definition", "course")}
    written = func.coalesce(statement.excluded.written, chats.c.written)
    replace = statement.on_conflict_do_update(index_elements=["name"], set_={**new, "written": written})
    connection.execute(replace, rows)


def remove_chat(connection: Connection, name: str) -> bool:
    """Delete a chat and its posts, unless it has events. Returns whether it stays."""
    if connection.scalar(select(events.c.seq).where(events.c.chat == name).limit(1)) is not None:
        return True
    connection.execute(delete(outbox).where(posts_in_order(outbox.c.chat == name)))
    connection.execute(delete(chats).where(chats.c.name == name))
    return False


def is_untouched(connection: Connection, name: str) -> bool:
    """Whether nobody knows of a chat yet: nothing was sent or received, and it has no private link."""
    tried = select(outbox.c.id).where(outbox.c.chat == name, outbox.c.attempts > 0)
    seen = [
        tried,
        *(select(literal(1)).where(named == name) for named in (events.c.chat, commands.c.chat, links.c.scope)),
    ]
    return all(connection.scalar(query.limit(1)) is None for query in seen)


_state = msgspec.json.Decoder(ChatState).decode


def all_chats(connection: Connection) -> list[StoredChat]:
    """Every chat, in order of its start."""
    rows = connection.execute(select(chats).order_by(chats.c.starts, chats.c.name))
    return [_stored_chat(row) for row in rows]


def starting_between(connection: Connection, first: datetime, last: datetime) -> list[StoredChat]:
    """The chats that start between two instants."""
    query = select(chats).where(chats.c.starts >= first, chats.c.starts <= last)
    return [_stored_chat(row) for row in connection.execute(query)]


def of_series(connection: Connection, series: str) -> dict[str, StoredChat]:
    """The chats of a series by name."""
    query = select(chats).where(chats.c.name.startswith(f"{series}/", autoescape=True))
    return {row.name: _stored_chat(row) for row in connection.execute(query)}


def find(connection: Connection, name: str) -> StoredChat | None:
    """One chat, or None. On PostgreSQL its row is locked until the transaction ends."""
    row = connection.execute(select(chats).where(chats.c.name == name).with_for_update()).first()
    return _stored_chat(row) if row else None


def names_at(connection: Connection, starts: datetime, ends: datetime, *, besides: str) -> list[str]:
    """The names of other chats that are on between two instants, and were not called off."""
    query = select(chats).where(chats.c.starts < ends, chats.c.ends > starts, chats.c.name != besides)
    found = (_stored_chat(row) for row in connection.execute(query.order_by(chats.c.starts, chats.c.name)))
    return [one.chat.name for one in found if not one.state.cancelled]


was_published = chats.c.course.contains('"published_at":"', autoescape=True)
"""Chats that were published. Of some the host may have thought better since: their state says so."""


def published(connection: Connection) -> list[StoredChat]:
    """Every published chat, in order of start."""
    rows = connection.execute(select(chats).where(was_published).order_by(chats.c.starts, chats.c.name))
    return [_stored_chat(row) for row in rows]


def name_of_file(connection: Connection, file: str) -> str:
    """The name of the chat that was last read from a file. It differs from the file's if that was renamed."""
    written = ((one.written, one.chat.name) for one in all_chats(connection))
    return next((name for read, name in written if read is not None and read.name == file), file)


def find_all(connection: Connection, names: Collection[str]) -> dict[str, StoredChat]:
    """The existing chats with these names, by name. On PostgreSQL their rows are locked, as by `find`."""
    query = select(chats).where(chats.c.name.in_(list(names))).order_by(chats.c.name)
    return {row.name: _stored_chat(row) for row in connection.execute(query.with_for_update())}


def _stored_chat(row: Row[Any]) -> StoredChat:
    return StoredChat(
        chat=_chat(row.definition),
        ends=row.ends,
        state=_state(row.course),
        written=_chat(row.written) if row.written else None,
    )


def get_fact(connection: Connection, key: str, make: Callable[[], str] | None = None) -> str | None:
    """A fact about this database; if there is none yet, `make` returns it and it is saved."""
    value = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    if value is None and make is not None:
        value = make()
        set_fact(connection, key, value)
    return value


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Insert or update a fact."""
    _new_fact.run(connection, [(key, value)])
