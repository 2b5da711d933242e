"""The inbox over a real store: events stored once, messages tied to questions, edits and deletions followed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import msgspec
import pytest

from bot import transfer
from bot.errors import StoreError
from bot.listening.conversation import StoredConversation
from bot.listening.inbox import Inbox, batch_size
from bot.live.choices import people_choices
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Author, Deleted, Edited, Message, Posted, Returned, Withdrawn
from bot.reporting.record import record
from bot.store import chats
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock

A = Author(id="a", name="Pretend participant A")
B = Author(id="b", name="Pretend participant B")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def said(
    id: str, text: str = "We do", *, minutes: float = 11, author: Author = A, reply_to: str | None = None
) -> Message:
    return Message(place="room", id=id, author=author, text=text, at=at(minutes), reply_to=reply_to, chat="a/b")


class RunningInbox:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.chat = a_chat()
        database.write_sync(chats.save_chat, self.chat, self.chat.ends)
        self.live_chats, self.notifications = LiveChats(), Notifications()
        hour = (timedelta(hours=1), timedelta(hours=1))
        self.live_chats.add(LiveChat(self.chat, ends=self.chat.ends, places=("room",), open_for=hour))
        self.inbox = Inbox(database, self.live_chats, self.notifications)
        clock = HandClock()
        self.conversation = StoredConversation(
            "room", live_chats=self.live_chats, notifications=self.notifications, database=database, clock=clock
        )

    async def hear(self, *events: AnyEvent) -> None:
        for event in events:
            if isinstance(event, Posted):
                self.live_chats.add_post(event)
        await asyncio.gather(*(self.inbox.hear(event) for event in events))

    async def shown_under(self, question: str) -> list[str]:
        return [one.text for one in await self.conversation.messages("a/b", question=question)]


POSTS = [
    Posted(
        place="room", id=f"post-q{n}", key=f"q{n}", kind="question", at=at(10 * n), chat="a/b", text=f"Question {n}?"
    )
    for n in (1, 2, 3)
]


@asynccontextmanager
async def running_inbox(url: str) -> AsyncIterator[RunningInbox]:
    database = Database(url)
    here = RunningInbox(database)
    await here.inbox.open()
    writer = asyncio.create_task(here.inbox.run())
    await here.hear(*POSTS)
    try:
        yield here
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        database.close()


async def test_each_message_is_tied_to_its_question_with_the_reason(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(
            said("1"),
            said("2", "A3 jumping ahead"),
            said("3", "late", minutes=25, reply_to="post-q1"),
            said("4", "I agree", minutes=35, reply_to="3"),
            said("5", "hello", minutes=2),
            said("6", "bye", minutes=61),
        )
        found = {one.id: (one.question, one.reason) for one in await here.conversation.messages("a/b")}
        assert found["1"] == ("q1", "floor")
        assert found["2"] == ("q3", "mark")
        assert found["3"] == ("q1", "reply")
        assert found["5"] == ("before", "floor")
        assert found["6"] == ("after", "floor")
        await here.hear(said("7", "me too", minutes=36, reply_to="3"))
        again = await here.conversation.find("room", "7")
        assert again
        assert (again.question, again.reason) == ("q1", "thread")


async def test_heard_twice_is_once(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1"), said("1"))
        await here.hear(said("1"))
        assert await here.shown_under("q1") == ["We do"]
        assert await here.conversation.counts("a/b") == {"q1": 1}
        assert len(transfer.export_events(here.database, here.chat)) == len(POSTS) + 1


async def test_edits_and_deletions_are_followed_in_any_order(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        edit = Edited(place="room", id="1", text="We did", at=at(12))
        older = Edited(place="room", id="1", text="We dod", at=at(11.5))
        await here.hear(edit)
        await here.hear(said("1"), said("2", "oops"))
        await here.hear(older, Deleted(place="room", id="2", at=at(13)), Deleted(place="room", id="3", at=at(13)))
        await here.hear(said("3", "gone before it came"))
        assert await here.shown_under("q1") == ["We did"]
        assert await here.conversation.counts("a/b") == {"q1": 1}
        assert await here.conversation.find("room", "2") is None


async def test_an_edit_may_move_a_message_to_the_question_it_names(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1", "A2 sorry"))
        await here.hear(Edited(place="room", id="1", text="A3 sorry", at=at(12)))
        assert (await here.shown_under("q2"), await here.shown_under("q3")) == ([], ["A3 sorry"])
        assert await here.conversation.counts("a/b") == {"q3": 1}


async def test_a_person_who_opts_out_is_left_out_before_and_after(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1"), said("2", author=B, text="I stay"))
        await here.hear(said("3", "Leave me out"))
        await here.hear(said("4", "and this too"))
        await here.hear(Withdrawn(place="room", author=Author(id="c"), at=at(12)))
        await here.hear(said("5", "not this", author=Author(id="c", name="Pretend participant C")))
        assert await here.shown_under("q1") == ["I stay"]
        assert await here.conversation.counts("a/b") == {"q1": 1}
    async with running_inbox(store_url) as again:
        await again.hear(said("6", "nor after a restart"))
        assert await again.shown_under("q1") == ["I stay"]


async def test_who_said_yes_to_a_chat_has_said_so_until_they_take_it_back_anywhere(store_url: str) -> None:
    def yes(minutes: int, chat: str = "a/b") -> Returned:
        return Returned(place="room", author=A, at=at(minutes), chat=chat)

    async with running_inbox(store_url) as here:
        said_yes = here.conversation.said_yes
        await here.hear(said("1"), yes(11, "a/other"))
        assert not await said_yes("a/b", A.id), "of that chat nobody asked"
        await here.hear(yes(12))
        assert (await said_yes("a/b", A.id), await said_yes("a/b", B.id)) == (True, False)
        await here.hear(Withdrawn(place="room", author=A, at=at(24 * 60)))
        assert not await said_yes("a/b", A.id), "although it was after the chat"
        await here.hear(yes(24 * 60 + 1))
        assert await said_yes("a/b", A.id)


@pytest.mark.parametrize("as_message", [True, False])
async def test_a_late_yes_belongs_to_the_last_chat_that_asks_for_it(store_url: str, *, as_message: bool) -> None:
    """Wherever it is said, for the room has shut: as a message in between two chats, or by a platform's own command."""
    async with running_inbox(store_url) as here:
        live = here.live_chats.by_name["a/b"]
        live.update(msgspec.structs.replace(live.chat, publish="consented"), live.ends, live.places)
        await here.hear(said("1"), said("2", author=B))
        yes = msgspec.structs.replace(said("3", "Include me, please", minutes=24 * 60), chat=None)
        await here.hear(yes if as_message else Returned(place="room", author=A, at=yes.at))
        assert people_choices(transfer.export_events(here.database, here.chat)) == {("room", A.id): False}


async def test_a_person_who_opts_out_after_the_chat_or_in_another_is_left_out_of_the_report(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1"), said("2", author=B, text="I stay"))
        late = Withdrawn(place="room", author=A, at=at(24 * 60))
        await here.hear(late)
        told = record(here.chat, transfer.export_events(here.database, here.chat))
        assert [one.text for one in told.messages] == ["I stay"]
        await here.hear(Edited(place="room", id="2", text="leave me out", at=at(40)))
        assert await here.shown_under("q1") == []


async def test_a_live_chat_keeps_its_answers_when_another_is_about_to_open(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        hour = (timedelta(hours=1), timedelta(hours=1))
        other = a_chat(starts=at(70), name="a/c")
        here.live_chats.add(LiveChat(other, ends=other.ends, places=("room",), open_for=hour))
        nowhere = msgspec.structs.replace(said("1", minutes=35), chat=None)
        reply = msgspec.structs.replace(said("2", minutes=75, reply_to="post-q2"), chat=None)
        await here.hear(nowhere, reply)
        assert await here.conversation.counts("a/b") == {"q3": 1, "q2": 1}


async def test_the_position_is_stored_with_the_event(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        assert await here.inbox.position("room history") is None
        await here.inbox.hear(said("1"), ("room history", "cursor-1"))
        assert await here.inbox.position("room history") == "cursor-1"


async def test_an_event_that_cannot_be_stored_does_not_take_its_neighbours_along(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        results = await asyncio.gather(
            *(
                here.inbox.hear(one)
                for one in (said("1"), said("2", "half a pair \ud83d"), said("3", "NUL \0 is kept out"))
            ),
            return_exceptions=True,
        )
        assert [type(one) for one in results] == [type(None), StoreError, type(None)]
        assert await here.shown_under("q1") == ["We do", "NUL \ufffd is kept out"]


async def test_of_many_events_at_once_only_those_are_refused_that_cannot_be_stored(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        no_text = msgspec.structs.replace(said("4"), id=object())  # an adapter's mistake
        odd = said("2", "half a pair \ud83d")
        refusals = await here.inbox.hear_all([said("1", "First"), odd, no_text, said("3", "Second")])
        assert [one.invalid for one in refusals] == [True, True]
        assert await here.shown_under("q1") == ["First", "Second"]
        assert await here.inbox.hear_all([]) == []
        here.database.close()
        refusals = await here.inbox.hear_all([said("4"), said("5")])
        assert [one.invalid for one in refusals] == [False, False], "a store that is shut is no fault of theirs"
        assert "try again" in str(refusals[0])


def said_of(events: list[AnyEvent], id: str) -> str:
    return next(one.text for one in events if isinstance(one, Message) and one.id == id)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_live_board_and_the_record_agree(store_url: str, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 -- not a secret
    texts = ["A1 yes", "a2: maybe", "plain words", "Q3 what?", "more words"]
    people = [A, B, Author(id="c", name="Pretend participant C")]
    events: list[AnyEvent] = []
    for number in range(200):
        reply = f"{dice.randrange(number)}" if number and dice.random() < 0.3 else None
        reply = "post-q2" if dice.random() < 0.1 else reply
        moment = number / 3
        events.append(said(str(number), dice.choice(texts), minutes=moment, reply_to=reply, author=dice.choice(people)))
        target = str(dice.randrange(number + 1))
        if dice.random() < 0.1:
            text = f"{said_of(events, target)}, and better"
            events.append(Edited(place="room", id=target, text=text, at=at(moment + dice.random())))
        if dice.random() < 0.05:
            events.append(Deleted(place="room", id=target, at=at(moment)))
    events.append(said("end", "leave me out", minutes=66, author=people[2]))
    async with running_inbox(store_url) as here:
        for event in events:
            await here.hear(event)
        live = {
            one.id: (one.text, one.question, one.reason) for one in await here.conversation.messages("a/b", limit=1000)
        }
        told = record(here.chat, transfer.export_events(here.database, here.chat))
        assert live == {one.id: (one.text, one.question, one.reason) for one in told.messages}
        assert sum((await here.conversation.counts("a/b")).values()) == len(live) > 50


def test_a_batch_takes_a_twentieth_of_a_second_and_grows_step_by_step() -> None:
    size, sizes = 50, list[int]()
    for seconds_an_event in (0.00005, 0.00005, 0.00005, 0.00005, 0.00005, 0.0005, 0.0005, 0.02):
        size = batch_size(size, stored=size, seconds=size * seconds_an_event)
        sizes.append(size)
    assert sizes == [100, 200, 400, 800, 1000, 100, 100, 50]


@pytest.mark.parametrize("count", [2500])
async def test_a_flood_forms_batches_and_loses_nothing(store_url: str, count: int) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(*(said(str(n), f"words {n}") for n in range(count)))
        assert await here.conversation.counts("a/b") == {"q1": count}


async def test_a_watcher_is_woken_and_slow_watchers_are_not_queued_for(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        changes = here.conversation.changes("a/b")
        first = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        await here.hear(said("1"))
        assert await asyncio.wait_for(first, 60) == "heard"
        for n in range(2, 9):
            await here.hear(said(str(n)))
        assert await asyncio.wait_for(anext(changes), 60) == "heard"
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        await changes.aclose()  # type: ignore[attr-defined]
