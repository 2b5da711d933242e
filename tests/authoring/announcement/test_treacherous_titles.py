"""A heading that is hardly the title of a chat is taken with a doubt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.authoring.announcement.draft import draft
from bot.authoring.announcement.file_formats import read_announcement
from bot.authoring.chatfile import SeriesFile

NOW = datetime(2026, 11, 30, tzinfo=UTC)
POST = "{}\n\nTuesday 12 January 2027, 8pm London, hosted by Cas Pretend\nQ1 What helps?\nQ2 And why?\n"


@pytest.mark.parametrize(
    ("heading", "doubted"),
    [
        ("Rural #PretendChat chat", True),
        ("Draft \u2013 version 3", True),
        ("CHANGE OF DATE \u2013 Pretend chat: splints without tears", True),
        ("Unser Chat am 12. Januar 2027: Es geht um Schlaf", True),
        ("On 12 January 2027 at 8pm: sleep", True),
        ("Moving on \u2013 life after splints", False),
        ("Splints without tears", False),
        ("#PretendChat 12 January: what keeps you in the job?", False),
    ],
)
def test_a_note_or_one_word_is_doubted(heading: str, doubted: bool) -> None:  # noqa: FBT001 -- of the table above
    made = draft(read_announcement(POST.format(heading).encode()), SeriesFile(), NOW)
    assert made.title
    assert ("title" in {one.field for one in made.doubts}) == doubted
