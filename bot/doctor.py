"""The findings of `convenor doctor` about the disk, the store, the chat files and each account. Changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.authoring.chat_folder import find_chat_files, misplaced_files
from bot.authoring.loader import load, load_file
from bot.authoring.overlaps import Neighbours, overlaps
from bot.clock import Clock
from bot.errors import PlatformError, SetupError, StoreError
from bot.messages import Value
from bot.ports.chat_files import is_series, series_of
from bot.ports.platform import Diagnosis, ReadCount
from bot.scheduling.stored_files import StoredFiles
from bot.settings.settings import Settings
from bot.status import bot_status
from bot.store import ledger
from bot.store.database import Database
from bot.store.engine import missing_file
from bot.store.store_file import OTHERS
from bot.wiring.adapters import blog_diagnosed, counted, diagnosed
from bot.wiring.community import community
from bot.wiring.retention_summary import stored_retention

_MIN_FREE = 200 * 2**20
"""Bytes. With less free space than this a season of chats may not fit."""


_DAYS = 7
"""Days for which a platform is asked how much was read."""

_ROUGHLY, _TOLERANCE = 20, 0.1
"""How many messages, and what part of ours, a platform may count more than the ledger: answers get lost."""


class Finding(Value, frozen=True, kw_only=True):
    """One finding about `disk`, `store`, `schedules`, `bot`, `retention`, `wordpress` or a place."""

    about: str
    level: str
    text: str
    remedy: str = ""


def diagnose(settings: Settings, clock: Clock, secret_files: Sequence[Path] = ()) -> list[Finding]:
    """Check everything. Posts nothing; on X it costs one cent an account."""
    stored = _stored_files(settings, clock)
    files = _schedules(settings, clock.now(), some_stored=bool(stored))
    found = [*_disk(settings), *_store(settings), *_secrets(secret_files), *_community(settings)]
    found += [*files, *stored]
    for place, diagnoses in asyncio.run(diagnosed(settings, clock)).items():
        found += (_finding(place, one) for one in diagnoses)
    found += (_finding("wordpress", one) for one in asyncio.run(blog_diagnosed(settings, clock)))
    if not any(one.about == "store" and one.level == "wrong" for one in found) and not _is_new(settings):
        found += [*_ledger(settings, clock), _bot(settings, clock.now()), _retention(settings, clock.now())]
    return found


def _is_new(settings: Settings) -> bool:
    """Whether there is no store yet."""
    return missing_file(settings.store.url) is not None


def _finding(place: str, diagnosis: Diagnosis) -> Finding:
    return Finding(about=place, level=diagnosis.level, text=diagnosis.text, remedy=diagnosis.remedy)


def _disk(settings: Settings) -> list[Finding]:
    folder = _folder(settings)
    if not os.access(folder, os.W_OK):
        text = f"The folder {folder} cannot be written to."
        return [Finding(about="disk", level="wrong", text=text, remedy="Give its owner the right to write there.")]
    free = shutil.disk_usage(folder).free
    text = f"{free / 2**30:.1f} GiB are free in {folder}."
    if free < _MIN_FREE:
        return [Finding(about="disk", level="doubt", text=text, remedy="Make room before the next chat.")]
    return [Finding(about="disk", level="ok", text=text)]


def _folder(settings: Settings) -> Path:
    """The folder of the store's file; the working folder if the store is a database server."""
    url = make_url(settings.store.url)
    folder = Path(url.database).parent if url.drivername == "sqlite" and url.database else Path.cwd()
    while not folder.exists():
        folder = folder.parent
    return folder


def _store(settings: Settings) -> list[Finding]:
    if _is_new(settings):
        return [Finding(about="store", level="ok", text="There is none yet; `convenor run` makes it.")]
    try:
        Database(settings.store.url).close()
    except StoreError as error:
        return [Finding(about="store", level="wrong", text=str(error))]
    return [Finding(about="store", level="ok", text=f"It can be opened: {settings.store.redacted_url}.")]


def _secrets(files: Sequence[Path]) -> Iterator[Finding]:
    """The files with secrets that others on this machine may read; a container's own secrets are nobody else's."""
    for file in files:
        if file.stat().st_mode & OTHERS and not file.is_relative_to("/run/secrets"):
            text = f"Others on this machine may read {file}, which has secrets."
            yield Finding(about="secrets", level="doubt", text=text, remedy=f"chmod 600 {file}")


def _community(settings: Settings) -> list[Finding]:
    """Whether the logo can be shown; nothing where it can."""
    try:
        community(settings)
    except SetupError as error:
        return [Finding(about="community", level="wrong", text=str(error))]
    return []


def _bot(settings: Settings, now: datetime) -> Finding:
    """Whether a bot is running. That none has ever run is no mistake: somebody is setting it up."""
    with closing(Database(settings.store.url)) as database:
        found = bot_status(database, now)
    if found.running:
        return Finding(about="bot", level="ok", text="A bot is running on this store.")
    level = "ok" if found.seen is None else "wrong"
    return Finding(about="bot", level=level, text=found.told, remedy="`convenor run` starts one.")


def _retention(settings: Settings, now: datetime) -> Finding:
    """The retention times: no mistake, but whoever is responsible for the data should see them."""
    with closing(Database(settings.store.url)) as database:
        return Finding(about="retention", level="ok", text=stored_retention(database, settings.retention, now))


def _ledger(settings: Settings, clock: Clock) -> list[Finding]:
    """Each place's own count of what was read, beside the ledger."""
    counted_there = asyncio.run(counted(settings, clock, _DAYS))
    database = Database(settings.store.url)
    try:
        return [
            _unsaid(place, count) if isinstance(count, PlatformError) else _compared(database, place, count, clock)
            for place, count in counted_there.items()
        ]
    finally:
        database.close()


def _unsaid(place: str, why: PlatformError) -> Finding:
    text = f"How much was read is not to be had from the platform, so the ledger was not compared with it. {why}"
    return Finding(about=place, level="ok", text=text)


def _compared(database: Database, place: str, count: ReadCount, clock: Clock) -> Finding:
    """Only whole days are compared: today is not over."""
    today = clock.now().astimezone(UTC).date()
    there = {day: number for day, number in count.by_day.items() if day < today}
    ours = database.read_sync(ledger.counts_by_day, place, count.kinds, min(there, default=today))
    theirs, known = sum(there.values()), sum(number for day, number in ours.items() if day in there)
    text = f"The platform counted {theirs} messages read in {len(there)} whole days, the ledger {known}."
    if theirs - known <= max(_ROUGHLY, known * _TOLERANCE):
        return Finding(about=place, level="ok", text=text)
    remedy = "Look whether another program uses the same keys or project, and watch the bill on the platform itself."
    return Finding(about=place, level="doubt", text=text, remedy=remedy)


def _stored_files(settings: Settings, clock: Clock) -> list[Finding]:
    """The chat files in the store, if there are any."""
    places = {name: place.platform for name, place in settings.places.items()}
    try:
        if _is_new(settings):
            return []
        with closing(Database(settings.store.url)) as database:
            kept = StoredFiles(database, clock)
            files = [file for name in kept.list() if not is_series(name) and (file := kept.read(name))]
            chats = [load_file(file, kept.read(series_of(file.name)), places=places).chat for file in files]
    except StoreError:
        return []  # that is found elsewhere
    if broken := chats.count(None):
        text = f"{broken} of {len(files)} chat files in the store have mistakes."
        return [Finding(about="schedules", level="wrong", text=text, remedy="convenor check store:")]
    text = f"{len(files)} chat files in the store, none with mistakes."
    return [Finding(about="schedules", level="ok", text=text)] if files else []


def _schedules(settings: Settings, now: datetime, *, some_stored: bool) -> list[Finding]:
    places = {name: place.platform for name, place in settings.places.items()}
    files = find_chat_files(settings.schedules)
    misplaced = [
        Finding(about="schedules", level="doubt", text=f"{file} is never hosted.", remedy=f"{why[0].upper()}{why[1:]}.")
        for file, why in misplaced_files(settings.schedules)
    ]
    if not files and some_stored:
        return misplaced
    if not files and not misplaced:
        text = f"There is no chat file in {settings.schedules}."
        remedy = "Put one there: <series>/<chat>.toml. schedules/otalk has two to look at."
        return [Finding(about="schedules", level="doubt", text=text, remedy=remedy)]
    loaded = {file: load(file, now=now, places=places, root=settings.schedules) for file in files}
    broken = [file for file, one in loaded.items() if one.chat is None]
    if broken:
        text = f"{len(broken)} of {len(files)} chat files have mistakes."
        remedy = f"convenor check {' '.join(map(str, broken))}"
        return [Finding(about="schedules", level="wrong", text=text, remedy=remedy), *misplaced]
    near = Neighbours(one.chat for one in loaded.values() if one.chat)
    doubts = [
        Finding(about="schedules", level="doubt", text=f"{one.chat.name}: {problem.message}")
        for one in loaded.values()
        if one.chat
        for problem in overlaps(one.chat, near.of(one.chat), places, now, one.positions["starts"])
    ]
    fine = Finding(
        about="schedules", level="ok", text=f"{len(files)} chat file{'s' * (len(files) != 1)}, none with mistakes."
    )
    return [*misplaced, *doubts] or [fine]
