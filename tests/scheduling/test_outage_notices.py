"""Notices of outages where the store refuses them at first."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import PlatformError, StoreError
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Posted
from bot.scheduling.outage_notices import OutageNotices
from bot.scheduling.place_monitor import PlaceMonitor
from bot.store import outbox_queries
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

MINUTE = timedelta(minutes=1)


async def test_a_place_that_is_back_is_told_so_also_if_the_store_refused_that_at_first(sqlite_url: str) -> None:
    clock = HandClock(NOON)
    platforms = {name: FakePlatform(clock) for name in ("x", "y", "discord")}
    traits = {name: one.traits for name, one in platforms.items()}
    live_chats = LiveChats()
    chat = a_chat()
    live_chats.add(LiveChat(chat, ends=chat.ends, places=("x", "y", "discord"), open_for=(MINUTE, MINUTE)))
    with closing(Database(sqlite_url)) as database:
        monitor = PlaceMonitor(database, platforms, clock)
        notices = OutageNotices(database, live_chats, monitor, traits, 3 * MINUTE)
        monitor.record_result("discord", None)
        monitor.record_result("x", PlatformError("It is down."))
        monitor.record_result("y", PlatformError("It is down, but not for long."))
        clock.move(seconds=20)
        monitor.record_result("y", None)
        clock.move(seconds=700)
        asked = Posted(place="discord", at=clock.now(), id="1", key="q1", text="Why?", kind="question", chat="a/b")
        live_chats.add_post(asked)
        monitor.record_result("x", None)
        database.write_sync(lambda link: link.execute(text("ALTER TABLE outbox RENAME TO elsewhere")))
        with pytest.raises(StoreError):
            await notices.plan_notices(clock.now())
        clock.move(seconds=480)
        database.write_sync(lambda link: link.execute(text("ALTER TABLE elsewhere RENAME TO outbox")))
        for _ in range(2):
            await notices.plan_notices(clock.now())
        [planned] = database.read_sync(outbox_queries.outbox_rows)
        assert (planned.post.place, planned.post.kind) == ("x", "notice")
        assert "12 minutes" in planned.post.text, "as long as it was away, not as long as the store refused"
