"""The comparison of a record with what its platform still has: what goes, what stays, and when."""

from __future__ import annotations

import msgspec

from bot.errors import PlatformError
from bot.messages import Deleted, Edited, MessageWithheld, Withdrawn
from bot.reporting.record import record
from bot.store import message_views, resyncs
from bot.store.resyncs import ResyncRow
from tests.fakes.chats import a_chat
from tests.listening.running_listeners import BUDGET, RunningListeners, at, running_listeners, said


def shown(here: RunningListeners) -> dict[str, str]:
    """The record's messages with their texts; the live page says the same."""
    told = {one.id: one.text for one in record(a_chat(), here.log()).messages}
    for id in here.heard():
        view = here.database.read_sync(message_views.find, "x", id)
        assert (view.text if view else None) == told.get(id)
    return told


async def a_published_chat(here: RunningListeners, *ids: str) -> None:
    for id in ids:
        await here.inbox.hear(said(id, who=f"person {id}"))
    here.publish(hours=49)


async def test_what_is_deleted_edited_or_withheld_there_is_so_here_and_comes_back(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, "1", "2", "3", "4")
        before = shown(here)
        here.platform.takes_back("1")
        here.platform.withheld = {"2"}
        here.platform.edits = [Edited(place="x", id="3", text="New words", at=at(200))]
        await here.resync_at(hours=49)
        assert shown(here) == {"3": "New words", "4": before["4"]}
        here.platform.withheld = set()
        await here.resync_at(hours=49 + 24)
        assert shown(here) == {"2": before["2"], "3": "New words", "4": before["4"]}
        assert here.platform.checked == [("1", "2", "3", "4"), ("2", "3", "4")], "what is gone is asked about no more"
        assert sum(isinstance(one, Edited) for one in here.log()) == 1


async def test_a_step_is_done_once_also_after_a_restart(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, "1")
        await here.resync_at(hours=49)
        await here.resync_at(hours=50)
    async with running_listeners(store_url, platforms=here.platforms, clock=here.clock) as again:
        again.publish(hours=49)
        await again.resync_at(hours=51)
        assert len(again.platform.checked) == 1
        await again.resync_at(hours=49 + 24)
        await again.resync_at(hours=49 + 24 * 7)
        await again.resync_at(hours=49 + 24 * 8)
        assert len(again.platform.checked) == 3


async def test_a_comparison_goes_on_where_it_was_broken_off(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, *(f"{number:03}" for number in range(150)))
        here.platform.takes_back("007")
        here.platform.takes_back("140")
        await here.resync_at(hours=48.9)
        here.platform.cannot_check(PlatformError("busy", retry_after=60))
        await here.resync_at(hours=49)
        assert len(here.platform.checked) == 1
        assert len(shown(here)) == 150, "nothing is taken out before all was asked"
    async with running_listeners(store_url, platforms=here.platforms, clock=here.clock) as again:
        again.publish(hours=49)
        await again.resync_at(hours=49.5)
        assert [len(page) for page in again.platform.checked] == [100, 100, 50]
        assert "007" not in shown(again)
        assert "140" not in shown(again)


async def test_a_platform_that_does_not_answer_deletes_nothing_and_is_asked_again(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, "1", "2")
        here.platform.takes_back("1")
        here.platform.cannot_check(PlatformError("X is closed", permanent=True), TimeoutError())
        await here.resync_at(hours=49)
        await here.resync_at(hours=49.9)
        assert len(here.platform.checked) == 1, "a refusal is tried again after an hour"
        await here.resync_at(hours=50.1)
        assert len(shown(here)) == 2
        await here.resync_at(hours=51)
        assert list(shown(here)) == ["2"]
        here.platform.silent_about = {"2"}
        await here.resync_at(hours=49 + 24)
        assert list(shown(here)) == ["2"], "no answer is not gone"


async def test_most_of_a_chat_gone_at_once_is_believed_only_the_second_time(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        ids = [f"{number:02}" for number in range(20)]
        await a_published_chat(here, *ids)
        here.platform.withheld = set(ids[:15])
        await here.resync_at(hours=49)
        assert (len(shown(here)), here.doubts) == (20, [15])
        here.platform.withheld = set()
        await here.resync_at(hours=49 + 24.1)
        await here.resync_at(hours=49 + 24.1)
        assert (len(shown(here)), here.doubts) == (20, [15, None, None]), "it was an outage"
        here.platform.withheld = set(ids[:15])
        await here.resync_at(hours=49 + 24 * 7)
        assert len(shown(here)) == 20
        await here.resync_at(hours=49 + 24 * 8)
        assert len(shown(here)) == 5, "twice the same, a day apart, is believed"


async def test_a_person_may_say_that_it_is_right(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, *(f"{number:02}" for number in range(20)))
        for number in range(20):
            here.platform.takes_back(f"{number:02}")
        row = ResyncRow(chat="a/b", place="x", step="asked", next_at=at(60), sure=True)
        here.database.write_sync(resyncs.plan, [row])
        await here.resync_at(hours=2)
        (row,) = here.database.read_sync(resyncs.of_chat, "a/b", "asked")
        assert (shown(here), row.state, here.doubts) == ({}, "done", [None])


async def test_it_stays_within_the_cap_and_tells_what_it_cost(store_url: str) -> None:
    budget = msgspec.structs.replace(BUDGET, chat=20_000, look=5_000)
    async with running_listeners(store_url, budget=budget) as here:
        await a_published_chat(here, "1", "2", "3", "4", "5", "6")
        here.platform.takes_back("2")
        here.platform.takes_back("6")
        await here.resync_at(hours=49)
        assert here.platform.checked == [("1", "2", "3", "4")]
        (row,) = (one for one in here.database.read_sync(resyncs.of_chat, "a/b") if one.state == "done")
        assert (row.tally.micros, row.tally.unpaid, row.tally.deleted) == (20_000, 2, ("2",))
        assert list(shown(here)) == ["1", "3", "4", "5", "6"]


async def test_a_message_shown_again_stays_out_if_its_author_asked_to_be_left_out(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, "1", "2")
        here.platform.withheld = {"1"}
        await here.resync_at(hours=49)
        await here.inbox.hear(Withdrawn(place="x", author=said("1", who="person 1").author, at=at(3000)))
        here.platform.withheld = set()
        await here.resync_at(hours=49 + 24)
        assert list(shown(here)) == ["2"]


async def test_a_chat_that_is_not_published_is_asked_about_just_before_it_is(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        here.post_question("q1", minutes=10)
        await here.inbox.hear(said("1"))
        await here.resync_at(hours=48)
        assert here.platform.checked == []
        await here.resync_at(hours=48.6)
        assert here.platform.checked == [("1",)]


async def test_the_events_are_kept_and_none_is_there_twice(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await a_published_chat(here, "1", "2", "3")
        here.platform.takes_back("1")
        here.platform.withheld = {"2"}
        for hours in (49, 49 + 24, 49 + 24 * 7):
            await here.resync_at(hours=hours)
        kinds = [type(one) for one in here.log()]
        assert (kinds.count(Deleted), kinds.count(MessageWithheld)) == (1, 1)
