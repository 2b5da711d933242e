"""How things stand in the store, and event logs out of it and into it, by the name of a chat.

What a log becomes is `reporting`'s business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.errors import UnknownChatError
from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Author, Joined, Message, Named, Posted, Reaction, Repost, Value, Withdrawn
from bot.store import (
    chats as chat_rows,
)
from bot.store import (
    commands,
    ledger,
    messages,
    moderation_queue,
    outbox_queries,
    people,
    place_status,
)
from bot.store.database import Database

_MINUTE = timedelta(minutes=1)
_WEEK = timedelta(days=7)

_ANY_TIME = (timedelta(days=36500), timedelta(days=36500))
"""A log that is imported is all of one chat, whenever its events happened."""


_RECENT = 5
"""Commands that are shown of a chat."""


def chat_named(database: Database, wanted: str) -> Chat:
    """The chat with this name, or the only one whose name has it as a part. Raises UnknownChatError with the names."""
    known = {chat.name: chat for chat in chats(database)}
    return known[name_of(wanted, known)]


def name_of(wanted: str, known: Collection[str]) -> str:
    """That of these names, or the only one that has it as a part. Raises UnknownChatError with the names."""
    found = [wanted] if wanted in known else [name for name in known if wanted and wanted in name]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found or known) or "none yet; a chat is stored once `convenor run` has seen its file"
    raise UnknownChatError(f"No single chat is called '{wanted}'. Chats in the store: {names}.")


def chats(database: Database) -> list[Chat]:
    """Every chat in the store, by start; one that had to shift is as many whole minutes longer, as in the record.

    One that was ended early is as long as planned there: its file knows no better, and both must give the same.
    """
    return [_shifted(one, max(_shift(one), 0)) for one in database.read_sync(chat_rows.all_chats)]


def _shift(one: chat_rows.StoredChat) -> int:
    """By how many whole minutes the chat ends later than planned; below 0 it ended early."""
    return (one.ends - one.chat.ends) // _MINUTE


def _shifted(one: chat_rows.StoredChat, minutes: int) -> Chat:
    return msgspec.structs.replace(one.chat, length=one.chat.length + minutes * _MINUTE)


class ChatStatus(Value, frozen=True, kw_only=True):
    """How a chat stands: its posts and what became of them, how it is steered, what waits for a moderator.

    `commands` are the last ones that were answered, newest first.
    """

    chat: Chat
    state: chat_rows.ChatState
    posts: tuple[outbox_queries.OutboxRow, ...]
    waiting: int
    commands: tuple[commands.CommandRow, ...]


def stands(database: Database) -> list[ChatStatus]:
    """How each chat stands, by start."""
    return database.read_sync(_stands)


def _stands(connection: Connection) -> list[ChatStatus]:
    return [_stand(connection, one) for one in chat_rows.all_chats(connection)]


def _stand(connection: Connection, one: chat_rows.StoredChat) -> ChatStatus:
    name = one.chat.name
    return ChatStatus(
        chat=_shifted(one, _shift(one)),
        state=one.state,
        posts=tuple(outbox_queries.outbox_rows(connection, name)),
        waiting=len(moderation_queue.queue_entries(connection, name)),
        commands=tuple(commands.recent(connection, name, _RECENT)),
    )


class PlacesReport(Value, frozen=True, kw_only=True):
    """How the places are: their conditions, what each cost this month in micros, and what people have to be told."""

    conditions: tuple[place_status.PlaceStatus, ...]
    spent: dict[str, int]
    concerns: tuple[place_status.Concern, ...]


def places(database: Database, now: datetime) -> PlacesReport:
    """How the places are, as `run` last wrote it down; concerns of the last week."""
    return PlacesReport(
        conditions=tuple(database.read_sync(place_status.all_statuses)),
        spent=database.read_sync(ledger.month_totals, now),
        concerns=tuple(database.read_sync(place_status.concerns_since, now - _WEEK)),
    )


def exported(database: Database, chat: Chat) -> list[AnyEvent]:
    """All that was heard and said in a chat, in order of hearing.

    Who asked to be left out somewhere else, or after the chat, is left out here too: the log ends by saying so. Before
    that it says what people are called, where that was learnt somewhere else or after the chat.
    """
    return database.read_sync(_events, chat.name)


def _events(connection: Connection, name: str) -> list[AnyEvent]:
    events = list(messages.chat_events(connection, name))
    told = {(one.place, one.author.id) for one in events if isinstance(one, Withdrawn)}
    spoke = {(one.place, one.author.id) for one in events if isinstance(one, Message | Repost | Reaction | Joined)}
    missing = sorted((spoke & messages.excluded_people(connection)) - told)
    left_out = [Withdrawn(place=place, author=Author(id=id), at=events[-1].at) for place, id in missing]
    return [*events, *_names(connection, events), *left_out]


def _names(connection: Connection, events: list[AnyEvent]) -> list[Named]:
    """What people are called whose messages came without a name, where that was learnt in another chat or later."""
    spoken = (one for one in events if isinstance(one, Message))
    strangers = {(one.place, one.author.id) for one in spoken if not one.author.handle and not one.author.name}
    told = {(one.place, one.author.id) for one in events if isinstance(one, Named)}
    known = people.get_authors(connection, strangers - told)
    return [Named(place=place, at=events[-1].at, author=author) for (place, _), author in sorted(known.items())]


def imported(database: Database, chat: Chat, events: Iterable[AnyEvent]) -> None:
    """Put a log into the store, as if it were heard now. What is there already stays as it is."""
    if chat.name not in {known.name for known in chats(database)}:
        database.write_sync(chat_rows.save_chat, chat, chat.ends)
    asyncio.run(_hear(database, chat, [_of(chat, event) for event in events]))


def _of(chat: Chat, event: AnyEvent) -> AnyEvent:
    """The event, marked with its chat where its kind can say so."""
    return msgspec.structs.replace(event, chat=chat.name) if hasattr(event, "chat") else event


async def _hear(database: Database, chat: Chat, events: list[AnyEvent]) -> None:
    live_chats = LiveChats()
    places = tuple({event.place for event in events})
    live_chats.enter(LiveChat(chat, ends=chat.ends, places=places, open_for=_ANY_TIME))
    for event in events:
        if isinstance(event, Posted):
            live_chats.say(event)
    inbox = Inbox(database, live_chats, Notifications())
    await inbox.open()
    writer = asyncio.create_task(inbox.run())
    await asyncio.gather(*(inbox.hear(event) for event in events))
    writer.cancel()
    with suppress(asyncio.CancelledError):
        await writer
