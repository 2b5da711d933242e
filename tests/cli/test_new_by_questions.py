"""The verb `new` without an announcement: answers become a chat, and without answers a file that is never hosted."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from tests.cli.run import as_json, convenor, ended

SERIES = 'hashtag = "#OTalk"\ntimezone = "Europe/London"\nweekday = "Tuesday"\ntime = 20:00:00\n'


def series(here: Path, name: str = "otalk") -> Path:
    folder = here / "schedules" / name
    folder.mkdir(parents=True)
    (folder / "series.toml").write_text(SERIES, encoding="utf-8")
    return folder


def free(here: Path) -> list[date]:
    """The next free dates of the only series."""
    found = as_json(convenor("next-dates", "--free", "--count", "2", "--json", cwd=here))
    return [date.fromisoformat(one["day"]) for one in found]


def test_answers_become_a_chat_on_the_next_free_date(here: Path) -> None:
    folder = series(here)
    first, second = free(here)
    said = "Why rest?\n\nPretend participant A, Pretend participant B\nWhat helps?\nWhat next?\n\n"
    for day in (first, second):
        ended(convenor("new", cwd=here, stdin=said), 0)
        made = folder / f"{day}-why-rest.toml"
        checked = as_json(convenor("check", made, "--json", cwd=here))
        questions = [one["text"] for one in checked["timeline"] if one["kind"] == "question"]
        assert questions == ["Q1. What helps? #OTalk", "Q2. What next? #OTalk"]
        assert "? With Pretend participant A and Pretend participant B." in checked["timeline"][0]["text"]
        assert "Look at every line" not in made.read_text(encoding="utf-8"), "nothing is doubtful"


def test_an_answer_that_cannot_be_right_is_asked_again_with_the_reason(here: Path) -> None:
    folder = series(here)
    taken, day = free(here)
    (folder / "a.toml").write_text(f'title = "A"\nstarts = {taken}\n[[questions]]\ntext = "What?"\n', encoding="utf-8")
    odd = day + timedelta(days=1)
    unclear = f"soon\n12 January\n2026-01-06\n{day} at 6pm\n{day} 1830\n"
    dates = f"{unclear}{taken}\nn\n{odd}\nn\n{day} at 25:00\n{day} at 19:00\ny\n"
    done = ended(convenor("new", "s/b.toml", cwd=here, stdin=f"\x07\nB\nLondon\nEurope/London\n{day} 20:00\n\n\n"), 0)
    assert "control character" in done.stdout + done.stderr
    assert "did you mean" in done.stdout or "Europe/London" in done.stdout
    done = ended(convenor("new", cwd=here, stdin=f"C\n{dates}\nWhat?\n\n"), 0)
    for why in (
        "write date and time as in",
        "meant? Then write 20",
        "that is over",
        "otalk/a is planned on that day",
        "is the date right?",
        "a time of 24 hours",
        "at 19:00, and the series is at 20:00",
    ):
        assert why in done.stdout, why
    assert done.stdout.count("write date and time as in") == 3, "a time that is not understood is not the usual one"
    assert ", 19:00 (Europe/London).\n" in done.stdout
    assert f"starts = {day}T19:00:00" in (folder / f"{day}-c.toml").read_text(encoding="utf-8")


def test_without_answers_a_file_to_fill_in_is_made_and_never_hosted(here: Path) -> None:
    folder = series(here)
    day = free(here)[0]
    ended(convenor("new", "--yes", cwd=here), 0)
    made = folder / f"{day}-chat.toml"
    shown = ended(convenor("check", made, cwd=here), 1).stdout
    assert all(f"'{key}' is missing" in shown for key in ("title", "starts", "questions"))
    text = made.read_text(encoding="utf-8")
    assert f"# starts = {day}T20:00:00" in text
    lines = text.replace('text = ""', 'text = "What?"').replace('title = ""', 'title = "A"').splitlines()
    filled = [line.removeprefix("# ") if " = " in line or "[[" in line else line for line in lines]
    made.write_text("\n".join(filled), encoding="utf-8")
    ended(convenor("check", made, cwd=here), 0)
    before = made.read_bytes()
    assert "nothing was changed" in ended(convenor("new", made, "--yes", cwd=here), 1).stderr
    assert made.read_bytes() == before


def test_nobody_answers(here: Path) -> None:
    folder = series(here)
    assert "`convenor new --yes`" in ended(convenor("new", cwd=here), 2).stderr
    found = json.loads(ended(convenor("new", "--json", cwd=here), 0).stdout)
    assert found["chat"]["date"] == str(free(here)[0])
    assert [one.name for one in folder.iterdir()] == ["series.toml"], "nothing was written"


def test_an_announcement_in_the_place_of_the_chat_file(here: Path) -> None:
    assert "`convenor new --from post.docx`" in ended(convenor("new", "post.docx", cwd=here), 1).stderr


def test_several_series_are_asked_for(here: Path) -> None:
    series(here)
    club = series(here, "club")
    assert "several series: club, otalk" in ended(convenor("new", "--yes", cwd=here), 1).stderr
    ended(convenor("new", cwd=here, stdin="clu\nclub\nA\n\n\nWhat?\n\n"), 0)
    assert len([*club.iterdir()]) == 2
