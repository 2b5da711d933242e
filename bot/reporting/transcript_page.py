"""What the transcript's page shows, ready for its template.

Texts of participants come out of here either untouched, for the template to escape, or as Markup that has nothing of
theirs unescaped. Messages are made one by one as the page is written, because a chat may have very many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from markupsafe import Markup, escape

from bot.live.attribution import AFTER, BEFORE
from bot.messages import Value
from bot.ports.views import MessageView
from bot.reporting import charts
from bot.reporting.event_fold import Key
from bot.reporting.formatting import Hours, called, figures, label, short, silence, where
from bot.reporting.links import split, web
from bot.reporting.numbers import Numbers, reposted
from bot.reporting.rankings import listings
from bot.reporting.record import Record, Silence
from bot.reporting.transcript import sections, stream

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PLAIN = re.compile(r"[^A-Za-z0-9-]")
_LINK = Markup('<a href="{0}" rel="nofollow noopener">{0}</a>')


class Entry(Value, frozen=True, kw_only=True):
    """One line of the conversation: a message, or a note where `note` is set."""

    note: str = ""
    anchor: str = ""
    name: str = ""
    handle: str = ""
    at: str = ""
    instant: str = ""
    where: str = ""
    url: str | None = None
    to: str = ""
    to_anchor: str = ""
    edited: bool = False
    text: Markup = Markup()


class Part(Value, frozen=True, kw_only=True):
    """A part of the conversation, as its heading and the jump list know it."""

    anchor: str
    key: str
    title: str
    at: str
    posts: int
    people: int


class View:
    """The page of one record."""

    def __init__(self, record: Record, numbers: Numbers) -> None:
        self._record = record
        self._hours = Hours(record)
        self._said = sections(record)
        self._names: Mapping[Key, str] = {(one.place, one.id): clean(called(one.author)) for one in record.messages}
        self.numbers = numbers
        self.chat = record.chat
        self.link = web(record.chat.link)
        self.span = self._hours.span()
        self.day = self._hours.day()
        self.starts = instant(record.chat.starts)
        self.figures = figures(numbers)
        self.reposted = reposted(record)
        self.listings = listings(record)
        self.picture = charts.picture(record)
        self.parts = list(self._parts())

    def entries(self, anchor: str) -> Iterator[Entry]:
        """The conversation of one part, in order of time."""
        gaps = (gap for gap in self._record.gaps if gap.question == anchor)
        for one in stream(self._said[anchor], gaps):
            yield self._entry(one) if isinstance(one, MessageView) else self._note(one)

    def clock(self, at: datetime) -> str:
        """A time of day in the chat's zone."""
        return self._hours.say(at)

    def _parts(self) -> Iterator[Part]:
        asked = {key: self._hours.say(at) for at, key in self._record.asked}
        titles = {BEFORE: "Before the first question", AFTER: "After the end"}
        titles |= {one.key: one.text for one in self.chat.questions}
        quiet = {gap.question for gap in self._record.gaps}
        for key, messages in self._said.items():
            if messages or key in quiet or key not in (BEFORE, AFTER):
                people = {(one.place, one.author.id) for one in messages}
                yield Part(
                    anchor=key,
                    key="" if key in (BEFORE, AFTER) else key.upper(),
                    title=titles[key],
                    at=asked.get(key, ""),
                    posts=len(messages),
                    people=len(people),
                )

    def _entry(self, one: MessageView) -> Entry:
        to = (one.reply_place or one.place, one.reply_to or "")
        name = called(one.author)
        return Entry(
            anchor=anchor(one.place, one.id),
            name=clean(name),
            handle=clean(one.author.handle) if one.author.handle != name else "",
            at=self._hours.say(one.at),
            instant=instant(one.at),
            where=where(one.place),
            url=one.url,
            to=self._names.get(to, ""),
            to_anchor=anchor(*to) if to in self._names else "",
            edited=one.edited is not None,
            text=linked(clean(one.text)),
        )

    def _note(self, gap: Silence) -> Entry:
        return Entry(note=silence(gap.place, self._hours.say(gap.since), self._hours.say(gap.until)))


def anchor(place: str, id: str) -> str:
    """Where a message stands on the page, for ever: `m-x-1`. No two messages share one."""
    return f"m-{_PLAIN.sub(_coded, place).replace('-', '_2d_')}-{_PLAIN.sub(_coded, id)}"


def clean(text: str) -> str:
    """Without the control characters that a page may not have."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def instant(at: datetime) -> str:
    """For machines: `2020-10-13T19:12:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def linked(text: str) -> Markup:
    """A text, escaped, with its web addresses as links."""
    if "://" not in text:
        return escape(text)
    return Markup().join(_LINK.format(piece) if link else piece for piece, link in split(text))


def _coded(found: re.Match[str]) -> str:
    return f"_{ord(found[0]):x}_"


FILTERS = {"label": label, "where": where, "short": short, "instant": instant}
"""What the template may say."""
