"""A copy of a PostgreSQL store in one file, and back: PostgreSQL's own programs do it, with the store's url."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.errors import StoreError


def dump(url: str, target: Path) -> None:
    """Copy the store as it is at one moment, while others use it. Raises StoreError."""
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")


def load(url: str, backup: Path) -> None:
    """Replace what is in the store, in one transaction. Raises StoreError."""
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", backup.absolute())


def _run(program: str, url: str, *words: object) -> None:
    """Run one of PostgreSQL's programs. The password is in its environment, where no list of processes shows it."""
    if shutil.which(program) is None:
        raise StoreError(f"`{program}` is not here; install PostgreSQL's client programs (postgresql-client).")
    parts = make_url(url)
    plain = parts.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": parts.password} if parts.password else {}
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
        [program, f"--dbname={plain}", *map(str, words)],
        env=os.environ | secret,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise StoreError(f"{program} could not do it: {done.stderr.strip().splitlines()[0] if done.stderr else ''}")
