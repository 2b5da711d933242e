"""Writes what remains of a chat: the page, the Markdown, the transcript, the numbers and the event log.

The same events in any order give the same bytes. A file appears whole or not at all, and all five are ready before the
first of them is replaced. Nothing here decides what is in them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.chat import Chat
from bot.errors import SetupError
from bot.messages import AnyEvent, Value, event_log
from bot.reporting.event_fold import gather
from bot.reporting.markdown import markdown
from bot.reporting.numbers import Numbers, numbers
from bot.reporting.record import Decisions, Record, fold, hidden
from bot.reporting.redaction import public
from bot.reporting.transcript import encode, transcript
from bot.reporting.transcript_page import FILTERS, View

PAGES = Environment(
    loader=PackageLoader("bot.reporting"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)
PAGES.filters.update(FILTERS)

Fill = Callable[[BinaryIO], object]


class Written(Value, frozen=True, kw_only=True):
    """Where the five files are, and the figures for whoever wants to say them."""

    html: Path
    markdown: Path
    transcript: Path
    numbers: Path
    events: Path
    figures: Numbers


def write(out: Path, chat: Chat, events: Iterable[AnyEvent], rulings: Decisions | None = None) -> Written:
    """Write all five files into the folder `out`, which is made if it is not there.

    Raises SetupError if they cannot be written; the files of an earlier time are then still as they were.
    """
    rulings = rulings or Decisions()
    log = gather(chat, events)
    record = fold(log, rulings)
    figures = numbers(record)
    fills: dict[str, Fill] = {
        "transcript.html": lambda file: file.writelines(_encoded(page(record, figures))),
        "transcript.md": lambda file: file.writelines(_encoded(markdown(record, figures))),
        "transcript.json": lambda file: file.write(encode(transcript(record))),
        "numbers.json": lambda file: file.write(encode(figures)),
        "events.jsonl": lambda file: event_log.write(public(log, hidden(log, rulings)), file),
    }
    html, text, whole, counted, heard = _all(out, fills)
    return Written(html=html, markdown=text, transcript=whole, numbers=counted, events=heard, figures=figures)


def writable(out: Path) -> None:
    """Make the folder and try it, for whoever has long work to do before `write`. Raises SetupError."""
    _all(out, {".writable": lambda file: file.write(b"")})
    with contextlib.suppress(OSError):
        (out / ".writable").unlink(missing_ok=True)


def page(record: Record, figures: Numbers) -> Iterator[str]:
    """The transcript as one page of HTML that needs nothing else, in pieces."""
    stream = PAGES.get_template("transcript.html").stream(view=View(record, figures))
    stream.enable_buffering(200)
    return iter(stream)


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode() for piece in pieces)


def _all(out: Path, fills: dict[str, Fill]) -> list[Path]:
    """Write each file beside its place, then put all in their places."""
    token = secrets.token_hex(4)
    drafts = {name: out / f".{name}.{token}" for name in fills}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, fill in fills.items():
            _draft(drafts[name], fill)
        for name, draft in drafts.items():
            draft.replace(out / name)
    except OSError as error:
        remedy = "Give another folder, or make room for it."
        raise SetupError(f"{out} cannot be written: {error.strerror}. {remedy}") from error
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    return [out / name for name in fills]


def _draft(path: Path, fill: Fill) -> None:
    with path.open("xb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())
