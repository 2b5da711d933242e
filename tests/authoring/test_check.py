"""The output of `check`, for scripts and for people."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from bot.authoring.check import CheckResult, as_data, check_file
from bot.authoring.loader import load
from bot.cli.check import print_results
from bot.translation import speaking
from tests.fakes.platform import flat_traits

PLACES = {
    "room": flat_traits(platform="room", limit=2000),
    "tw": flat_traits(platform="x", limit=60, length=lambda text: len(text.encode())),
}
TEXT = """\
title = "Tëst"
hashtag = "#OTalk"
starts = 2020-10-13T20:00:00
timezone = "Europe/London"
reminders = ["1d"]
welcome = "Hello there."
[[questions]]
text = "A question that is a good deal longer than sixty characters. Is it? It is."
[[questions]]
text = "Why?"
[questions.says]
x = "W?"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "otalk" / "c.toml"
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    return file


def printed(*found: CheckResult) -> str:
    out = io.StringIO()
    print_results(found, Console(file=out, width=80))
    return out.getvalue()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('zone = "x"\nlink = "x"\n', "'zone' is not a known key"),
        ('closing = "See https://bit.ly/x."\n', "hides where it leads"),
        ('length = "20s"\n', "Q2 comes only 8s after Q1"),
    ],
)
def test_scripts_and_terminals_read_english_whatever_the_settings_say(path: Path, more: str, said: str) -> None:
    path.write_text(f'language = "en"\n{more}{TEXT}', encoding="utf-8")
    english = _read(path)
    with speaking("de"):
        assert _read(path) == english
    assert said in english[1]


def _read(path: Path) -> tuple[bytes, str]:
    """What `check` prints of a file, as data and as text."""
    results = [check_file(path, PLACES)]
    shown = io.StringIO()
    print_results(results, Console(file=shown, width=200))
    return msgspec.json.encode(as_data(results)), shown.getvalue()


def test_json(path: Path) -> None:
    made: dict[str, object] = json.loads(msgspec.json.encode(as_data([check_file(path, PLACES)])))
    assert set(made) == {"ok", "chat", "timeline", "problems", "previews", "cost"}
    assert (made["ok"], made["chat"], made["problems"], made["cost"]) == (True, "otalk/c", [], {})
    timeline = msgspec.convert(made["timeline"], list[dict[str, str]])
    assert [one["key"] for one in timeline] == ["reminder-24h", "welcome", "rules", "q1", "q2", "closing"]
    assert timeline[4] == {"key": "q2", "kind": "question", "at": "2020-10-13T19:35:00Z", "text": "Q2. Why? #OTalk"}
    previews = msgspec.convert(made["previews"], dict[str, list[dict[str, object]]])
    assert previews["tw"][4] == {"key": "q2", "parts": [{"text": "Q2. W? #OTalk", "length": 13}], "limit": 60}
    assert previews["tw"][3]["parts"] == [
        {"text": "Q1. A question that is a good deal longer than sixty", "length": 52},
        {"text": "characters. Is it? It is. #OTalk", "length": 32},
    ]


def test_json_of_several(path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "otalk" / "bad.toml"
    bad.write_text("title = 1\n")
    series = tmp_path / "otalk" / "series.toml"
    series.write_text('timezone = "Mars"\n')
    made = msgspec.convert(as_data([check_file(one, PLACES) for one in (path, bad, series)]), list[dict[str, object]])
    assert [(one["ok"], one["chat"]) for one in made] == [
        (True, "otalk/c"),
        (False, "otalk/bad"),
        (False, "otalk"),
    ]
    assert made[2]["timeline"] == []
    problems = msgspec.convert(made[1]["problems"], list[dict[str, object]])
    assert set(problems[0]) == {"file", "line", "column", "severity", "message"}
    assert problems[0]["file"] == str(bad)


def test_text(path: Path) -> None:
    text = printed(check_file(path, PLACES))
    assert "Europe/London  UTC" in text
    assert "20:35          19:35" in text
    assert "12 Oct 20:00" in text
    assert "cut into 2" in text
    assert "ready to be hosted." in text
    assert max(map(len, text.splitlines()[:-1])) <= 80


def test_text_of_mistakes(path: Path) -> None:
    path.write_text(TEXT.replace('"#OTalk"', '"[bold]"'), encoding="utf-8")
    text = printed(check_file(path, PLACES))
    assert f"{path}:2:11: 'hashtag' is '[bold]'" in text
    assert text.endswith("c.toml: 1 to put right.\n")


def test_only_the_chats_places(path: Path) -> None:
    path.write_text('places = ["room"]\n' + TEXT, encoding="utf-8")
    assert list(check_file(path, PLACES).previews) == ["room"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("Tëst", "Tést"), "otalk/c has the same questions on the same day"),
        (("2020-10-13T20:00", "2020-10-20T20:00"), ""),
        (('title = "Tëst"', 'title = "Tëst"\nid = "c-2"'), "otalk/c runs at the same time"),
        (('text = "Why?"', 'text = "How come?"'), "otalk/c has the same questions on the same day"),
    ],
    ids=["a mended title", "another week", "an id of its own", "one question rewritten"],
)
def test_a_copy_is_doubted(path: Path, change: tuple[str, str], told: str) -> None:
    copy = path.with_name("c copy.toml")
    copy.write_text(TEXT.replace(*change), encoding="utf-8")
    original = load(path, root=path.parents[1]).chat
    assert original
    found = check_file(copy, PLACES, root=path.parents[1], others=[original])
    doubts = [one.message for one in found.problems if "otalk/c" in one.message]
    assert [one[: len(told)] for one in doubts] == [told] * bool(told)
