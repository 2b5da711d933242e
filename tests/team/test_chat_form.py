"""A chat file as a form: what nobody changed stays as it is, comments and order included."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.authoring.chatfile import SeriesFile
from bot.errors import TeamError
from bot.ports.team_drafts import ChatForm, PersonForm, QuestionForm
from bot.team.chat_form import form_of, ignoring, typed_length, typed_time, with_form

SERIES = SeriesFile.model_validate(
    {"hashtag": "#OTalk", "timezone": "Europe/London", "weekday": "Tuesday", "time": time(20)}
)
FILE = """\
# Ask Cas Pretend for the slides.
title = "Going home"          # from her mail
starts = 2027-01-05T20:00:00
pace = "follow"

[[hosts]]
name = "Cas Pretend"
x = "@cas_pretend"
pretend-place = "cas"

[[questions]]                 # the opener
id = "opener"
text = "Who goes home?"
at = "12m"

[[questions]]
text = "Who stays?"
"""


def form() -> ChatForm:
    made = form_of(FILE, SERIES)
    assert made
    return made


def test_a_form_shows_the_file_and_what_the_series_says() -> None:
    made = form()
    assert (made.title, made.date, made.time, made.length) == ("Going home", "2027-01-05", "20:00", "60")
    assert (made.hashtag, made.timezone) == ("#OTalk", "Europe/London")
    assert [one.text for one in made.questions] == ["Who goes home?", "Who stays?"]
    assert made.hosts == (
        PersonForm(name="Cas Pretend", handles={"x": "@cas_pretend", "pretend-place": "cas"}, number=1),
    )


def test_a_form_that_nobody_changed_changes_no_byte() -> None:
    assert with_form(FILE, form(), SERIES) == FILE


@pytest.mark.parametrize("file", sorted(Path("schedules/otalk").glob("2*.toml")), ids=lambda one: one.stem)
def test_neither_does_it_in_a_real_file(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    made = form_of(text, SERIES)
    assert made
    assert with_form(text, made, SERIES) == text


def test_a_change_keeps_comments_order_and_unknown_keys() -> None:
    made = with_form(FILE, replace(form(), title="Going home well"), SERIES)
    assert made == FILE.replace('"Going home"', '"Going home well"')


def test_questions_in_another_order_keep_their_own_keys_and_comments() -> None:
    first, second = form().questions
    new = QuestionForm(text="Who comes back?")
    made = with_form(FILE, replace(form(), questions=(second, new, first)), SERIES)
    assert tomllib.loads(made)["questions"] == [
        {"text": "Who stays?"},
        {"text": "Who comes back?"},
        {"id": "opener", "text": "Who goes home?", "at": "12m"},
    ]
    assert "# the opener" in made
    assert "# Ask Cas Pretend" in made


def test_handles_that_the_form_does_not_show_are_kept() -> None:
    made = with_form(FILE, replace(form(), hosts=(PersonForm(name="Cas Pretend", number=1, handles={}),)), SERIES)
    assert made == FILE
    renamed = with_form(FILE, replace(form(), hosts=(PersonForm(name="Kit Pretend", number=1),)), SERIES)
    assert tomllib.loads(renamed)["hosts"] == [{"name": "Kit Pretend", "x": "@cas_pretend", "pretend-place": "cas"}]


def test_a_row_that_is_left_out_is_gone_and_an_empty_one_is_nothing() -> None:
    rows = (form().questions[1], QuestionForm(text=" \n "))
    made = with_form(FILE, replace(form(), questions=rows, hosts=(PersonForm(),)), SERIES)
    assert tomllib.loads(made)["questions"] == [{"text": "Who stays?"}]
    assert "hosts" not in tomllib.loads(made)


def test_what_the_series_says_is_not_repeated_and_another_value_is_written() -> None:
    assert "hashtag" not in tomllib.loads(with_form(FILE, form(), SERIES))
    other = tomllib.loads(with_form(FILE, replace(form(), hashtag="#Other", timezone="Europe/Dublin"), SERIES))
    assert (other["hashtag"], other["timezone"]) == ("#Other", "Europe/Dublin")
    assert tomllib.loads(with_form(FILE, replace(form(), hashtag=""), SERIES))["hashtag"] == ""


@pytest.mark.parametrize(
    ("day", "clock", "starts"),
    [
        ("2027-02-02", "19.30", datetime(2027, 2, 2, 19, 30)),  # noqa: DTZ001 -- a file has wall clock times
        ("2027-02-02", "", date(2027, 2, 2)),
        ("soon", "20:00", None),
        ("2027-02-02", "eightish", None),
    ],
)
def test_a_day_and_a_time_are_one_start(day: str, clock: str, starts: object) -> None:
    made = with_form(FILE, replace(form(), date=day, time=clock), SERIES)
    assert tomllib.loads(made).get("starts") == starts


def test_a_list_in_brackets_before_other_keys_can_be_changed_too() -> None:
    text = 'questions = [{text = "a", at = "5m"}, {text = "b"}]\ntitle = "x"\n'
    made = form_of(text, SERIES)
    assert made
    turned = tomllib.loads(with_form(text, replace(made, questions=made.questions[::-1]), SERIES))
    assert turned == {"title": "x", "questions": [{"text": "b"}, {"text": "a", "at": "5m"}]}


def test_advice_is_switched_off_in_the_file_besides_what_the_series_switched_off() -> None:
    once = ignoring(FILE, "long", SeriesFile.model_validate({"ignore": ["clash"]}))
    assert tomllib.loads(ignoring(once, "long", SERIES))["ignore"] == ["clash", "long"]
    assert form_of(once, SERIES) == form()
    assert once.startswith("# Ask Cas Pretend")


def test_a_file_that_is_no_toml_has_no_form() -> None:
    assert form_of("title = Going home\n", SERIES) is None
    with pytest.raises(TeamError, match="as text"):
        with_form("title = Going home\n", ChatForm(title="x"), SERIES)


@pytest.mark.parametrize(("typed", "length"), [("75", "1h15m"), ("60", "1h"), ("1h30m", "1h30m"), ("long", None)])
def test_a_length_is_typed_in_minutes(typed: str, length: str | None) -> None:
    assert typed_length(typed) == length


@pytest.mark.parametrize("typed", ["25:00", "8pm", "20:00+01:00", ""])
def test_what_is_no_time_of_day(typed: str) -> None:
    assert typed_time(typed) is None


words = st.text(max_size=40)


@given(title=words, welcome=words, asked=st.lists(words, max_size=4), names=st.lists(words, max_size=2))
def test_whatever_is_typed_comes_back_from_the_file(
    title: str, welcome: str, asked: list[str], names: list[str]
) -> None:
    typed = replace(
        form(),
        title=title,
        welcome=welcome,
        questions=tuple(QuestionForm(text=text, number=number) for number, text in enumerate(asked)),
        hosts=tuple(PersonForm(name=name) for name in names),
    )
    found = form_of(with_form(FILE, typed, SERIES), SERIES)
    assert found

    def plain(text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    assert (found.title, found.welcome) == (plain(title), plain(welcome))
    assert [one.text for one in found.questions] == [text for one in asked if (text := plain(one))]
    assert [one.name for one in found.hosts] == [text for one in names if (text := plain(one))]
