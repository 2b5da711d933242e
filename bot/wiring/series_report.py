"""The report of a series over time, from the store: figures of each chat that is over, without a participant's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.errors import UnknownChatError
from bot.messages import Value
from bot.reporting.file_set import write_files
from bot.reporting.imprint import PLAIN
from bot.reporting.series import SeriesRow, series_of
from bot.reporting.transcript import encode_json
from bot.settings.settings import Settings
from bot.site.entries import Entry, entry_of
from bot.site.pages import series_page
from bot.status import chats
from bot.store import chats as stored_chats
from bot.store.attendance import returning_writers
from bot.store.database import Database
from bot.wiring.published_chats import publication_of, report_of, site_of

PAGE, DATA = "series.html", "series.json"


class SeriesFigures(Value, frozen=True, kw_only=True):
    """The figures of a series, chat by chat, the first one first."""

    series: str
    chats: tuple[SeriesRow, ...]


def write_series(settings: Settings, database: Database, series: str, out: Path, now: datetime) -> SeriesFigures:
    """Write the page and its figures as JSON into a folder.

    Raises UnknownChatError if no chat of this series is over, SetupError if the files can't be written.
    """
    entries = list(_entries(database, series, now))
    if not entries:
        known = ", ".join(sorted({series_of(one.name) for one in chats(database)})) or "none yet"
        raise UnknownChatError(f"No chat of the series '{series}' is over. Series in the store: {known}.")
    figures = SeriesFigures(series=series, chats=tuple(one.row for one in entries))
    page = "".join(series_page(site_of(settings), series, entries)).encode()
    write_files(out, {PAGE: lambda file: file.write(page), DATA: lambda file: file.write(encode_json(figures))})
    return figures


def _entries(database: Database, series: str, now: datetime) -> Iterator[Entry]:
    """The chats of the series that are over and may be told of, published or not, by start."""
    states = {one.chat.name: one for one in database.read_sync(stored_chats.all_chats)}
    returning = database.read_sync(returning_writers, series)
    for chat in chats(database):
        stored = states[chat.name]
        is_told = stored.ends <= now and publication_of(stored, now).phase != "withheld" and not stored.state.cancelled
        if series_of(chat.name) == series and is_told:
            report = report_of(database, chat, returning.get(chat.name, frozenset()), PLAIN)
            yield entry_of(report.record, report.figures, now)
