"""Random conversations in any order: the live page files each message where the record does."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from bot.listening.batch_writer import BatchWriter, RoleLookup
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import AnyEvent, Author, Edited, Message, MessageMoved, Posted
from bot.moderation.decision_writer import PlaceCapabilities
from bot.reporting.record import record
from bot.store import chats, messages
from bot.store.database import Database
from bot.store.message_schema import messages as table
from bot.store.message_schema import stands
from tests.fakes.chats import a_chat
from tests.listening.running_listeners import at

WORDS = (
    *("We do", "Me too", "A1 We do", "A2: We do", "A1/3 We do", "A4 paper", "Q3 We do", "RT @a: A1 We do"),
    *("> Question 2?\nWe do", "> Q1. Question 1?\nWe do", "> nothing of ours\nWe do", "A3 and A1: we do"),
)


class Conversation:
    """A random conversation on one place. Messages refer only to earlier ones, and arrive in any order."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 -- no secret
        self.place = f"x{seed}"
        self.ids = [f"{self.place}-q{number}" for number in (1, 2, 3)]
        self.posts = [
            Posted(
                place=self.place, id=id, key=f"q{n}", kind="question", at=at(10 * n), url=self.url(id), chat=self.chat
            )
            for n, id in enumerate(self.ids, 1)
        ]
        said = [event for number in range(12) for event in self._say(number)]
        self.dice.shuffle(said)
        self.said: list[AnyEvent] = said

    @property
    def chat(self) -> str:
        return f"a/{self.place}"

    def url(self, id: str) -> str:
        return f"https://example.org/status/{id}?from=here#top"

    def _earlier(self) -> str | None:
        return self.dice.choice([None, None, "never-heard", *self.ids])

    def _text(self) -> str:
        link = self.dice.choice(["", "", " https://example.com/i/status/{id}", " {url}"])
        id = self.dice.choice(self.ids)
        return self.dice.choice(WORDS) + link.format(id=id, url=self.url(id))

    def _say(self, number: int) -> Iterator[AnyEvent]:
        id, minute = f"{self.place}-m{number}", self.dice.uniform(5, 70)
        versions = [f"{id}-v{version}" for version in range(self.dice.choice([0, 0, 1, 2]))]
        yield Message(
            place=self.place,
            id=id,
            author=Author(id="a"),
            text=self._text(),
            at=at(minute),
            reply_to=self._earlier(),
            quotes=self._earlier(),
            conversation=self.dice.choice([id, self._earlier()]),
            url=self.url(id),
            chat=self.chat,
            versions=tuple(self.dice.sample(versions, self.dice.randint(0, len(versions)))),
        )
        for later, version in enumerate(versions, 1):
            yield Edited(
                place=self.place, id=id, text=self._text(), at=at(minute) + timedelta(minutes=later), version=version
            )
        self.ids += [id, *versions]
        for minute in self.dice.sample(range(80, 90), self.dice.choice([0, 0, 0, 1, 2])):
            question = self.dice.choice(["q1", "q2", "q3", "q99", "before", "after", None])
            yield MessageMoved(place=self.place, id=id, question=question, at=at(minute), chat=self.chat)


def test_the_live_page_and_the_record_agree_in_any_order(store_url: str) -> None:
    database = Database(store_url)
    try:
        for seed in range(60):
            conversation = Conversation(seed)
            assert live(database, conversation) == recorded(conversation), conversation.said
    finally:
        database.close()


Told = dict[str, tuple[tuple[str, ...], str]]
"""The questions and the reason of each message."""


def live(database: Database, conversation: Conversation) -> Told:
    """What is in the store, once all of them were heard in batches."""
    chat, hour = a_chat(name=conversation.chat), timedelta(hours=1)
    database.write_sync(chats.save_chat, chat, chat.ends)
    live_chats = LiveChats()
    live_chats.add(LiveChat(chat, ends=chat.ends, places=(conversation.place,), open_for=(hour, hour)))
    for post in conversation.posts:
        live_chats.add_post(post)
    writer = BatchWriter(live_chats, policy=None, capabilities=PlaceCapabilities(), roles=RoleLookup())
    waiting, counts = list(conversation.said), dict[str, int]()
    while waiting:
        size = conversation.dice.randint(1, 5)
        batch, waiting = waiting[:size], waiting[size:]
        for (_, question), by in database.write_sync(writer.write, batch).counts.items():
            counts[question] = counts.get(question, 0) + by
    stored = database.write_sync(messages.question_counts)[chat.name]
    assert Counter(counts) == Counter(stored)
    query = select(table.c.id, table.c.question, table.c.also, table.c.reason)
    rows = database.write_sync(lambda it: list(it.execute(query.where(table.c.chat == chat.name, stands))))
    return {id: ((question, *also.split()), reason) for id, question, also, reason in rows}


def recorded(conversation: Conversation) -> Told:
    heard = [*conversation.said, *conversation.posts]
    found = record(a_chat(name=conversation.chat), heard)
    return {one.id: (one.questions, one.reason) for one in found.messages}


def test_a_message_of_another_chat_decides_nothing(store_url: str) -> None:
    hour, live_chats = timedelta(hours=1), LiveChats()
    for name in ("a/b", "c/d"):
        chat = a_chat(name=name)
        live_chats.add(LiveChat(chat, ends=chat.ends, places=("x",), open_for=(hour, hour)))
        live_chats.add_post(Posted(place="x", id=f"{name}-q3", key="q3", kind="question", at=at(30), chat=name))
    said = [
        Message(place="x", id="1", author=Author(id="a"), text="A3 We do", at=at(12), chat="a/b"),
        Message(place="x", id="2", author=Author(id="a"), text="We too", at=at(35), chat="c/d", quotes="1"),
        Message(place="x", id="3", author=Author(id="a"), text="We too", at=at(12), chat="c/d", reply_to="1"),
        Message(place="x", id="4", author=Author(id="a"), text="We too", at=at(12), chat="c/d", conversation="a/b-q3"),
    ]
    database = Database(store_url)
    try:
        writer = BatchWriter(live_chats, policy=None, capabilities=PlaceCapabilities(), roles=RoleLookup())
        database.write_sync(writer.write, said)
        rows = database.write_sync(messages.get_rows, [("x", one.id) for one in said])
        assert {id: (row.question, row.reason) for (_, id), row in rows.items()} == {
            "1": ("q3", "mark"),
            "2": ("q3", "floor"),
            "3": ("before", "floor"),
            "4": ("before", "floor"),
        }
    finally:
        database.close()
