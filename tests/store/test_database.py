"""The order of writes, and the version of a database: migrated once, and opened without Alembic from then on."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.store import migrations
from bot.store.database import Database, WriteQueue
from bot.store.upgrade import newest_version, version

MIGRATIONS = Path(migrations.__file__).parent

OPENED = """
import sys
from bot.store.database import Database
Database(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def queued(queue: WriteQueue, order: list[str], name: str) -> threading.Thread:
    """A thread that wants to write; returns once it is in the queue."""
    before = queue.tickets

    def work() -> None:
        with queue:
            order.append(name)

    thread = threading.Thread(target=work)
    thread.start()
    while queue.tickets == before:
        time.sleep(0)
    return thread


def test_writes_are_first_come_first_served() -> None:
    queue, order = WriteQueue(), list[str]()
    names = [f"pretend {number}" for number in range(20)]
    with queue:
        threads = [queued(queue, order, name) for name in names]
        assert order == []
    for thread in threads:
        thread.join(60)
    assert order == names


def test_a_failed_write_lets_the_next_one_in() -> None:
    queue = WriteQueue()
    with suppress(ValueError), queue:
        raise ValueError
    with queue:
        assert queue.served == 1


def test_a_migration_is_numbered_by_the_name_of_its_file() -> None:
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    modules = [import_module(f"bot.store.migrations.versions.{file.stem}") for file in files]
    revisions = [module.revision for module in modules]
    assert revisions == [file.stem.partition("_")[0] for file in files]
    assert [module.down_revision for module in modules] == [None, *revisions[:-1]]
    assert newest_version(MIGRATIONS) == revisions[-1]


def test_an_empty_database_gets_the_newest_version(empty_url: str) -> None:
    def known_to_alembic(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    with closing(Database(empty_url)) as database:
        assert database.read_sync(version) == database.read_sync(known_to_alembic) == newest_version(MIGRATIONS)


def test_an_up_to_date_database_is_opened_without_alembic(store_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", OPENED, store_url], capture_output=True, text=True, check=True)  # noqa: S603 -- ours
    assert done.stdout.strip() == "False"
