"""Templates and their filters: times in the chat's time zone, anchors, headings, highlights. Nothing is read here.

The templates escape everything; no HTML is built by hand.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from adapters.room.community import NOBODY, colours_url, logo_url
from adapters.room.input_rules import paragraphs
from adapters.room.page_model import PageModel, Section
from adapters.room.section_cache import EVERYBODY, Macros, ReaderKind, SectionCache
from adapters.room.sessions import UNNAMED, Sessions
from bot.clock import clock_time
from bot.local_dates import city, elsewhere, spoken_date, zone_initials
from bot.ports.community import Community
from bot.ports.views import ChatView, MessageView, PostView, TextMark
from bot.template_translation import install
from bot.translation import _

STATIC = Path(__file__).parent / "static"
_QUOTATION = re.compile(r"""("[^"]+"|(?<!\w)'[^']+'(?!\w)|“[^”]+”|„[^“]+“)""")
_TEMPLATES = Path(__file__).parent / "templates"


class _Compiled(jinja2.BytecodeCache):
    """The compiled templates of this process: compiling them takes nearly all the time that it takes to make a room."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Give a template's code, if this source was compiled."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep a template's code."""
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Renderer:
    """The templates of one room. `place` is its name, and tells its own messages from those of other places."""

    def __init__(self, place: str, sessions: Sessions, community: Community = NOBODY) -> None:
        self._place, self._public_ids = place, sessions
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        install(self._templates)
        self._templates.filters.update(
            anchor=anchor, code_spans=code_spans, dollars=dollars, exact=exact, heading=heading,
            highlights=highlights, is_unnamed=is_unnamed, iso=iso, just_after=just_after, kind_name=kind_name,
            label=label, local_date=local_date, local_time=local_time, other_zones=other_zones, paragraphs=paragraphs,
            question_body=question_body, quotations=quotations, shorten=shorten, spoken_date=spoken_date,
            time_zone=time_zone, web_url=web_url, is_by_staff=self._is_by_staff, leader_ids=self._leader_ids,
            place_badge=self._place_badge, public_id=self._public_id,
        )  # fmt: skip
        scripts = tuple(_static_url(f"{name}.js") for name in ("room", "earlier", "drafts", "write", "line"))
        self._templates.globals.update(css=_static_url("room.css"), scripts=scripts, drafts=_static_url("drafts.js"))
        self._templates.globals.update(host_css=_static_url("host.css"), host_js=_static_url("host.js"))
        self._templates.globals.update(kept_js=_static_url("kept.js"))
        self._templates.globals.update(team_css=_static_url("team.css"), team_js=_static_url("team.js"))
        self._templates.globals.update(community=community, community_css=colours_url(community))
        self._templates.globals.update(community_logo=logo_url(community))
        sections, entries = self._macros("section.html"), self._macros("message.html")
        self._older_start, self._older_end = sections.older_start, sections.section_end
        self._sections = SectionCache(
            Macros(
                message=entries.message_entry,
                post=entries.bot_post,
                section_start=sections.section_start,
                section_end=sections.section_end,
                public_id=self._public_id,
            )
        )
        self._marker = secrets.token_hex(16)

    def _macros(self, template: str) -> Any:  # noqa: ANN401 -- the macros are its attributes
        return self._templates.get_template(template).module

    def page(self, template: str, **context: object) -> str:
        """A whole page or a part of one."""
        return self._templates.get_template(template).render(context)

    def conversation(
        self, template: str, page: PageModel, own_id: str = "", kind: ReaderKind = EVERYBODY, **context: object
    ) -> bytes:
        """A page with the conversation, for a reader with this public id. Its sections are not made anew each time."""
        html = self.page(template, page=page, own_id=own_id, sections=self._marker, **context)
        before, _, after = html.partition(self._marker)
        return b"".join((before.encode(), self._sections.conversation(page, own_id, kind), after.encode()))

    def message(self, message: MessageView, page: PageModel) -> str:
        """One message by itself, without anything for one reader only."""
        return self._sections.message(message, page)

    def older_answers(self, section: Section, page: PageModel) -> Markup:
        """A section of older messages, which the page itself doesn't show."""
        entries = [self._sections.message(one, page) for one in section.messages]
        html = "".join((self._older_start(section, page.chat_view), *entries, self._older_end(section)))
        return Markup(html)  # noqa: S704 -- made by templates, which escape

    def _place_badge(self, message: MessageView) -> str:
        """The name of the message's place; empty for messages of this room."""
        return "" if message.place == self._place else message.place[:1].upper() + message.place[1:]

    def _is_by_staff(self, message: MessageView) -> bool:
        """Whether the author posted by a private link."""
        return message.place == self._place and message.author.id.startswith("link-")

    def _leader_ids(self, chat_view: ChatView) -> str:
        """The public ids of those who were handed the lead, by which their own pages know it."""
        ids = (id for place, id in chat_view.leaders if place == self._place)
        return " ".join(self._public_ids.public_id(id, chat_view.chat) for id in ids)

    def _public_id(self, message: MessageView, chat: str) -> str:
        """The public id by which the author's page knows its own messages; empty for those of other places."""
        return self._public_ids.public_id(message.author.id, chat) if message.place == self._place else ""


def is_unnamed(message: MessageView) -> bool:
    """Whether the author wanted no name beside it."""
    return message.author.id.startswith(UNNAMED.id)


def local_time(at: datetime, chat_view: ChatView) -> str:
    """The time in the chat's zone: 20:05, or 01:05 GMT in the hour that comes twice."""
    return clock_time(at.astimezone(ZoneInfo(chat_view.timezone)))


def local_date(at: datetime, chat_view: ChatView) -> str:
    """The date in the chat's zone: Tuesday 13 October 2020."""
    return spoken_date(at.astimezone(ZoneInfo(chat_view.timezone)))


def time_zone(chat_view: ChatView) -> str:
    """The chat's zone in words, with its initials when the chat starts: London time (BST)."""
    there = city(chat_view.timezone)
    said = _("{city} time").format(city=there)
    initials = zone_initials(chat_view.starts.astimezone(ZoneInfo(chat_view.timezone)))
    return f"{said} ({initials})" if initials.isalpha() and initials != there else said


def other_zones(chat_view: ChatView) -> str:
    """The start in the other zones that are to be named: 21:00 Berlin, 15:00 New York."""
    return elsewhere(chat_view.starts, chat_view.timezone, chat_view.zones)


def iso(at: datetime) -> str:
    """ISO 8601 in UTC for `datetime`, which takes three digits of a second at most: 2020-10-13T19:12:00.250Z."""
    timespec = "milliseconds" if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def exact(at: datetime) -> str:
    """The same to the microsecond, for links: 2020-10-13T19:12:00.250001Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def just_after(at: datetime) -> str:
    """The next instant, for links to what was said up to then."""
    return exact(at + timedelta(microseconds=1))


def anchor(entry: PostView | MessageView) -> str:
    """The HTML id of a post or message."""
    if isinstance(entry, PostView):
        return "p-" + _html_id(entry.id or entry.key)
    again = f"-{entry.question}" if entry.again else ""
    return f"m-{_html_id(entry.place)}-{_html_id(entry.id)}{again}"


def kind_name(kind: str) -> str:
    """The name of a planned post that is no question."""
    names = {
        "reminder": _("Reminder"),
        "welcome": _("Welcome"),
        "rules": _("Rules"),
        "notice": _("Notice"),
        "closing": _("Closing"),
    }
    return names.get(kind) or kind.replace("_", " ").capitalize()


def label(key: str) -> str:
    """A section's short name: Q3, Before, After."""
    named = {"before": _("Before"), "after": _("After")}
    return key.upper() if key.startswith("q") else named.get(key, key.capitalize())


def heading(section: Section) -> str:
    """A section's heading: the first line of its question, numbered."""
    if section.question:
        first = section.question.text.strip().partition("\n")[0]
        return first if first.upper().startswith(section.key.upper()) else f"{section.key.upper()}. {first}"
    known = {"before": _("Before the first question"), "after": _("After the end")}
    return known.get(section.key) or _("Question {number}").format(number=section.key.removeprefix("q"))


def question_body(section: Section) -> str:
    """The question's text after its first line."""
    return section.question.text.strip().partition("\n")[2] if section.question else ""


def web_url(url: str | None) -> str:
    """The URL if it is http or https, else empty: a `javascript:` link must not get into a page."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else ""


def shorten(text: str, length: int = 90) -> str:
    """The beginning of a text on one line, at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def highlights(text: str, marks: Iterable[TextMark]) -> list[tuple[str, str]]:
    """A text in pieces, and what each looks like; empty outside of the marks. Marks may overlap, or lie outside."""
    seen: dict[int, list[str]] = {}
    for one in marks:
        for index in range(max(0, one.start), min(one.end, len(text))):
            seen.setdefault(index, []).append(one.what)
    pieces = groupby(range(len(text)), key=lambda index: ", ".join(dict.fromkeys(seen.get(index, ()))))
    return [("".join(text[index] for index in indexes), what) for what, indexes in pieces]


def quotations(text: str) -> list[tuple[str, bool]]:
    """A message in pieces, and whether each stands in quotation marks, which it has with it."""
    return [(piece, bool(index % 2)) for index, piece in enumerate(_QUOTATION.split(text)) if piece]


def code_spans(text: str) -> list[tuple[str, bool]]:
    """A line in pieces, and whether each stood between two backticks: answers quote commands so."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [(text, False)]
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]


def dollars(micros: int) -> str:
    """Millionths of a US dollar as an amount: $1.25."""
    return f"${micros / 1_000_000:.2f}"


def _html_id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", lambda char: f".{ord(char[0]):x}", text)


def _static_url(file: str) -> str:
    """The URL of a static file, with a hash of its content, so that browsers may cache it."""
    return f"/.static/{file}?v={hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:12]}"
