"""A team at work: the real service on a real store, with a folder of chat files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.room.settings import TRAITS
from bot.authoring.folder_files import FolderFiles
from bot.authoring.invitation import Way
from bot.scheduling.stored_files import StoredFiles
from bot.settings.settings import Settings
from bot.store.database import Database
from bot.team.files import TeamFiles
from bot.team.rehearsals import WORKER, RehearsalSetting, TeamRehearsals
from bot.team.service import TeamContext, TeamService
from tests.cli.preloaded import preloaded
from tests.fakes.clock import HandClock

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)

SCRIPT = Path("schedules/rehearsal.toml").absolute()

CONTEXT = TeamContext(
    places={"room": TRAITS},
    ways=lambda _chat: (Way(place="room", where="in our room", how="open the page", needs_account=False),),
    literal=str,
    opens=timedelta(minutes=30),
    saved=lambda: None,
)


class ReadOnlyFolder(FolderFiles):
    """A folder on a medium that can't be written."""

    def is_writable(self, name: str) -> bool:
        del name
        return False


def with_series(root: Path) -> Path:
    """Put a series into a folder: it meets on Tuesdays at 20:00 in London, and has no chat."""
    (root / "otalk").mkdir()
    shutil.copy("schedules/otalk/series.toml", root / "otalk")
    return root


def forked_worker() -> tuple[str, ...]:
    """The command line of a rehearsal that is forked from the loaded program."""
    return preloaded().command("bot.rehearsal.worker:main")


def team_service(
    root: Path, database: Database, folder: type[FolderFiles] = FolderFiles, worker: tuple[str, ...] = WORKER
) -> TeamService:
    """The service for the chat files below a folder."""
    clock = HandClock(NOW)
    files = TeamFiles(folder(root, clock), StoredFiles(database, clock), {"room": "room"})
    setting = RehearsalSetting(settings=Settings().model_dump_json(), script=SCRIPT, worker=worker)
    return TeamService(database, files, clock, CONTEXT, TeamRehearsals(files, clock, setting))
