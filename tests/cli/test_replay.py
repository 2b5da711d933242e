"""`convenor replay`: transcript and numbers from an event log alone, byte for byte."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import DATA, FILES, ROOT, Done, convenor, ended

CHAT, EVENTS = DATA / "chat.toml", DATA / "events.jsonl"


def replay(log: Path, out: Path, chat: Path = CHAT) -> Done:
    return convenor("replay", log, "--chat", chat, "--out", out, cwd=out.parent)


def read(path: Path) -> Any:  # noqa: ANN401 -- any JSON
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of `tests/data`, replayed once for all tests."""
    folder = tmp_path_factory.mktemp("replay") / "out"
    done = ended(replay(EVENTS, folder), 0)
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "8 posts by 4 participants."
    assert str(folder / "transcript.html") in done.stdout
    return folder


def test_the_files_and_nothing_else(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == FILES


def test_each_message_is_under_its_question_with_the_reason(out: Path) -> None:
    found = read(out / "transcript.json")
    assert list(found)[:5] == ["chat", "questions", "before", "after", "gaps"]
    assert [(one["key"], one["text"]) for one in found["questions"]] == [("q1", "What do you do?"), ("q2", "And why?")]
    stand = {one["key"]: [(each["id"], each["reason"]) for each in one["messages"]] for one in found["questions"]}
    assert stand == {
        # the timetable counts on a place without posts; a mark for an unknown question is none; a reply to a deleted
        # message still finds its question; a mark counts before a reply to another question
        "q1": [("2", "floor"), ("8", "floor"), ("4", "mark"), ("5", "thread"), ("6", "mark"), ("10", "thread")],
        "q2": [],
    }
    assert [(one["id"], one["reason"]) for one in found["before"]] == [("1", "floor"), ("7", "floor")]
    assert [(one["id"], one["reason"]) for one in found["after"]] == [("12", "floor"), ("13", "floor")]
    assert found["gaps"] == [{"from": "2020-10-13T19:20:00Z", "to": "2020-10-13T19:21:30Z", "place": "room"}]


def test_a_message_byte_for_byte(out: Path) -> None:
    found = read(out / "transcript.json")
    assert found["chat"] == {
        "name": "data/chat",
        "title": "A chat for the tests",
        "hashtag": "#test",
        "starts": "2020-10-13T19:00:00Z",
        "ends": "2020-10-13T20:00:00Z",
        "timezone": "Europe/London",
        "hosts": ["Sam"],
        "link": "https://example.org/a",
    }
    late = found["questions"][0]["messages"][2]
    assert re.fullmatch("p-[0-9a-f]{16}", late["author"].pop("id"))
    assert late == {
        "place": "x",
        "id": "4",
        "author": {"handle": "@kate", "name": "Kate"},
        "text": "A1 a late answer",
        "at": "2020-10-13T19:45:00Z",
        "url": None,
        "reply_to": None,
        "reason": "mark",
        "edited": None,
    }
    assert list(late) == ["place", "id", "author", "text", "at", "url", "reply_to", "reason", "edited"]
    replied = next(one for one in found["questions"][0]["messages"] if one["id"] == "6")
    assert replied["at"] == "2020-10-13T19:50:00Z", "another offset is the same moment"
    assert found["before"][1]["text"] == "First", "the latest edit, in whatever order they came"


def answered(posts: int, participants: int, at: str | None, first: int | None, median: int | None) -> dict[str, Any]:
    """The figures of a question that was answered by all, or by nobody."""
    return {
        "posts": posts,
        "participants": participants,
        "answered_percent": 100 if posts else 0,
        "first_answer_at": at,
        "first_answer_seconds": first,
        "median_answer_seconds": median,
    }


NOT_ANSWERED = answered(0, 0, None, None, None)


def test_the_numbers_byte_for_byte(out: Path) -> None:
    # times from the question on the place of the answer: 0 and 2160 s on x by the timetable, 58 and 2398 in the room
    assert read(out / "numbers.json") == {
        "window_minutes": 75,
        "posts": 8,
        "participants": 4,
        "posts_per_hour": 6,
        "posts_per_participant": 2,
        "impressions": 290,
        "answered": 4,
        "answered_percent": 100,
        "busiest_minute": {"at": "2020-10-13T19:10:00Z", "posts": 2},
        "questions": {"q1": answered(6, 4, "2020-10-13T19:10:00Z", 0, 1109), "q2": NOT_ANSWERED},
        "places": {
            "room": {
                "window_minutes": 75,
                "posts": 5,
                "participants": 2,
                "posts_per_hour": 4,
                "posts_per_participant": 3,
                "impressions": None,
                "answered": 2,
                "answered_percent": 100,
                "busiest_minute": {"at": "2020-10-13T19:10:00Z", "posts": 1},
                "questions": {"q1": answered(3, 2, "2020-10-13T19:11:00Z", 58, 1228), "q2": NOT_ANSWERED},
            },
            "x": {
                "window_minutes": 75,
                "posts": 3,
                "participants": 2,
                "posts_per_hour": 2,
                "posts_per_participant": 2,
                "impressions": 290,
                "answered": 2,
                "answered_percent": 100,
                "busiest_minute": {"at": "2020-10-13T19:10:00Z", "posts": 1},
                "questions": {"q1": answered(3, 2, "2020-10-13T19:10:00Z", 0, 1080), "q2": NOT_ANSWERED},
            },
        },
    }


def test_deleted_messages_are_in_no_file(out: Path) -> None:
    for file in out.iterdir():
        text = file.read_text(encoding="utf-8")
        for gone in (
            "said too much",
            "Forget that I was here",
            "Cy",
            "Furst",
            "Frist",
            "Ferst",
            "!next",
            "another hour",
        ):
            assert gone not in text, (file.name, gone)
    page = (out / "transcript.html").read_text(encoding="utf-8")
    assert "javascript:" not in page
    assert "&lt;b&gt;question&lt;/b&gt;" in page
    assert "<b>question</b>" not in page


def test_neither_the_order_of_lines_nor_duplicates_matter(out: Path, tmp_path: Path) -> None:
    lines = EVENTS.read_text(encoding="utf-8").splitlines() * 2
    random.Random(5).shuffle(lines)  # noqa: S311 -- no secret
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    ended(replay(log, tmp_path / "out"), 0)
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes(), name


def test_the_published_log_replays_to_the_same(out: Path, tmp_path: Path) -> None:
    ended(replay(out / "events.jsonl", tmp_path / "out"), 0)
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (out / name).read_bytes(), name


def test_every_bad_line_is_reported_and_nothing_written(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    good = EVENTS.read_bytes().splitlines()[1]
    bad = [
        b"hello",
        b"{}",
        b'{"type":"massage"}',
        b'{"type":"deleted","place":"x","id":"1","at":"2020-10-13T19:12:00"}',
        b'{"type":"deleted","place":"x","id":7,"at":"2020-10-13T19:12:00Z"}',
        b'{"type":"deleted","place":"x","id":"\xff","at":"2020-10-13T19:12:00Z"}',
        b"[" * 5000,
        b'{"type":"message","place":"x","id":"1","author":{"id":"1"},"text":"secret words","at":5}',
    ]
    log.write_bytes(b"\n".join([*bad, good, good[:40]]))
    out = tmp_path / "out"
    done = ended(replay(log, out), 1)
    assert done.stdout == ""
    named = [line.split(": ")[0] for line in done.stderr.splitlines()]
    assert [name.split(":")[-2] for name in named] == ["1", "2", "3", "4", "5", "6", "7", "8", "10"]
    assert all(line.startswith(f"{log}:") for line in done.stderr.splitlines())
    assert "did you mean 'message'?" in done.stderr
    assert "secret words" not in done.stderr
    assert not out.exists()


def test_an_empty_log_is_a_quiet_chat(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").touch()
    ended(replay(tmp_path / "log.jsonl", tmp_path / "out"), 0)
    found = read(tmp_path / "out" / "numbers.json")
    assert (found["posts"], found["posts_per_participant"], found["impressions"]) == (0, 0, None)


def test_missing_files_and_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    assert "No such file" in ended(replay(tmp_path / "none.jsonl", tmp_path / "out"), 2).stderr
    assert "no such file" in ended(replay(EVENTS, tmp_path / "out", tmp_path / "none.toml"), 1).stderr
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "cannot be written" in ended(replay(EVENTS, tmp_path / "file"), 2).stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    assert "Permission denied" in ended(replay(EVENTS, tmp_path / "locked" / "out"), 2).stderr


def test_the_published_numbers_of_2018(tmp_path: Path) -> None:
    """The page of 30 October 2018 had 270.128K impressions, 93 tweets, 23 participants, 74 an hour, 4 each."""
    chat = ROOT / "schedules" / "otalk" / "2018-10-30-bringing-the-ot-community-closer-together.toml"
    posts = [5] + [4] * 22
    followers = [3048] + [0] * 22
    followers[1:] = [2900] * 21 + [11322]
    assert sum(posts) == 93
    left = 270_128 - sum(a * b for a, b in zip(posts[:-1], followers[:-1], strict=True))
    followers[-1], rest = divmod(left, posts[-1])
    assert rest == 0
    lines = []
    for person, count in enumerate(posts):
        author = {"id": str(person), "handle": f"@p{person}", "followers": followers[person]}
        for number in range(count):
            at = f"2018-10-30T{20 + (number > 2)}:{(person * 3 + number) % 15:02}:00Z"
            lines.append(
                {
                    "type": "message",
                    "place": "x",
                    "id": f"{person}-{number}",
                    "author": author,
                    "text": "#OTalk",
                    "at": at,
                }
            )
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ended(replay(log, tmp_path / "out", chat), 0)
    found = read(tmp_path / "out" / "numbers.json")
    added = {"places", "questions", "answered", "answered_percent", "busiest_minute"}
    assert {key: found[key] for key in found if key not in added} == {
        "window_minutes": 75,
        "posts": 93,
        "participants": 23,
        "posts_per_hour": 74,
        "posts_per_participant": 4,
        "impressions": 270_128,
    }
    figures = {"Posts": "93", "Participants": "23", "Impressions": "270.128K"}
    figures |= {"Average posts per hour": "74", "Average posts per participant": "4"}
    page, text = ((tmp_path / "out" / f"transcript.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
    for label, value in figures.items():
        assert f'<dt>{label}</dt><dd class="figure">{value}</dd>' in page
        assert f"| {label} | {value} |" in text
