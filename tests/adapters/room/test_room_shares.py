"""One visitor can't silence the others at their address, nor lock a host out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.room.platform import Room
from adapters.room.shares import SEAT_KEPT, Shares
from tests.adapters.conftest import HOST_KEY, Client
from tests.adapters.room.host_browser import HostBrowser

Opened = Callable[..., Awaitable[Room]]
NewClient = Callable[[Room], Client]


def hospital() -> Shares:
    return Shares(limit=120, window=60, own=3)


def flood(shares: Shares, now: float, *, sessions: int, times: int, name: str = "flood") -> int:
    """Messages that get through of sessions which each try so often, one after the other."""
    tries = [f"{name} {number}" for _ in range(times) for number in range(sessions)]
    return sum(shares.spend(one, now) is None for one in tries)


def test_whoever_spoke_before_is_heard_whatever_others_at_the_address_do() -> None:
    shares = hospital()
    staff = [f"staff {number}" for number in range(20)]
    assert [shares.spend(one, 0.0) for one in staff] == [None] * 20
    for minute in range(1, 30):
        assert flood(shares, minute * 60.0, sessions=1000, times=3, name=f"flood {minute}") < 3 * 120
        assert [shares.spend(one, minute * 60.0 + 1) for one in staff] == [None] * 20


def test_a_few_hostile_sessions_leave_room_for_somebody_new() -> None:
    shares = hospital()
    assert flood(shares, 0.0, sessions=10, times=12) <= 120
    for number in range(30):
        assert shares.spend(f"new {number}", 1.0) is None


def test_all_that_gets_through_is_bounded_and_the_wait_is_said() -> None:
    shares = hospital()
    assert flood(shares, 0.0, sessions=5000, times=10) <= 3 * 120
    wait = shares.spend("flood 0", 20.0)
    assert wait is None or wait == pytest.approx(40.0)
    assert shares.spend("one more", 20.0) == pytest.approx(40.0)
    assert shares.spend("one more", 60.0) is None


def test_one_session_alone_may_use_all() -> None:
    shares = Shares(limit=20, window=60, own=3)
    assert flood(shares, 0.0, sessions=1, times=20) == 20


def test_a_share_is_given_up_an_hour_after_the_last_message() -> None:
    shares = Shares(limit=3, window=60, own=3)
    assert shares.spend("first", 0.0) is None
    for time in (0.0, SEAT_KEPT + 1):
        flood(shares, time, sessions=100, times=3, name=str(time))
    assert shares.spend("first", SEAT_KEPT + 2) is not None


def test_the_memory_of_a_long_flood_is_bounded() -> None:
    shares = hospital()
    for minute in range(120):
        flood(shares, minute * 60.0, sessions=500, times=1, name=str(minute))
    assert len(shares._spoken) <= 360
    assert len(shares._count) <= 360
    assert len(shares._speakers) <= 40


async def test_a_flood_at_the_address_silences_neither_a_speaker_nor_the_host(
    open_room: Opened, new_client: NewClient, private_links: None
) -> None:
    del private_links
    room = await open_room(per_address="4/minute", per_person="12/minute")
    speaker, *hostile = [new_client(room) for _ in range(3)]
    async with HostBrowser(room.address) as host:
        for one in (speaker, *hostile):
            assert (await one.join()).status == 303
        assert (await speaker.post("before")).status == 303
        statuses = [(await one.post(f"{number}")).status for number in range(4) for one in hostile]
        assert statuses.count(429) >= 4
        assert (await speaker.post("and still here")).status == 303
        await host.enter(HOST_KEY)
        for number in range(5):
            assert await host.post(f"host {number}")


async def test_who_waited_with_the_page_open_joins_apart_from_those_who_come_just_now(
    open_room: Opened, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await open_room(per_address="2/minute")
    early = new_client(room)
    await early.get()
    assert [(await new_client(room).join()).status for _ in range(3)] == [303, 303, 429]
    monkeypatch.setattr("adapters.room.sessions._WAITED", -1)
    assert (await early.join()).status == 303
