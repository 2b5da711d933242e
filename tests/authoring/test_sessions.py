"""Several sessions of one chat in one file: each a chat of its own, with the questions of all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.authoring.check import as_data, check_file
from bot.authoring.folder_files import FolderFiles
from bot.authoring.loader import Loaded, load
from bot.authoring.schedules import Schedules
from bot.chat import FileVersion
from bot.scheduling.chat_identity import is_same_chat
from tests.fakes.clock import HandClock
from tests.fakes.platform import flat_traits

HEAD = 'title = "Going home"\nhashtag = "#OTalk"\n'
QUESTIONS = (
    '[[questions]]\ntext = "Who helps people get ready to go home?"\n[[questions]]\ntext = "What gets in the way?"\n'
)
SESSIONS = """\
[[sessions]]
starts = 2026-11-10T20:00:00
timezone = "Australia/Sydney"
[[sessions.hosts]]
name = "Pretend host A"
[[sessions]]
key = "evening"
starts = 2026-11-10T20:00:00
timezone = "Europe/London"
places = ["room"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "otalk").mkdir()
    return tmp_path


def written(root: Path, text: str) -> Path:
    path = root / "otalk" / "home.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(root: Path, text: str) -> Loaded:
    return load(written(root, text), root=root, places={"room": "room"})


def test_each_session_is_a_chat_of_its_own_with_the_questions_of_all(root: Path) -> None:
    found = loaded(root, HEAD + SESSIONS + QUESTIONS)
    assert found.problems == ()
    sydney, evening = found.chats
    assert [one.name for one in found.chats] == ["otalk/home.sydney", "otalk/home.evening"]
    assert [one.file for one in found.chats] == ["otalk/home"] * 2
    assert sydney.starts == datetime(2026, 11, 10, 9, tzinfo=UTC)
    assert evening.starts == datetime(2026, 11, 10, 20, tzinfo=UTC)
    assert ([host.name for host in sydney.hosts], evening.hosts, evening.places) == (["Pretend host A"], (), ("room",))
    assert [one.text for one in sydney.questions] == [one.text for one in evening.questions]
    assert [one.at - sydney.starts for one in sydney.questions] == [
        one.at - evening.starts for one in evening.questions
    ]


def test_a_start_of_the_file_is_a_session_that_has_its_name(root: Path) -> None:
    own = 'starts = 2026-11-10T12:00:00\ntimezone = "UTC"\n'
    found = loaded(root, HEAD + own + SESSIONS + QUESTIONS)
    assert [one.name for one in found.chats] == ["otalk/home", "otalk/home.sydney", "otalk/home.evening"]
    assert found.chat == found.chats[0]


def test_sessions_are_never_taken_for_copies_of_each_other(root: Path) -> None:
    one, other = loaded(root, HEAD + SESSIONS + QUESTIONS).chats
    assert not is_same_chat(one, other, gone=False, held=False, places=["room"])
    with_id = loaded(root, f'id = "home"\n{HEAD}{SESSIONS}{QUESTIONS}').chats
    assert [each.id for each in with_id] == ["home.sydney", "home.evening"]
    renamed = msgspec.structs.replace(one, name="otalk/later.sydney")
    assert is_same_chat(renamed, one, gone=True, held=False, places=["room"])


@pytest.mark.parametrize(
    ("sessions", "line", "message"),
    [
        ('[[sessions]]\ntimezone = "Europe/London"\n', 3, "'starts' is missing in session 1"),
        (SESSIONS.replace('"evening"', '"sydney"'), 8, "session 1 is called 'sydney' already"),
        (SESSIONS.replace("Europe/London", "London"), 11, "did you mean 'Europe/London'?"),
        (
            SESSIONS.replace('2026-11-10T20:00:00\ntimezone = "Europe', '2026-03-29T01:30:00\ntimezone = "Europe'),
            10,
            "does not exist",
        ),
        ('[[sessions]]\nquestion = "?"\n', 4, "not a known key"),
    ],
)
def test_a_mistake_is_told_once_at_its_line(root: Path, sessions: str, line: int, message: str) -> None:
    found = loaded(root, HEAD + sessions + QUESTIONS)
    assert found.chats == ()
    [problem] = [one for one in found.problems if message in one.message]
    assert problem.line == line


def test_a_series_has_no_sessions(root: Path) -> None:
    (root / "otalk" / "series.toml").write_text(SESSIONS, encoding="utf-8")
    found = loaded(root, HEAD + 'starts = 2026-11-10T12:00:00\ntimezone = "UTC"\n' + QUESTIONS)
    assert ["do not belong into the file of the series" in one.message for one in found.problems] == [True]


def test_check_prints_each_session_and_tells_what_they_share_once(root: Path) -> None:
    long = f'{QUESTIONS}[[questions]]\ntext = "{"word " * 30}?"\n'
    result = check_file(written(root, HEAD + SESSIONS + long), {"room": flat_traits(platform="room")}, root=root)
    made = json.loads(msgspec.json.encode(as_data([result])))
    assert [one["chat"] for one in made] == ["otalk/home.sydney", "otalk/home.evening"]
    assert [len(one["timeline"]) for one in made] == [6, 6]
    told = [[each["message"].partition("[")[2] for each in one["problems"]] for one in made]
    assert told == [["long]"], []]


def programme(root: Path, known: Mapping[str, FileVersion] | None = None) -> Schedules:
    made = Schedules(FolderFiles(root, HandClock()), {"room": "room"}, HandClock())
    made.known = lambda: known or {}
    return made


def test_a_file_with_a_mistake_takes_none_of_its_sessions_away(root: Path) -> None:
    path = written(root, HEAD + SESSIONS + QUESTIONS)
    read = programme(root)
    first = read()
    names = {one.name for one in first.chats}
    assert names == set(first.versions) == {"otalk/home.sydney", "otalk/home.evening"}
    path.write_text(HEAD + SESSIONS + 'text = "no question', encoding="utf-8")
    broken = read()
    assert len(broken.chats) == 0
    assert broken.invalid == frozenset(names)


def test_after_a_restart_all_sessions_are_known_or_the_file_is_read_again(root: Path) -> None:
    written(root, HEAD + SESSIONS + QUESTIONS)
    first = programme(root)()
    known = {one.name: FileVersion(state=first.versions[one.name], chat=one) for one in first.chats}
    marked = {
        name: msgspec.structs.replace(one, chat=msgspec.structs.replace(one.chat, title="As it was known"))
        for name, one in known.items()
    }
    assert {one.title for one in programme(root, marked)().chats} == {"As it was known"}
    some = {name: one for name, one in marked.items() if name.endswith("sydney")}
    assert {one.title for one in programme(root, some)().chats} == {"Going home"}


def test_a_session_gives_way_to_a_file_of_its_name(root: Path) -> None:
    written(root, HEAD + SESSIONS + QUESTIONS)
    own = HEAD + 'starts = 2026-12-10T12:00:00\ntimezone = "UTC"\n' + QUESTIONS
    (root / "otalk" / "home.sydney.toml").write_text(own, encoding="utf-8")
    found = {one.name: one.starts.month for one in programme(root)().chats}
    assert found == {"otalk/home.sydney": 12, "otalk/home.evening": 11}
