"""The form of a chat: from the fields that a browser sends to a ChatForm, and what its buttons do. Pure.

The rows of a list are named `questions.1.text`, `hosts.2.x`; a button is named after what it does and to which row, as
`up questions.2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Literal, TypeVar

from msgspec.structs import asdict, replace

from bot.local_dates import spoken_date
from bot.ports.team_drafts import ChatForm, PersonForm, QuestionForm
from bot.translation import _, pending

MOST_ROWS = 60
"""Rows of a list: more than a chat may have questions."""

_ROW = re.compile(r"(hosts|moderators|questions)\.(\d{1,3})\.(\w{1,40})")
_ACTION = re.compile(r"(add|remove|up|down) (hosts|moderators|questions)(?:\.(\d{1,3}))?")

_LABELS = {
    "title": pending("Title"),
    "hashtag": pending("Hashtag"),
    "date": pending("Day"),
    "time": pending("Begins at"),
    "timezone": pending("Time zone"),
    "length": pending("Length in minutes"),
    "hosts": pending("Hosts"),
    "moderators": pending("Moderators"),
    "questions": pending("Questions"),
    "welcome": pending("Welcome"),
    "closing": pending("Closing"),
    "link": pending("Link"),
}

_ROW_LABELS = {
    "hosts": pending("Host {number}"),
    "moderators": pending("Moderator {number}"),
    "questions": pending("Question {number}"),
}

List = Literal["hosts", "moderators", "questions"]
Row = TypeVar("Row", PersonForm, QuestionForm)


def label_of(field: str) -> str:
    """The label of a field: Title, Question 2."""
    name, _dot, number = field.partition(".")
    if number and name in _ROW_LABELS:
        return _(_ROW_LABELS[name]).format(number=number)
    return _(_LABELS[name]) if name in _LABELS else ""


def kind_of(field: str, value: str) -> str:
    """The type of a field for a day or a time: a text, where what was typed is none, so that it isn't lost."""
    read = date.fromisoformat if field == "date" else time.fromisoformat
    try:
        return field if not value or read(value).isoformat()[: len(value)] == value else "text"
    except ValueError:
        return "text"


def chat_form(fields: Mapping[str, str]) -> ChatForm:
    """The form that was sent. Unknown fields are nothing."""
    rows: dict[str, dict[int, dict[str, str]]] = {"hosts": {}, "moderators": {}, "questions": {}}
    for name, value in fields.items():
        if found := _ROW.fullmatch(name):
            rows[found[1]].setdefault(int(found[2]), {})[found[3]] = value
    asked = (QuestionForm(text=one.get("text", ""), number=_number(one)) for one in _sorted(rows["questions"]))
    plain = {name: fields.get(name, "") for name in _LABELS if name not in rows}
    return replace(
        ChatForm(confirmed="confirmed" in fields),
        **plain,
        hosts=tuple(map(_person, _sorted(rows["hosts"]))),
        moderators=tuple(map(_person, _sorted(rows["moderators"]))),
        questions=tuple(asked),
    )


def after(form: ChatForm, action: str) -> tuple[ChatForm, str]:
    """The form after a button was pressed, and the field that is to have the focus; both as they were for no button."""
    found = _ACTION.fullmatch(action)
    if not found:
        return form, ""
    verb, name, number = found[1], found[2], int(found[3] or 0)
    if name == "questions":
        asked, at = _changed(form.questions, QuestionForm(), verb, number)
        return replace(form, questions=asked), f"{name}.{at}" if at else name
    people, at = _changed(form.hosts if name == "hosts" else form.moderators, PersonForm(), verb, number)
    return replace(form, **{name: people}), f"{name}.{at}" if at else name


def differences(mine: ChatForm, theirs: ChatForm) -> list[tuple[str, str, str]]:
    """The fields that two forms have different, as labels, each with both values in words."""
    ours, other = asdict(mine), asdict(theirs)
    return [
        (_(label), _shown(ours[field]), _shown(other[field]))
        for field, label in _LABELS.items()
        if _shown(ours[field]) != _shown(other[field])
    ]


def shown_fields(form: ChatForm) -> list[tuple[str, str, list[str]]]:
    """The fields of a form that are filled in, to be read: the name and the label of each, and its lines."""
    values = asdict(form) | {"date": _spoken_day(form.date)}
    shown = ((field, _(label), _lines(values[field])) for field, label in _LABELS.items())
    return [one for one in shown if one[2]]


def _lines(value: object) -> list[str]:
    rows = map(_row_shown, value) if isinstance(value, tuple) else str(value).splitlines()
    return [one for one in rows if one.strip()]


def _spoken_day(typed: str) -> str:
    try:
        return spoken_date(date.fromisoformat(typed))
    except ValueError:
        return typed


def _changed(rows: tuple[Row, ...], new: Row, verb: str, number: int) -> tuple[tuple[Row, ...], int]:
    changed, index = list(rows), number - 1
    if verb == "add":
        if len(changed) < MOST_ROWS:
            changed.append(new)
        return tuple(changed), len(changed)
    if not 0 <= index < len(changed):
        return rows, 0
    row = changed.pop(index)
    if verb == "remove":
        return tuple(changed), min(number, len(changed))
    index = max(0, index - 1) if verb == "up" else min(len(changed), index + 1)
    changed.insert(index, row)
    return tuple(changed), index + 1


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(f"{number}. {_row_shown(one)}" for number, one in enumerate(value, 1))
    return " ".join(str(value).split())


def _row_shown(row: PersonForm | QuestionForm) -> str:
    text = row.text if isinstance(row, QuestionForm) else " ".join([row.name, *row.handles.values()])
    return " ".join(text.split())


def _person(row: Mapping[str, str]) -> PersonForm:
    handles = {name: value for name, value in row.items() if name not in {"name", "number"}}
    return PersonForm(name=row.get("name", ""), handles=handles, number=_number(row))


def _number(row: Mapping[str, str]) -> int:
    number = row.get("number", "")
    return int(number) if re.fullmatch(r"\d{1,3}", number, re.ASCII) else 0


def _sorted(rows: Mapping[int, Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    for number in sorted(rows)[:MOST_ROWS]:
        yield rows[number]
