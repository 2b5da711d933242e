"""The messages as CSV, for a spreadsheet: one row each, in order of time. Pure.

No cell acts as a formula: as OWASP advises against CSV injection, a cell that begins with a sign that may start one
gets an apostrophe before it, and every cell is quoted. The file begins with a byte order mark, by which Excel knows
UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from bot.ports.views import MessageView
from bot.reporting.conversation import ident
from bot.reporting.formatting import LocalTimes
from bot.reporting.record import Record

COLUMNS = (
    *("questions", "at", "local_time", "place", "name", "handle", "text", "url", "id", "reply_to", "reason"),
    *("edited", "highlight"),
)

_AT_ONCE = 500
"""Rows in a piece."""

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA = re.compile(r"[\s\x00]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""Starts of formulas, also in full width and behind blanks, and of what some programs take for a new cell."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def spreadsheet(record: Record) -> Iterator[str]:
    """The file, in pieces."""
    times, highlights = LocalTimes(record), frozenset(record.highlights)
    yield _BYTE_ORDER_MARK + _lines([COLUMNS])
    cells = (_cells(one, times, is_highlight=ident(one) in highlights) for one in record.messages)
    while found := list(islice(cells, _AT_ONCE)):
        yield _lines(found)


def harmless(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    clean = text if text.isprintable() else _CONTROL.sub("�", text.replace("\r\n", "\n"))
    return f"'{clean}" if _FORMULA.match(clean) else clean


def _moment(at: datetime) -> str:
    """A date and time of day, as spreadsheets read it."""
    return at.replace(tzinfo=None, microsecond=0).isoformat(" ")


def _cells(one: MessageView, times: LocalTimes, *, is_highlight: bool) -> tuple[str, ...]:
    return (
        " ".join(one.questions),
        _moment(one.at.astimezone(UTC)),
        _moment(times.local(one.at)),
        one.place,
        one.author.name,
        one.author.handle.removeprefix("@"),
        one.text,
        one.url or "",
        one.id,
        one.reply_to or "",
        one.reason,
        "yes" if one.edited else "",
        "yes" if is_highlight else "",
    )


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in cells] for cells in rows)
    return out.getvalue()
