"""The files of a site for programs: news feed, calendar, sitemap, and a word to robots. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from bot.calendar import FeedEntry, Source, calendar_file, news_feed
from bot.ports.views import ChatView
from bot.reporting.figure_tables import counted_participants
from bot.reporting.formatting import counted
from bot.site.entries import Entry, address
from bot.site.pages import BY_DATE, Site, by_series, series_path
from bot.translation import _, ngettext

FEED, CALENDAR, SITEMAP, ROBOTS = "feed.atom", "calendar.ics", "sitemap.xml", "robots.txt"

_MOST_NEWS = 50
"""Chats in the feed: those that were published or changed last."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def feeds(site: Site, entries: Iterable[Entry]) -> dict[str, bytes]:
    """Every such file by its path. A sitemap names whole addresses: where the site's is unknown there is none."""
    latest = sorted(entries, key=lambda one: (one.starts, one.name), reverse=True)
    found = {FEED: _feed(site, latest), CALENDAR: _calendar(site, latest), ROBOTS: _robots(site)}
    if site.address:
        found[SITEMAP] = _sitemap(site, latest)
    return found


def _feed(site: Site, latest: Sequence[Entry]) -> bytes:
    news = sorted(latest, key=lambda one: (one.updated, one.name), reverse=True)[:_MOST_NEWS]
    entries = [
        FeedEntry(
            id=f"tag:{site.address.rpartition('//')[2] or 'convenor.invalid'},2020:{one.name}",
            title=one.title,
            updated=one.updated,
            address=address(one.page, site.address) if site.address else one.page,
            summary=_summary(one),
            category=one.hashtag,
        )
        for one in news
    ]
    return news_feed(entries, Source(name=site.name, address=site.address), f"/{FEED}")


def _summary(one: Entry) -> str:
    hosts = " " + _("Hosted by {hosts}.").format(hosts=", ".join(one.hosts)) if one.hosts else ""
    posts = counted(one.posts, ngettext("{count} post", "{count} posts", one.posts))
    figures = _("{posts} by {participants}.").format(posts=posts, participants=counted_participants(one.participants))
    return f"{one.day}.{hosts} {figures}"


def _calendar(site: Site, latest: Sequence[Entry]) -> bytes:
    views = [_view(one) for one in reversed(latest)]
    updated = max((one.updated for one in latest), default=datetime(2020, 1, 1, tzinfo=UTC))
    source = Source(name=site.name, address=site.address, suffix=".html", calendar_host=site.calendar_host)
    return calendar_file(views, source, updated)


def _view(one: Entry) -> ChatView:
    return ChatView(
        chat=one.name,
        title=one.title,
        hashtag=one.hashtag,
        hosts=one.hosts,
        link=one.link,
        starts=one.starts,
        ends=one.ends,
        timezone=one.timezone,
        opens=one.starts,
        shuts=one.ends,
        questions=len(one.questions),
        state="over",
        changed_at=one.updated,
    )


def _sitemap(site: Site, latest: Sequence[Entry]) -> bytes:
    ET.register_namespace("", _SITEMAP)
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for path, changed in _addresses(latest):
        url = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = address(path, site.address)
        ET.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = f"{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _addresses(latest: Sequence[Entry]) -> Iterable[tuple[str, datetime]]:
    """The paths of the pages, with the time of the last change of each."""
    if latest:
        yield BY_DATE, max(one.updated for one in latest)
    for series, entries in by_series(latest).items():
        yield series_path(series), max(one.updated for one in entries)
    yield from ((one.page, one.updated) for one in latest)


def _robots(site: Site) -> bytes:
    """The rules for search engines. They must be able to read a page that they may not list: the page says so."""
    sitemap = f"Sitemap: {address(SITEMAP, site.address)}\n" if site.address and site.indexed else ""
    return f"User-agent: *\nDisallow:\n{sitemap}".encode()
