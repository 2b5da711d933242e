"""Entries of a site's lists: what they show of each chat, and where its pages are. Values only.

An entry has no participant's words, ids or names: hosts are public. It is kept in the site's own folder, so that one
more chat does not need the others read again.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from bot.local_dates import spoken_date
from bot.messages import Time, Value
from bot.readable.links import web_url
from bot.reporting.numbers import Numbers
from bot.reporting.record import Record
from bot.reporting.series import SeriesRow, series_of

SHEET = ".cpd.html"
"""Ends the name of a chat's CPD sheet."""

LIST = "index"
"""The name of the page that lists what is in its folder."""


class ListedQuestion(Value, frozen=True, kw_only=True):
    """A question as it was asked. `key` is also its anchor on the chat's page."""

    key: str
    text: str


class Entry(Value, frozen=True, kw_only=True):
    """One published chat. `updated` is when its page last changed; `language` that of the chat, empty for the usual."""

    name: str
    title: str
    hashtag: str
    starts: Time
    ends: Time
    timezone: str
    hosts: tuple[str, ...]
    link: str | None
    questions: tuple[ListedQuestion, ...]
    posts: int
    participants: int
    first_timers: int | None
    updated: Time
    language: str = ""

    @property
    def series(self) -> str:
        """The chat's series."""
        return series_of(self.name)

    @property
    def page(self) -> str:
        """The path of its page below the site."""
        return f"{path_of(self.name)}.html"

    @property
    def sheet(self) -> str:
        """The path of its CPD sheet."""
        return f"{path_of(self.name)}{SHEET}"

    @property
    def local(self) -> datetime:
        """Its start on the clock of its participants."""
        return self.starts.astimezone(ZoneInfo(self.timezone))

    @property
    def day(self) -> str:
        """`Tuesday 13 October 2020`."""
        return spoken_date(self.local)

    @property
    def row(self) -> SeriesRow:
        """The entry as a row of its series."""
        return SeriesRow(
            name=self.name,
            title=self.title,
            starts=self.starts,
            timezone=self.timezone,
            posts=self.posts,
            participants=self.participants,
            first_timers=self.first_timers,
        )


def entry_of(record: Record, numbers: Numbers, updated: datetime) -> Entry:
    """The entry of a chat."""
    chat = record.chat
    return Entry(
        name=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        starts=chat.starts,
        ends=record.ends,
        timezone=chat.timezone,
        hosts=tuple(one.name for one in chat.hosts),
        link=web_url(chat.link),
        questions=tuple(ListedQuestion(key=one.key, text=one.text) for one in chat.questions),
        posts=numbers.posts,
        participants=numbers.participants,
        first_timers=None if isinstance(numbers.first_timers, msgspec.UnsetType) else numbers.first_timers,
        updated=updated,
        language=chat.language,
    )


def path_of(name: str) -> str:
    """The path of a chat's files below the site, without an ending. One is not called like its series' own page."""
    return f"{name}-chat" if name.rpartition("/")[2].casefold() == LIST else name


def address(path: str, base: str) -> str:
    """The address of a file of the site below `base`, which ends without a slash."""
    return f"{base}/{quote(path)}"


def anchor_of(text: str) -> str:
    """A text as an anchor of a page: `sam-pywell` for `Sam Pywell`."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(one if one.isalnum() else " " for one in plain).split()
    return "-".join(words) or "other"
