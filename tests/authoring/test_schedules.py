"""The chats and the rehearsal that come with the repository."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.authoring.chat_folder import find_chat_files
from bot.authoring.loader import load, load_series
from bot.chat import Chat
from bot.errors import InputError
from bot.rehearsal.script import load_script
from bot.scheduling.timeline import all_slots

ROOT = Path(__file__).parent.parent.parent
SCHEDULES = ROOT / "schedules"
SEEDS = ROOT.parent / "shared" / "seeds"
SENTENCE = 8
"""So many words in a row are a quotation."""


def chat(name: str) -> Chat:
    loaded = load(SCHEDULES / f"{name}.toml", root=SCHEDULES)
    assert loaded.problems == ()
    assert loaded.chat
    return loaded.chat


GROUPS = "otalk/2020-10-13-online-groups"
TOGETHER = "otalk/2018-10-30-bringing-the-ot-community-closer-together"


def test_the_schedules_are_these() -> None:
    assert [str(path.relative_to(SCHEDULES).with_suffix("")) for path in find_chat_files(SCHEDULES)] == [
        TOGETHER,
        GROUPS,
    ]
    assert load_series(SCHEDULES / "otalk" / "series.toml") == ()


@pytest.mark.parametrize(
    ("name", "starts", "questions", "hosts"),
    [
        (GROUPS, datetime(2020, 10, 13, 19, tzinfo=UTC), 6, ["@smileyfacehalo"]),
        (TOGETHER, datetime(2018, 10, 30, 20, tzinfo=UTC), 4, ["@theOThub", "@theOTshow"]),
    ],
)
def test_the_schedules_are_complete(name: str, starts: datetime, questions: int, hosts: list[str]) -> None:
    made = chat(name)
    assert (made.name, made.starts, made.length, made.hashtag) == (name, starts, timedelta(hours=1), "#OTalk")
    assert len(made.questions) == questions
    assert [host.handles["x"] for host in made.hosts] == hosts
    assert all(len(slot.text) < 280 for slot in all_slots(made))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the announcements (shared/seeds) are not on this machine")
@pytest.mark.parametrize(
    ("name", "seed"),
    [(GROUPS, "otalk-2020-10-13-announcement.txt"), (TOGETHER, "otalk-2018-10-30-announcement-and-numbers.txt")],
)
def test_the_schedules_follow_the_announcements_in_our_own_words(name: str, seed: str) -> None:
    made, text = chat(name), (SEEDS / seed).read_text(encoding="utf-8")
    first = text.splitlines()[0].replace("\xa0", " ")
    assert first.rstrip(".").endswith(f"{made.starts:%B %Y} \u2013 {made.title}")
    assert int(re.findall(r"\d+", first)[0]) == made.starts.day
    assert all(handle in text for host in made.hosts for handle in host.handles.values())
    assert len(re.findall(r"^\s*\d\. ?\w", text, re.MULTILINE)) == len(made.questions)
    ours = words((SCHEDULES / f"{name}.toml").read_text(encoding="utf-8").replace(made.title, ""))
    assert not runs(ours) & runs(words(text))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: list[str]) -> set[tuple[str, ...]]:
    """Every run of that many words."""
    return {tuple(text[at : at + SENTENCE]) for at in range(len(text) - SENTENCE + 1)}


def test_the_rehearsal() -> None:
    script = load_script(SCHEDULES / "rehearsal.toml")
    assert len(script.people) == 8
    assert 30 <= len(script.lines) <= 40
    assert all(name.startswith("Pretend participant ") for name in script.people)
    assert {line.person for line in script.lines} == set(script.people)
    assert {line.question for line in script.lines} == set(range(7))
    assert all(line.after + line.then <= timedelta(minutes=5) for line in script.lines)
    assert sum(line.text.startswith("A") and line.text[1].isdigit() for line in script.lines) < len(script.lines)
    assert any(line.edit for line in script.lines)
    assert any(line.delete for line in script.lines)
    assert list(script.lines) == sorted(script.lines, key=lambda line: (line.question, line.after))


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ('person = "B"\nquestion = 1\nafter = "1s"\ntext = "x"', "4:10", "'B' is not a known person"),
        ('person = "A"\nquestion = -1\nafter = "1s"\ntext = "x"', "5:12", "it must be 0 or more"),
        ('person = "A"\nquestion = 1\nafter = "1s"', "3:1", "'text' is missing"),
        ('person = "A"\nquestion = 1\nafter = "soon"\ntext = "x"', "6:9", 'like "10m"'),
        ('person = "A"\nquestion = 1\nafter = "1s"\ntext = "x"\ndeleted = true', "3:1", "'then' is missing"),
        ('person = "A"\nquestion = 1\nafter = "1s"\ntext = "x"\nreply_to_person = "A"', "8:19", "has said nothing"),
    ],
)
def test_a_mistake_in_a_script(tmp_path: Path, text: str, where: str, words: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(f'[[people]]\nname = "A"\n[[answers]]\n{text}\n')
    with pytest.raises(InputError) as caught:
        load_script(path)
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:{where}: ")
    assert words in problem.message
