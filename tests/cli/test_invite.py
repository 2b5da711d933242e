"""The verb `invite`: texts that announce a chat, with the right day, hour and names, each within its place's length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from twitter_text import parse_tweet

from bot.authoring.invitation import when
from bot.authoring.loader import load
from bot.store import chats
from tests.cli.run import as_json, convenor, ended, put, stored

CONFIG = """\
[places.room]
public_url = "https://chat.example.org"
[places.x]
handle = "@OTalk_"
[places.discord]
guild = 12
channel = 34
"""


def a_file(
    here: Path, head: str = "", title: str = "Why rest?", questions: tuple[str, ...] = ("What *helps* us_?",)
) -> Path:
    put(here / "config.toml", CONFIG)
    text = f'title = "{title}"\nhashtag = "#OTalk"\n{head or LONDON}'
    text += '\n[[hosts]]\nname = "Pretend participant A"\n[[hosts]]\nname = "Pretend participant B"\n'
    text += "".join(f'\n[[questions]]\ntext = "{one}"\n' for one in questions)
    return put(here / "schedules/otalk/rest.toml", text)


LONDON = 'starts = 2099-06-09T20:00\ntimezone = "Europe/London"\n'


def invited(here: Path, file: Path, *more: str) -> Any:  # noqa: ANN401 -- JSON
    return as_json(convenor("invite", file, "--json", *more, cwd=here))


def test_the_mail_says_what_when_with_whom_and_how(here: Path) -> None:
    mail = invited(here, a_file(here))["mail"]
    assert mail["subject"] == "Tuesday 9 June 2099, 20:00: Why rest? (#OTalk)"
    words = " ".join(mail["body"].split())
    for said in (
        "Why rest? With Pretend participant A and Pretend participant B. Tuesday 9 June 2099, 20:00 to 21:00 (",
        "1. What *helps* us_?",
        "you need no account. It opens at 19:00. https://chat.example.org/otalk/rest",
        "On X: reply to the questions of @OTalk_, or post with #OTalk.",
        "with the ping left on. https://discord.com/channels/12/34",
        "public and recorded",
        'write "leave me out"',
    ):
        assert said in words, said
    assert max(len(line) for line in mail["body"].splitlines() if "https" not in line) <= 72


def test_the_blog_is_markdown_in_which_nothing_reads_as_a_mark(here: Path) -> None:
    blog = invited(here, a_file(here), "--for", "blog")["blog"]
    page = MarkdownIt().render(blog)
    assert "<h1>Why rest?</h1>" in page
    assert "<li>What *helps* us_?</li>" in page
    assert 'href="https://chat.example.org/otalk/rest"' in page
    assert "@OTalk_, or post with #OTalk." in page


@pytest.mark.parametrize("title", ["Sleep", "Rest and sleep, 眠り " * 9])
def test_each_post_fits_its_place_and_loses_no_word(here: Path, title: str) -> None:
    questions = ("What helps? " * 40, "What 👩‍👩‍👧 next?")
    found = invited(here, a_file(here, title=title.strip(), questions=questions))["posts"]
    assert found.keys() == {"x", "discord"}, "the room is where people come to"
    assert all(parse_tweet(one["text"]).valid for one in found["x"])
    text = " ".join(one["text"] for one in found["x"])
    for said in (title.strip(), "9 June 2099, 20:00 to 21:00", "leave me out", "#OTalk", questions[0], questions[1]):
        assert " ".join(said.split()) in " ".join(text.split()), said
    assert text.count("https://") == 1, "a link costs much more on X"
    if title == "Sleep":
        assert found["x"][0]["text"].startswith("Sleep, with Pretend participant A and Pretend participant B.\n")
        assert "https://chat.example.org/otalk/rest" in found["x"][0]["text"], "all in the first post"


def test_the_questions_may_be_left_out(here: Path) -> None:
    found = invited(here, a_file(here), "--no-questions")
    assert "helps" not in str(found)
    assert len(found["posts"]["x"]) == 1


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        (
            'starts = 2099-06-09T23:30\ntimezone = "Europe/London"\n',
            "9 June 2099, 23:30 to Wednesday 10 June 2099, 00:30 ",
        ),
        (
            'starts = 2026-10-25T00:30\ntimezone = "Europe/London"\n',
            "25 October 2026, 00:30 to 01:30 BST (Europe/London)",
        ),
        (
            'starts = 2099-01-05T19:00\ntimezone = "America/New_York"\n',
            "5 January 2099, 19:00 to 20:00 (America/New_York)",
        ),
    ],
    ids=["midnight", "the hour that comes twice", "elsewhere"],
)
def test_times_are_those_of_the_chats_zone(here: Path, head: str, shown: str) -> None:
    chat = load(a_file(here, head), root=here / "schedules").chat
    assert chat
    assert shown in when(chat)


def test_what_is_missing_or_over_is_said_beside_the_texts(here: Path) -> None:
    file = a_file(here, 'starts = 2020-10-13T20:00\nplaces = ["room"]\n')
    put(here / "config.toml", "[places.room]\n")
    done = ended(convenor("invite", file, cwd=here), 0)
    assert "otalk/rest is over." in done.stderr
    assert "set `public_url` in [places.room]" in done.stderr
    assert "===== mail =====" in done.stdout
    assert "'title' is missing" in ended(convenor("invite", put(here / "s/a.toml", ""), cwd=here), 1).stderr


def test_a_chat_that_was_called_off_is_not_announced(here: Path) -> None:
    file = a_file(here)
    chat = load(file, root=here / "schedules").chat
    assert chat
    with stored(here, chat) as database:
        database.write_sync(chats.save_state, chat.name, chats.ChatState(cancelled=True))
    assert "called off" in ended(convenor("invite", file, cwd=here), 1).stderr


def test_the_texts_speak_the_language_of_the_chat(here: Path) -> None:
    found = invited(here, a_file(here, f'language = "de"\n{LONDON}'))
    assert found["mail"]["subject"] == "Dienstag, 9. Juni 2099, 20:00: Why rest? (#OTalk)"
    words = " ".join(found["mail"]["body"].split())
    for said in (
        "Dienstag, 9. Juni 2099, 20:00 bis 21:00 Uhr (Zeit in London)",
        "In unserem Raum: öffnen Sie die Seite",
        "Er öffnet um 19:00 Uhr.",
        "Auf X: antworten Sie auf die Fragen von @OTalk_, oder schreiben Sie mit #OTalk.",
        "öffentlich und wird aufgezeichnet",
        "„leave me out“",
    ):
        assert said in words, said
    assert "## Die Fragen" in found["blog"]
    assert "## So machen Sie mit" in found["blog"]
    assert "Kein Konto? https://chat" in " ".join(one["text"] for one in found["posts"]["x"])
