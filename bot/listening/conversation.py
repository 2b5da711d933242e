"""What a place with pages of its own may show: the port's Board, read from memory and the store. Changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal

from bot.live.attribution import AFTER, BEFORE
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.ports.platform import Clock
from bot.ports.views import ChatView, MessageView, PostView
from bot.store import messages
from bot.store.database import Database


class StoredConversation:
    """The board for one place: it shows that place's own posts of the bot, and everyone's messages."""

    def __init__(self, place: str, *, floors: LiveChats, bell: Notifications, database: Database, clock: Clock) -> None:
        self._place = place
        self._floors = floors
        self._bell = bell
        self._database = database
        self._clock = clock

    async def sheets(self) -> list[ChatView]:
        """Every chat that comes to this place, by start."""
        halls = [hall for hall in self._floors.halls.values() if self._place in hall.places]
        now = self._clock.now()
        return [sheet_of(hall, now) for hall in sorted(halls, key=lambda hall: hall.chat.starts)]

    async def sheet(self, chat: str) -> ChatView | None:
        """One chat."""
        hall = self._hall(chat)
        return sheet_of(hall, self._clock.now()) if hall else None

    async def asked(self, chat: str) -> list[PostView]:
        """The bot's posts on this place, in order."""
        hall = self._hall(chat)
        return hall.said(self._place) if hall else []

    async def heard(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        """The newest messages, oldest first."""
        hall = self._hall(chat)
        if hall is None:
            return []
        keys = [question] if question else [BEFORE, *(one.key for one in hall.chat.questions), AFTER]
        found = [
            message for key in keys for message in await self._database.read(messages.heard, chat, key, before, limit)
        ]
        return sorted(found, key=lambda message: message.at)[-limit:]

    async def unseen(self, chat: str, author: str) -> list[MessageView]:
        """What only its author is shown."""
        return await self._database.read(messages.unseen, self._place, chat, author)

    async def counts(self, chat: str) -> dict[str, int]:
        """How many messages stand under each question."""
        hall = self._hall(chat)
        return dict(hall.counts) if hall else {}

    async def find(self, place: str, id: str) -> MessageView | None:
        """One message."""
        return await self._database.read(messages.find, place, id)

    def changes(self, chat: str) -> AsyncIterator[str]:
        """One wake-up after each change."""
        return self._bell.changes(chat)

    def _hall(self, chat: str) -> LiveChat | None:
        hall = self._floors.halls.get(chat)
        return hall if hall is not None and self._place in hall.places else None


def sheet_of(hall: LiveChat, now: datetime) -> ChatView:
    """What may be shown about a chat."""
    chat = hall.chat
    return ChatView(
        chat=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        hosts=tuple(host.name for host in chat.hosts),
        link=chat.link,
        starts=chat.starts,
        ends=hall.ends,
        timezone=chat.timezone,
        opens=hall.opens,
        shuts=hall.shuts,
        questions=len(chat.questions),
        state=_state(hall, now),
        next_at=next((at for at in hall.coming if at > now), None),
        reserved=tuple(dict.fromkeys(one.name for one in (*chat.hosts, *chat.moderators))),
    )


def _state(hall: LiveChat, now: datetime) -> Literal["coming", "live", "over"]:
    if now < hall.chat.starts:
        return "coming"
    return "live" if now < hall.ends else "over"
