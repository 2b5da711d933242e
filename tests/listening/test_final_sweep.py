"""The sweep after a chat: a last reading, deleted messages, and names."""

from __future__ import annotations

import msgspec
import pytest

from bot import transfer
from bot.errors import PlatformError
from bot.messages import Author, Deleted, Named, Viewed
from bot.ports.inbound import Charge
from bot.reporting.numbers import count_numbers
from bot.reporting.record import record
from bot.store import message_views, messages
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.listening.running_listeners import BUDGET, LETTERS, MENTIONS, RunningListeners, at, running_listeners, said

A = Author(id="a", handle="@pretend_a", name="Pretend participant A")
B = Author(id="b", handle="@pretend_b", name="Pretend participant B")


def deleted(here: RunningListeners) -> list[str]:
    return [one.id for one in here.log() if isinstance(one, Deleted)]


async def test_only_what_the_platform_says_is_gone_is_gone(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        here.platform.holds(*(said(str(n)) for n in range(1, 4)))
        await here.poll()
        here.platform.overlooks("2")
        here.platform.takes_back("3")
        here.platform.holds(said("4", minutes=100))
        await here.sweep_at(minutes=119.9)
        assert (here.heard(), deleted(here)) == (["1", "2", "3"], []), "people may still write"
        await here.sweep_at(minutes=120)
        assert (here.heard(), deleted(here)) == (["1", "2", "3", "4"], ["3"])
        assert sorted(here.database.write_sync(messages.message_ids, "x", "a/b")) == ["1", "2", "4"]


async def test_it_is_done_once_for_each_chat_even_after_a_restart(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        await here.sweep_at(minutes=120)
        await here.sweep_at(minutes=121)
        assert len(here.platform.readings) == 1
        platforms, clock = here.platforms, here.clock
    async with running_listeners(store_url, platforms=platforms, clock=clock) as again:
        await again.sweep_at(minutes=130)
        assert len(again.platform.readings) == 1


async def test_a_place_that_cannot_be_read_has_lost_nothing(store_url: str) -> None:
    async with running_listeners(store_url) as here:
        here.platform.holds(said("1"))
        await here.poll()
        here.platform.takes_back("1")
        here.platform.breaks_off(PlatformError("busy"))
        await here.sweep_at(minutes=120)
        assert deleted(here) == []
        await here.sweep_at(minutes=121)
        assert deleted(here) == ["1"]


async def test_without_money_for_the_reading_nothing_is_taken_for_gone(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, budget=msgspec.structs.replace(BUDGET, chat=4_000)) as here:
        await here.inbox.hear(said("1"))
        here.platform.takes_back("1")
        await here.sweep_at(minutes=120)
        assert (deleted(here), here.platform.readings) == ([], [])


async def test_a_chat_that_is_long_over_is_left_alone(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        await here.sweep_at(minutes=120 + 24 * 60)
        assert here.platform.readings == []


async def test_a_bot_that_was_away_at_the_end_sweeps_later(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url) as here:
        here.platform.holds(said("1"))
        await here.sweep_at(minutes=10 * 60)
        assert here.heard() == ["1"]


# Names -----------------------------------------------------------------------------------------------------


def called(here: RunningListeners, chat: str = "a/b") -> dict[str, str]:
    """What the transcript calls whoever said each message."""
    told = record(a_chat(name=chat), transfer.export_events(here.database, a_chat(name=chat)))
    return {one.id: one.author.handle for one in told.messages}


async def test_names_that_cost_are_asked_for_after_the_end_and_once(store_url: str) -> None:
    async with running_listeners(store_url, budget=BUDGET) as here:
        here.platform.called = {"a": A}
        for n, who in enumerate("abbb"):
            await here.inbox.hear(said(str(n), who=who))
        await here.sweep_at(minutes=59)
        assert here.platform.named == []
        for minutes in (60, 61, 62, 119):
            await here.poll()
            await here.sweep_at(minutes=minutes)
        assert here.platform.named == ["b", "a"], "those who said most first; whom nobody knows is not asked for again"
        assert called(here) == {"0": "@pretend_a", "1": "", "2": "", "3": ""}
        found = here.database.write_sync(message_views.find, "x", "0")
        assert found is not None
        assert found.author == A


async def test_names_are_not_bought_before_the_mentions_that_bring_them_for_nothing_are_read(store_url: str) -> None:
    async with running_listeners(store_url, budget=BUDGET, sources=(MENTIONS,)) as here:
        await here.inbox.hear(said("1"))  # found by its hashtag, which brings no name
        here.platform.holds(said("2", minutes=59), Named(place="x", at=at(59), author=A))
        await here.sweep_at(minutes=61)
        assert here.platform.named == []
        await here.poll()
        await here.sweep_at(minutes=62)
        assert (here.platform.named, called(here)) == ([], {"1": "@pretend_a", "2": "@pretend_a"})


async def test_names_are_bought_when_the_chat_closes_though_nothing_could_be_read(store_url: str) -> None:
    async with running_listeners(store_url, budget=BUDGET, sources=(MENTIONS,)) as here:
        await here.inbox.hear(said("1"))
        here.platform.breaks_off(*[PlatformError("down")] * 3)
        await here.sweep_at(minutes=61)
        await here.poll()
        await here.sweep_at(minutes=119)
        assert here.platform.named == []
        await here.sweep_at(minutes=120)
        assert here.platform.named == ["a"]


async def test_names_are_in_the_transcript_however_late_they_were_learnt(store_url: str) -> None:
    async with running_listeners(store_url, budget=BUDGET) as here:
        here.platform.called = {"a": A}
        await here.inbox.hear(said("1"))
        await here.sweep_at(minutes=20 * 60)
        assert called(here) == {"1": "@pretend_a"}


async def test_names_known_from_another_chat_are_free(store_url: str) -> None:
    later = a_chat(starts=at(24 * 60), name="a/later")
    async with running_listeners(store_url, budget=BUDGET, chats=[a_chat(), later]) as here:
        await here.inbox.hear(Named(place="x", at=at(10), author=A))
        await here.inbox.hear(said("1", minutes=24 * 60 + 11))
        await here.sweep_at(minutes=24 * 60 + 90)
        assert here.platform.named == []
        assert called(here, "a/later") == {"1": "@pretend_a"}


@pytest.mark.parametrize(("spent", "asked"), [(0, 2), (590_000, 1), (591_000, 0)])
async def test_names_are_bought_within_the_budget(sqlite_url: str, spent: int, asked: int) -> None:
    async with running_listeners(sqlite_url, budget=BUDGET) as here:
        await here.inbox.paid("x", [Charge(what="post", resource="1", micros=spent, at=NOON, chat="a/b")])
        await here.inbox.hear(said("1", who="a"))
        await here.inbox.hear(said("2", who="b"))
        await here.sweep_at(minutes=60)
        await here.poll()
        await here.sweep_at(minutes=61)
        assert len(here.platform.named) == asked


async def test_a_platform_that_tells_names_for_nothing_is_not_asked(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, budget=msgspec.structs.replace(BUDGET, name=0)) as here:
        await here.inbox.hear(said("1"))
        await here.sweep_at(minutes=60)
        assert here.platform.named == []


async def test_names_that_cannot_be_had_do_not_stop_the_sweep(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, budget=BUDGET) as here:
        here.platform.holds(said("1"))
        await here.poll()
        here.platform.takes_back("1")
        here.platform.holds(said("2", who="b"))
        here.platform.does_not_name(*[PlatformError("forbidden", permanent=True)] * 3)
        await here.sweep_at(minutes=120)
        assert (deleted(here), here.heard()) == (["1"], ["1", "2"])


async def test_views_from_the_last_reading_count(store_url: str) -> None:
    async with running_listeners(store_url, sources=(MENTIONS,)) as here:
        here.platform.holds(said("1"), Viewed(place="x", id="1", views=7, at=at(12)))
        await here.poll()
        here.platform.holds(Viewed(place="x", id="1", views=40, at=at(120)))
        await here.sweep_at(minutes=120)
        assert count_numbers(record(a_chat(), here.log())).views == 40


async def test_what_is_said_to_the_bot_alone_is_not_read_again(sqlite_url: str) -> None:
    async with running_listeners(sqlite_url, sources=(MENTIONS, LETTERS)) as here:
        await here.sweep_at(minutes=120)
        assert [one.source for one in here.platform.readings] == ["mentions"]
