"""What `convenor doctor` finds about the disk, the store, the chat files and each account. It changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlalchemy.engine import make_url

from bot.authoring.loader import find, load
from bot.clock import Clock
from bot.errors import StoreError
from bot.messages import Value
from bot.ports.platform import Diagnosis
from bot.settings.settings import Settings
from bot.store.database import Database
from bot.wiring import diagnosed

_LITTLE = 200 * 2**20
"""Bytes: with less room than this a season of chats may not fit."""

_SIGNS = {"ok": ("✓", "green"), "doubt": ("!", "yellow"), "wrong": ("✗", "red")}


class Examined(Value, frozen=True, kw_only=True):
    """One finding, and what it is about: `disk`, `store`, `schedules`, or a place."""

    about: str
    level: str
    text: str
    remedy: str = ""


def diagnose(settings: Settings, clock: Clock) -> list[Examined]:
    """Look at everything. Nothing is posted; on X it costs one cent an account."""
    found = [*_disk(settings), *_store(settings), *_schedules(settings, clock.now())]
    for place, findings in asyncio.run(diagnosed(settings, clock)).items():
        found += (_about(place, finding) for finding in findings)
    return found


def as_text(found: list[Examined], console: Console) -> None:
    """For people: a line for each, the remedy below it."""
    for one in found:
        sign, style = _SIGNS[one.level]
        console.print(Text(f"{sign} ", style=style) + Text(f"{one.about}: {one.text}"), soft_wrap=True)
        if one.remedy:
            console.print(Text(f"  → {one.remedy}"), soft_wrap=True)
    wrong = sum(one.level == "wrong" for one in found)
    doubts = sum(one.level == "doubt" for one in found)
    summary = f"{wrong} to put right" if wrong else "Nothing to put right"
    console.print(f"{summary}, {doubts} to look at." if doubts else f"{summary}.")


def _about(about: str, finding: Diagnosis) -> Examined:
    return Examined(about=about, level=finding.level, text=finding.text, remedy=finding.remedy)


def _disk(settings: Settings) -> list[Examined]:
    folder = _folder(settings)
    if not os.access(folder, os.W_OK):
        text = f"The folder {folder} cannot be written to."
        return [Examined(about="disk", level="wrong", text=text, remedy="Give its owner the right to write there.")]
    free = shutil.disk_usage(folder).free
    text = f"{free / 2**30:.1f} GiB are free in {folder}."
    if free < _LITTLE:
        return [Examined(about="disk", level="doubt", text=text, remedy="Make room before the next chat.")]
    return [Examined(about="disk", level="ok", text=text)]


def _folder(settings: Settings) -> Path:
    """Where the store's file is, or the working folder for a database elsewhere."""
    url = make_url(settings.store.url)
    folder = Path(url.database).parent if url.drivername == "sqlite" and url.database else Path.cwd()
    while not folder.exists():
        folder = folder.parent
    return folder


def _store(settings: Settings) -> list[Examined]:
    url = make_url(settings.store.url)
    if url.drivername == "sqlite" and url.database and not Path(url.database).exists():
        return [Examined(about="store", level="ok", text="There is none yet; `convenor run` makes it.")]
    try:
        Database(settings.store.url).close()
    except StoreError as error:
        return [Examined(about="store", level="wrong", text=str(error))]
    return [Examined(about="store", level="ok", text=f"It can be opened: {settings.store.shown}.")]


def _schedules(settings: Settings, now: datetime) -> list[Examined]:
    places = {name: place.platform for name, place in settings.places.items()}
    files = find(settings.schedules)
    if not files:
        text = f"There is no chat file in {settings.schedules}."
        remedy = "Put one there: <series>/<chat>.toml. schedules/otalk has two to look at."
        return [Examined(about="schedules", level="doubt", text=text, remedy=remedy)]
    broken = [file for file in files if load(file, now=now, places=places, root=settings.schedules).chat is None]
    if broken:
        text = f"{len(broken)} of {len(files)} chat files have mistakes."
        remedy = f"convenor check {' '.join(map(str, broken))}"
        return [Examined(about="schedules", level="wrong", text=text, remedy=remedy)]
    return [Examined(about="schedules", level="ok", text=f"{len(files)} chat files, none with mistakes.")]
