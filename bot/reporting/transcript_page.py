"""The content of the transcript's page, ready for its template.

Texts of participants are either plain strings, which the template escapes, or Markup in which they are escaped already.
Entries are made one by one while the page is written, because a chat may have very many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting.charts import chart_of
from bot.reporting.event_fold import Key
from bot.reporting.figure_tables import answer_rules, figures, place_table, question_tables
from bot.reporting.formatting import LocalTimes, display_name, gap_note, on_place, short_number
from bot.reporting.links import split_links, web_url
from bot.reporting.numbers import Numbers, count_reposts
from bot.reporting.rankings import rankings_of
from bot.reporting.record import Record, RecordedGap
from bot.reporting.transcript import merge_gaps, sections

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")
_LINK = Markup('<a href="{0}" rel="nofollow noopener">{0}</a>')


class Entry(Value, frozen=True, kw_only=True):
    """One entry of the conversation: a message, or just a `note`."""

    note: str = ""
    anchor: str = ""
    name: str = ""
    handle: str = ""
    at: str = ""
    utc: str = ""
    place: str = ""
    url: str | None = None
    to: str = ""
    to_anchor: str = ""
    edited: bool = False
    text: Markup = Markup()


class Section(Value, frozen=True, kw_only=True):
    """A section of the conversation, for its heading and the list of sections."""

    anchor: str
    key: str
    title: str
    at: str
    posts: int
    people: int


class TranscriptPage:
    """The page of one record."""

    def __init__(self, record: Record, numbers: Numbers) -> None:
        self._record = record
        self._times = LocalTimes(record)
        self._messages = sections(record)
        self._names: Mapping[Key, str] = {
            (one.place, one.id): clean(display_name(one.author)) for one in record.messages
        }
        self.chat = record.chat
        self.link = web_url(record.chat.link)
        self.span = self._times.span()
        self.day = self._times.day()
        self.starts = utc_text(record.chat.starts)
        self.figures = figures(record, numbers)
        self.places = place_table(record, numbers)
        self.questions = question_tables(record, numbers)
        self.answer_rules = answer_rules()
        self.reposted = count_reposts(record)
        self.rankings = rankings_of(record)
        self.chart = chart_of(record)
        self.sections = list(self._sections())

    def entries(self, anchor: str) -> Iterator[Entry]:
        """The entries of one section, in order of time."""
        gaps = (gap for gap in self._record.gaps if gap.question == anchor)
        for one in merge_gaps(self._messages[anchor], gaps):
            yield self._entry(one, anchor) if isinstance(one, MessageView) else self._note(one)

    def time(self, at: datetime) -> str:
        """A time in the chat's zone."""
        return self._times.time(at)

    def _sections(self) -> Iterator[Section]:
        asked = {key: self._times.time(at) for at, key in self._record.asked}
        titles = {BEFORE: "Before the first question", AFTER: "After the end"}
        titles |= {one.key: one.text for one in self.chat.questions}
        with_gaps = {gap.question for gap in self._record.gaps}
        for key, messages in self._messages.items():
            if messages or key in with_gaps or key not in (BEFORE, AFTER):
                people = {(one.place, one.author.id) for one in messages}
                yield Section(
                    anchor=key,
                    key="" if key in (BEFORE, AFTER) else key.upper(),
                    title=titles[key],
                    at=asked.get(key, ""),
                    posts=len(messages),
                    people=len(people),
                )

    def _entry(self, one: MessageView, section: str) -> Entry:
        """The entry of a message in a section. Its anchor leads to the first of several."""
        again = "" if section == one.question else f"also-{section}-"
        to = (one.reply_place or one.place, one.reply_to or "")
        name = display_name(one.author)
        return Entry(
            anchor=again + anchor(one.place, one.id),
            name=clean(name),
            handle=clean(one.author.handle) if one.author.handle != name else "",
            at=self._times.time(one.at),
            utc=utc_text(one.at),
            place=on_place(one.place),
            url=one.url,
            to=self._names.get(to, ""),
            to_anchor=anchor(*to) if to in self._names else "",
            edited=one.edited is not None,
            text=with_links(clean(one.text)),
        )

    def _note(self, gap: RecordedGap) -> Entry:
        return Entry(note=gap_note(gap.place, self._times.time(gap.since), self._times.time(gap.until)))


def anchor(place: str, id: str) -> str:
    """The permanent anchor of a message on the page, as in `m-x-1`. No two messages share one."""
    return f"m-{_of_place(place)}-{_UNSAFE.sub(_escaped, id)}"


@lru_cache(maxsize=256)
def _of_place(place: str) -> str:
    return _UNSAFE.sub(_escaped, place).replace("-", "_2d_")


def clean(text: str) -> str:
    """A text without control characters that HTML forbids."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def utc_text(at: datetime) -> str:
    """A time for machines: `2020-10-13T19:12:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def with_links(text: str) -> Markup:
    """A text, escaped, with links for its web addresses."""
    if "://" not in text:
        return escape(text)
    return Markup().join(_LINK.format(piece) if link else piece for piece, link in split_links(text))


def _escaped(found: re.Match[str]) -> str:
    return f"_{ord(found[0]):x}_"


FILTERS = {"on_place": on_place, "short_number": short_number}
"""The filters of the template."""
