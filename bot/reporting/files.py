"""The files that are written after a chat: page, Markdown, transcript, numbers, event log and the other formats.

The same events in any order give the same bytes, and all files are replaced together. Their content is decided
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from bot.chat import Chat
from bot.live.published_events import published_form
from bot.messages import AnyEvent, Message, Value, event_log
from bot.messages.keyed_ids import message_key_of, secret_of
from bot.reporting.attributions import find_attributions
from bot.reporting.contents import Contents, contents_of
from bot.reporting.digest import digest
from bot.reporting.event_fold import EventFold, Key, fold_events
from bot.reporting.file_set import WriteTo, write_files
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.markdown import markdown
from bot.reporting.numbers import Numbers
from bot.reporting.page_templates import TEMPLATES
from bot.reporting.pictures import question_pictures
from bot.reporting.question_spans import QuestionSpans
from bot.reporting.record import Decisions, Record, hidden_messages, record_from, silent_people
from bot.reporting.redaction import redact
from bot.reporting.spreadsheet import spreadsheet
from bot.reporting.transcript import build_transcript, encode_json
from bot.reporting.transcript_page import TranscriptPage
from bot.translation import speaking


class Report(NamedTuple):
    """All that is published of a chat, before it is written: the record, its figures, and a writer for each file."""

    record: Record
    figures: Numbers
    writers: Mapping[str, WriteTo]


class WrittenFiles(Value, frozen=True, kw_only=True):
    """The paths of the files, and the figures. `wordpress` is a page to paste there, `digest` a text for an e-mail."""

    html: Path
    markdown: Path
    transcript: Path
    numbers: Path
    events: Path
    spreadsheet: Path
    digest: Path
    wordpress: Path
    figures: Numbers


NAMES: Mapping[str, str] = {
    "html": "transcript.html",
    "markdown": "transcript.md",
    "transcript": "transcript.json",
    "numbers": "numbers.json",
    "events": "events.jsonl",
    "spreadsheet": "transcript.csv",
    "digest": "transcript.txt",
    "wordpress": "transcript.wp.html",
}
"""The name of each file, by the field of WrittenFiles that has its path."""


Prepare = Callable[[Chat, list[AnyEvent], Imprint, Collection[Key] | None], Report]
"""Makes what is published of a chat: as `prepare` with these."""


class PreparedChat:
    """A chat's record and figures, from its events. Nothing is rendered before a writer is called.

    People get new ids, and only what the chat's file allows is in it. `known` are the people, by such ids, who wrote in
    an earlier chat of the series; None if that is unknown.
    """

    def __init__(
        self, chat: Chat, events: Iterable[AnyEvent], decisions: Decisions, known: Collection[Key] | None
    ) -> None:
        published, self._fold = _folded(chat, events, decisions)
        self._keyed = message_key_of(secret_of([one for one in published if isinstance(one, Message)]))
        self._told = find_attributions(self._fold, QuestionSpans(chat, self._fold.posted.values()))
        with speaking(chat.language):
            self._contents = contents_of(record_from(self._fold, decisions, self._keyed, self._told), known)
        self._hidden = hidden_messages(self._fold, decisions)
        self._page = cache(partial(TranscriptPage, self._contents, question_pictures(chat), keeps=True))

    def report(self, imprint: Imprint) -> Report:
        """What is published with this imprint."""
        contents = self._contents
        writers: dict[str, WriteTo] = {
            **_pages(contents, self._page, imprint),
            NAMES["transcript"]: lambda file: file.write(encode_json(build_transcript(contents))),
            NAMES["numbers"]: lambda file: file.write(encode_json(contents.numbers)),
            NAMES["events"]: self._write_events,
        }
        return Report(contents.record, contents.numbers, writers)

    def _write_events(self, file: BinaryIO) -> None:
        event_log.write(redact(self._fold, self._hidden, self._keyed, self._told), file)


def prepare(
    chat: Chat,
    events: Iterable[AnyEvent],
    decisions: Decisions | None = None,
    imprint: Imprint = PLAIN,
    known: Collection[Key] | None = None,
) -> Report:
    """Make the record and its figures, as `PreparedChat` has them, with an imprint."""
    return PreparedChat(chat, events, decisions or Decisions(), known).report(imprint)


class LastPrepared:
    """Prepares chats, and keeps the last one: from the same events it is not made again, whatever its imprint is."""

    def __init__(self) -> None:
        self._made: tuple[object, PreparedChat] | None = None

    def prepare(self, chat: Chat, events: list[AnyEvent], imprint: Imprint, known: Collection[Key] | None) -> Report:
        """The same as `prepare`."""
        made_of = chat, events, known
        if self._made is None or self._made[0] != made_of:
            self._made = None  # two at once would take twice the memory
            self._made = made_of, PreparedChat(chat, events, Decisions(), known)
        return self._made[1].report(imprint)


def prepare_anew(chat: Chat, events: list[AnyEvent], imprint: Imprint, known: Collection[Key] | None) -> Report:
    """Prepare a chat that is written once."""
    return prepare(chat, events, imprint=imprint, known=known)


def _folded(chat: Chat, events: Iterable[AnyEvent], decisions: Decisions) -> tuple[list[AnyEvent], EventFold]:
    """The events as they may be published, and folded."""
    published = published_form(chat, events)
    fold = fold_events(chat, published)
    if chat.publish == "consented" and (silent := silent_people(fold, decisions)):
        published = published_form(chat, published, silent=silent)
        fold = fold_events(chat, published)
    return published, fold


def write(
    out: Path,
    chat: Chat,
    events: Iterable[AnyEvent],
    decisions: Decisions | None = None,
    imprint: Imprint = PLAIN,
    known: Collection[Key] | None = None,
) -> WrittenFiles:
    """Write all files into the folder `out`, which is created if it is missing. The rest is as in `prepare`.

    Raises SetupError if they cannot be written; older files then stay as they were.
    """
    return write_prepared(out, prepare(chat, events, decisions, imprint, known))


def write_prepared(out: Path, report: Report) -> WrittenFiles:
    """The same for a report that is prepared already."""
    write_files(out, report.writers)
    return WrittenFiles(figures=report.figures, **{field: out / name for field, name in NAMES.items()})


def render_page(
    contents: Contents, imprint: Imprint = PLAIN, pictures: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The transcript as a self-contained HTML page, in pieces. `pictures` are those of questions, as addresses."""
    return _rendered("transcript.html", TranscriptPage(contents, pictures or {}), imprint)


def render_wordpress(contents: Contents, imprint: Imprint = PLAIN) -> Iterator[str]:
    """The transcript as HTML to paste into a WordPress post, in pieces."""
    return _rendered("transcript.wp.html", TranscriptPage(contents, {}), imprint)


def _rendered(template: str, page: TranscriptPage, imprint: Imprint) -> Iterator[str]:
    stream = TEMPLATES.get_template(template).stream(page=page, imprint=imprint)
    stream.enable_buffering(200)
    return iter(stream)


def _pages(contents: Contents, page: Callable[[], TranscriptPage], imprint: Imprint) -> dict[str, WriteTo]:
    """The writers of the files for people. They write in pieces, so that a long file is never in memory as a whole."""
    chat = contents.record.chat
    pieces: dict[str, Callable[[], Iterator[str]]] = {
        "html": lambda: _rendered("transcript.html", page(), imprint),
        "markdown": lambda: markdown(contents, imprint),
        "spreadsheet": lambda: spreadsheet(contents.record),
        "digest": lambda: digest(contents, imprint),
        "wordpress": lambda: _rendered("transcript.wp.html", page(), imprint),
    }
    return {NAMES[field]: partial(_write_pieces, chat.language, render) for field, render in pieces.items()}


def _write_pieces(language: str, render: Callable[[], Iterator[str]], file: BinaryIO) -> None:
    with speaking(language):
        file.writelines(piece.encode() for piece in render())
