"""The form of a chat as browsers send it, and its buttons."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from adapters.room.team_forms import MOST_ROWS, after, chat_form, differences, label_of, shown_fields
from bot.ports.team_drafts import ChatForm, PersonForm, QuestionForm

ASKED = tuple(QuestionForm(text=text, number=number) for number, text in enumerate("abc", 1))
FORM = ChatForm(title="Going home", questions=ASKED)


def texts(form: ChatForm) -> str:
    return "".join(one.text for one in form.questions)


def test_rows_come_in_the_order_of_their_numbers() -> None:
    fields = {
        "title": "Going home",
        "questions.2.text": "second",
        "questions.10.text": "third",
        "questions.1.text": "first",
        "questions.1.number": "7",
        "hosts.1.name": "Cas Pretend",
        "hosts.1.x": "@cas_pretend",
        "nobody.1.knows": "this",
        "confirmed": "yes",
    }
    form = chat_form(fields)
    assert [one.text for one in form.questions] == ["first", "second", "third"]
    assert form.questions[0].number == 7
    assert form.hosts == (PersonForm(name="Cas Pretend", handles={"x": "@cas_pretend"}),)
    assert (form.title, form.confirmed) == ("Going home", True)


@pytest.mark.parametrize("number", ["-1", "x", "99999", "²", ""])
def test_a_number_that_is_none_makes_a_new_row(number: str) -> None:
    assert chat_form({"questions.1.text": "a", "questions.1.number": number}).questions[0].number == 0


@pytest.mark.parametrize(
    ("action", "order", "focus"),
    [
        ("up questions.2", "bac", "questions.1"),
        ("up questions.1", "abc", "questions.1"),
        ("down questions.2", "acb", "questions.3"),
        ("down questions.3", "abc", "questions.3"),
        ("remove questions.1", "bc", "questions.1"),
        ("remove questions.3", "ab", "questions.2"),
        ("remove questions.9", "abc", "questions"),
        ("add questions", "abc", "questions.4"),
        ("look", "abc", ""),
        ("up title", "abc", ""),
    ],
)
def test_buttons_move_add_and_remove(action: str, order: str, focus: str) -> None:
    form, at = after(FORM, action)
    assert (texts(form), at) == (order, focus)


def test_people_have_buttons_too() -> None:
    form, at = after(FORM, "add hosts")
    assert (len(form.hosts), at) == (1, "hosts.1")
    assert after(form, "remove hosts.1")[0] == FORM


def test_no_list_grows_without_end() -> None:
    full = replace(FORM, questions=(QuestionForm(),) * MOST_ROWS)
    assert len(after(full, "add questions")[0].questions) == MOST_ROWS
    many = {f"questions.{number}.text": "x" for number in range(999)}
    assert len(chat_form(many).questions) == MOST_ROWS


def test_two_forms_are_compared_field_by_field() -> None:
    other = replace(FORM, title="Going home well", questions=ASKED[:1])
    assert differences(FORM, other) == [
        ("Title", "Going home", "Going home well"),
        ("Questions", "1. a\n2. b\n3. c", "1. a"),
    ]
    assert differences(FORM, replace(FORM, title=" Going  home ")) == []


def test_a_form_is_shown_to_be_read_without_what_is_empty() -> None:
    form = ChatForm(
        title="Going home",
        date="2027-01-12",
        hosts=(PersonForm(name="Cas Pretend", handles={"x": "@cas_pretend"}),),
        questions=(QuestionForm(text="Who?"), QuestionForm(text="How?")),
        welcome="Hello.\n\nSit down.",
    )
    assert shown_fields(form) == [
        ("title", "Title", ["Going home"]),
        ("date", "Day", ["Tuesday 12 January 2027"]),
        ("hosts", "Hosts", ["Cas Pretend @cas_pretend"]),
        ("questions", "Questions", ["Who?", "How?"]),
        ("welcome", "Welcome", ["Hello.", "Sit down."]),
    ]
    assert shown_fields(ChatForm(date="soon")) == [("date", "Day", ["soon"])]


def test_fields_have_names_for_people() -> None:
    assert [label_of(one) for one in ("title", "questions.2", "hosts.1", "")] == ["Title", "Question 2", "Host 1", ""]
