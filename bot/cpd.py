"""The CPD sheet: what a chat was, one's own part in it, and prompts to reflect on it; and the sheet in Word. Pure.

Anybody fills it in for themselves, also people who only read. What they write in it never comes back here; nothing is
stored. Times are in UTC and shown in the chat's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.local_dates import spoken_date
from bot.messages import Time, Value
from bot.translation import _, html_language, ngettext, pending

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

HCPC = (
    pending("A record of what I did: How did I take part, or read along, and for how long?"),
    pending("A mixture of learning: What did I learn, and how does it bear on my present or future practice?"),
    pending("The quality of my practice and service: What do I do differently now, or will I do, and by when?"),
    pending("The benefit to those who use my service: How do they gain from that, and how will I know?"),
    pending(
        "My profile and its evidence: What shows all this if I am asked for it, in my own words and with nobody named?"
    ),
)
"""Prompts under the HCPC's five standards for continuing professional development. They are put in our words."""

_PRIVATE = pending("Fill it in for yourself: nobody is sent what you write. Name no patient and no client.")

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Prompt(Value, frozen=True, kw_only=True):
    """A prompt to reflect: a heading, and what to think of under it, or nothing more."""

    heading: str
    text: str = ""


class Contribution(Value, frozen=True, kw_only=True):
    """A message of the person whose sheet it is. `question` is as people see it: `Q1`, or empty."""

    at: Time
    question: str
    text: str


class Sheet(Value, frozen=True, kw_only=True):
    """A sheet for one chat. `questions` are numbered already. `name` and `contributions` are empty for a reader."""

    title: str
    hashtag: str
    starts: Time
    ends: Time
    timezone: str
    hosts: tuple[str, ...] = ()
    link: str = ""
    questions: tuple[str, ...] = ()
    reflection: tuple[str, ...] = ()
    name: str = ""
    contributions: tuple[Contribution, ...] = ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The facts of the chat, as labels and values, without the link."""
        zone = ZoneInfo(self.timezone)
        starts, ends = self.starts.astimezone(zone), self.ends.astimezone(zone)
        minutes = round((self.ends - self.starts).total_seconds() / 60)
        date = _("{day}, {starts} to {ends} ({zone})").format(
            day=spoken_date(starts), starts=clock_time(starts), ends=clock_time(ends), zone=self.timezone
        )
        found = {
            _("Date"): date,
            _("Length"): ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes),
            _("Hosted by"): ", ".join(self.hosts),
            _("Hashtag"): self.hashtag,
        }
        return tuple((label, printable(value)) for label, value in found.items() if value)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts that the chat names, else those of the HCPC."""
        return tuple(map(_prompt, self.reflection or map(_, HCPC)))

    def time(self, at: Time) -> str:
        """A time of day in the chat's zone."""
        return clock_time(at.astimezone(ZoneInfo(self.timezone)))


def _prompt(text: str) -> Prompt:
    heading, _colon, rest = " ".join(text.split()).partition(": ")
    return Prompt(heading=printable(heading), text=printable(rest))


def question_label(key: str) -> str:
    """`Q1` for `q1`; empty for what was said before the first question or after the end."""
    return key.upper() if re.fullmatch(r"q\d+", key) else ""


def printable(text: str) -> str:
    """A text without the control characters that neither HTML nor Word takes."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def word_document(sheet: Sheet) -> bytes:
    """The sheet as a Word document (.docx), with room to write under each prompt."""
    from docx import Document  # noqa: PLC0415 -- few need it

    document, title = Document(), printable(sheet.title)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = f"{_('CPD sheet')}: {title}", "", "", html_language()
    about.created = about.modified = sheet.ends.replace(tzinfo=None)
    document.add_heading(title, 0)
    document.add_paragraph(f"{_('A sheet for your own record of professional development.')} {_(_PRIVATE)}")
    _facts(document, sheet)
    _list(document, _("The questions"), sheet.questions)
    said = (f"{one.question or _('Besides')}, {sheet.time(one.at)}: {one.text}" for one in sheet.contributions)
    wrote = _("What {name} wrote").format(name=sheet.name) if sheet.name else _("What I wrote")
    _list(document, wrote, said)
    document.add_heading(_("Reflection"), 1)
    for prompt in sheet.prompts:
        document.add_heading(prompt.heading, 2)
        if prompt.text:
            document.add_paragraph(prompt.text).paragraph_format.keep_with_next = True
        _room_to_write(document.add_table(1, 1, style="Table Grid").cell(0, 0))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _facts(document: Document, sheet: Sheet) -> None:
    for label, value in (*sheet.facts, (_("Read about it"), printable(sheet.link))):
        if value:
            line = document.add_paragraph()
            line.add_run(f"{label}: ").bold = True
            line.add_run(value)


def _list(document: Document, heading: str, texts: Iterable[str]) -> None:
    found = [printable(one) for one in texts]
    if found:
        document.add_heading(printable(heading), 1)
    for one in found:
        document.add_paragraph(one, style="List Bullet")


def _room_to_write(cell: _Cell) -> None:
    """Make an empty cell some lines high."""
    for _line in range(4):
        cell.add_paragraph()
