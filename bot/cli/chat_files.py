"""The files of a verb: the chat file that it reads, and the transcript that it wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.chat import Chat
from bot.cli.terminal import end
from bot.errors import InputError
from bot.settings.settings import Settings

if TYPE_CHECKING:
    from bot.reporting.files import WrittenFiles


def platforms(settings: Settings) -> Mapping[str, str]:
    """The platform of each place."""
    return {name: place.platform for name, place in settings.places.items()}


def read_chat(settings: Settings, file: Path, session: str | None = None) -> Chat:
    """Read a chat file and print its warnings. Raises InputError if it has mistakes.

    Of several sessions it is the one with this key. Ends the verb with 1 if that isn't clear.
    """
    from bot.authoring.loader import load  # noqa: PLC0415 -- a report from the store reads no chat file

    loaded = load(file, places=platforms(settings), root=settings.schedules)
    if loaded.chat is None:
        raise InputError(loaded.problems)
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    return _session_of(loaded.chats, file, session)


def _session_of(chats: Sequence[Chat], file: Path, session: str | None) -> Chat:
    if session is None and len(chats) == 1:
        return chats[0]
    found = next((one for one in chats if session in (one.session or one.name, one.name)), None)
    if found is None:
        known = ", ".join(one.session or one.name for one in chats)
        end(1, f"{file} has the sessions {known}: choose one with --session.")
    return found


def folder_of(chat: Chat, *, rehearsal: bool = False) -> Path:
    """The folder for a chat's files where none was given: rehearsals lie apart."""
    return Path("out", *(("rehearsals",) if rehearsal else ()), *chat.name.split("/"))


def print_written(written: WrittenFiles) -> None:
    """Print the figures of a transcript, and where its files are."""
    from bot.reporting.files import NAMES  # noqa: PLC0415 -- whoever calls this has it loaded

    figures = written.figures
    posts, people = figures.posts, figures.participants
    click.echo(f"{posts} post{'s' * (posts != 1)} by {people} participant{'s' * (people != 1)}.")
    click.echo(f"Transcript: {written.html}")
    others = [getattr(written, field).name for field in NAMES if field != "html"]
    click.echo(f"Also: {', '.join(others)}")
