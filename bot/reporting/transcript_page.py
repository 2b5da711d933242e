"""The content of the transcript's page, ready for its template.

Texts of participants are either plain strings, which the template escapes, or Markup in which they are escaped already.
Entries are made one by one while the page is written, because a chat may have very many. They are kept only where a
second page is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from bot.messages import Value
from bot.ports.views import MessageView
from bot.privacy_notice import publishing_rule
from bot.readable.links import web_url
from bot.reporting.contents import Contents
from bot.reporting.conversation import Item, ident, late_title
from bot.reporting.event_fold import Key
from bot.reporting.figure_tables import answer_rules, figures, place_table, question_tables, what_it_was
from bot.reporting.formatting import (
    LocalTimes,
    display_name,
    gap_note,
    named,
    on_place,
    section_label,
)
from bot.reporting.numbers import count_reposts
from bot.reporting.page_text import anchor, clean, utc_text, with_links
from bot.reporting.rankings import rankings_of
from bot.reporting.record import RecordedGap
from bot.reporting.shared_links import SharedLink
from bot.reporting.summary import summary_html
from bot.translation import ngettext

FOLDED = 3
"""Threads with fewer replies are open: folding one away would save nothing."""

_NAMED = 3
"""People that the line of a folded thread names."""


class Entry(Value, frozen=True, kw_only=True):
    """One message as it is shown. `also` are the other questions it stands under, each with its anchor there."""

    anchor: str
    name: str
    handle: str
    at: str
    utc: str
    place: str
    url: str | None
    to: str
    to_anchor: str
    edited: bool
    highlighted: bool
    also: tuple[tuple[str, str], ...]
    text: Markup


class ThreadEntry(Value, frozen=True, kw_only=True):
    """A thread: its first entry and its replies, which are folded unless it is `open`. Or just a `note`."""

    note: str = ""
    first: Entry | None = None
    replies: tuple[Entry, ...] = ()
    about: str = ""
    open: bool = False


class Section(Value, frozen=True, kw_only=True):
    """A section of the conversation, for its heading and the list of sections. `late` says what late answers follow."""

    anchor: str
    key: str
    title: str
    at: str
    posts: int
    people: int
    late: str
    alt: str = ""
    picture: str = ""


class Share(Value, frozen=True, kw_only=True):
    """A person who shared a link, and the message."""

    name: str
    question: str
    anchor: str


class TranscriptPage:
    """The page of one record. `pictures` are those of questions, as addresses.

    With `keeps`, threads are kept for the next who asks: half the time for a second page, about 1 KB a post.
    """

    def __init__(self, contents: Contents, pictures: Mapping[str, str], *, keeps: bool = False) -> None:
        self._record = record = contents.record
        numbers = contents.numbers
        self._times = LocalTimes(record)
        self._parts, self._parents = contents.parts, contents.parents
        self._messages: Mapping[Key, MessageView] = {ident(one): one for one in record.messages}
        self._highlighted = frozenset(record.highlights)
        self._pictures = pictures
        self._kept: dict[tuple[str, bool], list[ThreadEntry]] | None = {} if keeps else None
        self.has_pictures, self.has_highlights = bool(pictures), bool(record.highlights)
        self.chat = record.chat
        self.publishing_rule = publishing_rule(record.chat)
        self.link = web_url(record.chat.link)
        self.span = self._times.span()
        self.day = self._times.day()
        self.starts = utc_text(record.chat.starts)
        self.what_it_was = what_it_was(numbers)
        self.summary = summary_html(record.summary) if record.summary else Markup()
        self.figures = figures(record, numbers)
        self.places = place_table(record, numbers)
        self.questions = question_tables(record, numbers)
        self.answer_rules = answer_rules()
        self.reposted = count_reposts(record)
        self.rankings = rankings_of(record)
        self.chart, self.exchanges, self.links = contents.chart, contents.exchanges, contents.links
        self.sections = list(self._sections())

    def threads(self, anchor: str) -> Iterator[ThreadEntry]:
        """The threads of one section that are in time, in order of time."""
        return self._threads(self._parts[anchor].in_time, anchor, late=False)

    def late_threads(self, anchor: str) -> Iterator[ThreadEntry]:
        """The late threads of one section."""
        return self._threads(self._parts[anchor].late, anchor, late=True)

    def highlights(self) -> Iterator[tuple[Entry, str]]:
        """The highlights, each with the label of its question."""
        for one in (self._messages[key] for key in self._record.highlights if key in self._messages):
            yield self._entry(one, one.question), section_label(one.question)

    def shares(self, link: SharedLink) -> Iterator[Share]:
        """A person who shared a link, and the message."""
        for one in link.messages:
            yield Share(
                name=clean(display_name(one.author)), question=section_label(one.question), anchor=anchor(*ident(one))
            )

    def time(self, at: datetime) -> str:
        """A time in the chat's zone."""
        return self._times.time(at)

    def _sections(self) -> Iterator[Section]:
        asked = {key: self._times.time(at) for at, key in self._record.asked}
        questions = {one.key: one for one in self.chat.questions}
        for key, part in self._parts.items():
            question = questions.get(key)
            if question or part.messages or part.in_time:
                yield Section(
                    anchor=key,
                    key=key.upper() if question else "",
                    title=question.text if question else section_label(key),
                    at=asked.get(key, ""),
                    posts=len(part.messages),
                    people=len({(one.place, one.author.id) for one in part.messages}),
                    late=late_title(self._record, key) if part.late else "",
                    alt=question.image.alt if question and question.image else "",
                    picture=self._pictures.get(key, ""),
                )

    def _threads(self, items: Sequence[Item], section: str, *, late: bool) -> Iterator[ThreadEntry]:
        if self._kept is None:
            return (self._thread(one, section) for one in items)
        if (section, late) not in self._kept:
            self._kept[section, late] = [self._thread(one, section) for one in items]
        return iter(self._kept[section, late])

    def _thread(self, one: Item, section: str) -> ThreadEntry:
        if isinstance(one, RecordedGap):
            return ThreadEntry(note=gap_note(one.place, self._times.time(one.since), self._times.time(one.until)))
        replies = tuple(self._entry(each, section, below=ident(one.message)) for each in one.replies)
        return ThreadEntry(
            first=self._entry(one.message, section),
            replies=replies,
            about=_about(one.replies) if replies else "",
            open=len(replies) < FOLDED,
        )

    def _entry(self, one: MessageView, section: str, *, below: Key | None = None) -> Entry:
        """The entry of a message in a section. `below` begins the thread that it is in."""
        key, name, own = ident(one), display_name(one.author), anchor(one.place, one.id)
        to = self._parents.get(key)
        above = self._messages[to] if to is not None and to != below else None
        return Entry(
            anchor=_under(one, section, own),
            name=clean(name),
            handle=clean(one.author.handle) if one.author.handle != name else "",
            at=self._times.time(one.at),
            utc=utc_text(one.at),
            place=on_place(one.place),
            url=one.url,
            to=clean(display_name(above.author)) if above else "",
            to_anchor=anchor(*ident(above)) if above else "",
            edited=one.edited is not None,
            highlighted=key in self._highlighted,
            also=tuple((other.upper(), _under(one, other, own)) for other in one.questions if other != section),
            text=with_links(clean(one.text)),
        )


def _about(replies: Sequence[MessageView]) -> str:
    """`4 replies, by Kate, Sam and 2 others`."""
    names = {(one.place, one.author.id): _isolated(clean(display_name(one.author))) for one in replies}
    said = ngettext("{count} reply, by {names}", "{count} replies, by {names}", len(replies))
    return said.format(count=len(replies), names=named(list(names.values()), _NAMED))


def _isolated(name: str) -> str:
    """A name that leaves the order of the words around it alone, whatever its direction."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def _under(one: MessageView, section: str, own: str) -> str:
    """The anchor of a message below a question. Its `own`, the permanent one, leads to the first of several."""
    return own if section == one.question else f"also-{section}-{own}"
