"""On PostgreSQL, too, nothing of a person is left in any file of the server, its write-ahead log included."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from bot.settings.settings import Settings, Store
from bot.store.database import Database
from bot.transfer import import_events
from tests.erasure.pretend_hour import CHAT, an_hour
from tests.erasure.test_erasing import forget, traces

if TYPE_CHECKING:
    from collections.abc import Iterable


def data_folder(connection: Connection) -> Path:
    return Path(str(connection.scalar(text("SHOW data_directory"))))


def written_down(connection: Connection) -> None:
    """What is in the server's memory goes into its files."""
    connection.execute(text("CHECKPOINT"))


def found_in_folder(folder: Path, wanted: Iterable[bytes]) -> set[bytes]:
    """Those that are in a file of this folder. The server deletes files meanwhile."""
    left, found = set(wanted), set[bytes]()
    for path in folder.rglob("*"):
        if path.is_file():
            with suppress(FileNotFoundError):
                content = path.read_bytes()
                found |= {one for one in left - found if one in content}
    return found


def test_nothing_of_a_person_is_left_in_the_servers_files(postgres_url: str, tmp_path: Path) -> None:
    hour = an_hour(60, 6, seed=77)  # nobody of any other test's hour, whose rows may lie in these files
    person = hour.said[0].by
    settings = Settings(store=Store(url=postgres_url), schedules=tmp_path)
    with closing(Database(postgres_url)) as database:
        import_events(database, CHAT, hour.events())
        database.read_sync(written_down)
        folder = database.read_sync(data_folder)
        wanted = traces(hour, person)
        assert found_in_folder(folder, wanted) >= {one.words.encode() for one in hour.said if one.by == person}
        forget(settings, database, person)
        assert found_in_folder(folder, wanted) == set()
