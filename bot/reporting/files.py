"""The five files that are written after a chat: page, Markdown, transcript, numbers and event log.

The same events in any order give the same bytes. A file appears whole or not at all, and all five are complete before
the first is replaced. Their content is decided elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.chat import Chat
from bot.errors import SetupError
from bot.messages import AnyEvent, Value, event_log
from bot.reporting.event_fold import fold_events
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.markdown import markdown
from bot.reporting.numbers import Numbers, count_numbers
from bot.reporting.record import Decisions, Record, hidden_messages, record_from
from bot.reporting.redaction import redact
from bot.reporting.transcript import build_transcript, encode_json
from bot.reporting.transcript_page import FILTERS, TranscriptPage

TEMPLATES = Environment(
    loader=PackageLoader("bot.reporting"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)
TEMPLATES.filters.update(FILTERS)

WriteTo = Callable[[BinaryIO], object]


class Report(NamedTuple):
    """All that is published of a chat, before it is written: the record, its figures, and a writer for each file."""

    record: Record
    figures: Numbers
    writers: Mapping[str, WriteTo]


class WrittenFiles(Value, frozen=True, kw_only=True):
    """The paths of the five files, and the figures."""

    html: Path
    markdown: Path
    transcript: Path
    numbers: Path
    events: Path
    figures: Numbers


def prepare(
    chat: Chat, events: Iterable[AnyEvent], decisions: Decisions | None = None, imprint: Imprint = PLAIN
) -> Report:
    """Make the record and its figures. Nothing is rendered before a writer is called."""
    decisions = decisions or Decisions()
    fold = fold_events(chat, events)
    record = record_from(fold, decisions)
    figures = count_numbers(record)
    writers: dict[str, WriteTo] = {
        "transcript.html": lambda file: file.writelines(_encoded(render_page(record, figures, imprint))),
        "transcript.md": lambda file: file.writelines(_encoded(markdown(record, figures, imprint))),
        "transcript.json": lambda file: file.write(encode_json(build_transcript(record))),
        "numbers.json": lambda file: file.write(encode_json(figures)),
        "events.jsonl": lambda file: event_log.write(redact(fold, hidden_messages(fold, decisions)), file),
    }
    return Report(record, figures, writers)


def write(
    out: Path,
    chat: Chat,
    events: Iterable[AnyEvent],
    decisions: Decisions | None = None,
    imprint: Imprint = PLAIN,
) -> WrittenFiles:
    """Write all five files into the folder `out`, which is created if it is missing.

    Raises SetupError if they cannot be written; older files then stay as they were.
    """
    report = prepare(chat, events, decisions, imprint)
    html, text, transcript, numbers, log = _write_all(out, report.writers)
    return WrittenFiles(
        html=html, markdown=text, transcript=transcript, numbers=numbers, events=log, figures=report.figures
    )


def check_writable(out: Path) -> None:
    """Create the folder and try to write to it, before a long task that ends in `write`. Raises SetupError."""
    _write_all(out, {".writable": lambda file: file.write(b"")})
    with contextlib.suppress(OSError):
        (out / ".writable").unlink(missing_ok=True)


def render_page(record: Record, figures: Numbers, imprint: Imprint = PLAIN) -> Iterator[str]:
    """The transcript as a self-contained HTML page, in pieces."""
    stream = TEMPLATES.get_template("transcript.html").stream(page=TranscriptPage(record, figures), imprint=imprint)
    stream.enable_buffering(200)
    return iter(stream)


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)


def _write_all(out: Path, writers: Mapping[str, WriteTo]) -> list[Path]:
    """Write each file under a temporary name, then rename them all."""
    token = secrets.token_hex(4)
    drafts = {name: out / f".{name}.{token}" for name in writers}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, write_to in writers.items():
            _write_draft(drafts[name], write_to)
        for name, draft in drafts.items():
            draft.replace(out / name)
    except OSError as error:
        remedy = "Give another folder, or make room for it."
        raise SetupError(f"{out} cannot be written: {error.strerror}. {remedy}") from error
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    return [out / name for name in writers]


def _write_draft(path: Path, write_to: WriteTo) -> None:
    with path.open("xb") as file:
        write_to(file)
        file.flush()
        os.fsync(file.fileno())
