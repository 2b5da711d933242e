"""What `check` doubts besides zones and numbers: overlapping chats, and handles that are not one handle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.authoring.check import check_file
from bot.authoring.loader import load
from bot.chat import Chat
from tests.fakes.platform import flat_traits

PLACES = {"room": flat_traits(platform="room", limit=2000), "tw": flat_traits(platform="x", limit=280)}
PLATFORMS = {"room": "room", "tw": "x", "server": "discord"}
OTHER_PLACE = 'places = ["other"]'
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def written(folder: Path, name: str, starts: str, more: str = "", zone: str = "Europe/London") -> Path:
    path = folder / "otalk" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    head = f'title = "T"\nstarts = {starts}\ntimezone = "{zone}"\n{more}\n'
    question = name * 9  # a chat with the same questions is taken for a copy
    path.write_text(f'{head}[[questions]]\ntext = "{question}?"\n', encoding="utf-8")
    return path


def chat(path: Path) -> Chat:
    found = load(path).chat
    assert found
    return found


@pytest.mark.parametrize(
    ("starts", "more", "zone", "words"),
    [
        ("2027-07-13T20:30", "", "Europe/London", "in room and tw"),
        ("2027-07-13T15:59", 'places = ["tw"]', "America/New_York", "in tw"),
        (
            "2027-07-13T19:30",
            'hashtag = "#otalk"\nplaces = ["other"]\nlength = "31m"',
            "Europe/London",
            "hashtag #OTalk",
        ),
        ("2027-07-13T19:00", "", "Europe/London", ""),
        ("2027-07-13T21:00", "", "Europe/London", ""),
        ("2027-07-14T20:00", "", "Europe/London", ""),
        ("2027-07-13T20:00", OTHER_PLACE, "Europe/London", ""),
    ],
)
def test_chats_at_the_same_time(tmp_path: Path, starts: str, more: str, zone: str, words: str) -> None:
    path = written(tmp_path, "mine", "2027-07-13T20:00", 'hashtag = "#OTalk"')
    others = [chat(path), chat(written(tmp_path, "other", starts, more, zone))]
    problems = check_file(path, PLACES, now=NOW, others=others).problems
    assert len(problems) == bool(words)
    for one in problems:
        assert (one.line, one.column, one.severity) == (2, 10, "warning")
        assert one.message.startswith("otalk/other runs at the same time, from ")
        assert words in one.message


def test_several_at_the_same_time_are_one_doubt(tmp_path: Path) -> None:
    mine, *others = (written(tmp_path, name, "2027-07-13T20:00") for name in ("mine", "b", "c", "d"))
    (problem,) = check_file(mine, PLACES, now=NOW, others=[chat(one) for one in others]).problems
    assert problem.message.startswith(
        "otalk/b runs at the same time, from 20:00 to 21:00, in room and tw (and so do 2 more);"
    )


def test_a_chat_that_is_over_overlaps_nothing(tmp_path: Path) -> None:
    path, other = (written(tmp_path, name, "2027-07-13T20:00") for name in ("mine", "other"))
    after = datetime(2028, 1, 1, tzinfo=UTC)
    (problem,) = check_file(path, PLACES, now=after, others=[chat(other)]).problems
    assert "the chat is over" in problem.message


@pytest.mark.parametrize(
    ("place", "handle", "remedy"),
    [
        ("x", "@a, @b", "give each person a [[hosts]] of their own"),
        ("tw", "@a and @b", "give each person"),
        ("server", "@a/@b", "give each person"),
        ("x", "https://x.com/pretend_a", "write the handle alone"),
        ("x", "@pretend-a", "write the handle alone"),
        ("x", "@@pretend_a", "write the handle alone"),
        ("server", "Pretend Participant A", "give each person"),
        ("x", "@a_handle_that_is_far_too_long", "write the handle alone"),
    ],
)
def test_what_is_not_one_handle(tmp_path: Path, place: str, handle: str, remedy: str) -> None:
    path = written(tmp_path, "mine", "2027-07-13T20:00", f'[[hosts]]\nname = "A"\n{place} = "{handle}"')
    (problem,) = load(path, places=PLATFORMS).problems
    assert (problem.line, problem.severity) == (6, "warning")
    assert f"'{place}' is '{handle}', which is not one handle; {remedy}" in problem.message


@pytest.mark.parametrize(
    ("place", "handle"),
    [
        *(("x", "@pretend_a"), ("x", "pretend_a"), ("tw", "123456"), ("server", "80351110224678912")),
        *(("server", "@pretend.a"), ("server", "pretend#1234"), ("room", "A")),
    ],
)
def test_one_handle_is_not_doubted(tmp_path: Path, place: str, handle: str) -> None:
    path = written(tmp_path, "mine", "2027-07-13T20:00", f'[[moderators]]\nname = "A"\n{place} = "{handle}"')
    assert load(path, places=PLATFORMS).problems == ()
