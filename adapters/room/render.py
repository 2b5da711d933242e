"""Templates and the words they share: times on the chat's own clock, anchors, marks. It reads nothing from the ports.

Everything is escaped by the templates; nothing here builds HTML by hand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2

from adapters.room import input_rules
from adapters.room.page_model import PageModel, Section
from adapters.room.sessions import Sessions
from bot.ports.views import ChatView, MessageView, PostView

HERE = Path(__file__).parent


class Renderer:
    """The room's templates, bound to the place they speak for."""

    def __init__(self, place: str, people: Sessions) -> None:
        self._place, self._people = place, people
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            clock=clock, day=day, iso=iso, zone=zone, paragraphs=input_rules.paragraphs, anchor=anchor, label=label,
            heading=heading, rest=rest, badge=self._badge, mark=self._mark, web=web, short=short,
            marked=marked, ticked=ticked, dollars=dollars, leads=self._leads,
        )  # fmt: skip
        self._templates.globals.update(css=_static("room.css"), js=_static("room.js"))
        self._templates.globals.update(host_css=_static("host.css"), host_js=_static("host.js"))

    def page(self, template: str, **context: object) -> str:
        """A whole page or a part of one."""
        return self._templates.get_template(template).render(context)

    def message(self, talk: PageModel, message: MessageView) -> str:
        """One message by itself, with nothing in it for one reader only."""
        module = self._templates.get_template("message.html").make_module()
        return str(module.message(message, talk))  # type: ignore[attr-defined]

    def _badge(self, message: MessageView) -> str:
        """The other place this was said on, as people call it; empty for our own."""
        return "" if message.place == self._place else message.place[:1].upper() + message.place[1:]

    def _leads(self, message: MessageView) -> bool:
        """Whether this was said by somebody who came by a private link."""
        return message.place == self._place and message.author.id.startswith("link-")

    def _mark(self, message: MessageView) -> str:
        """What lets a reader's own page know their messages; empty where nobody can change it here."""
        return self._people.mark(message.author.id) if message.place == self._place else ""


def clock(at: datetime, chat_view: ChatView) -> str:
    """The time on the chat's clock: 20:05."""
    return at.astimezone(ZoneInfo(chat_view.timezone)).strftime("%H:%M")


def day(at: datetime, chat_view: ChatView) -> str:
    """The date on the chat's calendar: Tuesday 13 October 2020."""
    local = at.astimezone(ZoneInfo(chat_view.timezone))
    return f"{local:%A} {local.day} {local:%B %Y}"


def zone(chat_view: ChatView) -> str:
    """The chat's zone as people say it, with its initials at the start: London time (BST)."""
    city = chat_view.timezone.rpartition("/")[2].replace("_", " ")
    initials = chat_view.starts.astimezone(ZoneInfo(chat_view.timezone)).tzname() or ""
    return f"{city} time ({initials})" if initials.isalpha() and initials != city else f"{city} time"


def iso(at: datetime) -> str:
    """For machines and links: 2020-10-13T19:12:00Z."""
    return at.astimezone(ZoneInfo("UTC")).isoformat().replace("+00:00", "Z")


def anchor(one: PostView | MessageView) -> str:
    """Where on the page it stands, fit for an id."""
    if isinstance(one, PostView):
        return "p-" + _fit(one.id or one.key)
    return f"m-{_fit(one.place)}-{_fit(one.id)}"


def label(key: str) -> str:
    """A section's short name: Q3, Before, After."""
    return key.upper() if key.startswith("q") else key.capitalize()


def heading(section: Section) -> str:
    """A section's heading: the question's first line, numbered."""
    if section.asked:
        first = section.asked.text.strip().partition("\n")[0]
        return first if first.upper().startswith(section.key.upper()) else f"{section.key.upper()}. {first}"
    known = {"before": "Before the first question", "after": "After the end"}
    return known.get(section.key, f"Question {section.key.removeprefix('q')}")


def rest(section: Section) -> str:
    """What the question's post says after its first line."""
    return section.asked.text.strip().partition("\n")[2] if section.asked else ""


def web(url: str | None) -> str:
    """The address if it is one a browser may safely be sent to, else nothing."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else ""


def short(text: str, length: int = 90) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces, and whether each lies in one of the spans. Spans may overlap, or lie outside."""
    inside = {spot for start, end in spans for spot in range(max(0, start), min(end, len(text)))}
    pieces = groupby(range(len(text)), key=inside.__contains__)
    return [("".join(text[spot] for spot in spots), mark) for mark, spots in pieces]


def ticked(text: str) -> list[tuple[str, bool]]:
    """A line in pieces, and whether each stood between two backticks: commands are quoted so."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [(text, False)]
    return [(piece, spot % 2 == 1) for spot, piece in enumerate(pieces) if piece]


def dollars(micros: int) -> str:
    """Millionths of a US dollar as people write it: $1.25."""
    return f"${micros / 1_000_000:.2f}"


def _fit(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", lambda one: f".{ord(one[0]):x}", text)


def _static(file: str) -> str:
    """A static file's address, which changes with what is in it, so that browsers may keep it."""
    return f"/.static/{file}?v={hashlib.sha256((HERE / 'static' / file).read_bytes()).hexdigest()[:12]}"
