"""What is posted before a chat: the announcement and the reminders, their times, links and questions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.authoring.chatfile import WordingTable
from bot.chat import Chat, DaysBefore, Host, Question
from bot.scheduling import planning, timeline
from bot.scheduling.file_edits import edit_before_start
from bot.scheduling.post_text import post_texts
from bot.wording import house_wording
from tests.fakes.chats import a_chat
from tests.fakes.platform import flat_traits

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
# two days after the clocks went back
START = datetime(2026, 10, 27, 20, 0, tzinfo=LONDON)
ADDRESS, LINK = "https://chat.example.org", "https://blog.example.org/groups"


def links(text: str) -> list[str]:
    return re.findall(r"https://\S+", text)


ROOM = msgspec.structs.replace(flat_traits(platform="room", limit=2000), address=ADDRESS)
ROOM = msgspec.structs.replace(ROOM, features=msgspec.structs.replace(ROOM.features, own_pages=True))
DISCORD = flat_traits(platform="discord", limit=2000)
X = flat_traits(platform="x", limit=280, links=links, most_links=1, unrepeated=True)
PLACES = {"room": ROOM, "discord": DISCORD, "x": X}


def chat(**changes: object) -> Chat:
    questions = tuple(
        Question(key=f"q{n}", text=f"What do you think of group number {n}, and why?", at=START + n * HOUR / 10)
        for n in range(1, 6)
    )
    made = msgspec.structs.replace(
        a_chat(starts=START),
        title="Which groups?",
        hosts=(Host(name="Pat"), Host(name="Sam")),
        hashtag="#OTalk",
        timezone="Europe/London",
        questions=questions,
        link=LINK,
        announcement=DaysBefore(days=7),
        reminders=(DaysBefore(days=1), HOUR, HOUR / 6),
    )
    return msgspec.structs.replace(made, **changes)


def posted(made: Chat, place: str) -> dict[str, tuple[str, ...]]:
    found = post_texts(made, timeline.all_slots(made), PLACES)[place]
    assert [one for one in found if one.doubt] == []
    return {one.slot.key: one.parts for one in found}


def test_days_before_are_at_the_same_hour_and_hours_are_time_that_passes() -> None:
    made = chat(reminders=(timedelta(hours=168), HOUR))
    at = {slot.key: slot.at.astimezone(LONDON) for slot in timeline.all_slots(made)}
    assert at["announcement"].isoformat() == "2026-10-20T20:00:00+01:00"
    assert at["reminder-168h"].isoformat() == "2026-10-20T21:00:00+01:00"
    assert at["reminder-1h"].isoformat() == "2026-10-27T19:00:00+00:00"


def test_an_announcement_has_the_questions_the_address_and_the_link() -> None:
    [text] = posted(chat(), "discord")["announcement"]
    assert text.startswith(
        "Our next chat is on Tuesday 27 October, 20:00 (Europe/London): Which groups? With Pat and Sam. "
    )
    assert links(text) == [f"{ADDRESS}/{chat().name}", LINK]
    assert text.endswith("Q5. What do you think of group number 5, and why?")
    assert "public and recorded" in text


def test_the_room_has_no_link_to_itself() -> None:
    [text] = posted(chat(), "room")["announcement"]
    assert links(text) == [LINK]


def test_on_x_one_post_in_all_has_one_link_and_the_questions_follow_in_posts_that_fit() -> None:
    found = posted(chat(), "x")
    parts = [part for parts in found.values() for part in parts]
    assert [links(part) for part in parts if links(part)] == [[f"{ADDRESS}/{chat().name}"]]
    assert links(found["announcement"][0])
    assert all(len(part) <= X.text.limit for part in parts)
    assert "Q5. What do you think of group number 5, and why?" in found["announcement"][-1]
    assert len(set(parts)) == len(parts)


def test_on_x_the_closing_says_without_an_address_when_the_record_is_published() -> None:
    [text] = posted(chat(), "x")["closing"]
    assert "The transcript is published after 2 days. (27 October 2026" in text


def test_on_x_the_link_of_a_question_comes_before_that_of_the_announcement() -> None:
    asked = chat().questions
    linked = (msgspec.structs.replace(asked[0], text="Read https://example.org first?"), *asked[1:])
    found = post_texts(chat(questions=linked), timeline.all_slots(chat(questions=linked)), PLACES)["x"]
    kept = {one.slot.key for one in found if links(" ".join(one.parts))}
    assert kept == {"q1"}
    assert {one.slot.key for one in found if one.doubt} == set()


def test_where_long_texts_are_not_split_the_announcement_is_one_post() -> None:
    whole = {"x": msgspec.structs.replace(X, text=msgspec.structs.replace(X.text, splits=False))}
    [one] = [one for one in post_texts(chat(), timeline.all_slots(chat()), whole)["x"] if "ann" in one.slot.key]
    assert (len(one.parts), one.doubt) == (1, "")


def test_a_series_may_change_every_house_wording_also_of_what_comes_before_the_chat() -> None:
    assert WordingTable.model_fields.keys() == house_wording().keys()
    own = {"advance": "Save the date: {when}.", "join": "Here: {address}", "reminder_soon": "{left}!"}
    found = posted(chat(wording=own), "discord")
    begins = f"Save the date: Tuesday 27 October, 20:00 (Europe/London). #OTalk\nHere: {ADDRESS}/"
    assert found["announcement"][0].startswith(begins)
    assert found["reminder-10m"][0].startswith("In ten minutes! #OTalk")


def test_an_announcement_is_a_few_posts_however_long_the_questions_are() -> None:
    asked = tuple(msgspec.structs.replace(one, text="What helps, and why? " * 40) for one in chat().questions)
    parts = post_texts(chat(questions=asked), timeline.all_slots(chat(questions=asked)), PLACES)["x"][0].parts
    assert len(parts) <= 6
    assert parts[0].startswith("Our next chat is on")


def test_an_announcement_has_the_wording_of_its_place() -> None:
    asked = chat().questions
    own = (msgspec.structs.replace(asked[0], says={"x": "Groups?"}), *asked[1:])
    assert "Q1. Groups?" in " ".join(posted(chat(questions=own), "x")["announcement"])
    assert "Q1. What do you" in " ".join(posted(chat(questions=own), "discord")["announcement"])


def test_two_reminders_on_x_differ_by_the_days_that_are_left() -> None:
    found = posted(chat(reminders=(DaysBefore(days=7), DaysBefore(days=1))), "x")
    assert found["reminder-168h"][0].endswith("(7 days to go)")
    assert found["reminder-24h"][0].endswith("(24h to go)")


def test_on_x_a_reminder_that_does_not_say_the_day_has_it_added() -> None:
    assert posted(chat(), "x")["reminder-1h"][-1].endswith("(27 October 2026, 20:00)")


@pytest.mark.parametrize(
    ("key", "begins"),
    [
        ("reminder-24h", "Coming up on Tuesday 27 October, 20:00 (Europe/London): Which groups? With Pat"),
        ("reminder-1h", "In an hour, at 20:00 (Europe/London): Which groups? With Pat"),
        ("reminder-10m", "In ten minutes, at 20:00 (Europe/London): Which groups? With Pat"),
    ],
)
def test_the_last_reminders_say_how_long_it_still_is(key: str, begins: str) -> None:
    [text] = posted(chat(), "discord")[key]
    assert text.startswith(begins)


def test_what_says_how_long_it_still_is_does_not_come_much_later() -> None:
    made = chat()
    planned = planning.plan_posts(made, timeline.all_slots(made), PLACES, ends=made.ends, slack=HOUR)
    late = {one.post.key: one.expires - one.post.due for one in planned if one.post.place == "discord"}
    assert late["announcement"] == timedelta(days=1)
    assert late["reminder-24h"] == HOUR
    assert (late["reminder-1h"], late["reminder-10m"]) == (HOUR / 6, timedelta(seconds=100))


def test_a_file_that_comes_late_announces_nothing_that_was_due_before() -> None:
    made = chat()
    edit = edit_before_start(None, (), made, made.starts - timedelta(hours=2))
    assert [slot.key for slot in edit.slots][:3] == ["reminder-1h", "reminder-10m", "welcome"]


def test_after_a_move_that_people_were_told_of_they_are_told_anew() -> None:
    keys = [{slot.key for slot in timeline.all_slots(chat(moved=moved))} for moved in range(3)]
    for before, after in pairwise(keys):
        assert {key for key in before & after if key.startswith(("announcement", "reminder"))} == set()
        assert "welcome" in before & after
