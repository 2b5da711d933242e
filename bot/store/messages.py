"""Queries on raw events, messages, people who asked to be left out, and reading positions.

Events are stored in the same transaction as everything derived from them. A decision about a message replaces every
earlier one, so that no trace of a flag is left. Nothing here decides; `bot.listening` and `bot.moderation` do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import get_args

import msgspec
from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from bot.messages import AnyEvent, Author, Edited, Media, Message, MessageDecision, Posted, Verdict
from bot.store import moderation_queue
from bot.store.bulk import BulkWrite
from bot.store.database import dialect_insert
from bot.store.lock_order import lock_messages_of
from bot.store.lookups import ListQuery, LookUp
from bot.store.message_rows import (
    FIRST_VALUES,
    VALUES,
    Ident,
    MessageRow,
    first_values_of,
    is_as_heard,
    row_of,
    values_of,
)
from bot.store.message_schema import absent, events, messages, stands, versions
from bot.store.schema import outbox, positions

_encode = msgspec.json.Encoder().encode
_author = msgspec.json.Decoder(Author).decode
_event: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)

_decision = msgspec.json.Decoder(MessageDecision).decode

_TAGS = {kind: str(kind.__struct_config__.tag) for kind in get_args(AnyEvent)}
"""Each kind of event, and its name in the log: looking it up anew costs as much as the JSON."""

_new_events = BulkWrite(
    lambda connection: dialect_insert(connection, events).on_conflict_do_nothing(),
    ("chat", "place", "type", "identity", "raw"),
)
_new_messages = BulkWrite(lambda connection: dialect_insert(connection, messages), ("place", "id", *VALUES))
_heard_messages = BulkWrite(lambda connection: dialect_insert(connection, messages), ("place", "id", *FIRST_VALUES))
_changed_messages = BulkWrite(
    lambda _connection: update(messages).where(
        messages.c.place == bindparam("of_place"), messages.c.id == bindparam("of_id")
    ),
    VALUES,
)
_rows, _locked = (LookUp(select(messages), messages.c.place, messages.c.id, lock=one) for one in (False, True))
_versions = LookUp(select(versions), versions.c.place, versions.c.version)
_at_urls = ListQuery(
    select(messages.c.url, messages.c.place, messages.c.id).order_by(messages.c.place.desc(), messages.c.id.desc()),
    messages.c.url,
)
_existing = LookUp(select(messages.c.id).where(messages.c.author_id != ""), messages.c.place, messages.c.id)


_events_by_identity = LookUp(
    select(events.c.place, events.c.type, events.c.identity), events.c.place, events.c.identity
)

EventKey = tuple[str, str, str]
"""What two events can't have in common: place, kind and identity."""


def event_key(event: AnyEvent) -> EventKey:
    """The key of an event."""
    return event.place, _TAGS[type(event)], event.identity


def stored_keys(connection: Connection, wanted: Iterable[EventKey]) -> set[EventKey]:
    """Those among these keys under which an event is stored, of whatever chat."""
    wanted = set(wanted)
    rows = _events_by_identity.rows(connection, {(place, identity) for place, _, identity in wanted})
    return {(row.place, row.type, row.identity) for row in rows} & wanted


def append_events(connection: Connection, events_with_chat: Sequence[tuple[str | None, AnyEvent]]) -> None:
    """Append events, each with its chat. Events that are already stored are ignored."""
    rows = [(chat, *event_key(event), _encode(event).decode()) for chat, event in events_with_chat]
    _new_events.run(connection, rows)


def chat_events(connection: Connection, chat: str) -> Iterator[AnyEvent]:
    """A chat's events in the order in which they came."""
    rows = connection.execute(
        select(events.c.raw).where(events.c.chat == chat).order_by(events.c.seq),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield _event.decode(row.raw)


def chat_events_after(connection: Connection, chat: str, seq: int) -> list[tuple[int, AnyEvent]]:
    """A chat's events after the one numbered `seq`, with their numbers."""
    query = select(events.c.seq, events.c.raw).where(events.c.chat == chat, events.c.seq > seq)
    return [(row.seq, _event.decode(row.raw)) for row in connection.execute(query.order_by(events.c.seq))]


def own_posts(connection: Connection) -> list[Posted]:
    """The bot's own posts in every chat, with their current text."""
    rows = connection.execute(select(events.c.raw).where(events.c.type == "posted").order_by(events.c.seq))
    found = [event for row in rows if isinstance(event := _event.decode(row.raw), Posted)]
    now = _edited_texts(connection)
    return [msgspec.structs.replace(one, text=now.get((one.place, one.id), one.text)) for one in found]


def _edited_texts(connection: Connection) -> dict[Ident, str]:
    """The latest text of each of the bot's posts that was edited."""
    changed = outbox.c.amends.is_not(None), outbox.c.state == "sent"
    query = select(outbox.c.place, outbox.c.amends, outbox.c.text).where(*changed)
    return {(place, id): text for place, id, text in connection.execute(query.order_by(outbox.c.sent_at, outbox.c.id))}


def save_positions(connection: Connection, reached: dict[str, str]) -> None:
    """Save how far each source was read."""
    if reached:
        statement = dialect_insert(connection, positions)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["place"], set_={"position": statement.excluded.position}),
            [{"place": place, "position": position} for place, position in sorted(reached.items())],
        )


def get_position(connection: Connection, place: str) -> str | None:
    """How far a source was read, or None."""
    return connection.scalar(select(positions.c.position).where(positions.c.place == place))


def get_rows(connection: Connection, idents: Collection[Ident], *, lock: bool = True) -> dict[Ident, MessageRow]:
    """The rows of these messages; with `lock` nobody else changes them until the transaction ends."""
    found = (_locked if lock else _rows).rows(connection, idents) if idents else ()
    return {(row.place, row.id): row_of(row) for row in found}


def idents_at(connection: Connection, urls: Collection[str]) -> dict[str, Ident]:
    """The messages with these addresses; if several have one address, the first by place and id."""
    if not urls:
        return {}
    return {row.url: (row.place, row.id) for row in _at_urls.rows(connection, urls)}


def originals(connection: Connection, idents: Collection[Ident]) -> dict[Ident, Ident]:
    """The original message of each of these that is a version."""
    if not idents:
        return {}
    return {(row.place, row.version): (row.place, row.id) for row in _versions.rows(connection, idents)}


def save_versions(connection: Connection, found: Mapping[Ident, Ident]) -> None:
    """Save the original message of each version. Known ones stay as they are."""
    if found:
        statement = dialect_insert(connection, versions).on_conflict_do_nothing()
        rows = [{"place": place, "version": id, "id": original} for (place, id), (_, original) in found.items()]
        connection.execute(statement, rows)


def save_rows(connection: Connection, fresh: Sequence[MessageRow], changed: Sequence[MessageRow]) -> None:
    """Insert the `fresh` rows and update the `changed` ones."""
    as_heard = [(one.place, one.id, *first_values_of(one)) for one in fresh if is_as_heard(one)]
    _heard_messages.run(connection, as_heard)
    if len(as_heard) < len(fresh):
        others = [(one.place, one.id, *values_of(one)) for one in fresh if not is_as_heard(one)]
        _new_messages.run(connection, others)
    _changed_messages.run(connection, [(*values_of(one), one.place, one.id) for one in changed])


def media_of(connection: Connection, idents: Iterable[Ident]) -> dict[Ident, tuple[tuple[Media, ...], bool]]:
    """The attachments of these messages by the latest raw event that mentions any, and whether that is an edit."""
    found: dict[Ident, tuple[tuple[Media, ...], bool]] = {}
    for place, id in idents:
        here = events.c.place == place
        message = here, events.c.type == "message", events.c.identity == id
        edits = here, events.c.type == "edited", events.c.identity.startswith(f"{id} ", autoescape=True)
        query = select(events.c.raw).where(or_(and_(*message), and_(*edits)))
        told = [one for row in connection.execute(query) if isinstance(one := _event.decode(row.raw), Message | Edited)]
        for one in sorted(told, key=lambda one: (isinstance(one, Edited), one.at)):
            if one.id == id and one.media is not None:
                found[place, id] = one.media, isinstance(one, Edited)
    return found


def exclude_people(connection: Connection, people: Iterable[Ident]) -> Counter[Ident]:
    """Save people who asked to be left out, and mark their messages as gone.

    Returns by how much the count of each (chat, question) changes; 0 where a message was only shown.
    """
    gone, people = Counter[Ident](), sorted(people)
    lock_messages_of(connection, people)
    for place, author in people:
        statement = dialect_insert(connection, absent).on_conflict_do_nothing()
        connection.execute(statement, {"place": place, "author_id": author})
        rows = connection.execute(
            update(messages)
            .where(
                messages.c.place == place,
                messages.c.author_id == author,
                messages.c.gone == False,  # noqa: E712
            )
            .values(gone=True)
            .returning(
                messages.c.chat, messages.c.question, messages.c.also, messages.c.verdict, stands.label("stands")
            )
        )
        for row in rows:
            if row.chat and row.verdict == "keep" and row.stands:
                gone[row.chat, row.question] -= 1
                gone.update(dict.fromkeys(((row.chat, other) for other in row.also.split()), 0))
    return gone


def excluded_people(connection: Connection) -> set[Ident]:
    """All people who asked to be left out."""
    return {(row.place, row.author_id) for row in connection.execute(select(absent))}


def message_ids(connection: Connection, place: str, chat: str) -> list[str]:
    """The ids of a chat's messages on a place that were not deleted."""
    query = select(messages.c.id).where(messages.c.place == place, messages.c.chat == chat)
    return list(connection.scalars(query.where(messages.c.gone == False, messages.c.author_id != "")))  # noqa: E712


def message_places(connection: Connection, chat: str) -> list[str]:
    """The names of the places from which messages of a chat came."""
    return sorted(connection.scalars(select(messages.c.place).where(messages.c.chat == chat).distinct()))


def existing_ids(connection: Connection, places: Collection[str], message_ids: Collection[str]) -> set[str]:
    """The ids among these that are messages on any of these places."""
    idents = [(place, id) for place in places for id in message_ids]
    return {row.id for row in _existing.rows(connection, idents)}


def question_counts(connection: Connection, chats: Collection[str] | None = None) -> dict[str, dict[str, int]]:
    """The number of shown messages, by chat and question, in all chats or in some; 0 where others may be shown, too."""
    which = messages.c.chat.is_not(None) if chats is None else messages.c.chat.in_(list(chats))
    query = (
        select(messages.c.chat, messages.c.question, func.count())
        .where(
            messages.c.gone == False,  # noqa: E712
            messages.c.verdict == "keep",
            messages.c.author_id != "",
            stands,
            which,
        )
        .group_by(messages.c.chat, messages.c.question)
    )
    found: dict[str, dict[str, int]] = {}
    for chat, question, number in connection.execute(query):
        found.setdefault(chat, {})[question] = number
    several = select(messages.c.chat, messages.c.also).where(text("also != ''"), which).distinct()
    for chat, also in connection.execute(several):
        for question in also.split() if chat else ():
            found.setdefault(chat, {}).setdefault(question, 0)
    return found


def save_decision(connection: Connection, place: str, id: str, verdict: Verdict, at: datetime) -> MessageRow | None:
    """Save a decision about a message, here and in the event log; unless it is `hold`, it leaves the moderation queue.

    Returns the row as it was before; None if there is no such message, and then nothing changes.
    """
    row = get_rows(connection, [(place, id)]).get((place, id))
    if row is None or row.author is None:
        return None
    here = messages.c.place == place, messages.c.id == id
    connection.execute(update(messages).where(*here).values(verdict=verdict))
    delete_decisions(connection, place, id)
    append_events(connection, [(row.chat, MessageDecision(place=place, id=id, verdict=verdict, at=at, chat=row.chat))])
    if verdict != "hold":
        moderation_queue.remove_message(connection, place, id)
    return row


def delete_decisions(connection: Connection, place: str, id: str) -> None:
    """Delete earlier decisions about a message from the event log."""
    query = select(events.c.seq, events.c.raw).where(
        events.c.place == place, events.c.type == "ruled", events.c.identity.startswith(f"{id} ", autoescape=True)
    )
    gone = [row.seq for row in connection.execute(query) if _decision(row.raw).id == id]
    if gone:
        connection.execute(delete(events).where(events.c.seq.in_(gone)))
