"""A series' own words, languages and further zones: what `check` says of mistakes, and what a chat gets of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.chatfile import WordingTable
from bot.authoring.loader import load, load_series
from bot.wording import allowed_variables, house_wording

CHAT = 'title = "Why sleep?"\nstarts = 2026-12-08T20:00\ntimezone = "Europe/London"\n'
QUESTIONS = '[[hosts]]\nname = "Ann Pretend"\n[[questions]]\ntext = "How?"\n'


def written(folder: Path, series: str, chat: str = "") -> Path:
    (folder / "series.toml").write_text(series)
    path = folder / "sleep.toml"
    path.write_text(CHAT + chat + QUESTIONS)
    return path


def test_a_series_has_a_key_for_every_text_of_the_house() -> None:
    assert set(WordingTable.model_fields) == set(house_wording())


def test_a_chat_gets_the_words_of_its_series_in_its_language(tmp_path: Path) -> None:
    series = (
        'hashtag = "#Sleep"\nlanguage = "de"\nzones = ["America/New_York"]\n[wording]\nwelcome = "Hi! {chat}. {link}"\n'
    )
    found = load(written(tmp_path, series, 'closing = "Bye, {hosts}."\n')).chat
    assert found is not None
    assert (found.welcome, found.closing) == ("Hi! Why sleep? Mit Ann Pretend. #Sleep", "Bye, Ann Pretend.")
    assert found.rules.startswith("Dieser Chat ist öffentlich")
    assert (found.language, found.zones) == ("de", ("America/New_York",))


@pytest.mark.parametrize(
    ("series", "line", "said"),
    [
        ('[wording]\nwelcome = "Hi"\nreminder = "{when} {titel}"\n', 3, "'reminder' has {titel}"),
        ('[wording]\npaused = "{title.__class__}"\n', 2, "'paused' has {title.__class__}"),
        ('[wording]\nwelcom = "Hi"\n', 2, "welcome"),
        ('language = "tlh"\n', 1, "write one of en, de"),
        ('hashtag = "#A"\nzones = ["America/New_York", "GMT+1"]\n', 2, "GMT+1"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, series: str, line: int, said: str) -> None:
    problems = load(written(tmp_path, series)).problems
    assert [(one.line, said in one.message) for one in problems if one.severity == "error"] == [(line, True)]
    if "zones" not in series:
        assert [one.line for one in load_series(tmp_path / "series.toml")] == [line]


def test_a_mistake_in_a_variable_says_what_is_allowed(tmp_path: Path) -> None:
    (found,) = load(written(tmp_path, "", 'rules = "{day}"\n')).problems
    assert all(f"{{{one}}}" in found.message for one in allowed_variables("rules"))
