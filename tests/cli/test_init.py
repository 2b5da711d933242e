"""The verb `init` in an empty folder, and `run` where nothing was set up."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.starter_files import Answers, When, first_files, folder_name
from bot.rehearsal.script import load_script
from tests.cli.run import convenor, ended, eventually, hosting

ANSWERS = "OT & Friends\n\nfriday at 19:30 Europe/London\nroom, discord\nhello@example.org\n"


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_run_where_nothing_is_set_up_offers_init_and_makes_no_store(tmp_path: Path) -> None:
    done = ended(convenor("run", cwd=tmp_path), 2)
    assert "`convenor init`" in done.stderr
    assert everything(tmp_path) == set()


def test_five_answers_make_what_check_and_run_accept(tmp_path: Path) -> None:
    done = ended(convenor("init", cwd=tmp_path, stdin=ANSWERS), 0)
    assert "There is no Discord token." in done.stdout
    assert "`convenor link --team` opens the page" in done.stdout
    assert "never hosted" not in done.stdout, "of the rehearsal's people"
    chat = next(name for name in everything(tmp_path) if name.endswith("-example.toml"))
    script = "schedules/rehearsal.toml"
    assert everything(tmp_path) == {"config.toml", "schedules/ot-friends/series.toml", script, chat}
    assert len(load_script(tmp_path / script).lines) == 4
    settings = tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))
    assert settings["community"] == {"name": "OT & Friends", "contact": "hello@example.org"}
    assert settings["places"].keys() == {"room", "discord"}
    assert "#OTFriends" in ended(convenor("check", chat, cwd=tmp_path), 0).stdout
    assert "rehearsal" not in ended(convenor("check", "schedules", cwd=tmp_path), 0).stdout, "its people are no chat"
    day = date.fromisoformat(Path(chat).name.removesuffix("-example.toml"))
    assert (day.weekday(), day - datetime.now(UTC).date() >= timedelta(days=6)) == (4, True)


def test_the_defaults_can_be_hosted_at_once_and_nothing_is_written_over(tmp_path: Path) -> None:
    ended(convenor("init", "--yes", cwd=tmp_path), 0)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("8080", "0"), encoding="utf-8")
    (tmp_path / "schedules" / "chat.toml.txt").write_text("", encoding="utf-8")
    with hosting(tmp_path) as bot:
        assert bot.address.startswith("http://")
        eventually(lambda: any("chat.toml.txt is never hosted: its name must" in line for line in bot.out), "told")
        assert bot.end() == 0
    before = {name: (tmp_path / name).read_bytes() for name in everything(tmp_path)}
    assert "nothing was changed" in ended(convenor("init", "--yes", cwd=tmp_path), 2).stderr
    config.unlink()
    assert "nothing was changed" in ended(convenor("init", "--yes", cwd=tmp_path), 2).stderr
    del before["config.toml"]
    assert {name: (tmp_path / name).read_bytes() for name in everything(tmp_path)} == before


def test_a_wrong_answer_is_explained_and_asked_again(tmp_path: Path) -> None:
    said = "!!\nOT\ntwo words\n#OT\nTuesday\nTuesday 25:00 UTC\nTuesday 20:00 Europe/Londn\nTuesday 20:00 UTC\n"
    done = ended(convenor("init", cwd=tmp_path, stdin=f"{said}teams\nroom\nnobody\n\n"), 0)
    for why in (
        "a name with plain letters",
        'like "#twowords"',
        "the day, the time and the zone",
        "a time of 24 hours",
        "did you mean 'Europe/London'?",
        "one or more of room, x, discord",
        "an e-mail address, or a web address",
    ):
        assert why in done.stdout + done.stderr
    assert (tmp_path / "schedules/ot/series.toml").exists()


@pytest.mark.parametrize(
    ("now", "day"), [("2026-12-28", "2027-01-05"), ("2026-12-29", "2027-01-05"), ("2026-12-30", "2027-01-12")]
)
def test_the_example_is_a_week_away_or_more(now: str, day: str) -> None:
    when = When("tuesday", "20:00", "Europe/London")
    answers = Answers(series='Our "chat"', hashtag="", when=when, places=("x",), contact="")
    files = first_files(answers, datetime.fromisoformat(now))
    assert f"schedules/our-chat/{day}-example.toml" in map(str, files)
    assert [tomllib.loads(text) for text in files.values()][-1].keys() == {"title", "questions"}, "never on X by itself"


@pytest.mark.parametrize(("series", "folder"), [("Ergothérapie!", "ergotherapie"), ("Host", ""), ("—", "")])
def test_a_series_has_a_plain_folder(series: str, folder: str) -> None:
    assert folder_name(series) == folder
