"""What people decide about the record, over a real store: at once on the pages, and the same in the record."""

from __future__ import annotations

from bot import transfer
from bot.messages import Deleted, Returned, TakenOut, Withdrawn
from bot.reporting.record import record
from tests.listening.test_inbox import A, B, RunningInbox, at, running_inbox, said


async def both_show(here: RunningInbox, *texts: str) -> None:
    """The live page, its count and the record have just these messages under Q1."""
    assert await here.shown_under("q1") == list(texts)
    assert (await here.conversation.counts("a/b")).get("q1", 0) == len(texts)
    told = record(here.chat, transfer.export_events(here.database, here.chat))
    assert [one.text for one in told.messages if one.question == "q1"] == list(texts)


async def test_who_was_left_out_comes_back_with_all_but_what_they_deleted_or_took_out(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1", "one"), said("2", "two"), said("3", "three"), said("4", "other", author=B))
        await here.hear(said("5", "leave this out", minutes=12, reply_to="2"))
        await both_show(here, "one", "three", "other")
        await here.hear(Deleted(place="room", id="3", at=at(13)))
        await here.hear(Withdrawn(place="room", author=A, at=at(14)))
        await both_show(here, "other")
        await here.hear(said("6", "not shown", minutes=15))
        await here.hear(said("7", "put me back", minutes=16))
        await both_show(here, "one", "other", "not shown")
        await here.hear(said("8", "Put this back, please", minutes=17, reply_to="2"))
        await both_show(here, "one", "two", "other", "not shown")


async def test_nobody_takes_out_what_is_not_theirs(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1", "one"), said("2", "leave this out", reply_to="1", author=B, minutes=12))
        await both_show(here, "one", "leave this out")


async def test_choices_come_again_and_again_and_the_latest_counts(store_url: str) -> None:
    async with running_inbox(store_url) as here:
        await here.hear(said("1", "one"), said("2", "two"))
        for minute in (20, 22):
            await here.hear(Withdrawn(place="room", author=A, at=at(minute)))
            await both_show(here)
            await here.hear(Returned(place="room", author=A, at=at(minute + 1), chat="a/b"))
            await both_show(here, "one", "two")
        await here.hear(TakenOut(place="room", id="1", at=at(30), chat="a/b"))
        await here.hear(Withdrawn(place="room", author=A, at=at(31)), Returned(place="room", author=A, at=at(32)))
        await both_show(here, "two")
        await here.hear(TakenOut(place="room", id="1", at=at(33), chat="a/b", on=False))
        await both_show(here, "one", "two")
