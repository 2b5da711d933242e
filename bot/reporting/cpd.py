"""The CPD sheet from a chat's record, as a page to fill in and print, or in Word. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.cpd import Contribution, Sheet, printable, question_label, word_document
from bot.errors import SetupError
from bot.messages import Author, Value
from bot.ports.views import MessageView
from bot.readable.links import web_url
from bot.reporting.formatting import display_name
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.page_templates import TEMPLATES
from bot.reporting.page_text import utc_text
from bot.reporting.record import Record

_MOST = 20_000
"""Messages of a chat up to which everybody's are on the page."""

SUFFIXES = (".html", ".docx")
"""The endings of a sheet's file: a page, or Word."""


class Writer(Value, frozen=True, kw_only=True):
    """A person with messages in a record, and what they wrote. `anchor` leads to it on a sheet's page."""

    anchor: str
    name: str
    place: str
    contributions: tuple[Contribution, ...]


def writers_of(record: Record) -> tuple[Writer, ...]:
    """The people of a record by name, so that a reader finds what they wrote on a page that asks nobody.

    Messages that were sent without a name are nobody's. Of a chat of very many messages there are none.
    """
    found: dict[tuple[str, str], list[MessageView]] = {}
    for one in record.messages if len(record.messages) <= _MOST else ():
        if (one.place, one.id) not in record.unnamed:
            found.setdefault((one.place, one.author.id), []).append(one)
    ordered = sorted(found.values(), key=lambda said: (display_name(said[-1].author).casefold(), said[0].place))
    return tuple(
        Writer(
            anchor=f"w{number}",
            name=display_name(said[-1].author),
            place=said[0].place,
            contributions=tuple(map(_contribution, said)),
        )
        for number, said in enumerate(ordered, 1)
    )


def sheet_of(record: Record, name: str = "") -> Sheet:
    """The sheet of a chat, with what the person of this name or handle wrote.

    Raises SetupError if nobody of this name has a message in the record, as those who were left out, or if several
    have it on one place.
    """
    chat, wanted = record.chat, name.strip()
    own = [one for one in record.messages if wanted and _is_called(one.author, wanted)]
    _check_one_person(wanted, {(one.place, one.author.id): one.author for one in own})
    return Sheet(
        title=chat.title,
        hashtag=chat.hashtag,
        starts=chat.starts,
        ends=record.ends,
        timezone=chat.timezone,
        hosts=tuple(host.name for host in chat.hosts),
        link=web_url(chat.link) or "",
        questions=tuple(f"{one.key.upper()}. {one.text}" for one in chat.questions),
        reflection=chat.reflection,
        name=display_name(own[0].author) if own else "",
        contributions=tuple(map(_contribution, own)),
    )


def _contribution(one: MessageView) -> Contribution:
    return Contribution(at=one.at.replace(microsecond=0), question=question_label(one.question), text=one.text)


def write_sheet(sheet: Sheet, path: Path, imprint: Imprint = PLAIN) -> None:
    """Write a sheet, in the format that the file's ending says. Raises SetupError if it can't be written."""
    if path.suffix.lower() not in SUFFIXES:
        raise SetupError(f"{path} has to end in .html, or in .docx for Word.")
    data = word_document(sheet) if path.suffix.lower() == ".docx" else sheet_page(sheet, imprint).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}. Give another file with --out.") from error


def sheet_page(sheet: Sheet, imprint: Imprint = PLAIN, writers: Sequence[Writer] = ()) -> str:
    """The sheet as a self-contained HTML page.

    A reader chooses one of the `writers` by a link on the page, with or without scripts: only what that one wrote is
    then shown, and printed, and nobody is told who it is.
    """
    page = TEMPLATES.get_template("cpd.html")
    return page.render(sheet=sheet, imprint=imprint, writers=writers, printable=printable, utc=utc_text)


def _is_called(author: Author, name: str) -> bool:
    names = {author.handle, author.handle.removeprefix("@"), display_name(author)} - {""}
    return name.casefold() in {one.strip().casefold() for one in names}


def _check_one_person(name: str, people: dict[tuple[str, str], Author]) -> None:
    if name and not people:
        raise SetupError(
            f"Nobody called '{name}' has a message in this chat's record. Give the name as it stands there."
        )
    places = [place for place, _ in people]
    if len(places) > len(set(places)):
        handles = ", ".join(sorted(one.handle or one.id for one in people.values()))
        raise SetupError(f"Several people are called '{name}': {handles}. Give one's handle.")
