"""`convenor run` in trouble: killed, twice on one store, no port, no store, no folder."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.cli.run import a_chat, a_place, convenor, ended, hosting, put, soon, stored


def test_after_a_kill_it_goes_on_and_reports_the_gap(tmp_path: Path) -> None:
    """The chat begins late enough that its file is noticed on a busy machine, too."""
    place = a_place(tmp_path)
    with hosting(place) as host:
        put(
            place / "schedules" / "s" / "one.toml",
            a_chat(soon(10), "One", "Alpha?", "Beta?", "Gamma?", length="6.5s", every="2.5s"),
        )
        host.shows("s/one", "Alpha?")
        assert host.end(signal.SIGKILL) == -signal.SIGKILL
    with hosting(place) as host:
        host.shows("s/one", "Alpha?")
        host.shows("s/one", "Gamma?")
        host.shows("s/one", "That is the end of our chat.")
        assert host.page("s/one").count('id="q2"') == 1
        assert host.end(signal.SIGINT) == 0
    events = [json.loads(line) for line in ended(convenor("export", "s/one", cwd=place), 0).stdout.splitlines()]
    assert sorted(event["key"] for event in events if event["type"] == "posted") == sorted(
        ("welcome", "rules", "q1", "q2", "q3", "closing")
    )
    gaps = [event for event in events if event["type"] == "gap"]
    assert [(gap["place"], gap["from"] < gap["to"]) for gap in gaps] == [("room", True)]
    ended(convenor("report", "s/one", "--out", "out", cwd=place), 0)
    assert '"type":"gap"' in (place / "out" / "events.jsonl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with an empty store."""
    place = a_place(tmp_path_factory.mktemp("taken"))
    with stored(place):
        pass
    done = ended(convenor("status", cwd=place), 1)
    assert "No chat is in the store yet." in done.stdout
    return place


def test_a_port_that_is_in_use(taken: Path, tmp_path: Path) -> None:
    with hosting(taken) as host:
        port = host.address.rpartition(":")[2]
        done = ended(convenor("run", cwd=a_place(tmp_path, int(port))), 2)
        assert done.stderr.splitlines()[-1] == f"port {port} is in use; set another under [places.room]"
        assert host.end() == 0


def test_stores_that_cannot_be_opened(taken: Path, tmp_path: Path) -> None:
    def said(url: str) -> str:
        done = ended(convenor("run", cwd=a_place(tmp_path), env={"CONVENOR_STORE__URL": url}), 2)
        assert done.stdout == ""
        assert "hunter2" not in done.stderr
        return done.stderr

    assert "cannot be opened" in said("postgresql://me:hunter2@127.0.0.1:1/convenor")
    (tmp_path / "bytes.db").write_bytes(bytes(range(256)) * 8)
    assert "damaged" in said(f"sqlite:///{tmp_path}/bytes.db")
    (tmp_path / "newer.db").write_bytes((taken / "convenor.db").read_bytes())
    with sqlite3.connect(tmp_path / "newer.db") as link:
        link.execute("UPDATE alembic_version SET version_num = '9999'")
    link.close()
    assert "newer Convenor" in said(f"sqlite:///{tmp_path}/newer.db")


def test_a_second_run_on_one_sqlite_store_is_refused_and_the_first_goes_on(taken: Path) -> None:
    with hosting(taken) as host:
        done = ended(convenor("run", cwd=taken), 2)
        assert done.stderr.splitlines()[-1].startswith("Another `convenor run` uses the store ")
        assert host.end() == 0
