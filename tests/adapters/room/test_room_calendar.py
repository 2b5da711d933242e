"""The calendars and the feed of the room, read by parsers of other hands than those that write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import feedparser
import msgspec
import pytest
from dateutil import parser as dates

from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, STARTS, FakeCore, chat_view

NEXT = "otalk/2020-10-20-next"


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar as their lines say: unfolded and unescaped by the letter of RFC 5545, 3.1 and 3.3.11."""
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            value = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            found[-1].setdefault(name.partition(";")[0], value)
    return found


@pytest.fixture
def two(core: FakeCore) -> FakeCore:
    """A chat that is on, and one that comes a week later, with letters that both formats have to escape."""
    coming = chat_view(NEXT, starts=STARTS + timedelta(days=7), state="coming")
    core.add_chat(msgspec.structs.replace(coming, title='Ways, means; "more" & <less>', changed_at=STARTS))
    return core


async def test_a_calendar_has_each_chat_with_its_time_and_address(two: FakeCore, client: Client) -> None:
    assert two
    status, text = await client.get("/calendar.ics")
    on, coming = events(text)
    assert status == 200
    assert (on["SUMMARY"], coming["SUMMARY"]) == (chat_view().title, 'Ways, means; "more" & <less>')
    assert dates.parse(coming["DTSTART"]) == STARTS + timedelta(days=7)
    assert dates.parse(coming["DTEND"]) == STARTS + timedelta(days=7, hours=1)
    assert (coming["STATUS"], coming["SEQUENCE"], coming["DTSTAMP"]) == ("CONFIRMED", "0", "20201013T190000Z")
    assert coming["URL"].endswith(f"/{NEXT}")
    assert coming["UID"] != on["UID"]
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


async def test_a_series_and_a_chat_have_their_own(two: FakeCore, client: Client) -> None:
    two.add_chat(chat_view("other/a", state="coming"))
    assert len(events((await client.get("/calendar.ics"))[1])) == 3
    assert len(events((await client.get("/otalk/calendar.ics"))[1])) == 2
    (one,) = events((await client.get(f"/{NEXT}/calendar.ics"))[1])
    assert one["UID"].startswith(NEXT)
    for path in ("/nobody/calendar.ics", "/otalk/nothing/calendar.ics", "/nobody/feed.atom"):
        assert (await client.get(path))[0] == 404


async def test_a_chat_that_moves_or_is_called_off_stays_the_same_entry(two: FakeCore, client: Client) -> None:
    before = events((await client.get(f"/{NEXT}/calendar.ics"))[1])[0]
    moved = chat_view(NEXT, starts=STARTS + timedelta(days=8), state="coming")
    two.add_chat(msgspec.structs.replace(moved, revision=1, moved_from=STARTS + timedelta(days=7)))
    after = events((await client.get(f"/{NEXT}/calendar.ics"))[1])[0]
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], "1")
    assert dates.parse(after["DTSTART"]) == STARTS + timedelta(days=8)
    two.add_chat(msgspec.structs.replace(moved, revision=2, called_off=True))
    off = events((await client.get(f"/{NEXT}/calendar.ics"))[1])[0]
    assert (off["UID"], off["SEQUENCE"], off["STATUS"]) == (before["UID"], "2", "CANCELLED")
    assert off["SUMMARY"].startswith("Called off: ")


async def test_the_feed_tells_the_latest_first(two: FakeCore, client: Client) -> None:
    status, text = await client.get("/feed.atom")
    found = feedparser.parse(text)
    assert (status, found.bozo, found.version) == (200, False, "atom10")
    assert [one.title for one in found.entries] == [
        'Ways, means; "more" & <less>',
        f"Live now: {chat_view().title}",
    ]
    for one in found.entries:
        assert one.link == one.id
        assert datetime.fromisoformat(one.updated).astimezone(UTC) <= STARTS
    two.add_chat(msgspec.structs.replace(chat_view(), called_off=True, changed_at=STARTS + timedelta(minutes=1)))
    first = feedparser.parse((await client.get("/feed.atom"))[1]).entries[0]
    assert first.title.startswith("Called off: ")
    assert first.link.endswith(CHAT)


async def test_pages_lead_to_them(two: FakeCore, client: Client) -> None:
    assert two
    _, index = await client.get("/")
    assert 'href="/calendar.ics"' in index
    assert 'href="/feed.atom"' in index
    assert f'href="/{NEXT}/calendar.ics"' in (await client.get(f"/{NEXT}"))[1]
