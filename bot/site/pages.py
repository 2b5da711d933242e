"""The pages of a site besides those of its chats: by date, host, hashtag and question, and one for each series. Pure.

All links are relative, so that a site works wherever it is put, also from a disk. Nothing is loaded from elsewhere; the
one script only hides what a search doesn't find. Nothing is written here.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.local_dates import short_date, short_month
from bot.messages import Value
from bot.ports.community import Community
from bot.reporting.figure_tables import counted_participants
from bot.reporting.formatting import counted
from bot.reporting.series import SERIES_RULES, SeriesRow, series_chart, totals
from bot.site.entries import LIST, Entry, anchor_of
from bot.template_translation import install
from bot.translation import _, ngettext

_ENVIRONMENT = Environment(
    loader=PackageLoader("bot.site"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
    extensions=["jinja2.ext.i18n"],
)
install(_ENVIRONMENT)

_SEARCH = (_ENVIRONMENT.loader or PackageLoader("bot.site")).get_source(_ENVIRONMENT, "search.js")[0].strip()
_SEARCH_HASH = base64.b64encode(hashlib.sha256(_SEARCH.encode()).digest()).decode()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; {scripts}base-uri 'none'; form-action 'none'"

BY_DATE, BY_HOST, BY_HASHTAG, QUESTIONS = "index.html", "hosts.html", "hashtags.html", "questions.html"
"""The pages at the top of a site."""


class Site(Value, frozen=True, kw_only=True):
    """A site: whose it is, and whether search engines may list it.

    `address` is where people see it, without a slash at the end; empty where nobody said. `calendar_host` ends the UIDs
    of its calendar.
    """

    community: Community = Community()
    indexed: bool = False
    address: str = ""
    calendar_host: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return _("Chats of {name}").format(name=self.community.name) if self.community.name else _("Past chats")


class Group(Value, frozen=True, kw_only=True):
    """Chats under one heading, the latest first."""

    anchor: str
    heading: str
    entries: tuple[Entry, ...]


def pages(site: Site, entries: Iterable[Entry]) -> dict[str, Iterator[str]]:
    """Every page by its path, each in pieces. The same entries in any order give the same pages."""
    latest = sorted(entries, key=lambda one: (one.starts, one.name), reverse=True)
    shown = _Shown(site, latest)
    found = {
        BY_DATE: shown.listed(BY_DATE, site.name, _by_year(latest), search=_SEARCH),
        BY_HOST: shown.listed(BY_HOST, _("Chats by host"), _by_host(latest), with_host=False),
        BY_HASHTAG: shown.listed(BY_HASHTAG, _("Chats by hashtag"), _by_hashtag(latest)),
        QUESTIONS: shown.render("questions.html", QUESTIONS, _("Every question"), entries=latest),
    }
    for series, chats in by_series(latest).items():
        found[series_path(series)] = shown.series(series, chats)
    return found


def series_page(site: Site, series: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The figures of one series on a page of its own, outside a site."""
    latest = sorted(entries, key=lambda one: (one.starts, one.name), reverse=True)
    return _Shown(site, []).series(series, latest, template="series_report.html")


def series_path(series: str) -> str:
    """The path of a series' page."""
    return f"{series}/{LIST}.html"


def by_series(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The chats of each series, in their order; the series by name."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        found[one.series].append(one)
    return dict(sorted(found.items()))


class _Shown:
    """Renders the pages of one site. `ways` are the links at the top of each."""

    def __init__(self, site: Site, latest: Sequence[Entry]) -> None:
        self._site = site
        ways = [
            (BY_DATE, _("By date")),
            (BY_HOST, _("By host")),
            (BY_HASHTAG, _("By hashtag")),
            (QUESTIONS, _("Questions")),
        ]
        self._ways = [
            *ways,
            *((series_path(one), _series_name(one, chats)) for one, chats in by_series(latest).items()),
        ]

    def listed(
        self, path: str, heading: str, groups: Iterable[Group], *, search: str = "", with_host: bool = True
    ) -> Iterator[str]:
        return self.render("list.html", path, heading, groups=tuple(groups), search=search, with_host=with_host)

    def series(self, series: str, latest: Sequence[Entry], template: str = "series.html") -> Iterator[str]:
        rows = [one.row for one in latest]
        return self.render(
            template,
            series_path(series),
            _series_name(series, latest),
            entries=latest,
            rows=rows,
            chart=series_chart(rows),
            totals=totals(rows),
            rules=SERIES_RULES.items(),
        )

    def render(self, template: str, path: str, heading: str, **more: object) -> Iterator[str]:
        scripts = f"script-src 'sha256-{_SEARCH_HASH}'; " if more.get("search") else ""
        page = {"path": path, "heading": heading, "title": heading, "policy": _POLICY.format(scripts=scripts), **more}
        site = {
            "name": self._site.name,
            "community": self._site.community,
            "indexed": self._site.indexed,
            "ways": self._ways if self._ways and path else [],
        }
        stream = _ENVIRONMENT.get_template(template).stream(page=page, site=site)
        stream.enable_buffering(200)
        return iter(stream)


def _series_name(series: str, entries: Sequence[Entry]) -> str:
    """The name of a series: the hashtag that all its chats share, else its folder."""
    tags = {one.hashtag for one in entries}
    name = tags.pop() if len(tags) == 1 and "" not in tags else series
    return _("Series {name}").format(name=name)


def _by_year(latest: Iterable[Entry]) -> Iterator[Group]:
    return _grouped(latest, lambda one: [f"{one.local.year}"], lambda year: (-int(year), ""))


def _by_host(latest: Iterable[Entry]) -> Iterator[Group]:
    return _grouped(latest, lambda one: one.hosts or (_("No host is named"),), _by_word)


def _by_hashtag(latest: Iterable[Entry]) -> Iterator[Group]:
    return _grouped(latest, lambda one: [one.hashtag or _("Without a hashtag")], _by_word)


def _by_word(heading: str) -> tuple[int, str]:
    return 0, heading.casefold()


def _grouped(
    latest: Iterable[Entry],
    headings: Callable[[Entry], Iterable[str]],
    order: Callable[[str], tuple[int, str]],
) -> Iterator[Group]:
    """The chats under each of their headings; one that is written in capitals now and then is one heading."""
    found: dict[str, list[Entry]] = defaultdict(list)
    written: dict[str, str] = {}
    for one in latest:
        for heading in dict.fromkeys(headings(one)):
            found[written.setdefault(heading.casefold(), heading)].append(one)
    taken: set[str] = set()
    for heading in sorted(found, key=order):
        anchor = _free(anchor_of(heading), taken)
        taken.add(anchor)
        yield Group(anchor=anchor, heading=heading, entries=tuple(found[heading]))


def _free(anchor: str, taken: set[str]) -> str:
    """The anchor, with a number behind it if others have it already."""
    number = 2
    free = f"g-{anchor}"
    while free in taken:
        free, number = f"g-{anchor}-{number}", number + 1
    return free


def _seen_from(path: str, base: str) -> str:
    """The relative address of a path of the site, on the page `base`."""
    return quote(posixpath.relpath(path, posixpath.dirname(base) or "."))


def _chats(count: int) -> str:
    return counted(count, ngettext("{count} chat", "{count} chats", count))


def _posts(count: int) -> str:
    return counted(count, ngettext("{count} post", "{count} posts", count))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _local(row: SeriesRow) -> datetime:
    return row.starts.astimezone(ZoneInfo(row.timezone))


_FILTERS: Mapping[str, Callable[..., str]] = {
    "seen_from": _seen_from,
    "chats": _chats,
    "posts": _posts,
    "participants": counted_participants,
    "utc": _utc,
    "date": lambda row: short_date(_local(row)),
    "month": lambda row: short_month(_local(row)),
}
_ENVIRONMENT.filters.update(_FILTERS)
