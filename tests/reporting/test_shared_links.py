from __future__ import annotations

import pytest

from bot.messages import AnyEvent
from bot.reporting.record import record
from bot.reporting.shared_links import shared_links, without_tracking
from tests.reporting.sample_events import chat, said


def found(*events: AnyEvent) -> list[tuple[str, list[str]]]:
    return [(one.url, [each.id for each in one.messages]) for one in shared_links(record(chat(), events))]


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://e.org/a?utm_source=x&id=3&UTM_Medium=y&fbclid=9#part", "https://e.org/a?id=3#part"),
        ("https://e.org/?gclid=1&msclkid=2&mc_cid=3&igshid=4", "https://e.org/"),
        ("https://youtu.be/abc?si=12&t=30", "https://youtu.be/abc?t=30"),
        ("https://x.com/a/status/1?s=20&t=ab", "https://x.com/a/status/1"),
        ("https://e.org/?s=a+b&t=1&si=2", "https://e.org/?s=a+b&t=1&si=2"),
        ("https://e.org/a#:~:text=words", "https://e.org/a"),
        ("https://e.org/?q=utm_source&empty=&flag", "https://e.org/?q=utm_source&empty=&flag"),
        ("https://e.org/%C3%A4?a=%20b", "https://e.org/%C3%A4?a=%20b"),
        ("https://[e.org/?utm_source=x", "https://[e.org/?utm_source=x"),
    ],
)
def test_what_tracks_readers_is_taken_off_and_nothing_else(url: str, plain: str) -> None:
    assert without_tracking(url) == plain


def test_a_page_is_listed_once_with_all_who_shared_it() -> None:
    events = (
        said("1", "https://www.e.org/guide/?utm_source=x", 11),
        said("2", "see http://E.org/guide and https://e.org/other.", 12, who="B"),
        said("3", "https://e.org/guide https://e.org/guide", 13),
    )
    assert found(*events) == [("https://www.e.org/guide/", ["1", "2", "3"]), ("https://e.org/other", ["2"])]


def test_a_link_to_a_message_of_the_chat_is_no_resource() -> None:
    post = said("1", "hello", 11, url="https://e.org/status/1")
    assert found(post, said("2", "as https://e.org/status/1?s=20 says", 12)) == [
        ("https://e.org/status/1?s=20", ["2"])
    ], "`s` tracks on X alone"
    assert found(post, said("2", "as https://e.org/status/1?utm_source=x says", 12)) == []


def test_a_link_is_shown_without_what_all_links_have() -> None:
    [one] = shared_links(record(chat(), [said("1", "https://www.e.org/a/ ", 11)]))
    assert one.shown == "e.org/a"
