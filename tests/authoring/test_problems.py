"""Every mistake in a chat file, with its position and a helpful message."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.authoring.loader import load, load_series
from tests.german import in_german

PLACES = {"room": "room", "tw": "x"}
HEAD = 'title = "T"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n'
ONE = '[[questions]]\ntext = "Why?"\n'
FOLLOW = "pace = 'follow'\n"
TWO = ONE + '[[questions]]\ntext = "How?"\n'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    series = tmp_path / "schedules" / "otalk"
    series.mkdir(parents=True)
    (series / "a.png").write_bytes(PNG)
    (series / "notes.png").write_text("hello")
    (series / "picture.webp").write_bytes(b"RIFF\x24\x00\x00\x00WEBPVP8 ")
    (series / "sound.webp").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt ")
    (series / "a.svg").write_text("<svg/>")
    (tmp_path / "schedules" / "b.png").write_bytes(PNG)
    return series


def found(folder: Path, text: str, series: str | None = None, now: dt.datetime | None = None) -> list[str]:
    """The problems that `load` finds, with short file names; each can be said in German."""
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    if series is not None:
        (folder / "series.toml").write_text(series, encoding="utf-8")
    loaded = load(path, places=PLACES, now=now)
    assert (loaded.chat is None) == any(one.severity == "error" for one in loaded.problems)
    assert all(in_german(one.message) for one in loaded.problems)
    return [str(one).removeprefix(f"{folder}/") for one in loaded.problems]


def test_no_mistake(folder: Path) -> None:
    assert found(folder, HEAD + TWO) == []


CASES = [
    # keys
    ("titel = 1\n" + HEAD + ONE, "1:1", "did you mean 'title'?"),
    (HEAD + "colour = 1\n" + ONE, "4:1", "'colour' is not a known key"),
    (HEAD + ONE + "txet = 1\n", "6:1", "did you mean 'text'?"),
    (HEAD + "title = 'x'\n" + ONE, "4:1", "a second time"),
    (
        HEAD + ONE + "hashtag = '#T'\n",
        "6:1",
        "'hashtag' belongs to the whole file; move it up, above the first [[questions]].",
    ),
    (
        HEAD + ONE + "[[hosts]]\nname = 'A'\nevery = '5m'\n",
        "8:1",
        "'every' belongs to the whole file; move it up, above",
    ),
    (HEAD + ONE + "[[hosts]]\nname = 'A'\nstarts = 2020-10-13\n", "8:1", "'starts' belongs to the whole file; move"),
    # ids
    ("id = 'a b'\n" + HEAD + ONE, "1:6", "write at most 64 plain letters"),
    (HEAD + ONE + "id = 'a'\n" + ONE + "id = 'a'\n", "9:6", "question 1 has the id 'a' already"),
    # missing values
    (HEAD.replace('title = "T"', "") + ONE, "1:1", "'title' is missing"),
    ('title = "T"\ntimezone = "UTC"\n' + ONE, "1:1", "'starts' is missing"),
    (HEAD, "1:1", "'questions' is missing"),
    (HEAD + "questions = []\n", "4:13", "'questions' is missing"),
    (HEAD + ONE + "[[questions]]\nat = '20m'\n", "6:1", "'text' is missing in question 2"),
    (HEAD.replace('timezone = "Europe/London"\n', "") + ONE, "1:1", "warning: 'timezone' is missing"),
    # texts
    (HEAD.replace('"T"', "5") + ONE, "1:9", "'title' is 5; it must be text in quotes"),
    (HEAD.replace('"T"', '"  "') + ONE, "1:9", "'title' is empty; write something"),
    (HEAD.replace('"T"', f'"{"t" * 201}"') + ONE, "1:9", "at most 200"),
    (HEAD.replace('"T"', '"a\\nb"') + ONE, "1:9", "on one line"),
    (HEAD + "welcome = ''\n" + ONE, "4:11", "or leave the key out"),
    (HEAD + "rules = [1]\n" + ONE, "4:9", "'rules' is a list; it must be text"),
    (HEAD + '[[questions]]\ntext = ""\n', "5:8", "'text' is empty"),
    (HEAD + '[[questions]]\ntext = "a\\u0007b"\n', "5:8", "control character"),
    (HEAD + f'[[questions]]\ntext = "{"t" * 2001}"\n', "5:8", "it has 2001 characters; make it at most 2000"),
    (HEAD + '[[questions]]\ntext = "Q3. Why?"\n', "5:8", "warning: the text begins with 'Q3.'"),
    ("questions = ['Why?']\n" + HEAD, "1:14", "it must be a table"),
    ("questions = 'Why?'\n" + HEAD, "1:13", "it must be a list"),
    (HEAD + TWO * 26, "4:1", "at most 50 are allowed"),
    # time
    (HEAD.replace("2020-10-13T20:00:00", '"next Tuesday"') + ONE, "2:10", "'starts' is 'next Tuesday'; write a date"),
    (HEAD.replace("2020-10-13T20:00:00", "2020-13-13T20:00:00") + ONE, "2:10", "a date and time that exist"),
    (HEAD.replace("2020-10-13T20:00:00", "2020-10-13") + ONE, "2:10", "'starts' has no time"),
    (HEAD.replace("2020-10-13", "0020-10-13") + ONE, "2:10", "is the year right?"),
    (HEAD.replace("2020-10-13T20", "2021-03-28T01") + ONE, "2:10", "The next time that does is 2021-03-28T02:00:00."),
    (HEAD.replace("2020-10-13T20", "2020-10-25T01") + ONE, "2:10", "2020-10-25T01:00:00+00:00 the second"),
    (HEAD.replace("20:00:00", "20:00:00+05:00") + ONE, "2:10", "write 2020-10-13T20:00:00."),
    (HEAD.replace("Europe/London", "Europe/Londn") + ONE, "3:12", "did you mean 'Europe/London'?"),
    (HEAD.replace("Europe/London", "london") + ONE, "3:12", "did you mean 'Europe/London'?"),
    (HEAD.replace("Europe/London", "+01:00") + ONE, "3:12", "is an offset; name a place"),
    (HEAD.replace("Europe/London", "UTC+1") + ONE, "3:12", "is an offset"),
    (HEAD.replace("Europe/London", "../etc/passwd") + ONE, "3:12", "not a known time zone"),
    (HEAD.replace('"Europe/London"', "1") + ONE, "3:12", "text in quotes"),
    (HEAD + 'every = "ten minutes"\n' + ONE, "4:9", "'every' is 'ten minutes'; write it like \"10m\"."),
    (HEAD + "length = 60\n" + ONE, "4:10", "'length' is 60; write it like \"10m\"."),
    (HEAD + "first = 10m\n" + ONE, "4:9", "straight quotes"),
    (HEAD + "first = '0m'\n" + ONE, "4:9", "it must be longer than nothing"),
    (HEAD + "length = '400d'\n" + ONE, "4:10", "longer than a year"),
    (HEAD + "first = '60m'\n" + ONE, "4:9", "'first' puts Q1 at 1h, but the chat ends at 1h"),
    (HEAD + "every = '50m'\n" + TWO, "4:9", "so Q2 would come at 1h, but the chat ends at 1h"),
    (HEAD + ONE + "at = '61m'\n", "6:6", "'at' puts Q1 at 1h1m, but the chat ends at 1h"),
    (HEAD + ONE + "at = '60m'\n", "6:6", "the chat ends at 1h"),
    (HEAD + TWO + "at = '5m'\n", "8:6", "Q2 comes at 5m, before Q1 at 10m"),
    (HEAD + TWO + "at = '10m'\n", "8:6", "at the same time as Q1"),
    (HEAD + TWO + "at = '10m30s'\n", "8:6", "warning: Q2 comes only 30s after Q1"),
    (HEAD + "reminders = ['1h', '60m']\n" + ONE, "4:20", "there is a reminder 1h before the start already"),
    (HEAD + "reminders = ['1h', 'soon']\n" + ONE, "4:20", "'reminders 2' is 'soon'; write it like"),
    (HEAD + "reminders = '1h'\n" + ONE, "4:13", "it must be a list"),
    # pace
    (HEAD + "pace = 'fast'\n" + ONE, "4:8", 'it must be "clock" or "follow"'),
    (HEAD + FOLLOW + "later = '20m'\n" + ONE, "5:9", "'later' is '20m'; make it at most 15m."),
    (HEAD + FOLLOW + "sooner = '15m1s'\n" + ONE, "5:10", "make it at most 15m."),
    (HEAD + FOLLOW + "sooner = 2\n" + ONE, "5:10", "'sooner' is 2; write it like \"10m\"."),
    (HEAD + "later = '3m'\n" + ONE, "4:9", "warning: 'later' does nothing without pace = \"follow\""),
    (HEAD + "pace = 'clock'\nsooner = '1m'\n" + ONE, "5:10", "warning: 'sooner' does nothing without"),
    (HEAD + FOLLOW + "later = '8m'\nevery = '8m'\n" + TWO, "5:9", "warning: 'later' is 8m, but Q2 comes 8m after Q1"),
    (HEAD + FOLLOW + "sooner = '10m'\n" + TWO + "at = '20m'\n", "5:10", "warning: 'sooner' is 10m, but Q2 comes 10m"),
    (
        HEAD + FOLLOW + "every = '2m30s'\n" + TWO,
        "4:8",
        "warning: 'later' is 3m where it is left out",
    ),
    (HEAD + "window = '25h'\n" + ONE, "4:10", "'window' is '25h'; make it at most 24h."),
    (HEAD + "window = 60\n" + ONE, "4:10", "'window' is 60; write it like \"10m\"."),
    (HEAD + "reflection = []\n" + ONE, "4:14", "'reflection' is empty; name at least one"),
    (HEAD + "reflection = 'What?'\n" + ONE, "4:14", "it must be a list"),
    (HEAD + "reflection = ['What?', '']\n" + ONE, "4:24", "'reflection 2' is empty"),
    (HEAD + "marks = []\n" + ONE, "4:9", "'marks' is empty; name at least one"),
    (HEAD + "marks = 'A'\n" + ONE, "4:9", "it must be a list"),
    (HEAD + "marks = ['A', 'A1']\n" + ONE, "4:15", "'marks 2' is 'A1'; write one to three letters, like \"A\"."),
    (HEAD + "marks = ['Answ']\n" + ONE, "4:10", "write one to three letters"),
    (HEAD + "marks = ['A','B','C','D','E','F','G','H','I','J','K']\n" + ONE, "4:9", "at most 10 are allowed"),
    # names
    (HEAD + "hashtag = 'OTalk'\n" + ONE, "4:11", 'like "#OTalk"'),
    (HEAD + "hashtag = '#OT alk'\n" + ONE, "4:11", 'like "#OTalk"'),
    (HEAD + "hashtag = '#12'\n" + ONE, "4:11", "one word"),
    (HEAD + "link = 'example.org'\n" + ONE, "4:8", "beginning with https://"),
    (HEAD + "link = 'ftp://example.org'\n" + ONE, "4:8", "beginning with https://"),
    (HEAD + "link = 'javascript:alert(1)'\n" + ONE, "4:8", "beginning with https://"),
    (HEAD + "lists = 'best'\n" + ONE, "4:9", 'it must be "most", "alphabetical" or "none"'),
    (HEAD + "places = []\n" + ONE, "4:10", "'places' is empty; name at least one"),
    (HEAD + "places = ['room', 'discord']\n" + ONE, "4:19", "warning: 'discord' is not configured here"),
    (HEAD + "places = ['room', 'room']\n" + ONE, "4:19", "a second time"),
    (HEAD + ONE + "[questions.says]\nrom = 'x'\n", "7:1", "did you mean 'room'?"),
    (HEAD + ONE + "[questions.says]\ntwitter = 'x'\n", "7:1", "did you mean 'x'?"),
    (HEAD + ONE + "[questions.says]\nx = ''\n", "7:5", "'x' is empty"),
    (HEAD + ONE + "says = 'x'\n", "6:8", "it must be a table"),
    (HEAD + "[[hosts]]\nx = '@a'\n" + ONE, "4:1", "'name' is missing in hosts"),
    (HEAD + "[[hosts]]\nname = 'A'\nmastodon = '@a'\n" + ONE, "6:1", "'mastodon' is not a known key or place"),
    (HEAD + "[[hosts]]\nname = 'A'\nx = 5\n" + ONE, "6:5", "'x' is 5; it must be text"),
    (HEAD + "hosts = ['A']\n" + ONE, "4:10", "it must be a table"),
    # images
    (HEAD + ONE + "image = 'a.png'\n", "6:1", "describe it in 'alt'"),
    (HEAD + ONE + "alt = 'A cat'\n", "6:1", "warning: 'alt' describes an image, but there is none"),
    (HEAD + ONE + "alt = 'A cat'\nimage = 'b.png'\n", "7:9", "no such file"),
    (HEAD + ONE + "alt = 'A cat'\nimage = '../b.png'\n", "7:9", "into the folder of the chat file"),
    (HEAD + ONE + "alt = 'A cat'\nimage = '/etc/passwd'\n", "7:9", "into the folder of the chat file"),
    (HEAD + ONE + "alt = 'A cat'\nimage = 'a.svg'\n", "7:9", "png, jpg, gif or webp"),
    (HEAD + ONE + "alt = 'A cat'\nimage = 'notes.png'\n", "7:9", "not the picture its name says"),
    (HEAD + ONE + "alt = 'A cat'\nimage = 'sound.webp'\n", "7:9", "not the picture its name says"),
    (HEAD + ONE + f"alt = 'A cat'\nimage = '{'a/' * 90}x.png'\n", "7:9", "no such file"),
]


@pytest.mark.parametrize(("text", "where", "words"), CASES, ids=[words for _, _, words in CASES])
def test_mistake(folder: Path, text: str, where: str, words: str) -> None:
    (problem,) = found(folder, text)
    assert problem.startswith(f"x.toml:{where}: ")
    assert words in problem
    assert not any(jargon in problem.lower() for jargon in ("input", "validation", "pydantic", "str ", "dict"))


def test_every_mistake_at_once(folder: Path) -> None:
    text = (
        'titel = "T"\nhashtag = "OTalk"\nstarts = 2020-10-13T20:00:00\ntimezone = "London"\nevery = ten minutes\n'
        'link = "x"\n[[questions]]\ntext = ""\n[[questions]]\nat = "61m"\nimage = "a.png"\n'
    )
    assert [problem.split(": ")[0] for problem in found(folder, text)] == [
        *("x.toml:1:1", "x.toml:1:1", "x.toml:2:11", "x.toml:4:12", "x.toml:5:9", "x.toml:6:8"),
        *("x.toml:8:8", "x.toml:9:1", "x.toml:11:1"),
    ]


def test_a_webp_picture(folder: Path) -> None:
    assert found(folder, HEAD + ONE + "alt = 'A cat'\nimage = 'picture.webp'\n") == []


def test_both_offsets_of_a_repeated_hour(folder: Path) -> None:
    for offset in ("+00:00", "+01:00"):
        assert found(folder, HEAD.replace("2020-10-13T20:00:00", f"2020-10-25T01:30:00{offset}") + ONE) == []


def test_mistakes_of_the_series_are_its_own(folder: Path) -> None:
    problems = found(folder, HEAD + ONE, "weekday = 'Wendsday'\nfirst = '2h'\nhashtg = 1\n")
    assert [problem.split(";")[0] for problem in problems] == [
        "series.toml:1:11: 'weekday' is 'Wendsday'",
        "series.toml:2:9: 'first' puts Q1 at 2h, but the chat ends at 1h",
        "series.toml:3:1: 'hashtg' is not a known key",
    ]


def test_an_id_of_the_series_would_make_its_chats_one(folder: Path) -> None:
    told = "series.toml:1:1: 'id' is that of one chat, so it does not belong into the file of the series; take it out."
    assert found(folder, HEAD + ONE, "id = 'otalk'\n") == [told]
    assert [str(one).removeprefix(f"{folder}/") for one in load_series(folder / "series.toml")] == [told]


def test_pacing_limits_of_the_series(folder: Path) -> None:
    shared = "later = '4m'\nsooner = '0s'\n"
    problems = found(folder, HEAD + ONE, shared)
    assert [problem.split(" does")[0] for problem in problems] == [
        "series.toml:1:9: warning: 'later'",
        "series.toml:2:10: warning: 'sooner'",
    ]
    assert found(folder, HEAD + FOLLOW + ONE, shared) == []
    assert found(folder, HEAD + "pace = 'clock'\n" + ONE, FOLLOW + shared) == []
    (problem,) = found(folder, HEAD + "every = '4m'\n" + TWO, FOLLOW + shared)
    assert problem.startswith("series.toml:2:9: warning: 'later' is 4m, but Q2 comes 4m after Q1; ")


def test_an_unknown_pace_is_one_mistake(folder: Path) -> None:
    (problem,) = found(folder, HEAD + "pace = 'fast'\nlater = '3m'\n" + ONE)
    assert problem.startswith("x.toml:4:8: 'pace' is 'fast'")


def test_another_weekday_than_the_series(folder: Path) -> None:
    (problem,) = found(folder, HEAD.replace("10-13", "10-14") + ONE, 'weekday = "tuesday"\n')
    assert problem.startswith("x.toml:2:10: warning: 'starts' is on a Wednesday")


def test_a_year_ahead(folder: Path) -> None:
    now = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
    (problem,) = found(folder, HEAD + ONE, now=now)
    assert problem.startswith("x.toml:2:10: warning: 'starts' is more than a year ahead")
    assert found(folder, HEAD + ONE, now=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) == []


def survives(folder: Path, text: str) -> None:
    """A text is a chat or has an error, never a traceback."""
    path = folder / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    loaded = load(path, places=PLACES)
    assert loaded.chat or any(problem.severity == "error" for problem in loaded.problems)
    lines = text.count("\n") + 1
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in loaded.problems)


@given(st.text())
def test_any_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    survives(tmp_path_factory.getbasetemp(), text)


VALID = HEAD + "places = ['room']\nreminders = ['1h']\n[[hosts]]\nname = 'A'\nx = '@a'\n" + TWO
VALID += "at = '20m'\nimage = 'a.png'\nalt = 'A'\n[questions.says]\nx = 'Short'\n"
PIECES = (
    "",
    '"',
    "'",
    "[",
    "]",
    "{",
    "=",
    "\n",
    "\0",
    "é",
    "9" * 30,
    "-",
    "2020-02-30",
    "[[questions]]\n",
    "x = ",
    "true",
)


@settings(max_examples=200)
@given(st.data())
def test_any_typing_error(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = VALID
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + gone :]
    survives(tmp_path_factory.getbasetemp(), text)


VALUES = (
    "1",
    "-1",
    "1.5",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    '["1h", []]',
    "{}",
    "{ a = 1 }",
    "1999-01-01",
    "20:00:00",
)
KEYS = (
    "title",
    "starts",
    "questions",
    "places",
    "hosts",
    "reminders",
    "length",
    "first",
    "every",
    "timezone",
    "link",
    "lists",
    "pace",
    "later",
    "sooner",
)


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES)))
def test_any_types(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    text = "".join(f"{key} = {value}\n" for key, value in values.items())
    tomllib.loads(text)
    survives(tmp_path_factory.getbasetemp(), text)
