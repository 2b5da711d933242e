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
from bot.messages import Time, Value

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

HCPC = (
    "A record of what I did: How did I take part, or read along, and for how long?",
    "A mixture of learning: What did I learn, and how does it bear on my present or future practice?",
    "The quality of my practice and service: What do I do differently now, or will I do, and by when?",
    "The benefit to those who use my service: How do they gain from that, and how will I know?",
    "My profile and its evidence: What shows all this if I am asked for it, in my own words and with nobody named?",
)
"""Prompts under the HCPC's five standards for continuing professional development. They are put in our words."""

_PRIVATE = "Fill it in for yourself: nobody is sent what you write. Name no patient and no client."

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
        """What the chat was, as labels and values. The link is apart."""
        zone = ZoneInfo(self.timezone)
        starts, ends = self.starts.astimezone(zone), self.ends.astimezone(zone)
        day = f"{starts:%A} {starts.day} {starts:%B %Y}"
        found = {
            "Date": f"{day}, {clock_time(starts)} to {clock_time(ends)} ({self.timezone})",
            "Length": f"{round((self.ends - self.starts).total_seconds() / 60)} minutes",
            "Hosted by": ", ".join(self.hosts),
            "Hashtag": self.hashtag,
        }
        return tuple((label, printable(value)) for label, value in found.items() if value)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts that the chat names, else those of the HCPC."""
        return tuple(map(_prompt, self.reflection or HCPC))

    def time(self, at: Time) -> str:
        """A time of day in the chat's zone."""
        return clock_time(at.astimezone(ZoneInfo(self.timezone)))


def _prompt(text: str) -> Prompt:
    heading, _, rest = " ".join(text.split()).partition(": ")
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
    about.title, about.author, about.comments, about.language = f"CPD sheet: {title}", "", "", "en-GB"
    about.created = about.modified = sheet.ends.replace(tzinfo=None)
    document.add_heading(title, 0)
    document.add_paragraph(f"A sheet for your own record of professional development. {_PRIVATE}")
    _facts(document, sheet)
    _list(document, "The questions", sheet.questions)
    said = (f"{one.question or 'Besides'}, {sheet.time(one.at)}: {one.text}" for one in sheet.contributions)
    _list(document, f"What {sheet.name} wrote" if sheet.name else "What I wrote", said)
    document.add_heading("Reflection", 1)
    for prompt in sheet.prompts:
        document.add_heading(prompt.heading, 2)
        if prompt.text:
            document.add_paragraph(prompt.text).paragraph_format.keep_with_next = True
        _room_to_write(document.add_table(1, 1, style="Table Grid").cell(0, 0))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _facts(document: Document, sheet: Sheet) -> None:
    for label, value in (*sheet.facts, ("Read about it", printable(sheet.link))):
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
    for _ in range(4):
        cell.add_paragraph()
