"""TOML with positions: any bytes can be read, and positions count as a person would."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import durationpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.toml.document import MAX_BYTES, parse_toml, read_toml
from bot.toml.duration import Duration, Wait, format_duration

TEXT = '''\
title = "é—x"   # a note
dotted.key = 1
[[hosts]]
name = "S"
"x y" = { a = "ü", b = [1, { c = 2 }] }
[[questions]]
text = "a"
[questions.says]
x = 'b'
[[questions]]
text = """a
b"""
[store.sub]
url = 2020-10-13
'''


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("title",), (1, 9), (1, 1)),
        (("dotted", "key"), (2, 14), (2, 1)),
        (("hosts",), (3, 1), (3, 3)),
        (("hosts", 0), (3, 1), (3, 1)),
        (("hosts", 0, "name"), (4, 8), (4, 1)),
        (("hosts", 0, "x y", "b"), (5, 24), (5, 20)),
        (("hosts", 0, "x y", "b", 1, "c"), (5, 34), (5, 30)),
        (("questions", 0, "says", "x"), (9, 5), (9, 1)),
        (("questions", 1, "text"), (11, 8), (11, 1)),
        (("questions", 1, "missing"), (10, 1), (10, 1)),
        (("store", "sub", "url"), (14, 7), (14, 1)),
        (("nowhere",), (1, 1), (1, 1)),
    ],
)
def test_position(path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
    document = parse_toml(TEXT, "x.toml")
    assert document.problems == ()
    assert (document.value_at(path), document.key_at(path)) == (value, key)


def test_windows_line_endings_make_no_difference() -> None:
    document = parse_toml("\ufeff" + TEXT.replace("\n", "\r\n"), "x.toml")
    assert document.data == parse_toml(TEXT, "x.toml").data
    assert document.value_at(("questions", 1, "text")) == (11, 8)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a = 1\nevery = 10m\n", (2, 9), 'straight quotes, as in "10m"'),
        ("title = “Online”\n", (1, 9), "curly quotes"),
        ("title = “9-5 jobs”\n", (1, 9), "curly quotes"),
        ("starts = “2026-11-10T20:00:00”\n", (1, 10), "without quotes"),
        ("time = «20:00»\n", (1, 8), "without quotes"),
        ("starts = 2020-13-45T20:00:00\n", (1, 10), "a date and time that exist"),
        ("starts = 13/10/2020\n", (1, 10), "like 2020-10-13T20:00:00"),
        ("time = 20:60\n", (1, 8), "like 20:00:00"),
        ("lists = yes\n", (1, 9), "true or false"),
        ('a = "say "hi" you"\n', (1, 5), "a quote inside it"),
        ("t = 'don't'\n", (1, 5), "a quote inside it"),
        ('a = "C:\\new"\nb = "\\d"', (2, 5), "backslash"),
        ('a = "x\n', (1, 5), "closing quote"),
        ('a = """x\ny\n', (1, 5), "never closed"),
        ("a = [1,\n2\n", (1, 5), "never closed"),
        ("a = 1\na = 2\n", (2, 1), "a second time"),
        ('a = 1\na = """x\ny"""\n', (2, 1), "a second time"),
        ("[a]\nb = 1\n[a]\n", (3, 1), "a second time"),
        ("Dear all,\na = 1\n", (1, 1), "begin it with #"),
        ('a = "x\x00y"\n', (1, 7), "control character"),
        ("a = 1\nb = " + "9" * 5000, (2, 1), "far too long"),
        ("a = " + "[" * 50_000, (1, 1), "nested"),
        ("a = " + "[" * 90 + "]" * 90, (1, 1), "nested"),
        ("a" + ".a" * 1_000 + " = 1", (1, 1), "nested"),
    ],
)
def test_syntax_error(text: str, where: tuple[int, int], words: str) -> None:
    (problem,) = parse_toml(text, "x.toml").problems
    assert (problem.line, problem.column) == where
    assert words in problem.message


def test_a_syntax_error_hides_nothing() -> None:
    document = parse_toml("a = 10m\nb = 2\nc = nope\nd = 4\n", "x.toml")
    assert [problem.line for problem in document.problems] == [1, 3]
    assert document.data == {"b": 2, "d": 4}
    assert document.skipped == {"a", "c"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a = [2027-01-07T18:30]", [datetime.fromisoformat("2027-01-07T18:30")]),
        (
            "a = [\n 2027-01-07 18:30, # late\n 2027-01-08,\n]",
            [datetime.fromisoformat("2027-01-07T18:30"), date(2027, 1, 8)],
        ),
        ("a = [18:30,19:00]", [time(18, 30), time(19)]),
        ("a = [{ b = 2027-01-07T18:30Z }]", [{"b": datetime(2027, 1, 7, 18, 30, tzinfo=UTC)}]),
        ("a = 20:00 # 18:30", time(20)),
        ("a = ['18:30', 18:30]", ["18:30", time(18, 30)]),
    ],
)
def test_a_time_needs_no_seconds_wherever_it_stands(text: str, values: object) -> None:
    document = parse_toml(text, "x.toml")
    assert document.problems == ()
    assert document.data == {"a": values}


def test_times_without_seconds_are_completed_up_to_a_number() -> None:
    assert parse_toml("a = [" + "18:30," * 100 + "]", "x.toml").problems == ()
    assert len(parse_toml("a = [" + "18:30," * 1_000 + "]", "x.toml").problems) == 1


@given(st.text())
def test_any_text(text: str) -> None:
    document = parse_toml(text, "x.toml")
    assert document.problems or document.data == tomllib.loads(text.removeprefix("\ufeff"))
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1


@given(st.binary())
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    assert read_toml(path).file == str(path)


@pytest.mark.parametrize(
    ("raw", "where", "words"),
    [
        (b'a = 1\nb = "\xc3\xa9\xff"\n', (2, 7), "UTF-8"),
        (b"#" * (MAX_BYTES + 1), (1, 1), "256 KiB"),
        (None, (1, 1), "no such file"),
    ],
)
def test_unreadable(tmp_path: Path, raw: bytes | None, where: tuple[int, int], words: str) -> None:
    path = tmp_path / "x.toml"
    if raw is not None:
        path.write_bytes(raw)
    document = read_toml(path)
    (problem,) = document.problems
    assert (problem.line, problem.column) == where
    assert words in problem.message
    assert document.unreadable


def test_a_folder_and_an_impossible_name(tmp_path: Path) -> None:
    assert "a folder" in read_toml(tmp_path).problems[0].message
    assert read_toml(Path("a\0b")).unreadable
    assert read_toml(Path("a" * 5000)).unreadable


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("2d", 172_800), ("1w", 604_800)]
)
def test_duration(text: str, seconds: int) -> None:
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        *("ten minutes", "10", "", "0s", "0m", "-5m", "+5m", "10 m", "10M", "10min", "5m1h", "10m!5s", "3mm", "1y"),
        *("400d", "9999999999999999999w", "1e3s", "1.2.3s", "10ms", "٣m", 10, 1.5, True, None, ["10m"]),
    ],
)
def test_no_duration(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Duration).validate_python(value)
    assert caught.value.errors()[0]["type"] == "custom"


@given(st.text(alphabet="0123456789.dhmsw+- ") | st.text())
def test_any_duration(text: str) -> None:
    try:
        length = TypeAdapter(Wait).validate_python(text)
    except ValidationError:
        return
    assert timedelta(0) <= length <= timedelta(days=366)
    assert durationpy.from_str(format_duration(length)) - length < timedelta(seconds=1)
