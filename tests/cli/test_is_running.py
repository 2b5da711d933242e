"""Whether a bot is running: `status` and `doctor` say so plainly, and end with 1 where none is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.store import chat_files, chats
from bot.store.chat_files import FileReading
from bot.store.database import Database
from tests.cli.run import Done, convenor, ended

ROOM = '[places.room]\nplatform = "room"\nport = 0\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(ROOM)
    return tmp_path


def stored(place: Path, **facts: timedelta) -> None:
    """These facts, each so long ago."""
    database = Database(f"sqlite:///{place / 'convenor.db'}")
    for fact, ago in facts.items():
        database.write_sync(chats.set_fact, fact, (datetime.now(UTC) - ago).isoformat())
    database.close()


def findings(done: Done) -> list[dict[str, Any]]:
    return [one for one in json.loads(done.stdout) if one["about"] == "bot"]


NEW, OLD = timedelta(seconds=1), timedelta(minutes=7)


@pytest.mark.parametrize(
    "facts",
    [{"alive": OLD}, {"alive": 2 * NEW, "stopped": NEW}, {"alive": -OLD}],
    ids=["killed", "stopped", "before the clock was set back"],
)
def test_a_bot_that_does_not_run_is_told_with_the_time_it_was_seen(place: Path, facts: dict[str, timedelta]) -> None:
    stored(place, **facts)
    done = ended(convenor("status", cwd=place), 1)
    assert done.stdout.startswith("No bot is running: the last was seen on ")
    bot = json.loads(ended(convenor("status", "--json", cwd=place), 1).stdout)["bot"]
    assert bot["running"] is False
    assert datetime.fromisoformat(bot["seen"])
    [found] = findings(ended(convenor("doctor", "--json", cwd=place), 1))
    assert found["level"] == "wrong"
    assert found["text"].startswith("No bot is running")


def test_a_bot_that_runs_is_nothing_to_tell(place: Path) -> None:
    stored(place, alive=-NEW, stopped=OLD)
    assert "No bot" not in ended(convenor("status", cwd=place), 0).stdout
    [found] = findings(ended(convenor("doctor", "--json", cwd=place), 0))
    assert (found["level"], found["text"]) == ("ok", "A bot is running on this store.")


def test_that_it_still_reads_files_is_told_while_it_runs(place: Path) -> None:
    stored(place, alive=-NEW)
    database = Database(f"sqlite:///{place / 'convenor.db'}")
    database.write_sync(chat_files.save_reading, FileReading(left=3200, total=5000))
    database.close()
    assert ended(convenor("status", cwd=place), 0).stdout.startswith(
        "The bot is still reading 3,200 of 5,000 chat files."
    )
    assert json.loads(ended(convenor("status", "--json", cwd=place), 0).stdout)["bot"]["unread"] == 3200
    stored(place, alive=OLD)
    assert "still reading" not in ended(convenor("status", cwd=place), 1).stdout


def test_that_none_has_ever_run_is_no_mistake_for_the_doctor(place: Path) -> None:
    stored(place)
    assert "none has ever run" in ended(convenor("status", cwd=place), 1).stdout
    [found] = findings(ended(convenor("doctor", "--json", cwd=place), 0))
    assert found["level"] == "ok"


def test_verbs_that_only_read_make_no_store(place: Path) -> None:
    for words in (["status"], ["status", "--json"], ["log"], ["link", "a/b"], ["export", "a/b"], ["keep", "--list"]):
        done = convenor(*words, cwd=place)
        assert "There is no store at" in done.stderr, words
        assert [one.name for one in place.iterdir()] == ["config.toml"], words
    assert "No bot is running" in ended(convenor("status", cwd=place), 1).stdout
