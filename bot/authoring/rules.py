"""The rules between a chat's values, in one list. Each says everything it finds; none stops another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.authoring import images, pacing, place_names, timetable, timezones
from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.duration import format_duration
from bot.toml.validation import shown

ZONE = "UTC"
"""The time zone of a chat that names none."""

_NUMBERED = re.compile(r"\s*[Qq](\d{1,2})\s*[.:)]\s*")


def everything(draft: ChatSource, places: Mapping[str, str], now: datetime | None) -> Iterator[Problem]:
    """Every problem between the values of a chat."""
    yield from missing(draft)
    yield from doubted_zone(draft)
    yield from doubted_start(draft, now)
    if _timed(draft):
        yield from timetable.too_late(draft)
        yield from timetable.disordered(draft)
        yield from pacing.crowded(draft)
    yield from pacing.idle(draft)
    yield from same_reminders(draft)
    yield from misnumbered(draft)
    yield from images.without_words(draft)
    yield from images.unusable(draft)
    yield from place_names.unconfigured(draft, places)
    yield from place_names.strange_wordings(draft, places)
    yield from place_names.strange_people(draft, places)


def missing(draft: ChatSource) -> Iterator[Problem]:
    """A chat has a title, a start and questions, and a question has a text."""
    needed = {
        "title": 'write what it is about: title = "…"',
        "starts": "write when it begins: starts = 2020-10-13T20:00:00",
        "questions": 'write at least one: [[questions]] and below it text = "…"',
    }
    for key, remedy in needed.items():
        if not getattr(draft.values, key) and draft.sound((key,)):
            yield draft.problem((key,), f"'{key}' is missing; {remedy}.")
    for index, question in enumerate(draft.values.questions or []):
        if question.text is None and draft.sound(("questions", index, "text")):
            yield draft.problem(("questions", index), f"'text' is missing in question {index + 1}; write what it asks.")


def doubted_zone(draft: ChatSource) -> Iterator[Problem]:
    """A time zone is named, and exists."""
    zone = draft.values.timezone
    if zone is not None and (wrong := timezones.strange(zone)):
        yield draft.problem(("timezone",), wrong)
    elif zone is None and draft.sound(("timezone",)):
        message = (
            f"'timezone' is missing, so the start is read as {ZONE}; write for example timezone = \"Europe/London\"."
        )
        yield draft.problem((), message, severity="warning")


def doubted_start(draft: ChatSource, now: datetime | None) -> Iterator[Problem]:
    """The start exists on the wall clock of the zone, once, on the series' day."""
    values, path = draft.values, ("starts",)
    if values.starts is None:
        return
    wall = timezones.joined(values.starts, values.time)
    if wall is None:
        if draft.sound(("time",)):
            yield draft.problem(path, "'starts' has no time; write it like 2020-10-13T20:00:00.")
        return
    if values.weekday and (wrong := timezones.other_day(wall, values.weekday)):
        yield draft.problem(path, wrong, severity="warning")
    zone = values.timezone or ZONE
    if not draft.sound(("timezone",)) or timezones.strange(zone):
        return
    start, wrong = timezones.instant(wall, zone)
    if wrong:
        yield draft.problem(path, wrong)
    if start and now and (doubt := timezones.far(start, now)):
        yield draft.problem(path, doubt, severity="warning")


def same_reminders(draft: ChatSource) -> Iterator[Problem]:
    """Each reminder is at its own time."""
    reminders = draft.values.reminders or []
    for index, before in enumerate(reminders):
        if before in reminders[:index]:
            yield draft.problem(
                ("reminders", index), f"there is a reminder {format_duration(before)} before the start already."
            )


def misnumbered(draft: ChatSource) -> Iterator[Problem]:
    """A number that the host wrote before a question is the question's own."""
    for index, question in enumerate(draft.values.questions or []):
        found = _NUMBERED.match(question.text or "")
        if found and int(found[1]) != index + 1:
            message = f"the text begins with {shown(found[0].strip())}, but this is question {index + 1}."
            yield draft.problem(("questions", index, "text"), message, severity="warning")


def unnumbered(text: str, number: int) -> str:
    """A question without its own number, which the bot writes before it."""
    found = _NUMBERED.match(text)
    return text[found.end() :] or text if found and int(found[1]) == number else text


def _timed(draft: ChatSource) -> bool:
    """Whether all that decides when a question comes was understood."""
    count = len(draft.values.questions or [])
    paths = [("length",), ("first",), ("every",), ("questions",), *(("questions", n, "at") for n in range(count))]
    return draft.sound(*paths, *(("questions", n) for n in range(count)))
