"""SQLite files with empty tables. The migrations, which take longer than most tests, are run once in each process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store.database import Database


def new_sqlite(folder: Path) -> str:
    """The url of a new SQLite store in a folder."""
    file = folder / "convenor.db"
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@cache
def _migrated() -> bytes:
    with TemporaryDirectory(prefix="migrated-") as folder:
        file = Path(folder) / "convenor.db"
        Database(f"sqlite:///{file}").close()
        return file.read_bytes()
