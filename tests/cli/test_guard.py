"""`convenor guard`: a verdict for each line of a file or of standard input."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import convenor, ended, put

LINES = "A1 we use groups on Zoom #OTalk\nhis NHS number is 999 123 4560, see DOB 3/4/1961\n"


def test_a_verdict_for_each_line_of_a_file(tmp_path: Path) -> None:
    put(tmp_path / "lines.txt", LINES)
    done = ended(convenor("guard", "lines.txt", "--json", cwd=tmp_path), 0)
    keep, hold = map(json.loads, done.stdout.splitlines())
    assert keep == {"text": "A1 we use groups on Zoom #OTalk", "verdict": "keep", "reasons": []}
    assert hold["verdict"] == "hold"
    assert {one["kind"] for one in hold["reasons"]} >= {"date_of_birth"}
    for one in hold["reasons"]:
        assert hold["text"][one["start"] : one["end"]].strip()


def test_the_same_from_standard_input_in_words(tmp_path: Path) -> None:
    done = ended(convenor("guard", cwd=tmp_path, stdin=LINES), 0)
    first, second = done.stdout.splitlines()
    assert first == "keep  A1 we use groups on Zoom #OTalk"
    assert second.startswith("hold  ")
    assert "date of birth in characters" in second


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.txt" in ended(convenor("guard", "nowhere.txt", cwd=tmp_path), 2).stderr
