"""From an announcement to a draft, and what has to be put right before it is a chat."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.room.settings import TRAITS
from bot.authoring.chatfile import SeriesFile
from bot.authoring.source import validate_file
from bot.ports.chat_files import ChatFile
from bot.ports.team_drafts import ChatForm, Draft, PersonForm, QuestionForm, Review
from bot.team.chat_form import with_form
from bot.team.drafting import drafted, empty_draft
from bot.team.import_task import Task
from bot.team.import_worker import outcome
from bot.team.kept_chats import KeptPlans
from bot.team.review import review
from bot.toml.document import parse_bytes

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
RAW = Path("schedules/otalk/series.toml").read_bytes()
SERIES = validate_file(parse_bytes(RAW, ""), SeriesFile).values
SHARED = ChatFile(name="otalk/series", version="1", raw=RAW, where="otalk/series.toml")
NONE = KeptPlans({}, {})
POST = """\
Going home: what helps?

Join us for #OTalk on Tuesday 12th January 2027, hosted by Cas Pretend (@cas_pretend).

Q1. Who goes home well?
Q2. What gets in the way?
"""


def read(text: str, day: str = "") -> Draft:
    found = outcome(Task(name="post.txt", series=RAW.decode(), now=NOW), text.encode())
    return drafted("otalk", SERIES, found, name="post.txt", day=day)


def look(draft: Draft) -> Review:
    text = with_form(draft.text, draft.form, SERIES) if draft.form else draft.text
    file = ChatFile(name="otalk/new", version="", raw=text.encode(), where="otalk/new.toml")
    return review(draft, file, SHARED, {"room": TRAITS}, now=NOW, others=(), plans=NONE)


def wrong(draft: Draft) -> set[str]:
    return {one.field for one in look(draft).notes if one.severity == "error"}


def typed(**fields: object) -> Draft:
    form = ChatForm(
        title="Going home",
        date="2027-01-12",
        time="20:00",
        timezone="Europe/London",
        hashtag="#OTalk",
        length="60",
        hosts=(PersonForm(name="Cas Pretend"),),
        questions=(QuestionForm(text="Who goes home?"),),
    )
    return Draft(series="otalk", form=replace(form, **fields))


def test_an_announcement_becomes_a_form() -> None:
    form = read(POST).form
    assert form
    assert (form.title, form.date, form.time) == ("Going home: what helps?", "2027-01-12", "20:00")
    assert [one.text for one in form.questions] == ["Who goes home well?", "What gets in the way?"]
    assert [(one.name, one.handles) for one in form.hosts] == [("Cas Pretend", {"x": "@cas_pretend"})]


def test_what_the_series_settled_is_said_and_need_not_be_confirmed() -> None:
    made = read(POST)
    assert {one.field for one in made.doubts if one.settled} >= {"starts", "timezone"}
    assert look(made).why_not == ""


def test_a_doubtful_day_has_to_be_confirmed_before_it_is_saved() -> None:
    made = read(POST.replace("Tuesday 12th", "Wednesday 12th"))
    assert wrong(made) == {"confirmed"}
    assert made.form
    sure = replace(made, form=replace(made.form, confirmed=True))
    assert look(sure).why_not == ""


def test_a_day_from_the_calendar_counts_where_the_text_has_none_and_is_doubted_where_it_has_another() -> None:
    undated = read(POST.replace("on Tuesday 12th January 2027, ", ""), day="2027-01-05")
    assert undated.form
    assert undated.form.date == "2027-01-05"
    assert wrong(read(POST, day="2027-01-05")) == {"confirmed"}
    assert wrong(read(POST, day="2027-01-12")) == set()


def test_an_empty_form_says_what_is_missing_at_each_field() -> None:
    assert wrong(empty_draft("otalk", SERIES, "")) == {"title", "date", "questions"}
    assert wrong(empty_draft("otalk", SERIES, "2027-01-12")) == {"title", "questions"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"date": "12 January"}, "date"),
        ({"time": "eight"}, "time"),
        ({"length": "an hour"}, "length"),
        ({"timezone": "London"}, "timezone"),
        ({"questions": ()}, "questions"),
        ({"hashtag": "#two words"}, "hashtag"),
        ({"link": "example"}, "link"),
        ({"hosts": (PersonForm(handles={"x": "@cas_pretend"}),)}, "hosts.1"),
        ({"questions": (QuestionForm(text="One?"), QuestionForm(text="a" * 2001))}, "questions.2"),
    ],
)
def test_a_mistake_stands_at_its_field(fields: dict[str, object], field: str) -> None:
    draft = typed(**fields)
    assert wrong(draft) == {field}
    assert look(draft).why_not == "One thing has to be put right first."


def test_a_warning_stands_at_its_field_without_words_for_those_who_write_files() -> None:
    found = look(typed(date="2027-01-13"))
    assert [one.field for one in found.notes if one.severity == "warning"] == ["date"]
    assert "'starts'" not in found.notes[0].message
    assert found.why_not == ""


def test_advice_stands_at_its_question_and_names_no_switch() -> None:
    long = "What " + "really " * 25 + "helps?"
    found = look(typed(questions=(QuestionForm(text="Who goes?"), QuestionForm(text=long))))
    advice = [one for one in found.notes if one.severity == "advice" and one.field == "questions.2"]
    assert advice
    assert all("[" not in one.message for one in advice)


def test_advice_on_the_hashtag_stands_there_and_not_at_the_day() -> None:
    found = look(typed(hashtag="#nursechat"))
    assert [one.field for one in found.notes if one.code == "hashtag-case"] == ["hashtag"]


def test_a_message_begins_with_a_capital_but_quotes_a_link_as_it_was_written() -> None:
    for link in ("https://bit.ly/abc", "bit.ly/abc"):
        found = look(typed(questions=(QuestionForm(text=f"Who goes home? {link}"),)))
        [message] = [one.message for one in found.notes if one.code == "short-link"]
        assert message.startswith(f"{link} hides")
    found = look(typed(questions=(QuestionForm(text="\u25b6 What helps?"),)))
    assert [one.message[:8] for one in found.notes if one.code == "emoji"] == ["An emoji"]


def test_each_place_is_shown_as_it_will_be() -> None:
    (room,) = look(typed()).places
    assert room.called == "the web room"
    asked = next(one for one in room.posts if one.key == "q1")
    assert asked.parts[0][0] == "Q1. Who goes home? #OTalk"
    assert asked.parts[0][1] == len(asked.parts[0][0])
