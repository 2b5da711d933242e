"""Brings the tables of a database up to date: runs the migrations that are missing, in one transaction."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from bot.errors import StoreError

_LOCK = 0x436F6E76
"""PostgreSQL's advisory lock during a migration: any constant, the same for every process."""


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing. Raises StoreError if the database was written by a newer version."""
    with as_file(files("bot.store") / "migrations") as folder, engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if version(connection) != newest_version(folder):
            _migrate(connection, folder)


def version(connection: Connection) -> str:
    """The number of the last migration that a database has had; empty for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def newest_version(folder: Path) -> str:
    """The number of the last migration in the folder, with which its file's name begins."""
    return max(file.stem.partition("_")[0] for file in (folder / "versions").glob("[0-9]*.py"))


def _migrate(connection: Connection, folder: Path) -> None:
    # a database is up to date nearly always, and Alembic's import would take a third of the time of a short verb
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError("The store was written by a newer Convenor. Update this one, or use another store.") from error
