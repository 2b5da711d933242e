"""Polling a place: nothing is lost, nothing is heard twice, and nothing is spent beyond the cap."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection, text

from bot.chat import Chat
from bot.errors import PlatformError
from bot.messages import Author, Command, Edited, Gap, Message, Named, Post
from bot.ports.platform import Budget, Source
from bot.store import ledger, place_status, planned_posts
from bot.transfer import export_events
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform
from tests.listening.running_listeners import (
    HISTORY,
    LETTERS,
    MENTIONS,
    SEARCH,
    RunningListeners,
    at,
    running_listeners,
    said,
)

SMALL = msgspec.structs.replace(MENTIONS, page=(1, 2))


async def test_everything_is_read_page_by_page_and_stored_once(store_url: str) -> None:
    async with running_listeners(store_url, sources=(SMALL,)) as here:
        here.post_question("q1", minutes=10)
        here.platform.holds(*(said(str(n), minutes=10 + n / 10) for n in range(1, 6)))
        await here.pass_time(seconds=20)
        assert here.heard() == ["1", "2", "3", "4", "5"]
        assert [one.more for one in here.platform.readings] == [None, "2", "4", None]
        assert here.platform.readings[0].posts == ("post-q1",)
        assert await here.inbox.position("x mentions") == at(10.5).isoformat()
        assert here.platform.readings[3].since == at(10.5) - timedelta(seconds=10)


async def test_a_crash_between_two_pages_loses_nothing(store_url: str) -> None:
    clock = HandClock(at(11))
    platforms = {"x": FakePlatform(clock, sources=(SMALL,))}
    platforms["x"].holds(*(said(str(n), minutes=10 + n / 10) for n in range(1, 6)))
    platforms["x"].breaks_off(None, ZeroDivisionError())
    async with running_listeners(store_url, platforms=platforms, clock=clock) as here:
        with pytest.raises(ZeroDivisionError):  # the process dies here
            await here.poll()
        assert here.heard() == ["1", "2"]
        assert await here.inbox.position("x mentions") is None
    async with running_listeners(store_url, platforms=platforms, clock=clock) as again:
        await again.poll()
        assert again.heard() == ["1", "2", "3", "4", "5"]


async def test_a_failure_is_reported_and_retried_after_longer_each_time(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        busy = PlatformError("busy")
        here.platform.breaks_off(busy, busy, busy, busy, PlatformError("wait", retry_after=90))
        tries: list[float] = []
        for _ in range(180):
            before = len(here.platform.readings)
            await here.pass_time(seconds=1)
            tries += [(here.clock.now() - at(11)).total_seconds()] * (len(here.platform.readings) - before)
        assert tries[:7] == [1, 3, 7, 15, 31, 121, 131]
        assert here.errors[:6] == [busy] * 4 + here.errors[4:5] + [None]
        assert str(here.errors[4]) == "wait"


async def test_what_a_search_missed_is_read_again_as_soon_as_it_works(sqlite_url: str) -> None:
    """Mentions that work meanwhile neither hide the failure nor hold the search up."""
    async with running_listeners(sqlite_url, sources=(MENTIONS, SEARCH)) as here:
        await here.poll()
        here.clock.move(seconds=60)
        here.platform.holds(said("1", minutes=12), source="search")
        here.platform.breaks_off(None, PlatformError("busy"))
        await here.poll()
        assert [one.source for one in here.platform.readings] == ["mentions", "search"] * 2
        assert [str(one) for one in here.errors] == ["None", "None", "None", "busy"]
        here.platform.breaks_off(PlatformError("busy"))
        await here.pass_time(seconds=2)
        assert here.heard() == []
        await here.pass_time(seconds=4)
        assert here.heard() == ["1"]
        assert here.platform.readings[-1].source == "search"
        assert here.platform.readings[-1].since <= at(11)
        await here.pass_time(seconds=10)
        assert here.errors[-1] is None


async def test_a_source_that_works_does_not_hide_one_that_fails(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS, SEARCH)) as here:
        here.platform.breaks_off(None, PlatformError("busy", retry_after=30))
        await here.poll()
        await here.pass_time(seconds=29)
        assert len(here.platform.readings) == 4, "mentions are read meanwhile"
        assert [str(one) for one in here.errors] == ["None", "busy"]
        await here.pass_time(seconds=1)
        assert here.errors[-1] is None


async def test_a_source_that_works_does_not_hide_one_that_is_refused(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS, SEARCH)) as here:
        here.platform.breaks_off(None, PlatformError("refused", permanent=True))
        await here.poll()
        await here.pass_time(seconds=1)
        assert {str(one) for one in here.errors[1:]} == {"refused"}
        await here.pass_time(seconds=10)
        assert here.errors[-1] is None


async def test_a_refusal_does_not_hide_a_failure(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS, SEARCH)) as here:
        here.platform.breaks_off(PlatformError("busy", retry_after=30), PlatformError("refused", permanent=True))
        await here.poll()
        assert [str(one) for one in here.errors] == ["busy"]


async def test_a_wait_without_sense_is_bounded(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        here.platform.breaks_off(PlatformError("busy", retry_after=10.0**9))
        await here.poll()
        await here.pass_time(seconds=959)
        assert len(here.platform.readings) == 1
        await here.pass_time(seconds=1)
        assert len(here.platform.readings) == 2


async def test_the_cap_stops_the_reading_and_is_reported_once(store_url: str) -> None:
    cap = Budget(chat=20_000, month=1_000_000)
    async with running_listeners(store_url, sources=(MENTIONS,), budget=cap) as here:
        here.platform.holds(*(said(str(n), minutes=10 + n / 100) for n in range(40)))
        await here.pass_time(seconds=1500)
        assert len(here.heard()) == 20
        assert here.database.write_sync(ledger.get_spending, "x", "a/b", NOON).chat == 20_000
        assert set(here.used_up) == {("a/b", "chat")}
        assert 1 < len(here.used_up) <= 3, "it looks again, seldom: the month may be over, or the cap raised"
        await here.monitor.save_changes()
        await here.pass_time(seconds=600)
        await here.monitor.save_changes()
        [concern] = here.database.write_sync(place_status.concerns_since, NOON - timedelta(days=1))
        assert (concern.place, concern.chat) == ("x", "a/b")
        assert "raise cap_per_chat in [places.x]" in concern.text


async def test_what_the_questions_will_cost_is_not_spent_on_reading(sqlite_url: str) -> None:
    cap = Budget(chat=40_000, month=1_000_000)
    async with running_listeners(sqlite_url, budget=cap, price=lambda _: 15_000) as here:
        for key in ("q2", "q3"):
            post = Post(chat="a/b", key=key, place="x", kind="question", text=key, nonce=key, due=at(20))
            here.plan(planned_posts.PlannedPost(post=post, expires=at(90)))
        here.platform.holds(*(said(str(n), minutes=10 + n / 100) for n in range(40)))
        await here.poll()
        assert len(here.heard()) == 10


async def test_it_reads_more_slowly_near_the_cap(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, budget=Budget(chat=100_000, month=1_000_000)) as here:
        here.platform.holds(*(said(str(n), minutes=10 + n / 100) for n in range(80)))
        await here.pass_time(seconds=1)
        first = len(here.platform.readings)
        await here.pass_time(seconds=10)
        assert len(here.platform.readings) == first + 1, "the pace is known from the next reading on"
        await here.pass_time(seconds=39)
        assert len(here.platform.readings) == first + 1
        await here.pass_time(seconds=1)
        assert len(here.platform.readings) == first + 2


async def test_what_lies_too_far_back_is_a_gap(sqlite_url: str) -> None:
    short = msgspec.structs.replace(MENTIONS, reach=600.0)
    async with running_listeners(sqlite_url, sources=(short,)) as here:
        here.platform.holds(said("1"))
        await here.poll()
        here.clock.move(seconds=30 * 60)
        here.platform.holds(said("2", minutes=15), said("3", minutes=40))
        await here.pass_time(seconds=1)
        [gap] = [one for one in here.log() if isinstance(one, Gap)]
        assert (gap.place, gap.since, gap.until) == ("x", at(11), at(31) + timedelta(seconds=1))
        await here.pass_time(seconds=30)
        assert sum(isinstance(one, Gap) for one in here.log()) == 1
        assert "3" in here.heard()


async def test_an_event_that_is_unfit_stands_in_nobodys_way(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        here.platform.holds(said("1", minutes=10.1), said("2", "half a pair \ud83d", minutes=10.2), said("3"))
        await here.poll()
        assert here.heard() == ["1", "3"]
        assert await here.inbox.position("x mentions") == at(11).isoformat()


async def test_a_store_that_is_busy_moves_no_position_and_loses_no_name(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        here.platform.holds(said("1"), Named(place="x", at=at(11), author=Author(id="a", handle="@pretend_a")))
        here.database.write_sync(rename, "events", "away")
        await here.poll()
        here.database.write_sync(rename, "away", "events")
        assert (here.heard(), await here.inbox.position("x mentions")) == ([], None)
        await here.pass_time(seconds=10)
        assert here.heard() == ["1"]
        assert any(isinstance(one, Named) for one in here.log())


def rename(connection: Connection, table: str, name: str) -> None:
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {name}")


async def test_a_gap_of_a_place_that_pushes_events_is_read_once(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(HISTORY,)) as here:
        listener = here.listeners["x"]
        listener.up()
        await here.poll()
        assert (len(here.platform.readings), listener.behind) == (1, False)
        here.clock.move(seconds=240)
        await listener.hear(said("1", minutes=12))
        assert await here.inbox.position("x history") == at(12).isoformat()
        listener.down(PlatformError("gone"))
        await listener.hear(said("3", minutes=14))
        assert await here.inbox.position("x history") == at(12).isoformat(), "what came before it may be missing"
        here.platform.holds(said("2", minutes=13), said("3", minutes=14))
        listener.up()
        await here.pass_time(seconds=3)
        assert len(here.platform.readings) == 2
        assert here.platform.readings[1].since == at(12) - timedelta(seconds=10)
        assert (here.heard(), listener.behind) == (["1", "3", "2"], False)
        assert await here.inbox.position("x history") == at(14).isoformat()


async def test_a_gap_that_opens_during_a_reading_is_read_too(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(HISTORY,)) as here:
        listener = here.listeners["x"]
        here.platform.meanwhile(lambda: listener.down(PlatformError("gone")))
        listener.up()
        await here.poll()
        assert listener.behind
        listener.up()
        await here.poll()
        assert not listener.behind


async def test_between_chats_a_gap_is_nothing(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(HISTORY,), clock=HandClock(at(-120))) as here:
        here.listeners["x"].up()
        await here.poll()
        assert (here.listeners["x"].behind, here.platform.readings) == (False, [])


# Two accounts on one platform ------------------------------------------------------------------------------


def two(clock: HandClock) -> dict[str, FakePlatform]:
    return {place: FakePlatform(clock, sources=(MENTIONS, SEARCH)) for place in ("x", "x2")}


async def poll_both(here: RunningListeners) -> None:
    for place in here.platforms:
        await here.poll(place)


async def test_two_accounts_hear_once_and_one_of_them_searches(store_url: str) -> None:
    clock = HandClock(at(11))
    async with running_listeners(store_url, platforms=two(clock), clock=clock) as here:
        for place, platform in here.platforms.items():
            platform.holds(said("1", place=place), Edited(place=place, id="1", text="We did", at=at(11)))
        await poll_both(here)
        assert here.heard() == ["1"]
        assert sum(isinstance(one, Edited) for one in here.log()) == 1
        sources = [{one.source for one in platform.readings} for platform in here.platforms.values()]
        assert sources == [{"mentions", "search"}, {"mentions"}]


async def test_each_account_reads_what_is_about_its_own_posts_also_without_a_hashtag(sqlite_url: str) -> None:
    clock = HandClock(at(11))
    quotes = Source(name="quotes", every=60.0, by_chat=True, own=True)
    platforms = {place: FakePlatform(clock, sources=(SEARCH, quotes)) for place in ("x", "x2")}
    plain = msgspec.structs.replace(a_chat(), hashtag="")
    async with running_listeners(sqlite_url, platforms=platforms, clock=clock, chats=[plain]) as here:
        for place in platforms:
            here.post_question("q1", minutes=10, place=place, id=f"post-{place}")
            here.platforms[place].holds(said(f"quote-{place}", place=place), source="quotes")
        await poll_both(here)
        found = [(one.source, one.posts, one.chat) for place in platforms.values() for one in place.readings]
        assert found == [("quotes", ("post-x",), "a/b"), ("quotes", ("post-x2",), "a/b")]
        assert sorted(here.heard()) == ["quote-x", "quote-x2"]
        assert await here.inbox.position("x quotes a/b") == at(11).isoformat()


async def test_what_the_other_account_posts_is_no_answer(sqlite_url: str) -> None:
    clock = HandClock(at(11))
    async with running_listeners(sqlite_url, platforms=two(clock), clock=clock) as here:
        here.post_question("q1", minutes=10, place="x2", id="77")
        here.platforms["x"].holds(said("77", "Q1. Question 1?", minutes=10), said("78"))
        await poll_both(here)
        assert here.heard() == ["78"]


async def test_a_chat_of_the_second_account_alone_is_searched_too(sqlite_url: str) -> None:
    clock = HandClock(at(11))
    chat: Chat = msgspec.structs.replace(a_chat(), places=("x2",))
    async with running_listeners(sqlite_url, platforms=two(clock), clock=clock, chats=[chat]) as here:
        here.platforms["x2"].holds(said("1", place="x2"), source="search")
        await poll_both(here)
        assert here.heard() == ["1"]


async def test_a_chat_that_is_taken_away_meanwhile_ends_nothing(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS, SEARCH)) as here:
        here.platform.meanwhile(lambda: here.live_chats.remove("a/b"))
        await here.poll()
        assert len(here.platform.readings) == 1


async def test_the_bots_own_accounts_are_no_participants(sqlite_url: str) -> None:
    """Even before it is known that the other account's post went out."""
    clock = HandClock(at(11))
    async with running_listeners(sqlite_url, platforms=two(clock), clock=clock) as here:
        here.listeners["x2"].up("1001")
        here.platforms["x"].holds(said("77", "Q1. Question 1?", who="1001"), said("78"))
        await poll_both(here)
        assert here.heard() == ["78"]


async def test_a_reply_to_the_other_account_is_heard_by_that_account(sqlite_url: str) -> None:
    """It knows the question; the one that came across the answer by searching does not."""
    clock = HandClock(at(11))
    async with running_listeners(sqlite_url, platforms=two(clock), clock=clock) as here:
        here.post_question("q1", minutes=10, place="x2", id="77")
        answer = msgspec.structs.replace(said("78"), reply_to="77")
        here.platforms["x"].holds(answer)
        here.platforms["x2"].holds(msgspec.structs.replace(answer, place="x2"))
        await poll_both(here)
        assert [one.place for one in export_events(here.database, a_chat()) if isinstance(one, Message)] == ["x2"]


async def test_a_store_that_fails_once_ends_nothing(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS,)) as here:
        here.platform.holds(said("1"))
        here.database.write_sync(_breaks)
        await here.poll()
        here.database.write_sync(_mends)
        here.clock.move(seconds=60)
        await here.poll()
        assert here.heard() == ["1"]
        assert await here.inbox.position("x mentions") is not None


def _breaks(connection: Connection) -> None:
    connection.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON positions BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    )


def _mends(connection: Connection) -> None:
    connection.execute(text("DROP TRIGGER full"))


async def test_commands_said_to_the_bot_alone_move_the_reading_on_and_leave_no_gap(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(LETTERS,)) as here:
        here.platform.holds(Command(place="x", id="1", author=Author(id="a"), text="status", at=at(11)))
        await here.poll()
        assert await here.inbox.position("x messages") == at(11).isoformat()
        await here.pass_time(seconds=76)
        assert here.platform.readings[1].since == at(11) - timedelta(seconds=30)
        here.clock.move(seconds=2 * 3600)
        await here.poll()
        assert not [one for one in here.log() if isinstance(one, Gap | Message)]
