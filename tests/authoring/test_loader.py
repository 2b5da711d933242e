"""A valid file becomes a complete Chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.authoring.chat_folder import find_chat_files
from bot.authoring.loader import chat_name, load
from bot.chat import Chat, DaysBefore, Host, instant_before
from bot.messages import Image

MINUTE = timedelta(minutes=1)
HEAD = 'title = "T"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def chat(path: Path, text: str) -> Chat:
    loaded = load(write(path, text))
    assert loaded.chat, loaded.problems
    return loaded.chat


def asked(number: int, at: dict[int, str] | None = None) -> str:
    at = at or {}
    return "".join(
        f'[[questions]]\ntext = "Text {n}"\n' + (f'at = "{at[n]}"\n' if n in at else "") for n in range(1, number + 1)
    )


def offsets(made: Chat) -> list[float]:
    return [(one.at - made.starts) / MINUTE for one in made.questions]


def test_the_smallest_file(tmp_path: Path) -> None:
    loaded = load(write(tmp_path / "s" / "c.toml", 'title = "T"\nstarts = 2020-10-13T20:00:00\n' + asked(4)))
    made = loaded.chat
    assert made
    assert [problem.severity for problem in loaded.problems] == ["warning"]
    assert (made.name, made.timezone, made.hashtag) == ("s/c", "UTC", "")
    assert made.starts == datetime(2020, 10, 13, 20, tzinfo=UTC)
    assert made.length == 60 * MINUTE
    assert offsets(made) == [10, 22.5, 35, 47.5]
    assert "simply reply" in made.welcome
    assert "leave me out" in made.rules
    assert (made.places, made.reminders, made.lists) == ((), (), "most")
    assert (made.pace, made.later, made.sooner) == ("clock", 3 * MINUTE, 2 * MINUTE)
    assert made.window == 15 * MINUTE
    assert (made.marks, made.unnamed, made.reflection) == (("A", "Q"), False, ())


@pytest.mark.parametrize(
    ("keys", "number", "at", "expected"),
    [
        ("first = '5m'\nevery = '8m'\n", 3, {}, [5, 13, 21]),
        ("every = '8m'\n", 3, {2: "25m"}, [10, 25, 33]),
        ("every = '8m'\n", 2, {1: "2m"}, [2, 10]),
        ("", 4, {3: "30m"}, [10, 20, 30, 45]),
        ("length = '12m'\n", 2, {}, [2, 7]),
        ("length = '12s'\n", 1, {}, [2 / 60]),
        ("length = '2h'\n", 1, {}, [10]),
        ("", 7, {}, [10, 17 + 8 / 60, 24 + 17 / 60, 31 + 25 / 60, 38 + 34 / 60, 45 + 42 / 60, 52 + 51 / 60]),
    ],
)
def test_timetable(tmp_path: Path, keys: str, number: int, at: dict[int, str], expected: list[float]) -> None:
    assert offsets(chat(tmp_path / "c.toml", HEAD + keys + asked(number, at))) == pytest.approx(expected)


def test_summer_time_and_offsets(tmp_path: Path) -> None:
    assert chat(tmp_path / "c.toml", HEAD + asked(1)).starts == datetime(2020, 10, 13, 19, tzinfo=UTC)
    twice = HEAD.replace("2020-10-13T20:00:00", "2020-10-25T01:30:00+00:00")
    assert chat(tmp_path / "c.toml", twice + asked(1)).starts == datetime(2020, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("marks", "told"), [('["R", "T"]', "R1, R2"), ('["R", "A"]', "A1, A2")])
def test_the_welcome_tells_people_a_letter_that_counts(tmp_path: Path, marks: str, told: str) -> None:
    one = '[[questions]]\ntext = "Why?"\n'
    assert f"Writing {told} …" in chat(tmp_path / "c.toml", f"{HEAD}marks = {marks}\n{one}").welcome


def test_every_key(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    made = chat(
        tmp_path / "c.toml",
        HEAD
        + 'hashtag = "#OTalk"\nlink = "https://example.org/a"\nplaces = ["room"]\n'
        + 'welcome = "W"\nrules = "R"\nclosing = "C"\n'
        + 'reminders = ["1h", "1d"]\nlists = "none"\n'
        + 'pace = "follow"\nlater = "4m"\nsooner = "0s"\nwindow = "0s"\n'
        + 'marks = ["a", "R", "R", "Ant"]\nunnamed = true\nreflection = ["Learning: what?"]\n'
        + '[[hosts]]\nname = "Pat"\nx = "@pat"\n[[moderators]]\nname = "Jo"\n'
        + '[[questions]]\ntext = "Q1: Why?"\nimage = "a.png"\nalt = "A"\n[questions.says]\nx = "Q1. W?"\n',
    )
    assert (made.welcome, made.rules, made.closing) == ("W", "R", "C")
    assert made.reminders == (DaysBefore(days=1), timedelta(hours=1))
    assert (made.hosts, made.moderators) == ((Host(name="Pat", handles={"x": "@pat"}),), (Host(name="Jo"),))
    assert (made.pace, made.later, made.sooner, made.window) == ("follow", 4 * MINUTE, timedelta(0), timedelta(0))
    assert (made.marks, made.unnamed, made.reflection) == (("A", "R", "ANT"), True, ("Learning: what?",))
    (question,) = made.questions
    assert (question.key, question.text, question.says) == ("q1", "Why?", {"x": "W?"})
    assert question.image == Image(path=str(tmp_path / "a.png"), alt="A")
    assert (made.hashtag, made.link, made.places, made.lists) == (
        *("#OTalk", "https://example.org/a"),
        *(("room",), "none"),
    )


def test_default_texts(tmp_path: Path) -> None:
    hosts = '[[hosts]]\nname = "A"\n[[hosts]]\nname = "B"\n[[hosts]]\nname = "C"\n'
    made = chat(tmp_path / "c.toml", HEAD + 'hashtag = "#OTalk"\nlink = "https://example.org/a"\n' + hosts + asked(1))
    assert "T, with A, B and C." in made.welcome
    assert made.welcome.endswith("https://example.org/a #OTalk")
    assert all(text.endswith("#OTalk") for text in (made.rules, made.closing))


def test_the_chat_overrides_its_series(tmp_path: Path) -> None:
    series = 'timezone = "Europe/London"\ntime = 20:00:00\nweekday = "Tuesday"\nhashtag = "#A"\nlength = "30m"\n'
    write(tmp_path / "otalk" / "series.toml", series + 'reminders = ["1h"]\n[[moderators]]\nname = "Jo"\n')
    text = 'title = "T"\nstarts = 2020-10-13\nhashtag = "#B"\n' + asked(1)
    made = chat(tmp_path / "otalk" / "c.toml", text)
    assert (made.starts, made.hashtag, made.length) == (datetime(2020, 10, 13, 19, tzinfo=UTC), "#B", 30 * MINUTE)
    assert (made.reminders, made.moderators[0].name) == ((timedelta(hours=1),), "Jo")


def test_find_and_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "rehearsal.toml",
        "otalk/series.toml",
        "otalk/b.toml",
        "otalk/a.toml",
        "other/c.toml",
        "otalk/x/d.toml",
    ):
        write(tmp_path / name, "")
    (tmp_path / "otalk" / "n.txt").touch()
    paths = find_chat_files(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == ["otalk/a.toml", "otalk/b.toml", "other/c.toml"]
    assert [chat_name(path, tmp_path) for path in paths] == ["otalk/a", "otalk/b", "other/c"]
    assert chat_name(paths[0]) == "otalk/a"
    monkeypatch.chdir(tmp_path / "otalk")
    assert chat_name(Path("a.toml"), tmp_path) == chat_name(Path("../otalk/a.toml"), tmp_path) == "otalk/a"
    assert find_chat_files(tmp_path / "nowhere") == []


@pytest.mark.parametrize("path", [".", "..", "nowhere.toml", "/"])
def test_no_file(path: str) -> None:
    loaded = load(Path(path))
    assert loaded.chat is None
    assert len(loaded.problems) == 1


def test_a_series_may_not_be_called_as_the_rooms_private_links_are(tmp_path: Path) -> None:
    for folder, wrong in (("host", 1), ("hosts", 0)):
        loaded = load(write(tmp_path / folder / "c.toml", HEAD + asked(1)), root=tmp_path)
        assert [one.severity for one in loaded.problems] == ["error"] * wrong
        assert (loaded.chat is None) is bool(wrong)
        assert all("is called 'host'" in one.message for one in loaded.problems)


@pytest.mark.parametrize(
    ("before", "zone", "expected"),
    [
        ("7d", "Europe/London", "2026-10-20T19:00:00+00:00"),
        ("1w1h", "Europe/London", "2026-10-20T18:00:00+00:00"),
        ("168h", "Europe/London", "2026-10-20T20:00:00+00:00"),
        ("7d", "America/New_York", "2026-10-21T00:00:00+00:00"),
        ("1h30m", "Europe/London", "2026-10-27T18:30:00+00:00"),
    ],
)
def test_days_before_a_chat_are_those_of_the_calendar(tmp_path: Path, before: str, zone: str, expected: str) -> None:
    file = write(
        tmp_path / "a.toml",
        f'title = "A"\nstarts = 2026-10-27T20:00:00\ntimezone = "{zone}"\nreminders = ["{before}"]\n'
        '[[questions]]\ntext = "Why?"\n',
    )
    made = load(file).chat
    assert made
    assert instant_before(made.starts, zone, made.reminders[0]).isoformat() == expected
