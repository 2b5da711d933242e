"""A moderated chat over a real store, with the verbs and questions of tests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec

from bot import transfer
from bot.listening.batch_writer import RoleLookup
from bot.listening.conversation import StoredConversation
from bot.listening.inbox import Inbox, Wakeups
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Author, Message, MessageDecision, Post, Posted, Role
from bot.moderation.decision_writer import Moderators, PlaceCapabilities
from bot.moderation.policy import Policy, policy
from bot.reporting.record import Record, record
from bot.store import chats, commands, messages, moderation_queue, outbox_queries
from bot.store.chats import ChatState
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import HandClock
from tests.listening.running_listeners import at

HOUR = (timedelta(hours=1), timedelta(hours=1))
NUMBER = "943 476 5919"
"""An NHS number that nobody has, with a valid check digit."""

NAME = "a/b"
RULES = policy()


def said(
    id: str, text: str = "", *, minutes: float = 11, who: str = "a", place: str = "room", **more: object
) -> Message:
    text = text or f"These are the words of message {id}"
    values = {"chat": NAME} | more
    return Message(place=place, id=id, author=Author(id=who, handle=f"@{who}"), text=text, at=at(minutes), **values)  # type: ignore[arg-type]


class ModeratedChat:
    """A chat in one process. People whose id begins with `lead` have a role. `capabilities` are those of its places."""

    def __init__(
        self, database: Database, rules: Policy | None, moderators: Moderators, capabilities: PlaceCapabilities
    ) -> None:
        self.database = database
        self.chat = a_chat()
        database.write_sync(chats.save_chat, self.chat, self.chat.ends)
        self.live_chats, self.notifications = LiveChats(), Notifications()
        self.live = LiveChat(self.chat, ends=self.chat.ends, places=("room", "x"), open_for=HOUR)
        self.live_chats.add(self.live)
        self.woken: list[str] = []
        self.inbox = Inbox(
            database,
            self.live_chats,
            self.notifications,
            policy=rules,
            capabilities=capabilities,
            roles=RoleLookup(
                has_role=lambda message, _chat: message.author.id.startswith("lead"), moderators=moderators
            ),
            wakeups=Wakeups(outbox=lambda: self.woken.append("outbox"), commands=lambda: self.woken.append("commands")),
        )
        self.conversation = StoredConversation(
            "room", live_chats=self.live_chats, notifications=self.notifications, database=database, clock=HandClock()
        )

    async def hear(self, *events: AnyEvent) -> None:
        for event in events:
            if isinstance(event, Posted):
                self.live_chats.add_post(event)
        await asyncio.gather(*(self.inbox.hear(event) for event in events))

    async def hear_one_by_one(self, *events: AnyEvent) -> None:
        for event in events:
            await self.hear(event)

    def set_state(self, **state: object) -> None:
        self.live.update(self.chat, self.chat.ends, ("room", "x"), ChatState(**state))  # type: ignore[arg-type]

    async def shown(self) -> set[str]:
        return {one.id for one in await self.conversation.messages(NAME, limit=1000)}

    async def withheld(self, author: str = "a") -> list[str]:
        return [one.id for one in await self.conversation.withheld(NAME, author)]

    def queued(self) -> dict[str, tuple[int, list[str]]]:
        """The number and reasons of each held message, by message."""
        found = self.database.read_sync(moderation_queue.queue_entries, NAME)
        return {one.id: (one.number, [why.kind for why in one.reasons]) for one in found}

    def commands(self) -> list[tuple[str, str]]:
        return [(one.command.id, one.command.text) for one in self.database.read_sync(commands.waiting)]

    def log(self) -> list[AnyEvent]:
        return transfer.export_events(self.database, self.chat)

    def record(self) -> Record:
        return record(self.chat, self.log())

    def decisions(self) -> list[tuple[str, str]]:
        return [(one.id, one.verdict) for one in self.log() if isinstance(one, MessageDecision)]

    def rows(self) -> dict[str, str]:
        """The verdict on each message, as stored."""
        ids = [(one.place, one.id) for one in self.log() if isinstance(one, Message)]
        return {id: row.verdict for (_, id), row in self.database.read_sync(messages.get_rows, ids).items()}

    def planned(self, kind: str) -> list[Post]:
        return [line.post for line in self.database.read_sync(outbox_queries.outbox_rows) if line.post.kind == kind]

    async def assert_agreement(self) -> None:
        """The live page, its counts and the record agree."""
        told = {one.id for one in self.record().messages}
        assert await self.shown() == told
        assert sum(self.live.counts.values()) == len(told)
        stored = self.database.read_sync(messages.question_counts).get(NAME, {})
        assert Counter(self.live.counts) == Counter(stored)


@asynccontextmanager
async def moderated(
    url: str,
    *,
    rules: Policy | None = RULES,
    moderators: Moderators = lambda _chat: (),
    **capabilities: object,
) -> AsyncIterator[ModeratedChat]:
    """Run a moderated chat. The `capabilities` are the fields of `PlaceCapabilities`."""
    database = Database(url)
    here = ModeratedChat(database, rules, moderators, PlaceCapabilities(**capabilities))  # type: ignore[arg-type]
    await here.inbox.open()
    writer = asyncio.create_task(here.inbox.run())
    try:
        yield here
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        database.close()


def by(role: Role, message: Message) -> Message:
    """The same message, from an author with a role on the platform."""
    return msgspec.structs.replace(message, role=role)
