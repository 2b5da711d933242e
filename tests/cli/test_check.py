"""`convenor check`, for scripts and for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.run import ROOT, as_json, convenor, ended, put

GOOD = 'title = "A chat"\nhashtag = "#t"\nstarts = 2020-10-13T20:00:00\ntimezone = "Europe/London"\n'
QUESTION = '[[questions]]\ntext = "One?"\n'
BAD = (
    'titel = "A chat"\n'
    "starts = 2020-02-30T20:00:00\n"
    'timezone = "Europe/Lodnon"\n'
    'every = "ten minutes"\n'
    "[[questions]]\n"
    'text = "One?"\n'
    'image = "one.png"\n'
)

OVER = "so the chat is over"
"""In the doubt at each of these chats, which are long past."""


def other_problems(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The problems of a file besides that its chat is over."""
    return [one for one in found["problems"] if OVER not in one["message"]]


def test_one_file_is_an_object_byte_for_byte(tmp_path: Path) -> None:
    file = put(tmp_path / "schedules" / "s" / "one.toml", GOOD + QUESTION)
    done = convenor("check", "--json", file.relative_to(tmp_path), cwd=tmp_path)
    found = as_json(done)
    assert done.stderr == ""
    assert list(found) == ["ok", "chat", "timeline", "problems", "previews", "cost"]
    assert (found["ok"], found["chat"], other_problems(found), found["cost"]) == (True, "s/one", [], {})
    assert [one["severity"] for one in found["problems"]] == ["warning"]
    assert [list(one) for one in found["timeline"]] == [["key", "kind", "at", "text"]] * 4
    assert [(one["key"], one["kind"], one["at"]) for one in found["timeline"]] == [
        ("welcome", "welcome", "2020-10-13T19:00:00Z"),
        ("rules", "rules", "2020-10-13T19:01:00Z"),
        ("q1", "question", "2020-10-13T19:10:00Z"),
        ("closing", "closing", "2020-10-13T20:00:00Z"),
    ]
    assert found["timeline"][2]["text"] == "Q1. One? #t"
    assert found["previews"]["room"][2] == {
        "key": "q1",
        "parts": [{"text": "Q1. One? #t", "length": 11}],
        "limit": 2000,
    }


def test_several_files_are_a_list_and_a_series_may_be_among_them() -> None:
    files = sorted((ROOT / "schedules" / "otalk").glob("*.toml"))
    found = as_json(convenor("check", "--json", *files, cwd=ROOT))
    assert [one["ok"] for one in found] == [True] * 3
    assert [one["chat"] for one in found] == [
        "otalk/2018-10-30-bringing-the-ot-community-closer-together",
        "otalk/2020-10-13-online-groups",
        "otalk",
    ]
    assert [len(one["timeline"]) for one in found] == [7, 9, 0]
    assert [set(one) for one in found] == [set(found[0])] * 3


def test_every_mistake_at_once_like_a_compiler(tmp_path: Path) -> None:
    file = put(tmp_path / "x.toml", BAD)
    done = ended(convenor("check", "x.toml", cwd=tmp_path), 1)
    assert done.stderr == "", "what is found is what was asked for, so it is on standard output"
    places = [line.split(": ", 1)[0] for line in done.stdout.splitlines() if line.startswith("x.toml:")]
    assert {"x.toml:1:1", "x.toml:2:10", "x.toml:3:12", "x.toml:4:9", "x.toml:7:1"} <= set(places)
    assert "'every' is 'ten minutes'; write it like \"10m\"." in done.stdout
    assert "did you mean 'title'?" in done.stdout
    assert "did you mean 'Europe/London'?" in done.stdout

    found = as_json(convenor("check", "--json", file, cwd=tmp_path), 1)
    assert (found["ok"], found["timeline"], found["previews"], found["cost"]) == (False, [], {}, {})
    assert all(list(one) == ["file", "line", "column", "severity", "message"] for one in found["problems"])
    assert {one["severity"] for one in found["problems"]} == {"error"}
    assert [(one["line"], one["column"]) for one in found["problems"]] == sorted(
        (one["line"], one["column"]) for one in found["problems"]
    )


def test_a_bad_file_hides_no_good_one(tmp_path: Path) -> None:
    put(tmp_path / "a.toml", BAD)
    put(tmp_path / "b.toml", GOOD + QUESTION)
    (tmp_path / "empty").mkdir()
    found = as_json(convenor("check", "--json", "a.toml", "b.toml", "none.toml", "empty", cwd=tmp_path), 1)
    assert [one["ok"] for one in found] == [False, True, False, False]
    assert found[2]["problems"][0]["message"] == "there is no such file."
    assert found[3]["problems"][0]["message"] == "this is a folder, not a file."


def test_warnings_do_not_stop_a_chat(tmp_path: Path) -> None:
    put(tmp_path / "a.toml", GOOD + 'places = ["room", "x"]\n' + QUESTION)
    found = as_json(convenor("check", "--json", "a.toml", cwd=tmp_path))
    assert [one["severity"] for one in other_problems(found)] == ["warning"]
    assert found["ok"] is True
    assert list(found["previews"]) == ["room"]


def test_a_file_that_run_will_not_find_gets_a_warning(tmp_path: Path) -> None:
    """A host who leaves the file in `schedules/` itself, or calls it `.TOML`, would wait in vain."""
    put(tmp_path / "schedules" / "top.toml", GOOD + QUESTION)
    put(tmp_path / "schedules" / "s" / "deep" / "down.toml", GOOD + QUESTION)
    put(tmp_path / "schedules" / "s" / "loud.TOML", GOOD + QUESTION)
    put(tmp_path / "schedules" / "s" / "right.toml", GOOD + QUESTION)
    put(tmp_path / "elsewhere.toml", GOOD + QUESTION)
    put(tmp_path / "schedules" / "s" / "what?.toml", GOOD + QUESTION)
    names = ["top.toml", "s/deep/down.toml", "s/loud.TOML", "s/right.toml", "../elsewhere.toml"]
    names.append("s/what?.toml")
    found = as_json(convenor("check", "--json", *(f"schedules/{name}" for name in names), cwd=tmp_path), 1)
    assert [len(other_problems(one)) for one in found] == [1, 1, 1, 0, 0, 1]
    assert [one["ok"] for one in found] == [True] * 5 + [False]
    assert all(one["chat"].count("/") == 1 for one in found)
    assert "schedules/<series>/top.toml" in found[0]["problems"][0]["message"]


def test_people_see_both_clocks(tmp_path: Path) -> None:
    """Emoji, markup and the console's brackets are shown literally."""
    put(tmp_path / "a.toml", GOOD.replace("A chat", "🎉 [bold]A[/] <b>chat</b>") + QUESTION)
    done = ended(convenor("check", "a.toml", cwd=tmp_path, env={"COLUMNS": "120"}), 0)
    assert "🎉 [bold]A[/] <b>chat</b>" in done.stdout
    rows = [line.split()[:2] for line in done.stdout.splitlines()]
    assert ["20:10", "19:10"] in rows
    assert "Tuesday 13 October 2020" in done.stdout
    assert done.stdout.rstrip().endswith("a.toml: ready to be hosted, 1 to look at.")


def test_a_time_in_the_hour_that_comes_twice_names_its_zone(tmp_path: Path) -> None:
    twice = 'title = "A"\nstarts = 2027-11-07T00:30:00\ntimezone = "America/New_York"\nlength = "2h30m"\n'
    put(tmp_path / "a.toml", twice + QUESTION * 3)
    rows = [line.split("  ")[0] for line in convenor("check", "a.toml", cwd=tmp_path).stdout.splitlines()]
    assert {"01:26:40 EDT", "01:13:20 EST", "00:40"} <= set(rows)


def test_the_nights_when_clocks_change(tmp_path: Path) -> None:
    nights = [
        ("2027-03-28T01:30:00", "Europe/London"),
        ("2027-10-31T01:30:00", "Europe/London"),
        ("2027-10-31T01:30:00+01:00", "Europe/London"),
        ("2027-10-31T01:30:00Z", "Europe/London"),
        ("2027-03-14T01:45:00", "America/New_York"),
        ("2027-11-07T23:30:00", "America/New_York"),
    ]
    for number, (starts, zone) in enumerate(nights):
        put(tmp_path / f"{number}.toml", f'title = "A{number}"\nstarts = {starts}\ntimezone = "{zone}"\n{QUESTION}')
    found = as_json(convenor("check", "--json", *(f"{n}.toml" for n in range(len(nights))), cwd=tmp_path), 1)
    assert "does not exist in Europe/London" in found[0]["problems"][0]["message"]
    assert "comes twice in Europe/London" in found[1]["problems"][0]["message"]
    assert [one["problems"] for one in found[2:]] == [[]] * 4
    assert [(one["timeline"][0]["at"], one["timeline"][-1]["at"]) for one in found[2:]] == [
        ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"),
        ("2027-10-31T01:30:00Z", "2027-10-31T02:30:00Z"),
        ("2027-03-14T06:45:00Z", "2027-03-14T07:45:00Z"),
        ("2027-11-08T04:30:00Z", "2027-11-08T05:30:00Z"),
    ]


def test_fifty_questions_and_a_one_minute_chat(tmp_path: Path) -> None:
    many = "".join(f'[[questions]]\ntext = "Number {n}?"\n' for n in range(1, 51))
    put(tmp_path / "many.toml", GOOD + many)
    put(tmp_path / "more.toml", GOOD + many + QUESTION)
    put(tmp_path / "short.toml", GOOD + 'length = "1m"\n' + QUESTION)
    found = as_json(convenor("check", "--json", "many.toml", "more.toml", "short.toml", cwd=tmp_path), 1)
    assert [one["ok"] for one in found] == [True, False, True]
    keys = [slot["key"] for slot in found[0]["timeline"]]
    assert keys == ["welcome", "rules", *(f"q{n}" for n in range(1, 51)), "closing"]
    assert [slot["at"][14:19] for slot in found[2]["timeline"]] == ["00:00", "00:02", "00:10", "01:00"]


def test_chats_of_the_schedules_at_the_same_time_are_doubted(tmp_path: Path) -> None:
    later = GOOD.replace("2020-10-13", "2100-10-13")
    for name, text in (("a", "What helps at home?"), ("b", "Who pays for it?")):
        put(tmp_path / "schedules" / "s" / f"{name}.toml", f'{later}[[questions]]\ntext = "{text}"\n')
    found = as_json(convenor("check", "--json", "schedules/s/a.toml", cwd=tmp_path))
    assert found["ok"] is True
    assert any("s/b runs at the same time, from 20:00 to 21:00" in one["message"] for one in found["problems"])


def test_a_folder_is_checked_with_all_that_looks_like_a_chat_file(here: Path) -> None:
    series = here / "schedules" / "s"
    (series / "deep").mkdir(parents=True)
    chat = 'title = "T"\nstarts = 2027-07-13T20:00:00\ntimezone = "Europe/London"\n[[questions]]\ntext = "Why?"\n'
    for path in ("s/a.toml", "top.toml", "s/b.toml.txt", "s/C.TOML", "s/deep/d.toml", "s/notes.txt"):
        (here / "schedules" / path).write_text(chat, encoding="utf-8")
    (series / "series.toml").write_text('hashtag = "#OTalk"\n', encoding="utf-8")
    for folder in ("schedules", "schedules/s"):
        found = json.loads(ended(convenor("check", folder, "--json", cwd=here), 1).stdout)
        names = [Path(one["problems"][0]["file"]).name for one in found if not one["ok"]]
        assert sorted(names) == sorted(["b.toml.txt", "C.TOML", "d.toml", *(["top.toml"] * (folder == "schedules"))])
        assert [one["chat"] for one in found if one["ok"]] == ["s", "s/a"]
    told = convenor("doctor", cwd=here).stdout
    assert "b.toml.txt is never hosted" in told
    assert "rename it to b.toml" in told
