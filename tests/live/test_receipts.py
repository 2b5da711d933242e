"""A request to be left out gets one receipt; people who tell the bot to stop never get any."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec

from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.messages import Author, Message, Post
from bot.moderation.decision_writer import PlaceCapabilities
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.store import messages, outbox_queries, planned_posts
from bot.store.database import Database
from tests.fakes.clock import NOON
from tests.listening.running_listeners import RunningListeners, running_listeners, said

WISH = "@bot leave me out"
STOP = "@bot stop"


def requested(id: str, text: str = WISH, *, who: str = "a", minutes: float = 11) -> Message:
    return msgspec.structs.replace(said(id, text, who=who, minutes=minutes), mentions_bot=True)


async def test_one_request_is_one_receipt_however_often_it_is_heard(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await asyncio.gather(here.inbox.hear(requested("1")), here.inbox.hear(requested("1")))
        await here.inbox.hear(requested("1"))
        assert here.receipts() == {"1": "planned"}
        platforms, clock = here.platforms, here.clock
    async with running_listeners(store_url, platforms=platforms, clock=clock) as again:
        await again.inbox.hear(requested("1"))
        await again.inbox.hear(requested("2", minutes=12))
        assert again.receipts() == {"1": "planned", "2": "planned"}
        [one, two] = [line.post.text for line in again.database.write_sync(outbox_queries.outbox_rows)]
        assert one != two, "no platform takes a text twice"


async def test_an_opt_out_without_a_mention_gets_no_receipt_and_counts_all_the_same(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await here.inbox.hear(said("1", WISH))
        await here.inbox.hear(requested("2", "@bot hello", who="b"))
        assert here.receipts() == {}
        assert ("x", "a") in here.inbox._batch_writer.left_out


async def test_a_place_without_receipts_gives_none(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        here.inbox._batch_writer._capabilities = PlaceCapabilities()
        await here.inbox.hear(requested("1"))
        assert here.receipts() == {}


async def test_after_stop_there_is_none_and_those_pending_are_taken_back(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await here.inbox.hear(requested("1"))
        await here.inbox.hear(requested("9", who="b"))
        await here.inbox.hear(requested("2", STOP))
        await here.inbox.hear(requested("3"))
        assert here.receipts() == {"1": "skipped", "9": "planned"}
        platforms, clock = here.platforms, here.clock
    async with running_listeners(store_url, platforms=platforms, clock=clock) as again:
        await again.inbox.hear(requested("4"))
        await again.inbox.hear(requested("1"))
        assert again.receipts() == {"1": "skipped", "9": "planned"}


async def test_stop_in_the_same_breath_counts(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await asyncio.gather(*(here.inbox.hear(one) for one in (requested("1"), requested("2", STOP), requested("3"))))
        assert set(here.receipts().values()) <= {"skipped"}


async def test_stop_said_to_somebody_else_stops_nothing(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await here.inbox.hear(said("1", "@somebody stop"))
        await here.inbox.hear(requested("2"))
        assert here.receipts() == {"2": "planned"}


async def test_stop_counts_between_two_chats_too(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await here.inbox.hear(requested("1", STOP, minutes=-300))
        await here.inbox.hear(requested("2"))
        assert here.receipts() == {}


async def test_a_receipt_is_a_reply_and_holds_up_no_question(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        outbox = an_outbox(here)
        here.platform.refuses(ConnectionResetError())
        await here.inbox.hear(requested("1", minutes=10.5))
        await outbox.claim_due(here.clock.now())
        await outbox.stop()
        assert here.receipts() == {"1": "ambiguous"}
        post = Post(chat="a/b", key="q1", place="x", kind="question", text="Q1", nonce="q1", due=here.clock.now())
        here.plan(planned_posts.PlannedPost(post=post, expires=post.due + timedelta(hours=1)))
        await outbox.claim_due(here.clock.now())
        await outbox.stop()
        assert here.platform.posted == ["Q1"]
        here.clock.move(seconds=3)
        for state in ("retry", "sent"):
            await outbox.claim_due(here.clock.now())
            await outbox.stop()
            assert here.receipts() == {"1": state}
        answer = here.platform.sent[1]
        assert (answer.kind, answer.reply_to, answer.opening) == ("receipt", "1", "id-1")


async def test_a_receipt_that_comes_too_late_is_not_posted(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        await here.inbox.hear(requested("1", minutes=10))
        here.database.write_sync(outbox_queries.skip_expired, NOON + timedelta(minutes=70))
        assert here.receipts() == {"1": "skipped"}


def an_outbox(here: RunningListeners) -> Outbox:
    return Outbox(
        here.database,
        here.platforms,
        clock=here.clock,
        lead=timedelta(0),
        callbacks=OutboxCallbacks(on_sent=lambda posted, _: here.live_chats.add_post(posted)),
    )


async def test_an_opt_out_to_one_account_counts_for_all(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    try:
        same_platform = {"xa": ("xa", "xb"), "xb": ("xa", "xb")}
        capabilities = PlaceCapabilities(same_platform=same_platform)
        inbox = Inbox(database, LiveChats(), Notifications(), capabilities=capabilities)
        await inbox.open()
        writing = asyncio.create_task(inbox.run())
        wish = Message(place="xa", id="1", author=Author(id="7"), text="leave me out", at=NOON)
        await inbox.hear(wish)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        assert database.read_sync(messages.excluded_people) == {("xa", "7"), ("xb", "7")}
    finally:
        database.close()
