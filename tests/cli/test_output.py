"""The command line in odd surroundings: other encodings, closed and full outputs, pipes that end early."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.run import CONVENOR, DATA, convenor, ended, environment, put

CHAT = 'title = "Ünïcode 🎉"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n[[questions]]\ntext = "Ω?"\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    put(tmp_path / "s" / "one.toml", CHAT)
    return tmp_path


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell that calls `convenor`."""
    line = line.replace("convenor", f'"{CONVENOR}"')
    words = ["bash", "-o", "pipefail", "-c", line]
    return subprocess.run(words, cwd=cwd, env=environment(), capture_output=True, timeout=180, check=False)  # noqa: S603


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C", "LANG": "C", "TERM": "dumb"}, {"PYTHONIOENCODING": "latin-1"}],
)
def test_any_encoding_of_the_terminal(env: dict[str, str], place: Path) -> None:
    ended(convenor("check", "s/one.toml", cwd=place, env=env), 0)
    found = json.loads(ended(convenor("check", "--json", "s/one.toml", cwd=place, env=env), 0).stdout)
    assert found["timeline"][2]["text"] == "Q1. Ω?", "JSON is UTF-8 everywhere"


def test_a_file_name_that_is_not_text(place: Path) -> None:
    try:
        (place / "s" / os.fsdecode(b"\xff.toml")).write_text(CHAT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has only names that are text")
    done = shell("convenor check --json s/$'\\xff'.toml", place)
    assert done.returncode == 0
    assert json.loads(done.stdout)["chat"] == "s/\ufffd"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("convenor check s/one.toml <&-", 0),
        ("convenor check s/one.toml 2>&-", 0),
        ("convenor check --json s/one.toml >/dev/full", 2),
        ("convenor status --json <&- 2>/dev/full", 1),
    ],
)
def test_closed_and_full_outputs(line: str, code: int, place: Path) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = shell(line, place)
    assert b"Traceback" not in done.stderr
    assert done.returncode == code


def test_a_pipe_that_ends_early(place: Path) -> None:
    log = place / "log.jsonl"
    lines = (DATA / "events.jsonl").read_text(encoding="utf-8").splitlines()
    message = json.loads(lines[8])
    log.write_text("".join(json.dumps(message | {"id": str(n)}) + "\n" for n in range(5000)), encoding="utf-8")
    ended(convenor("import", log, "--chat", DATA / "chat.toml", cwd=place), 0)
    done = shell("convenor export data/chat | head -1", place)
    assert b"Traceback" not in done.stderr, done.stderr
    assert b"Exception" not in done.stderr, done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_warnings_are_not_in_the_data(place: Path) -> None:
    """Warnings about a chat file go to standard error, so that standard output has only data."""
    put(place / "s" / "one.toml", 'places = ["room", "x"]\n' + CHAT)
    done = ended(convenor("replay", DATA / "events.jsonl", "--chat", "s/one.toml", cwd=place), 0)
    assert "warning: 'x' is not configured here" in done.stderr
    assert "warning" not in done.stdout
