"""`convenor rehearse`: the whole hour in seconds, and the same transcript from its log."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from bot.reporting.files import write
from bot.reporting.imprint import Imprint
from tests.cli.run import (
    CONVENOR,
    FILES,
    Running,
    a_place,
    answering,
    as_json,
    convenor,
    ended,
    environment,
    put,
    soon,
    started,
    stored,
)
from tests.fakes.chats import a_chat

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
    """Also with a room that is open only during a chat: the pretend participants enter before it."""
    put(place / "config.toml", '[hosting]\nopen_before = "0s"\nopen_after = "0s"\n')
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--speed", 900, "--out", "out/deep", cwd=place), 0)
    assert "Transcript: out/deep/transcript.html" in done.stdout
    assert "Q1. One? #test" in done.stdout
    out = place / "out" / "deep"
    assert {path.name for path in out.iterdir()} == FILES
    assert not (place / "convenor.db").exists(), "a rehearsal leaves the store alone"
    assert "This was a rehearsal" in (out / "transcript.html").read_text(encoding="utf-8")
    found = json.loads((out / "transcript.json").read_text(encoding="utf-8"))
    said = [[(one["text"], one["reason"]) for one in question["messages"]] for question in found["questions"]]
    assert said == [[("A1 no", "mark"), ("I think so too", "thread")], []]
    assert found["gaps"] == []
    assert found["chat"]["starts"] == "2020-10-13T19:00:00Z"

    ended(convenor("replay", out / "events.jsonl", "--chat", "schedules/s/one.toml", "--out", "again", cwd=place), 0)
    for name in ("transcript.json", "numbers.json", "events.jsonl"):
        assert (place / "again" / name).read_bytes() == (out / name).read_bytes(), name


def test_rehearsals_and_reports_never_write_over_each_other(place: Path) -> None:
    words = "rehearse", "schedules/s/one.toml", "--speed", 3600
    real, rehearsed = place / "out/s/one", place / "out/rehearsals/s/one"
    chat = a_chat(name="s/one")
    with stored(place, chat):
        pass
    ended(convenor("report", "one", cwd=place), 0)
    assert {path.name for path in real.iterdir()} == FILES
    before = {path: path.read_bytes() for path in real.iterdir()}
    assert "which is not written over" in ended(convenor(*words, "--out", real, cwd=place), 2).stderr
    assert {path: path.read_bytes() for path in real.iterdir()} == before
    write(rehearsed, chat, (), imprint=Imprint(rehearsal=True))
    for name in ("transcript.html", "transcript.md"):
        assert "This was a rehearsal" in (rehearsed / name).read_text(encoding="utf-8")
        assert "rehearsal" not in (real / name).read_text(encoding="utf-8")
    assert "has a rehearsal" in ended(convenor("report", "one", "--out", rehearsed, cwd=place), 2).stderr


def test_mistakes_are_printed_before_the_rehearsal(place: Path) -> None:
    put(place / "bad.toml", SCRIPT.replace('person = "Bo"', 'person = "Bob"').replace('"30s"', '"soon"'))
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--script", "bad.toml", cwd=place), 1)
    assert "bad.toml:8:9: 'after' is 'soon'" in done.stderr
    done = ended(convenor("rehearse", "schedules/s/none.toml", "--script", "bad.toml", cwd=place), 1)
    assert done.stderr.strip() == "schedules/s/none.toml:1:1: there is no such file."
    put(place / "file", "mine")
    done = ended(convenor("rehearse", "schedules/s/one.toml", "--out", "file", cwd=place), 2)
    assert done.stdout == "", "a folder that cannot be written is not found out after the hour"
    assert ended(convenor("rehearse", "schedules/s/one.toml", "--speed", "nan", cwd=place), 2).stdout == ""


def test_stopped_with_ctrl_c(place: Path) -> None:
    words = [CONVENOR, "rehearse", "schedules/s/one.toml", "--speed", "10", "--out", "out"]
    with subprocess.Popen(  # noqa: S603 -- our own program
        words, cwd=place, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "joined" in line:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == "Stopped.\n"
    assert not list((place / "out").iterdir())


@contextmanager
def rehearsing(place: Path, *words: str, kill: bool = False) -> Iterator[Running]:
    """A rehearsal as slow as the hour itself, stopped at the end of the block: other programs take their time."""
    line = ["rehearse", "schedules/s/one.toml", "--speed", "1", "--out", "out", *words]
    process = started(*line, cwd=place, env=environment(BROWSER="true", DISPLAY=""))
    assert process.stdout
    assert process.stderr
    with process.stdout, process.stderr:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL if kill else signal.SIGINT)
            process.stdout.read()
            process.wait(60)


def until(process: Running, text: str) -> str:
    """The next line of the output that has this text."""
    assert process.stdout
    return next(line for line in process.stdout if text in line)


def shown(place: Path) -> list[dict[str, Any]]:
    """The chats of `status`, from the store and from a rehearsal."""
    found: list[dict[str, Any]] = json.loads(convenor("status", "--json", cwd=place).stdout)["chats"]
    return found


def test_status_shows_a_running_rehearsal(place: Path) -> None:
    with rehearsing(place) as process:
        until(process, "Meanwhile, from another terminal: `convenor status`")
        until(process, "posted")
        [found] = shown(place)
        assert (found["chat"], found["rehearsal"], found["state"]) == ("s/one", True, "live")
        starts, now, ends = (datetime.fromisoformat(found[name]) for name in ("starts", "now", "ends"))
        assert starts <= now <= ends, "by the rehearsal's own clock"
        assert found["posts"][0]["state"] == "sent"
        done = ended(convenor("status", "s/one", cwd=place), 0)
        assert "Rehearsal, 20:" in done.stdout
        assert "No chat is in the store yet" not in done.stdout
        assert shown(a_place(place / "elsewhere")) == [], "it is nobody else's"
    assert shown(place) == []


def test_a_killed_rehearsal_is_not_shown(place: Path) -> None:
    with rehearsing(place, kill=True) as process:
        until(process, "posted")
        assert shown(place)
    assert shown(place) == []


def test_a_rehearsal_can_be_led_from_the_room(place: Path) -> None:
    put(place / "config.toml", "[places.room]\nport = 0\n")
    with rehearsing(place, "--open") as process:
        address = until(process, "/host/").strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/host/[\w-]{43}", address)
        with urlopen(address.partition("/host/")[0] + "/") as index:  # noqa: S310 -- our own room
            assert "Rehearsal</a>" in index.read().decode(), "every page says what it is"
        listed = as_json(convenor("link", "one", "--list", "--json", cwd=place))["links"]
        assert [(one["name"], one["role"]) for one in listed] == [("Host", "host")]
        made = as_json(convenor("link", "one", "--rehearsal", "--name", "Pretend deputy", "--json", cwd=place))
        assert made["url"].rpartition("/")[0] == address.rpartition("/")[0]


def test_a_real_chat_and_a_rehearsal_are_distinguished(place: Path) -> None:
    live = a_chat(starts=soon(-600), name="s/live")
    with rehearsing(place) as process, stored(place, live) as database, answering(database) as heard:
        until(process, "posted")
        done = ended(convenor("next", cwd=place), 1)
        assert "s/live, s/one (rehearsal)" in done.stderr
        ended(convenor("next", "--real", cwd=place), 0)
        ended(convenor("next", "live", cwd=place), 0)
        assert (
            "No single chat is called 's/live'" in ended(convenor("next", "s/live", "--rehearsal", cwd=place), 2).stderr
        )
    assert [one.chat for one in heard] == ["s/live", "s/live"]


def test_a_rehearsal_is_led_from_another_terminal(place: Path) -> None:
    """It ends with the command `end`, and its output has the commands."""
    with rehearsing(place) as process:
        until(process, "posted")
        found = as_json(convenor("skip", "q2", "--json", cwd=place))
        assert (found["outcome"], found["chat"]) == ("done", "s/one")
        done = ended(convenor("next", cwd=place), 0)
        assert done.stdout.startswith("Rehearsal: Q1 now")
        assert "Q1. One? #test" in until(process, "Q1.")
        [chat] = shown(place)
        assert [(one["text"], one["outcome"]) for one in chat["commands"]] == [
            ("next", "done"),
            ("skip q2", "done"),
        ]
        assert chat["commands"][0]["place"] == "shell"
        ended(convenor("end", "--yes", cwd=place), 0)
        assert process.stdout
        assert "Transcript: out/transcript.html" in process.stdout.read()
        assert process.wait(60) == 0
    events = [json.loads(line) for line in (place / "out" / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    said = [(one["place"], one["outcome"]) for one in events if one["type"] == "command"]
    assert said == [("shell", "done")] * 3, "what is published says that they led, not how"
