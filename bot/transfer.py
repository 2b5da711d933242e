"""Event logs out of the store and into it. Transcripts are made from them in `bot.reporting`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.errors import SetupError
from bot.listening.erased_people import without_forgotten
from bot.live.choices import people_choices
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.live.published_events import published_form
from bot.messages import AnyEvent, Author, Joined, Message, Named, Posted, Reaction, Repost, Returned, Value, Withdrawn
from bot.messages.keyed_ids import with_keyed_ids
from bot.status import chats
from bot.store import chats as stored_chats
from bot.store import messages, people
from bot.store.chat_secrets import chat_secret
from bot.store.chat_snapshot import ChatSnapshot, read_snapshot, store_snapshot
from bot.store.database import Database
from bot.store.message_rows import Ident

_TICK = timedelta(microseconds=1)

_ANY_TIME = (timedelta(days=36500), timedelta(days=36500))
"""An imported log belongs to one chat as a whole, whenever its events happened."""


def export_events(database: Database, chat: Chat) -> list[AnyEvent]:
    """Every event of a chat, in the order it was stored.

    People who asked to be left out in another chat, or after this one, are left out here too: the log ends with their
    `Withdrawn`, or `Returned` if they changed their minds. Before these come people's names that became known in
    another chat or after this one.
    """
    return database.read_sync(_events, chat.name)


def published_events(database: Database, chat: Chat) -> list[AnyEvent]:
    """The events from which everything published is made: with new ids, and with as much as the chat's file allows."""
    return published_form(chat, export_events(database, chat), database.write_sync(chat_secret, chat.name))


def keyed_events(database: Database, chat: Chat) -> list[AnyEvent]:
    """Every event of a chat as in `export_events`, with new ids of people for this chat."""
    return with_keyed_ids(export_events(database, chat), database.write_sync(chat_secret, chat.name))


class Imported(Value, frozen=True, kw_only=True):
    """The number of events of a log by what became of them.

    `new` are stored by now, `known` were there before under the same id, in this chat or another, or stand twice in the
    log, and stayed as they are. `refused` are of people who were erased, or of erased messages.
    """

    new: int
    known: int
    refused: int


def import_events(database: Database, chat: Chat, events: Iterable[AnyEvent]) -> Imported:
    """Store a log as if its events came now. Events that are already stored stay as they are."""
    chat = msgspec.structs.replace(chat, name=database.read_sync(stored_chats.name_of_file, chat.name))
    if chat.name not in {known.name for known in chats(database)}:
        database.write_sync(stored_chats.save_chat, chat, chat.ends)
    marked = [_marked(chat, event) for event in events]
    accepted = [messages.event_key(one) for one in database.read_sync(without_forgotten, marked)]
    before = database.read_sync(messages.stored_keys, accepted)
    asyncio.run(_store(database, chat, marked))
    new = len(database.read_sync(messages.stored_keys, accepted) - before)
    return Imported(new=new, known=len(accepted) - new, refused=len(marked) - len(accepted))


def write_state(database: Database, chat: Chat, path: Path) -> None:
    """Write what the store knows of a chat besides its events, readable for its owner only: all of it or nothing.

    Raises SetupError if it can't be written.
    """
    draft = path.with_name(f".{path.name}.unfinished")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(database.read_sync(read_snapshot, chat.name))))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}. Make room, or choose another file.") from error
    finally:
        draft.unlink(missing_ok=True)


def read_state(path: Path, chat: Chat) -> ChatSnapshot:
    """Read such a file. Raises SetupError if it is not one, or belongs to another chat."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=ChatSnapshot)
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}. Check its name and permissions.") from error
    except msgspec.DecodeError as error:
        raise SetupError(f"{path} is no file that `convenor export --state` wrote: {error}.") from error
    if chat.name not in {found.definition.name, *([found.written.name] if found.written else [])}:
        raise SetupError(f"{path} is about {found.definition.name}, not about {chat.name}.")
    return found


def import_state(database: Database, snapshot: ChatSnapshot) -> None:
    """Store a snapshot. What is already known here stays as it is."""
    database.write_sync(store_snapshot, snapshot)


def _events(connection: Connection, name: str) -> list[AnyEvent]:
    events = list(messages.chat_events(connection, name))
    active = {(one.place, one.author.id) for one in events if isinstance(one, Message | Repost | Reaction | Joined)}
    return [*events, *_names(connection, events), *_choices(events, active, messages.excluded_people(connection))]


def _choices(events: list[AnyEvent], active: set[Ident], absent: set[Ident]) -> Iterator[AnyEvent]:
    """People's choices elsewhere about being in the record, where they differ from those here."""
    latest = people_choices(events)
    at = max((event.at for event in events), default=None)
    for place, id in sorted(active | latest.keys()):
        is_out = (place, id) in absent
        if at is not None and is_out != latest.get((place, id), False):
            yield (Withdrawn if is_out else Returned)(place=place, author=Author(id=id), at=at + _TICK)


def _names(connection: Connection, events: list[AnyEvent]) -> list[Named]:
    """The names of authors whose messages came without one, where the log itself has none."""
    messages_heard = (one for one in events if isinstance(one, Message))
    nameless = {(one.place, one.author.id) for one in messages_heard if not one.author.handle and not one.author.name}
    named = {(one.place, one.author.id) for one in events if isinstance(one, Named)}
    known = people.get_authors(connection, nameless - named)
    return [Named(place=place, at=events[-1].at, author=author) for (place, _), author in sorted(known.items())]


def _marked(chat: Chat, event: AnyEvent) -> AnyEvent:
    """The event with its chat's name, where its class has a field for it."""
    return msgspec.structs.replace(event, chat=chat.name) if hasattr(event, "chat") else event


async def _store(database: Database, chat: Chat, events: list[AnyEvent]) -> None:
    live_chats = LiveChats()
    places = tuple({event.place for event in events})
    live_chats.add(LiveChat(chat, ends=chat.ends, places=places, open_for=_ANY_TIME))
    for event in events:
        if isinstance(event, Posted):
            live_chats.add_post(event)
    from bot.listening.inbox import Inbox  # noqa: PLC0415 -- its rules take half of the time of an export or a report

    inbox = Inbox(database, live_chats, Notifications())
    await inbox.open()
    writer = asyncio.create_task(inbox.run())
    refusals = await inbox.hear_all(events)
    writer.cancel()
    with suppress(asyncio.CancelledError):
        await writer
    for refusal in refusals:
        raise refusal
