"""The lists, feeds and figures of a site."""

from __future__ import annotations

from datetime import UTC, datetime

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from msgspec.structs import replace

from bot.reporting.imprint import PLAIN
from bot.reporting.series import SeriesRow, series_chart, totals
from bot.site.entries import Entry, entry_of
from bot.site.feeds import feeds
from bot.site.pages import Site, pages
from bot.translation import speaking
from tests.german import foreign_texts
from tests.site.samples import held, published

SITE = Site(address="https://chats.example.org/archive")
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }}"


def entry(number: int, *hosts: str, **more: object) -> Entry:
    chat = published(held(number, *hosts, **more))
    report = chat.prepare(PLAIN)
    return entry_of(report.record, report.figures, chat.published)


def page(path: str, *entries: Entry, site: Site = SITE) -> str:
    return "".join(pages(site, entries)[path])


def test_a_host_in_two_spellings_has_one_heading_with_the_latest_chat_first() -> None:
    text = page("hosts.html", entry(1, "Pretend Host"), entry(2, "PRETEND HOST", "Other Host"))
    assert text.count("<h2") == 2
    assert text.index("Other Host") < text.index("PRETEND HOST</h2>")
    last = text[text.index("PRETEND HOST</h2>") :]
    assert last.index("Chat number 2") < last.index("Chat number 1")


def test_two_headings_that_differ_in_signs_alone_have_anchors_of_their_own() -> None:
    text = page("hashtags.html", entry(1, hashtag="#OTalk"), entry(2, hashtag="#O-Talk!"), entry(3, hashtag="#o talk"))
    assert text.count('id="g-otalk"') == 1
    assert {'id="g-o-talk"', 'id="g-o-talk-2"'} <= {f'id="{one.split(chr(34))[0]}"' for one in text.split('id="')}


def test_no_english_is_left_on_the_pages_of_a_german_site() -> None:
    made = {}
    for language in ("en", "de"):
        with speaking(language):
            entries = [entry(1, language=language), entry(2, hashtag="", hosts=(), language=language)]
            made[language] = {path: "".join(pieces) for path, pieces in pages(SITE, entries).items()}
    said = ("#OTalk", "Chat number", "retend")
    left = {path: foreign_texts(made["en"][path], text, said) for path, text in made["de"].items()}
    assert {path: texts for path, texts in left.items() if texts} == {}
    assert all('<html lang="de">' in text for text in made["de"].values())


def test_words_of_a_chat_in_another_language_are_marked() -> None:
    with speaking("de"):
        found = pages(SITE, [entry(1, language="en"), entry(2, language="de")])
        made = {path: "".join(pieces) for path, pieces in found.items()}
    assert '<bdi lang="en-GB">Chat number 1</bdi>' in made["index.html"]
    assert "<bdi>Chat number 2</bdi>" in made["index.html"]
    assert made["pretend/index.html"].count('<bdi lang="en-GB">Chat number 1</bdi>') == 2
    assert made["questions.html"].count('lang="en-GB"') == 1 + len(entry(1).questions)


def test_text_of_hosts_is_text_on_every_page() -> None:
    found = pages(SITE, [entry(1, EVIL, title=EVIL, hashtag=EVIL)])
    for path, pieces in found.items():
        text = "".join(pieces)
        assert "<script>alert" not in text, path
        assert "<img" not in text, path
        assert "49" not in text.replace("1.49", ""), path


@given(st.permutations(range(1, 6)))
def test_the_order_in_which_chats_come_changes_no_page(order: list[int]) -> None:
    entries = [_ENTRIES[number - 1] for number in order]
    made = {path: "".join(pieces) for path, pieces in pages(SITE, entries).items()}
    assert made == {path: "".join(pieces) for path, pieces in pages(SITE, _ENTRIES).items()}
    assert feeds(SITE, entries) == feeds(SITE, _ENTRIES)


_ENTRIES = [entry(number) for number in range(1, 6)]


def test_the_feed_and_the_calendar_are_read_by_others() -> None:
    found = feeds(SITE, _ENTRIES)
    feed = feedparser.parse(found["feed.atom"])
    assert not feed.bozo
    assert feed.entries[0].link == "https://chats.example.org/archive/pretend/chat-5.html"
    assert len({one.id for one in feed.entries}) == 5
    events = Calendar.from_ical(found["calendar.ics"]).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [f"Chat number {number}" for number in range(1, 6)]
    kept = feeds(replace(SITE, calendar_host="lasting"), _ENTRIES)["calendar.ics"]
    assert str(Calendar.from_ical(kept).walk("VEVENT")[0]["UID"]) == "pretend/chat-1@lasting"
    assert str(events[0]["URL"]) == "https://chats.example.org/archive/pretend/chat-1.html"


def test_without_an_address_the_feed_links_from_where_it_lies_and_there_is_no_sitemap() -> None:
    found = feeds(Site(), _ENTRIES)
    assert "sitemap.xml" not in found
    assert b'href="pretend/chat-5.html"' in found["feed.atom"]
    assert "URL" not in Calendar.from_ical(found["calendar.ics"]).walk("VEVENT")[0]


def test_a_site_without_chats_says_so() -> None:
    assert "No chat is published yet" in page("index.html")
    assert set(pages(SITE, [])) == {"index.html", "hosts.html", "hashtags.html", "questions.html"}


def row(number: int, posts: int, participants: int, first_timers: int | None) -> SeriesRow:
    return SeriesRow(
        name=f"pretend/{number}",
        title=f"Chat {number}",
        starts=datetime(2020, 1, number, 20, tzinfo=UTC),
        timezone="Europe/London",
        posts=posts,
        participants=participants,
        first_timers=first_timers,
    )


def test_the_bars_of_a_series_are_as_high_as_their_figures() -> None:
    chart = series_chart([row(2, 50, 10, 4), row(1, 100, 20, 20), row(3, 0, 0, None)])
    first, second, third = chart.points
    assert [one.row.name for one in chart.points] == ["pretend/1", "pretend/2", "pretend/3"]
    assert first.posts.height == 2 * second.posts.height == chart.posts_bottom - chart.posts_top
    assert first.before.height == 0
    assert second.new.y + second.new.height == second.before.y
    assert round(second.before.height / (second.before.height + second.new.height), 2) == 0.6
    assert third.posts.height == third.new.height == third.before.height == 0


def test_a_series_in_figures() -> None:
    found = totals([row(1, 100, 20, 20), row(2, 50, 10, 4), row(3, 61, 11, 1), row(4, 60, 12, 1)])
    assert (found.chats, found.posts, found.typical_posts, found.typical_participants) == (4, 271, 61, 12)
