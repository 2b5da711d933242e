"""A chat file as the fields of a form, and a form written back into the file. Pure.

tomlkit keeps comments, order and whatever the form doesn't know. Only what was changed is written. What the series says
already is shown in the form and not repeated in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import tomlkit
from msgspec.structs import replace
from pydantic_core import PydanticCustomError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item
from tomlkit.toml_document import TOMLDocument

from bot.authoring.chatfile import SeriesFile
from bot.authoring.timetable import DEFAULT_LENGTH
from bot.errors import TeamError
from bot.ports.team_drafts import ChatForm, PersonForm, QuestionForm
from bot.toml.document import parse_toml
from bot.toml.duration import format_duration, parse_duration
from bot.translation import _, pending

_PLAIN = ("title", "hashtag", "timezone", "welcome", "closing", "link")
"""Fields that are texts in the file, too."""

_INHERITED = ("hashtag", "timezone")
"""Those that are shown as the series has them, where the file says nothing."""

_OTHERWISE = pending("This file is written in a way that the form cannot change safely. Please edit it as text.")


def form_of(text: str, series: SeriesFile) -> ChatForm | None:
    """The fields of a file; None if it is no TOML, so that it can be edited only as text."""
    document = parse_toml(text, "")
    if document.problems:
        return None
    data = document.data
    plain: dict[str, Any] = {key: _text(data.get(key, _of_series(series, key))) for key in _PLAIN}
    day, clock = _start(data.get("starts"), series)
    return ChatForm(
        **plain,
        date=day,
        time=clock,
        length=_minutes(data.get("length"), series),
        hosts=_people(data.get("hosts")),
        moderators=_people(data.get("moderators")),
        questions=tuple(
            QuestionForm(text=_text(one.get("text")), number=number) for number, one in _tables(data.get("questions"))
        ),
    )


def with_form(text: str, form: ChatForm, series: SeriesFile) -> str:
    """The text of the file with the fields of a form. What can't be understood, as a date, is left out.

    Raises TeamError if the file is written in a way that can't be changed so.
    """
    before, wanted = form_of(text, series), without_blanks(form)
    if before is None:
        raise TeamError(_(_OTHERWISE))
    wanted = replace(wanted, hosts=_known(wanted.hosts, before.hosts))
    wanted = replace(wanted, moderators=_known(wanted.moderators, before.moderators))
    try:
        document = tomlkit.parse(text)
        _write(document, wanted, before, series)
        made = tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, AttributeError) as error:
        raise TeamError(_(_OTHERWISE)) from error
    again = form_of(made, series)
    if again is None or _compared(again) != _compared(_understood(wanted, before)):
        raise TeamError(_(_OTHERWISE))
    return made


def ignoring(text: str, code: str, series: SeriesFile) -> str:
    """The text of a file that switches a piece of advice off, besides those that it or its series has switched off.

    Raises TeamError if it is no TOML.
    """
    try:
        document = tomlkit.parse(text)
        known = document.unwrap().get("ignore", series.ignore or [])
        document["ignore"] = list(dict.fromkeys([*known, code]))
    except (TOMLKitError, ValueError, TypeError) as error:
        raise TeamError(_(_OTHERWISE)) from error
    return tomlkit.dumps(document)


def without_blanks(form: ChatForm) -> ChatForm:
    """A form without rows in which nothing was typed, and with line ends and spaces as a file has them."""
    plain = {key: _clean(getattr(form, key)) for key in (*_PLAIN, "date", "time", "length")}
    people = {key: tuple(filter(_is_somebody, map(_tidy, getattr(form, key)))) for key in ("hosts", "moderators")}
    asked = (replace(one, text=_clean(one.text)) for one in form.questions)
    return replace(form, **plain, **people, questions=tuple(one for one in asked if one.text))


def typed_day(text: str) -> date | None:
    """A date as a form sends it; None if it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def typed_time(text: str) -> time | None:
    """A time of day as a form sends it, or as people type it: 20:00, 20.00; None if it is none."""
    try:
        found = time.fromisoformat(text.strip().replace(".", ":"))
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def typed_length(text: str) -> str | None:
    """A length as a file has it, from minutes or from words like 1h30m; None if it is none."""
    text = text.strip()
    try:
        return format_duration(parse_duration(f"{text}m" if text.isascii() and text.isdigit() else text))
    except PydanticCustomError:
        return None


def _write(document: TOMLDocument, form: ChatForm, before: ChatForm, series: SeriesFile) -> None:
    for key in ("title", "hashtag"):
        _put(document, key, getattr(form, key), before, series)
    if (form.date, form.time) != (before.date, before.time):
        _set(document, "starts", _typed_start(form))
    _put(document, "timezone", form.timezone, before, series)
    if form.length != before.length:
        _set(document, "length", typed_length(form.length))
    for key in ("link", "welcome", "closing"):
        _put(document, key, getattr(form, key), before, series)
    for key in ("hosts", "moderators"):
        people: tuple[PersonForm, ...] = getattr(form, key)
        if people != getattr(before, key):
            _put_tables(document, key, [(one.number, {"name": one.name} | one.handles) for one in people])
    if form.questions != before.questions:
        _put_tables(document, "questions", [(one.number, {"text": one.text}) for one in form.questions])


def _put(document: TOMLDocument, key: str, value: str, before: ChatForm, series: SeriesFile) -> None:
    if value == getattr(before, key):
        return
    inherited = _of_series(series, key)
    if value == (inherited or ""):
        _set(document, key, None)
    else:
        _set(document, key, _string(value) if value or inherited else None)


def _set(document: TOMLDocument, key: str, value: object) -> None:
    if value is None:
        document.pop(key, None)
    else:
        document[key] = value


def _put_tables(document: TOMLDocument, key: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Write a list of tables in a new order. Those that were there keep their comments and their other keys."""
    old: Any = document.get(key)
    there = list(old) if isinstance(old, AoT) else [_as_table(one) for one in old or ()]
    made, used = tomlkit.aot(), set[int]()
    for number, values in rows:
        known = 0 < number <= len(there) and number not in used
        table = there[number - 1] if known else tomlkit.table()
        used.add(number)
        for name, value in values.items():
            if value and table.get(name) != value:
                table[name] = _string(value)
            elif not value:
                table.pop(name, None)
        made.append(table)
    if isinstance(old, AoT) and rows:
        document[key] = made
        return
    document.pop(key, None)  # a list in brackets may stand before other keys, where tables would swallow them
    if rows:
        document.append(key, made)


def _as_table(inline: Mapping[str, object]) -> Any:  # noqa: ANN401 -- tomlkit's own
    table = tomlkit.table()
    for name, value in inline.items():
        table.add(name, value)
    return table


def _string(value: str) -> Item:
    """A text in quotes; in three where it has several lines, so that people can read it."""
    return tomlkit.string(value, multiline="\n" in value)


def _typed_start(form: ChatForm) -> date | None:
    day, clock = typed_day(form.date), typed_time(form.time)
    if day is None or (form.time and clock is None):
        return None
    return datetime.combine(day, clock) if clock else day


def _understood(form: ChatForm, before: ChatForm) -> ChatForm:
    """A form as the file can say it: a date, a time or a length that is none is not in it."""
    start = _typed_start(form)
    if (form.date, form.time) == (before.date, before.time):
        return replace(form, length=form.length if typed_length(form.length) else "")
    return replace(form, date=form.date if start else "", time=form.time if start else "")


def _compared(form: ChatForm) -> object:
    """The values that a written file must give back: all texts, people and questions."""
    people = [
        [(one.name, sorted((name, handle) for name, handle in one.handles.items() if handle)) for one in each]
        for each in (form.hosts, form.moderators)
    ]
    return [getattr(form, key) for key in _PLAIN], form.date, people, [one.text for one in form.questions]


def _start(value: object, series: SeriesFile) -> tuple[str, str]:
    usual = f"{series.time:%H:%M}" if series.time else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}", f"{value:%H:%M:%S}".removesuffix(":00")
    return (value.isoformat(), usual) if isinstance(value, date) else ("", usual)


def _minutes(value: object, series: SeriesFile) -> str:
    try:
        length = series.length or DEFAULT_LENGTH if value is None else parse_duration(value)
    except PydanticCustomError:
        return _text(value)
    minutes = length.total_seconds() / 60
    return str(int(minutes)) if minutes.is_integer() else format_duration(length)


def _people(value: object) -> tuple[PersonForm, ...]:
    return tuple(
        PersonForm(
            name=_text(one.get("name")),
            handles={key: _text(each) for key, each in one.items() if key != "name" and isinstance(each, str)},
            number=number,
        )
        for number, one in _tables(value)
    )


def _tables(value: object) -> Iterable[tuple[int, dict[str, object]]]:
    """The tables of a list, counted from 1."""
    return [(n, one) for n, one in enumerate(value, 1) if isinstance(one, dict)] if isinstance(value, list) else []


def _of_series(series: SeriesFile, key: str) -> str | None:
    return getattr(series, key) if key in _INHERITED else None


def _known(people: tuple[PersonForm, ...], before: tuple[PersonForm, ...]) -> tuple[PersonForm, ...]:
    """People with the handles that they had: a form shows only those on places that there are."""
    had = {one.number: one.handles for one in before}
    return tuple(replace(one, handles=had.get(one.number, {}) | one.handles) for one in people)


def _is_somebody(person: PersonForm) -> bool:
    return bool(person.name or any(person.handles.values()))


def _tidy(person: PersonForm) -> PersonForm:
    return replace(person, name=_clean(person.name), handles={key: _clean(one) for key, one in person.handles.items()})


def _text(value: object) -> str:
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
