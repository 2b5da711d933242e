"""The times at which sources are polled, and how far back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.chat import Chat
from bot.listening import poll_plan
from bot.live.live_chats import LiveChat
from tests.fakes.chats import a_chat
from tests.listening.running_listeners import HISTORY, HOUR, MENTIONS, SEARCH, at


def a_live_chat(chat: Chat | None = None, *, places: tuple[str, ...] = ("x",)) -> LiveChat:
    chat = chat or a_chat()
    return LiveChat(chat, ends=chat.ends, places=places, open_for=(HOUR, HOUR))


def pauses(minutes: float, *, source: str = "mentions", pace: float = 1.0) -> int:
    """The fewest seconds since the last reading after which a source is read again at this minute."""
    now, chats = at(minutes), [a_live_chat()]
    for seconds in range(0, 2000, 5):
        read = {("mentions", ""): now - timedelta(seconds=seconds), ("search", "#plain"): now}
        paces = {("mentions", ""): pace}
        found = poll_plan.due([MENTIONS, SEARCH], chats, now, polled=read, retries={}, paces=paces, behind=False)
        if source in {one.source.name for one in found}:
            return seconds
    return -1


@pytest.mark.parametrize(
    ("minutes", "seconds"), [(-15.1, 60), (-15, 10), (0, 10), (59, 10), (74.9, 10), (75, 60), (119, 60)]
)
def test_it_reads_often_around_the_chat_and_seldom_at_other_times(minutes: float, seconds: int) -> None:
    assert pauses(minutes) == seconds


def test_near_the_cap_it_reads_more_slowly() -> None:
    assert (pauses(10, pace=4.0), pauses(90, pace=4.0)) == (40, 240)


def test_nobody_is_asked_where_no_chat_is_open() -> None:
    live = a_live_chat()
    assert [poll_plan.open_chats([live], "x", at(minute)) for minute in (-60.1, -60, 119.9, 120)] == [
        [],
        [live],
        [live],
        [],
    ]
    assert poll_plan.open_chats([live], "room", at(10)) == []


def test_the_chat_that_is_on_comes_first() -> None:
    over, on = a_live_chat(a_chat(starts=at(-90), name="a/over")), a_live_chat(a_chat(name="a/on"))
    assert poll_plan.open_chats([over, on], "x", at(10)) == [on, over]


def test_each_hashtag_is_searched_and_mentions_are_read_once() -> None:
    other = msgspec.structs.replace(a_chat(name="a/c"), hashtag="#other")
    twin = a_chat(name="a/d")
    none = msgspec.structs.replace(a_chat(name="a/e"), hashtag="")
    chats = [a_live_chat(), a_live_chat(other), a_live_chat(twin), a_live_chat(none)]
    found = poll_plan.due([MENTIONS, SEARCH], chats, at(10), polled={}, retries={}, paces={}, behind=False)
    assert [(one.chat, one.key) for one in found] == [
        ("a/b", ("mentions", "")),
        ("a/b", ("search", "#plain")),
        ("a/c", ("search", "#other")),
    ]


def test_what_tells_its_news_itself_is_read_only_after_a_gap() -> None:
    def found(*, behind: bool, wait: float = 0) -> bool:
        read = {("history", ""): at(10 + wait)}
        return bool(poll_plan.due([HISTORY], [a_live_chat()], at(10), polled=read, retries={}, paces={}, behind=behind))

    assert (found(behind=False), found(behind=True), found(behind=True, wait=1)) == (False, True, False)


def test_it_reads_from_where_it_stopped_and_a_little_before() -> None:
    live = a_live_chat()
    assert poll_plan.since(MENTIONS, live, None, at(30), 1.0) == at(-60)
    assert poll_plan.since(MENTIONS, live, at(20), at(30), 1.0) == at(20) - timedelta(seconds=10)
    assert poll_plan.since(MENTIONS, live, at(20), at(30), 60.0) == at(10)
    assert poll_plan.since(SEARCH, live, at(-3 * 24 * 60), at(30), 1.0) == at(-60)
    assert poll_plan.since(HISTORY, live, at(-3 * 24 * 60), at(30), 1.0) == at(-60)
    assert poll_plan.since(MENTIONS, live, at(99), at(30), 1.0) == at(30) - timedelta(seconds=10)
    an_hour = msgspec.structs.replace(HISTORY, overlap=3600.0)
    assert poll_plan.since(an_hour, live, at(45), at(46), 1.0) == at(-15)
    assert poll_plan.since(an_hour, live, at(-30), at(30), 1.0) == at(-60), "nothing from before the chat opened"


def test_it_reads_no_further_than_it_can() -> None:
    short = msgspec.structs.replace(MENTIONS, reach=600.0)
    assert poll_plan.since(short, a_live_chat(), at(5), at(30), 1.0) == at(20)
    assert poll_plan.since(short, a_live_chat(), None, at(30), 1.0) == at(20)


def test_what_is_said_to_the_bot_is_read_between_chats_too_once_an_hour() -> None:
    def found(minutes: float) -> list[tuple[str | None, str]]:
        read = {("mentions", ""): at(0)}
        made = poll_plan.due(
            [MENTIONS, SEARCH, HISTORY], [], at(minutes), polled=read, retries={}, paces={}, behind=True
        )
        return [(one.chat, one.source.name) for one in made]

    assert (found(59), found(60)) == ([], [(None, "mentions")])
    assert poll_plan.since(MENTIONS, None, None, at(0), 1.0) == at(-60)
    assert poll_plan.since(MENTIONS, None, at(-3 * 24 * 60), at(0), 1.0) == at(-3 * 24 * 60) - timedelta(seconds=10)
    assert poll_plan.since(MENTIONS, a_live_chat(), at(-3 * 24 * 60), at(0), 1.0) == at(-3 * 24 * 60) - timedelta(
        seconds=10
    )
