"""The verb `new`: an announcement becomes a chat file, its source beside it, and nothing is hosted that is doubtful."""

# ruff: noqa: RUF001 -- dashes and quotes as people write them
from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import convenor, ended

TEXT = "#OTalk 12th January 2027 – Sleep\n\nHosted by Pretend Host (@pretend_h)\n\n1. Why?\n2. How?\n"
SERIES = 'hashtag = "#OTalk"\ntimezone = "Europe/London"\nweekday = "Tuesday"\ntime = 20:00:00\n'


def folder(here: Path) -> Path:
    """A series of the schedules, and an announcement beside them."""
    series = here / "schedules" / "otalk"
    series.mkdir(parents=True)
    (series / "series.toml").write_text(SERIES, encoding="utf-8")
    (here / "post.txt").write_text(TEXT, encoding="utf-8")
    return series


def test_an_announcement_becomes_a_chat_that_check_accepts(here: Path) -> None:
    series = folder(here)
    done = ended(convenor("new", "--from", "post.txt", cwd=here), 0)
    assert "Q2. How?" in done.stdout
    made = series / "2027-01-12-sleep.toml"
    assert (series / "2027-01-12-sleep.announcement.txt").read_text(encoding="utf-8") == TEXT
    assert "20:00 was taken, the time of the series" in made.read_text(encoding="utf-8")
    checked = json.loads(ended(convenor("check", made, "--json", cwd=here), 0).stdout)
    slots = {one["key"]: one["at"] for one in checked["timeline"]}
    assert (slots["welcome"], "q2" in slots) == ("2027-01-12T20:00:00Z", True)


def test_a_doubtful_start_is_written_as_a_comment(here: Path) -> None:
    folder(here)
    text = TEXT.replace(" 2027", "")
    ended(convenor("new", "s/a.toml", "--from", "-", cwd=here, stdin=text), 0)
    assert "\n# starts = 2027-01-12THH:MM:00" in (here / "s/a.toml").read_text(encoding="utf-8")
    assert "'starts' is missing" in ended(convenor("check", "s/a.toml", cwd=here), 1).stdout


def test_json_writes_nothing(here: Path) -> None:
    series = folder(here)
    found = json.loads(ended(convenor("new", "--from", "post.txt", "--json", cwd=here), 0).stdout)
    assert found["chat"]["starts"] == "2027-01-12T20:00:00Z"
    assert [one["text"] for one in found["chat"]["questions"]] == ["Why?", "How?"]
    assert {tuple(one) for one in found["doubts"]} == {("field", "line", "said", "assumed", "why")}
    assert [one.name for one in series.iterdir()] == ["series.toml"]


def test_a_file_is_not_written_over_unasked(here: Path) -> None:
    folder(here)
    (here / "a.toml").write_text("mine", encoding="utf-8")
    ended(convenor("new", "a.toml", "--from", "post.txt", cwd=here, stdin="n\n"), 1)
    assert (here / "a.toml").read_text(encoding="utf-8") == "mine"
    ended(convenor("new", "a.toml", "--from", "post.txt", "--yes", cwd=here), 0)
    assert "Sleep" in (here / "a.toml").read_text(encoding="utf-8")


def test_another_kind_of_file_is_refused_with_what_to_send(here: Path) -> None:
    (here / "a.pdf").write_bytes(b"%PDF-1.7")
    done = ended(convenor("new", "--from", "a.pdf", cwd=here), 1)
    assert "a.pdf: This is a PDF" in done.stderr
    with (here / "large.docx").open("wb") as file:
        file.truncate(50_000_000)
    assert (
        "large.docx: The file has more than 20 MB" in ended(convenor("new", "--from", "large.docx", cwd=here), 1).stderr
    )
    assert "Traceback" not in ended(convenor("new", "--from", "none.txt", cwd=here), 2).stderr
