"""The rules between a chat's values, in one list. Each yields every problem it finds; none stops another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot import wording
from bot.authoring import images, place_names, question_numbers, timetable, timezones
from bot.authoring.chatfile import SeriesFile
from bot.authoring.series_dates import off_series
from bot.authoring.source import ChatSource, SourceFile
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.chat import instant_before
from bot.clock import to_utc
from bot.errors import Problem
from bot.hashtags import seen_part, without_other_characters
from bot.scheduling import timeline
from bot.toml.document import Document
from bot.toml.duration import format_duration
from bot.toml.validation import shown
from bot.translation import LazyText, lazy


def all_problems(source: ChatSource, places: Mapping[str, str], now: datetime | None) -> Iterator[Problem]:
    """Every problem between the values of a chat."""
    yield from missing_values(source)
    yield from timezone_problems(source)
    yield from unknown_zones(source)
    yield from unknown_variables(source)
    yield from start_problems(source, now)
    if _times_valid(source):
        yield from timetable.questions_after_end(source)
        yield from timetable.questions_out_of_order(source)
        yield from timetable.wide_pacing_limits(source)
    yield from timetable.unused_pacing_limits(source)
    yield from duplicate_reminders(source)
    yield from late_announcements(source, now)
    yield from duplicate_ids(source)
    yield from shared_id(source)
    yield from cut_hashtag(source)
    yield from question_numbers.doubtful_numbers(source)
    yield from images.missing_alt_texts(source)
    yield from images.unusable_images(source)
    yield from place_names.unconfigured_places(source, places)
    yield from place_names.unknown_places_in_says(source, places)
    yield from place_names.people_problems(source, places)


def missing_values(source: ChatSource) -> Iterator[Problem]:
    """Errors for a missing title, start or question, and for questions without a text."""
    needed = {
        "title": lazy('write what it is about: title = "…"'),
        "starts": lazy("write when it begins: starts = 2020-10-13T20:00:00"),
        "questions": lazy('write at least one: [[questions]] and below it text = "…"'),
    }
    for key, remedy in needed.items():
        if not getattr(source.values, key) and source.valid((key,)):
            yield source.problem((key,), lazy("'{key}' is missing; {remedy}.", key=key, remedy=remedy))
    for index, question in enumerate(source.values.questions or []):
        if question.text is None and source.valid(("questions", index, "text")):
            message = lazy("'text' is missing in question {number}; write what it asks.", number=index + 1)
            yield source.problem(("questions", index), message)


def timezone_problems(source: ChatSource) -> Iterator[Problem]:
    """An error for an unknown time zone, a warning for a missing one."""
    zone = source.values.timezone
    if zone is not None and (mistake := timezones.timezone_mistake(zone)):
        yield source.problem(("timezone",), mistake)
    elif zone is None and source.valid(("timezone",)):
        message = lazy(
            "'timezone' is missing, so the start is read as {zone}; write for example timezone = \"Europe/London\".",
            zone=DEFAULT_TIMEZONE,
        )
        yield source.problem((), message, severity="warning")


def unknown_zones(source: ChatSource) -> Iterator[Problem]:
    """An error for each further time zone that is unknown."""
    for index, zone in enumerate(source.values.zones or ()):
        if mistake := timezones.timezone_mistake(zone):
            yield source.problem(("zones", index), mistake)


def unknown_variables(source: ChatSource) -> Iterator[Problem]:
    """An error for each pair of braces in the posts' texts around anything that is no variable there."""
    for name in ("welcome", "rules", "closing"):
        for message in _variable_mistakes(name, getattr(source.values, name) or ""):
            yield source.problem((name,), message)
    if source.series:
        yield from wording_of_series(source.series)


def wording_of_series(series: SourceFile[SeriesFile]) -> Iterator[Problem]:
    """The same for the wording of a series."""
    for name, text in (series.values.wording.given if series.values.wording else {}).items():
        for message in _variable_mistakes(name, text):
            yield series.document.problem(("wording", name), message)


def _variable_mistakes(name: str, text: str) -> Iterator[LazyText]:
    allowed = ", ".join(f"{{{one}}}" for one in wording.allowed_variables(name))
    for unknown in wording.unknown_variables(name, text):
        yield lazy(
            "'{name}' has {variable}, which stands for nothing here; it may have {allowed}.",
            name=name,
            variable=f"{{{unknown}}}",
            allowed=allowed,
        )


def start_problems(source: ChatSource, now: datetime | None) -> Iterator[Problem]:
    """Errors for a start that does not exist in its zone, or exists twice; warnings for an unlikely day or year."""
    values, path = source.values, ("starts",)
    if values.starts is None:
        return
    wall = timezones.with_time(values.starts, values.time)
    if wall is None:
        if source.valid(("time",)):
            yield source.problem(path, lazy("'starts' has no time; write it like 2020-10-13T20:00:00."))
        return
    if doubt := off_series(wall, values):
        yield source.problem(path, doubt, severity="warning")
    zone = values.timezone or DEFAULT_TIMEZONE
    if not source.valid(("timezone",)) or timezones.timezone_mistake(zone):
        return
    start, mistake = to_utc(wall, zone)
    if mistake:
        yield source.problem(path, mistake)
    if not start:
        return
    if doubt := timezones.fixed_zone_doubt(zone, start):
        yield source.problem(("timezone",), doubt, severity="warning")
    if now and (
        doubt := timezones.far_ahead(start, now) or timezones.is_past(wall, start + timetable.length(values), now)
    ):
        yield source.problem(path, doubt, severity="warning")


def duplicate_reminders(source: ChatSource) -> Iterator[Problem]:
    """Errors for two reminders at one time."""
    reminders = [timeline.length_of(one) for one in source.values.reminders or []]
    for index, before in enumerate(reminders):
        if before in reminders[:index]:
            length = format_duration(before)
            message = lazy("there is a reminder {length} before the start already.", length=length)
            yield source.problem(("reminders", index), message)


def late_announcements(source: ChatSource, now: datetime | None) -> Iterator[Problem]:
    """A warning for the first announcement or reminder of a coming chat whose time has passed: it is not posted."""
    values, zone = source.values, source.values.timezone or DEFAULT_TIMEZONE
    wall = timezones.with_time(values.starts, values.time) if values.starts else None
    if now is None or wall is None or not source.valid(("starts",), ("timezone",)) or timezones.timezone_mistake(zone):
        return
    starts, _ = to_utc(wall, zone)
    if starts is None or starts <= now:
        return
    named = [("announcement", values.announcement), *(("reminders", one) for one in values.reminders or ())]
    for key, before in named:
        if before is not None and instant_before(starts, zone, before) < now:
            message = lazy(
                "{length} before the start has passed; if it is not out yet, it is not posted: say `announce`, or post "
                "it yourself.",
                length=format_duration(timeline.length_of(before)),
            )
            yield source.problem((key,), message, severity="warning")
            return


def duplicate_ids(source: ChatSource) -> Iterator[Problem]:
    """Errors for two questions with one id."""
    ids = [one.id for one in source.values.questions or []]
    for index, id in enumerate(ids):
        if id is not None and id in ids[:index]:
            message = lazy(
                "question {number} has the id {id} already; give each its own, or leave it out.",
                number=ids.index(id) + 1,
                id=shown(id),
            )
            yield source.problem(("questions", index, "id"), message)


def shared_id(source: ChatSource) -> Iterator[Problem]:
    """An error for an id in the file of the series."""
    if source.series:
        yield from id_of_series(source.series.document)


def id_of_series(series: Document) -> Iterator[Problem]:
    """An error for an id, which would make all chats of the series one."""
    if "id" in series.data:
        message = lazy("'id' is that of one chat, so it does not belong into the file of the series; take it out.")
        yield series.problem(("id",), message, key=True)


def cut_hashtag(source: ChatSource) -> Iterator[Problem]:
    """A warning for a hashtag of which X takes only the beginning."""
    tag = source.values.hashtag or ""
    seen = seen_part(tag)
    if seen == tag:
        return
    what = lazy("X ends it after {seen}", seen=shown(seen)) if seen else lazy("X does not take it for a hashtag")
    better = without_other_characters(unicodedata.normalize("NFKC", tag))
    message = lazy(
        "'hashtag' is {tag}, but {what}; write it with letters and digits only, like \"#{better}\".",
        tag=shown(tag),
        what=what,
        better=better,
    )
    yield source.problem(("hashtag",), message, severity="warning")


def _times_valid(source: ChatSource) -> bool:
    """Whether all values that decide the questions' times are valid."""
    count = len(source.values.questions or [])
    paths = [("length",), ("first",), ("every",), ("questions",), *(("questions", n, "at") for n in range(count))]
    return source.valid(*paths, *(("questions", n) for n in range(count)))
