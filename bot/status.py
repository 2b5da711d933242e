"""The state of every chat and place in the store, and the search for a chat by its name. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat
from bot.errors import UnknownChatError
from bot.messages import Time, Value
from bot.store import chat_files, commands, ledger, moderation_queue, outbox_queries, place_status
from bot.store import chats as stored_chats
from bot.store.chat_files import FileReading
from bot.store.chats import ChatState, StoredChat
from bot.store.commands import CommandRow
from bot.store.database import Database
from bot.store.outbox_queries import OutboxRow
from bot.store.place_status import Concern, PlaceStatus

_MINUTE = timedelta(minutes=1)
_WEEK = timedelta(days=7)

_RECENT_COMMANDS = 5

_SILENT = timedelta(seconds=20)
"""A bot that was not seen for longer isn't running: it writes every five seconds, on a busy machine a little later."""


class ChatStatus(Value, frozen=True, kw_only=True):
    """A chat with its state, each of its posts, and the number of messages that wait for a moderator.

    `commands` are the last ones that were answered, newest first.
    """

    chat: Chat
    state: ChatState
    posts: tuple[OutboxRow, ...]
    waiting: int
    commands: tuple[CommandRow, ...]


class PlacesReport(Value, frozen=True, kw_only=True):
    """The status of every place, its cost this month in millionths of a dollar, and the concerns of the last week."""

    statuses: tuple[PlaceStatus, ...]
    spent: dict[str, int]
    concerns: tuple[Concern, ...]


class BotStatus(Value, frozen=True, kw_only=True):
    """Whether a bot runs on this store, and when one was last seen; None if never.

    `reading` is how many chat files a running bot still has to read, if there were ever many.
    """

    running: bool
    seen: Time | None
    reading: FileReading | None = None

    @property
    def told(self) -> str:
        """The sentence that no bot is running; empty while one is."""
        if self.running:
            return ""
        if self.seen is None:
            return "No bot is running, and none has ever run on this store."
        return f"No bot is running: the last was seen on {self.seen:%a %d %b %Y at %H:%M:%S} UTC."


def bot_status(database: Database, now: datetime) -> BotStatus:
    """Whether a bot runs, by the heartbeat that it stores every few seconds."""
    seen, stopped = (_instant(database, fact) for fact in (stored_chats.ALIVE, stored_chats.STOPPED))
    running = seen is not None and abs(now - seen) < _SILENT and (stopped is None or seen > stopped)
    reading = database.read_sync(chat_files.reading) if running else None
    return BotStatus(running=running, seen=seen, reading=reading)


def _instant(database: Database, fact: str) -> datetime | None:
    text = database.read_sync(stored_chats.get_fact, fact, None)
    return datetime.fromisoformat(text) if text else None


def chat_statuses(database: Database) -> list[ChatStatus]:
    """The status of every chat, by start. A chat that was shifted ends when it really ended."""
    return database.read_sync(_chat_statuses)


def places_report(database: Database, now: datetime) -> PlacesReport:
    """The places as `convenor run` last recorded them."""
    return PlacesReport(
        statuses=tuple(database.read_sync(place_status.all_statuses)),
        spent=database.read_sync(ledger.month_totals, now),
        concerns=tuple(database.read_sync(place_status.concerns_since, now - _WEEK)),
    )


def chats(database: Database) -> list[Chat]:
    """Every chat in the store, by start. One that was extended is as many whole minutes longer, as in the record.

    One that was ended early keeps its planned length: its chat file has no other, and both must give the same record.
    """
    return [_lengthened(one, max(_shift(one), 0)) for one in database.read_sync(stored_chats.all_chats)]


def moved_starts(database: Database) -> dict[str, datetime]:
    """The starts of chats that a command moved, by their files, which still have the old start.

    A chat that is called off keeps its start, whatever its file says since.
    """
    stored = database.read_sync(stored_chats.all_chats)
    return {
        one.written.name: one.chat.starts
        for one in stored
        if one.written and (one.state.cancelled or one.chat.starts != one.written.starts)
    }


def called_off_chats(database: Database) -> frozenset[str]:
    """The names of the chats that were called off."""
    return frozenset(one.chat.name for one in database.read_sync(stored_chats.all_chats) if one.state.cancelled)


def find_chat(database: Database, wanted: str) -> Chat:
    """The chat with this name, or the only one whose name contains it. Raises UnknownChatError with a list of names."""
    known = {chat.name: chat for chat in chats(database)}
    return known[resolve_name(wanted, known)]


def resolve_name(wanted: str, known: Collection[str]) -> str:
    """The name itself, or the only known name that contains it. Raises UnknownChatError with a list of names."""
    found = [wanted] if wanted in known else [name for name in known if wanted and wanted in name]
    if len(found) == 1:
        return found[0]
    names = ", ".join(found or known) or "none yet; a chat is stored once `convenor run` has seen its file"
    raise UnknownChatError(f"No single chat is called '{wanted}'. Chats in the store: {names}.")


def _chat_statuses(connection: Connection) -> list[ChatStatus]:
    posts: dict[str | None, list[OutboxRow]] = defaultdict(list)
    for row in outbox_queries.outbox_rows(connection):
        posts[row.post.chat].append(row)
    waiting, led = moderation_queue.waiting_counts(connection), commands.chats_with_commands(connection)
    return [
        ChatStatus(
            chat=_lengthened(one, _shift(one)),
            state=one.state,
            posts=tuple(posts.get(one.chat.name, ())),
            waiting=waiting.get(one.chat.name, 0),
            commands=tuple(commands.recent(connection, one.chat.name, _RECENT_COMMANDS))
            if one.chat.name in led
            else (),
        )
        for one in stored_chats.all_chats(connection)
    ]


def _shift(one: StoredChat) -> int:
    """How many whole minutes later than planned the chat ends; negative if it was ended early."""
    return (one.ends - one.chat.ends) // _MINUTE


def _lengthened(one: StoredChat, minutes: int) -> Chat:
    return msgspec.structs.replace(one.chat, length=one.chat.length + minutes * _MINUTE)
