"""Services on one store, as several processes have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.authoring.folder_files import FolderFiles
from bot.store.database import Database
from bot.team.service import TeamService
from tests.team.at_work import team_service, with_series


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    """A folder with one series and no chat."""
    return with_series(tmp_path)


@pytest.fixture
def make_service(schedules: Path, store_url: str) -> Iterator[Callable[..., TeamService]]:
    """Makes services, each as in a process of its own; `folder` is the kind of folder."""
    opened: list[Database] = []

    def made(folder: type[FolderFiles] = FolderFiles) -> TeamService:
        opened.append(Database(store_url))
        return team_service(schedules, opened[-1], folder)

    yield made
    for one in opened:
        one.close()


@pytest.fixture
def service(make_service: Callable[..., TeamService]) -> TeamService:
    """The service of one process."""
    return make_service()
