"""The findings of `convenor doctor` about the disk, the store, the chat files and each account. Changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.authoring.loader import find_chat_files, load
from bot.authoring.overlaps import overlaps
from bot.clock import Clock
from bot.errors import StoreError
from bot.messages import Value
from bot.ports.platform import Diagnosis
from bot.settings.settings import Settings
from bot.store.database import Database
from bot.wiring.adapters import diagnosed

_MIN_FREE = 200 * 2**20
"""Bytes. With less free space than this a season of chats may not fit."""


class Finding(Value, frozen=True, kw_only=True):
    """One finding about `disk`, `store`, `schedules` or a place."""

    about: str
    level: str
    text: str
    remedy: str = ""


def diagnose(settings: Settings, clock: Clock) -> list[Finding]:
    """Check everything. Posts nothing; on X it costs one cent an account."""
    found = [*_disk(settings), *_store(settings), *_schedules(settings, clock.now())]
    for place, diagnoses in asyncio.run(diagnosed(settings, clock)).items():
        found += (_finding(place, one) for one in diagnoses)
    return found


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
    url = make_url(settings.store.url)
    if url.drivername == "sqlite" and url.database and not Path(url.database).exists():
        return [Finding(about="store", level="ok", text="There is none yet; `convenor run` makes it.")]
    try:
        Database(settings.store.url).close()
    except StoreError as error:
        return [Finding(about="store", level="wrong", text=str(error))]
    return [Finding(about="store", level="ok", text=f"It can be opened: {settings.store.redacted_url}.")]


def _schedules(settings: Settings, now: datetime) -> list[Finding]:
    places = {name: place.platform for name, place in settings.places.items()}
    files = find_chat_files(settings.schedules)
    if not files:
        text = f"There is no chat file in {settings.schedules}."
        remedy = "Put one there: <series>/<chat>.toml. schedules/otalk has two to look at."
        return [Finding(about="schedules", level="doubt", text=text, remedy=remedy)]
    loaded = {file: load(file, now=now, places=places, root=settings.schedules) for file in files}
    broken = [file for file, one in loaded.items() if one.chat is None]
    if broken:
        text = f"{len(broken)} of {len(files)} chat files have mistakes."
        remedy = f"convenor check {' '.join(map(str, broken))}"
        return [Finding(about="schedules", level="wrong", text=text, remedy=remedy)]
    chats = [one.chat for one in loaded.values() if one.chat]
    doubts = [
        Finding(about="schedules", level="doubt", text=f"{one.chat.name}: {problem.message}")
        for one in loaded.values()
        if one.chat
        for problem in overlaps(one.chat, chats, places, now, one.positions["starts"])
    ]
    return doubts or [Finding(about="schedules", level="ok", text=f"{len(files)} chat files, none with mistakes.")]
