"""The conversation that a place with pages shows, read from memory and the store. It changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from bot.chat import Chat
from bot.clock import Clock
from bot.live.attribution import AFTER, BEFORE
from bot.live.live_chats import LiveChat, LiveChats, chat_view_of
from bot.live.notifications import Notifications
from bot.messages import Image
from bot.ports.views import ChatView, MessageView, PostView, SessionView
from bot.store import author_choices, message_views, person_rows
from bot.store.database import Database
from bot.store.message_views import ReadMessage
from bot.store.picture_files import PictureFiles

_MOST_READ, _MOST_KEPT = 100, 100
"""The questions of which what was read last is kept, and the messages of each."""


class StoredConversation:
    """Implements `ConversationView` for one place: the bot's posts there, and everybody's messages."""

    def __init__(
        self, place: str, *, live_chats: LiveChats, notifications: Notifications, database: Database, clock: Clock
    ) -> None:
        self._place = place
        self._live_chats = live_chats
        self._notifications = notifications
        self._database = database
        self._clock = clock
        self._pictures = PictureFiles(database)
        self._read: dict[tuple[str, str], Mapping[tuple[object, ...], ReadMessage]] = {}

    async def chat_views(self) -> list[ChatView]:
        """The chats on this place, by start."""
        chats = [live for live in self._live_chats.by_name.values() if self._place in live.places]
        now = self._clock.now()
        return [chat_view_of(live, now) for live in sorted(chats, key=lambda live: live.chat.starts)]

    async def chat_view(self, chat: str) -> ChatView | None:
        """One chat."""
        live = self._live_chat(chat)
        if live is None:
            return None
        return replace(chat_view_of(live, self._clock.now()), sessions=self._other_sessions(live.chat))

    def _other_sessions(self, chat: Chat) -> tuple[SessionView, ...]:
        """The other sessions of its file on this place, by start."""
        if chat.sessions == 1:
            return ()
        others = [
            SessionView(
                chat=one.chat.name,
                starts=one.chat.starts,
                timezone=one.chat.timezone,
                called_off=one.state.cancelled,
            )
            for one in self._live_chats.by_name.values()
            if one.chat.sessions > 1
            and one.chat.file == chat.file
            and one.chat.name != chat.name
            and self._place in one.places
        ]
        return tuple(sorted(others, key=lambda one: one.starts))

    async def posts(self, chat: str) -> list[PostView]:
        """The bot's posts on this place, in order."""
        live = self._live_chat(chat)
        return live.posts(self._place) if live else []

    async def messages(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        """The newest messages, oldest first."""
        live = self._live_chat(chat)
        if live is None:
            return []
        keys = [question] if question else [BEFORE, *(one.key for one in live.chat.questions), AFTER]
        read = await self._newest(chat, keys, before, limit)
        found = [message for some in read.values() for message in some if question or not message.again]
        return sorted(found, key=lambda message: message.at)[-limit:]

    async def newest(self, chat: str, questions: Collection[str], limit: int = 100) -> dict[str, list[MessageView]]:
        """The newest messages under each of these questions, all as they are at one moment."""
        return await self._newest(chat, questions, None, limit) if self._live_chat(chat) else {}

    async def _newest(
        self, chat: str, keys: Collection[str], before: datetime | None, limit: int
    ) -> dict[str, list[MessageView]]:
        """The newest under each question. What has not changed since it was read is the same value."""
        known = {key: self._read.get((chat, key), {}) for key in keys}
        read = await self._database.read(message_views.read_each_again, chat, before, limit, known)
        for key, found in read.items() if before is None and limit <= _MOST_KEPT else ():
            self._read.pop((chat, key), None)
            self._read[chat, key] = {(one.view.place, one.view.id): one for one in found}  # so that it is the newest
            if len(self._read) > _MOST_READ:
                del self._read[next(iter(self._read))]
        return {key: [one.view for one in found] for key, found in read.items()}

    async def withheld(self, chat: str, author: str) -> list[MessageView]:
        """Held and dropped messages that only their author sees."""
        return await self._database.read(message_views.hidden_messages, self._place, chat, author)

    async def is_left_out(self, author: str) -> bool:
        """Whether an author on this place is left out of the record."""
        return bool(await self._database.read(person_rows.left_out, {(self._place, author)}))

    async def said_yes(self, chat: str, author: str) -> bool:
        """Whether an author on this place said that they want to be in a chat's record, and is in it."""
        said = await self._database.read(author_choices.said_yes, chat, self._place, author)
        return said and not await self.is_left_out(author)

    async def picture(self, image: Image) -> Image | None:
        """The picture as a file of this machine."""
        here = await self._pictures.here(image)
        return here if await asyncio.to_thread(Path(here.path).is_file) else None

    async def counts(self, chat: str) -> dict[str, int]:
        """The number of messages under each question that has any, each counted once."""
        live = self._live_chat(chat)
        return {question: number for question, number in live.counts.items() if number} if live else {}

    def versions(self, chat: str) -> Mapping[str, int]:
        """How often the messages under each question have changed, as far as this process knows."""
        return self._notifications.versions(chat)

    async def find(self, place: str, id: str, chat: str = "") -> MessageView | None:
        """One message; with `chat` only one of that chat."""
        return await self._database.read(message_views.find, place, id, chat)

    def changes(self, chat: str) -> AsyncIterator[str]:
        """The name of each change, as it happens."""
        return self._notifications.changes(chat)

    def _live_chat(self, chat: str) -> LiveChat | None:
        live = self._live_chats.by_name.get(chat)
        return live if live is not None and self._place in live.places else None
