"""A verb starts quickly because it loads no library that it doesn't need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.cli.run import DATA, environment

PROGRAM = """
import sys
from bot.cli import main
try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules})
"""

STORE = {"sqlalchemy", "alembic", "psycopg"}
ROOM = {"starlette", "uvicorn", "jinja2", "limits"}
PLATFORMS = {"discord", "tweepy"}
BOT = {"apscheduler", "phonenumbers", "stdnum", "aiohttp"}


def loaded(*words: object, cwd: Path) -> set[str]:
    """The libraries that a verb has loaded by its end."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", PROGRAM, *map(str, words)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("words", "needed", "absent"),
    [
        (("check", DATA / "chat.toml"), {"tree_sitter"}, STORE | ROOM | PLATFORMS | BOT),
        (("replay", DATA / "events.jsonl", "--chat", DATA / "chat.toml"), {"jinja2"}, STORE | PLATFORMS | BOT),
        (("status",), {"sqlalchemy"}, {"alembic", "psycopg", "structlog"} | ROOM | PLATFORMS | BOT),
        (("doctor",), {"sqlalchemy"}, {"alembic", "psycopg", "structlog", "icalendar"} | ROOM | PLATFORMS | BOT),
        (("pause",), {"sqlalchemy"}, {"alembic", "psycopg", "structlog", "jinja2"} | PLATFORMS | BOT),
        (("--help",), {"click"}, STORE | ROOM | PLATFORMS | BOT | {"structlog"}),
    ],
)
def test_a_verb_loads_no_library_that_it_does_not_need(
    words: tuple[object, ...], needed: set[str], absent: set[str], tmp_path: Path
) -> None:
    if words in {("status",), ("doctor",), ("pause",)}:
        Database(f"sqlite:///{tmp_path / 'convenor.db'}").close()
    found = loaded(*words, cwd=tmp_path)
    assert needed <= found, "which shows that the list is one of libraries"
    assert found & absent == set()
