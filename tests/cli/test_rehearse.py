"""`convenor rehearse`: the whole hour in seconds, and the same again from its log."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.front import CONVENOR, FIVE, convenor, ended, environment, put

CHAT = (
    'title = "A chat 🎉"\nhashtag = "#test"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n'
    'length = "20m"\nfirst = "5m"\nreminders = ["1h"]\n'
    '[[questions]]\ntext = "One?"\n[[questions]]\ntext = "Two?"\n'
)
SCRIPT = (
    '[[people]]\nname = "Ann"\n[[people]]\nname = "Bo"\n'
    '[[answers]]\nperson = "Ann"\nquestion = 1\nafter = "30s"\ntext = "A1 yes"\nedits = "A1 no"\nthen = "1m"\n'
    '[[answers]]\nperson = "Bo"\nquestion = 1\nafter = "4m"\ntext = "I think so too"\nreply_to_person = "Ann"\n'
    '[[answers]]\nperson = "Bo"\nquestion = 2\nafter = "1m"\ntext = "Oh dear"\ndeleted = true\nthen = "1m"\n'
    '[[answers]]\nperson = "Ann"\nquestion = 9\nafter = "1m"\ntext = "Never said"\n'
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    put(tmp_path / "schedules" / "s" / "one.toml", CHAT)
    put(tmp_path / "schedules" / "rehearsal.toml", SCRIPT)
    return tmp_path


def test_the_whole_hour_and_again_from_its_log(place: Path) -> None:
    """Also where a room is open only during a chat: the pretend people come in before it."""
    put(place / "config.toml", '[hosting]\nopen_before = "0s"\nopen_after = "0s"\n')
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--speed", 900, "--out", "out/deep", cwd=place), 0)
    assert "Transcript: out/deep/transcript.html" in done.stdout
    assert "Q1. One? #test" in done.stdout
    out = place / "out" / "deep"
    assert {path.name for path in out.iterdir()} == FIVE
    assert not (place / "convenor.db").exists(), "a rehearsal leaves the store alone"
    found = json.loads((out / "transcript.json").read_text(encoding="utf-8"))
    said = [[(one["text"], one["reason"]) for one in question["messages"]] for question in found["questions"]]
    assert said == [[("A1 no", "reply"), ("I think so too", "thread")], []]
    assert found["gaps"] == []
    assert found["chat"]["starts"] == "2020-10-13T19:00:00Z"

    ended(convenor("replay", out / "events.jsonl", "--chat", "schedules/s/one.toml", "--out", "again", cwd=place), 0)
    for name in ("transcript.json", "numbers.json", "events.jsonl"):
        assert (place / "again" / name).read_bytes() == (out / name).read_bytes(), name


def test_mistakes_come_before_the_hour(place: Path) -> None:
    put(place / "bad.toml", SCRIPT.replace('person = "Bo"', 'person = "Bob"').replace('"30s"', '"soon"'))
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--script", "bad.toml", cwd=place), 1)
    assert "bad.toml:8:9: 'after' is 'soon'" in done.stderr
    done = ended(convenor("rehearse", "schedules/s/none.toml", "--script", "bad.toml", cwd=place), 1)
    assert done.stderr.strip() == "schedules/s/none.toml:1:1: there is no such file."
    put(place / "file", "mine")
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--out", "file", cwd=place), 2)
    assert done.stdout == "", "a folder that cannot be written is not found out after the hour"
    assert ended(convenor("rehearse", "schedules/s/one.toml", "--speed", "nan", cwd=place), 2).stdout == ""


def test_stopped_by_hand(place: Path) -> None:
    words = [CONVENOR, "rehearse", "schedules/s/one.toml", "--speed", "10", "--out", "out"]
    with subprocess.Popen(  # noqa: S603 -- our own program
        words, cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "joined" in line:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=6)
    assert process.returncode == 2
    assert err == "Stopped.\n"
    assert not list((place / "out").iterdir())
