"""What an announcement has besides its questions is found, told, and posted nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import tomlkit

from bot.authoring.announcement.chat_file import as_data, chat_file
from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.announcement.found import Draft, FoundBackground
from bot.authoring.chatfile import SeriesFile

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ANNOUNCEMENTS = Path(__file__).parents[2] / "announcements"

POST = """\
Pretend talk: groups online

Hosted by Cas Pretend, 12 January 2027, 20:00 (Europe/London).

Groups moved online within a fortnight, and nobody had asked whether people could follow them there. In 2021 we
wrote about what went wrong (Pretend, 2021), and what people made of it themselves.

1. What gets in the way?
2. Who is left out (see Sham, 2019), and how would you know?

Pictures will have alt text, and captions are on in the recording.

As Sham put it in Nowhere (2014): "Nobody asked."

Our page: https://example.org/groups.

References
Pretend, C. (2021) What went wrong? Imaginary Journal, 12(3), pp. 4-19. https://example.org/pretend
- Sham, D., 2019, Left out. Leeds: Nowhere.
Nobody E. Follow them there. Pretend Nursing 2020;4(2):11-3. doi: 10.5555/12345

Come along and tell us!

Leave a Reply
Sham, X. (1999) A comment's own reading. https://example.org/comment
"""


def found(text: str, name: str = "") -> Draft:
    return draft(read_announcement(text.encode(), name), SeriesFile(), NOW)


def test_each_part_is_told_apart_and_what_follows_the_post_is_no_part_of_it() -> None:
    made = found(POST)
    assert len(made.questions) == 2
    [paragraph] = made.background.paragraphs
    assert paragraph.startswith("Groups moved online")
    assert paragraph.endswith("made of it themselves.")
    assert [one[:12] for one in made.background.references] == ["Pretend, C. ", "Sham, D., 20", "Nobody E. Fo"]
    assert made.background.links == ("https://example.org/groups",)
    assert made.background.access == ("Pictures will have alt text, and captions are on in the recording.",)


def test_a_short_announcement_has_none() -> None:
    assert found("Chat on 12 January 2027, 20:00 London\nQ1 What helps?\nQ2 And why?").background == FoundBackground()


@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_addresses_behind_words_are_found_but_no_profiles_and_hashtags(name: str) -> None:
    html = '<p>Read <a href="https://example.org/a?b=1&amp;c=2">our post</a>, by <a href="https://x.com/cas">Cas</a>,'
    html += ' on <a href="https://x.com/hashtag/PretendTalk">#PretendTalk</a> <a href="javascript:x()">here</a>.</p>'
    markdown = "Read [our post](https://example.org/a?b=1&c=2), by [Cas](https://x.com/cas), on"
    markdown += " [#PretendTalk](https://x.com/hashtag/PretendTalk) [here](javascript:x())."
    made = found(markdown if name.endswith("md") else f"<html><body>{html}</body></html>", name)
    assert made.background.links == ("https://example.org/a?b=1&c=2",)


@pytest.mark.parametrize(
    ("file", "references"),
    [
        ("01-wp-rehab-pacing.html", ["Smith, A. and Pretend, B. (2019)"]),
        ("15-substack-numbers-in-words.html", []),
        (
            "18-themes-and-questions.html",
            ["Bogus, C. et al. (2024)", "Mock, D. and Sham, E. (2016)", "Pretend, F. (2008)"],
        ),
        ("33-mealtimes.html", ["Smith P (2020)", "IDDSI (2019)"]),
        ("02-word-teacher-marking.txt", []),
        ("36-food-first.txt", ["Pretend B (2026)"]),
    ],
)
def test_references_of_whole_announcements(file: str, references: list[str]) -> None:
    read = read_announcement((ANNOUNCEMENTS / file).read_bytes(), file)
    listed = draft(read, SeriesFile(), NOW).background.references
    assert [one[: len(begins)] for one, begins in zip(listed, references, strict=True)] == references


def test_the_draft_has_them_as_comments_and_scripts_as_data() -> None:
    made = found(POST)
    text = chat_file(made, SeriesFile())
    assert '# link = "https://example.org/groups"' in text
    assert "# - Sham, D., 2019, Left out. Leeds: Nowhere." in text
    assert "# - Pictures will have alt text" in text
    assert "link" not in tomlkit.parse(text)
    chat = as_data(made)["chat"]
    assert isinstance(chat, dict)
    assert chat["links"] == made.background.links
    assert set(chat) >= {"background", "references", "links", "access"}
