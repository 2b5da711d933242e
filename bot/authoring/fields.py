"""The types of the chat file's values, each with a validator and its error messages.

A validator sees one value only. Rules between values are in `value_problems`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from bot.authoring.writing_advice import RULES
from bot.chat import Before, DaysBefore
from bot.hashtags import composed, is_one_word, without_other_characters
from bot.publication import LONGEST_WAIT
from bot.toml.duration import Wait, format_duration, parse_duration
from bot.toml.validation import custom_error, web_address
from bot.translation import language_mistake, lazy

MAX_LINE = 200
"""Characters in a title, a name or a handle."""

MAX_TEXT = 2000
"""Characters in a question or another text."""

MAX_PACING = timedelta(minutes=15)
"""How much later or sooner than planned a question may come by itself. More would be another timetable."""

MAX_WINDOW = timedelta(days=1)
"""How long after the end answers may still count in the numbers."""

YEARS = range(2000, 2101)
"""The years in which a chat may start. Any other is a typing error."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DAYS = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?", re.ASCII)

MONTH_WEEKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
"""The weeks of a month in which a series may have its weekday, as iCalendar counts them."""


def text(value: str) -> str:
    """A text: not empty, not too long, and without control characters other than line breaks and tabs."""
    return _clean(value, MAX_TEXT, "\n\t")


def line(value: str) -> str:
    """A title or a name: a text on one line."""
    if "\n" in value.strip():
        raise custom_error(lazy("write it on one line"))
    return _clean(value, MAX_LINE, "")


def hashtag(value: str) -> str:
    """A `#` and one word with a letter in it, in composed form; or empty, for posts without a hashtag.

    Other characters that count as letters or numbers, such as a subscript, are left to a rule that doubts them.
    """
    value = composed(value)
    if not value or is_one_word(value):
        return value
    word = without_other_characters(value)[:30]
    word = word if is_one_word(f"#{word}") else "OTalk"
    raise custom_error(lazy('write it as one word with the sign before it, like "#{word}"', word=word))


def starts(value: object) -> datetime | date:
    """A date with a time, or a date alone if the series has the time. `timezone` is a key of its own."""
    if not isinstance(value, date):
        raise custom_error(lazy("write a date and time without quotes, like 2020-10-13T20:00:00"))
    if value.year not in YEARS:
        raise custom_error(lazy("is the year right?"))
    return value


def clock(value: object) -> time:
    """A local time of day."""
    if not isinstance(value, time):
        raise custom_error(lazy("write a time without quotes, like 20:00:00"))
    return value


def weekday(value: str) -> str:
    """A day of the week, in English."""
    if value.casefold() not in WEEKDAYS:
        raise custom_error(lazy("write one of {names}", names=", ".join(day.capitalize() for day in WEEKDAYS)))
    return value.casefold()


def language(value: str) -> str:
    """A language that the bot speaks, by its code."""
    if mistake := language_mistake(value):
        raise custom_error(mistake)
    return value


def day(value: object) -> date:
    """A date without a time."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise custom_error(lazy("write a date without quotes, like 2027-01-05"))
    if value.year not in YEARS:
        raise custom_error(lazy("is the year right?"))
    return value


def repeats(value: str) -> str:
    """How often a series has its weekday: "weekly", "fortnightly", or which weeks of the month in plain order."""
    words: list[str] = re.findall(r"[a-z]+", value.casefold())
    if words in (["weekly"], ["fortnightly"]):
        return words[0]
    weeks = [word for word in words if word in MONTH_WEEKS]
    if not weeks or any(word not in {*MONTH_WEEKS, "and", "of", "the", "month"} for word in words):
        raise custom_error(
            lazy('write "weekly", "fortnightly", or weeks of the month like "first" or "second and last"')
        )
    return " and ".join(dict.fromkeys(weeks))


def pacing_limit(value: timedelta) -> timedelta:
    """A short duration, or `0s`."""
    if value > MAX_PACING:
        raise custom_error(lazy("make it at most {most}", most=format_duration(MAX_PACING)))
    return value


def window(value: timedelta) -> timedelta:
    """A duration of at most a day, or `0s`."""
    if value > MAX_WINDOW:
        raise custom_error(lazy("make it at most {most}", most=format_duration(MAX_WINDOW)))
    return value


def draft_time(value: timedelta) -> timedelta:
    """A duration of at most three months, or `0s`."""
    if value > LONGEST_WAIT:
        raise custom_error(lazy("make it at most {most}", most=f"{LONGEST_WAIT // timedelta(hours=1)}h"))
    return value


def mark_letters(value: str) -> str:
    """One to three letters, in capitals."""
    value = unicodedata.normalize("NFKC", value.strip()).upper()
    if not re.fullmatch(r"[^\W\d_]{1,3}", value):
        raise custom_error(lazy('write one to three letters, like "A"'))
    return value


def own_id(value: str) -> str:
    """An id of a chat or a question: plain letters, digits, dots and dashes."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", value):
        raise custom_error(lazy('write at most 64 plain letters, digits, dots and dashes, like "going-home-1"'))
    return value


def _clean(value: str, longest: int, allowed: str) -> str:
    value = value.strip()
    if not value:
        raise custom_error(lazy("write something, or leave the key out"))
    # printable text has none, and is told so much faster
    if not value.isprintable() and any(unicodedata.category(one) == "Cc" and one not in allowed for one in value):
        raise custom_error(lazy("there is an invisible control character in it; delete it and write it again"))
    if len(value) > longest:
        raise custom_error(lazy("it has {count} characters; make it at most {most}", count=len(value), most=longest))
    return value


def advice_name(value: str) -> str:
    """The name of a piece of advice."""
    if value not in RULES:
        raise custom_error(lazy("there is no such advice; write one of {names}", names=", ".join(RULES)))
    return value


Text = Annotated[str, AfterValidator(text)]


def before_start(value: object) -> Before:
    """Validate a time before the start, as a duration.

    Days and weeks are those of the calendar: `7d` is seven days before at the same hour by the clock, even if the
    clocks change in between. Hours and minutes are time that passes: `168h`.
    """
    length = parse_duration(value)
    found = _DAYS.match(value) if isinstance(value, str) else None
    days = int(found[1] or 0) * 7 + int(found[2] or 0) if found else 0
    whole = DaysBefore(days=days)
    return DaysBefore(days=days, rest=length - whole.length) if days else length


Line = Annotated[str, AfterValidator(line)]
Hashtag = Annotated[str, AfterValidator(hashtag)]
Link = Annotated[str, AfterValidator(web_address)]
PacingLimit = Annotated[Wait, AfterValidator(pacing_limit)]
Window = Annotated[Wait, AfterValidator(window)]
Language = Annotated[str, AfterValidator(language)]
DraftTime = Annotated[Wait, AfterValidator(draft_time)]
OwnId = Annotated[str, AfterValidator(own_id)]
MarkLetters = Annotated[str, AfterValidator(mark_letters)]
AdviceName = Annotated[str, AfterValidator(advice_name)]
Weekday = Annotated[str, AfterValidator(weekday)]
Starts = Annotated[datetime | date, PlainValidator(starts)]
Clock = Annotated[time, PlainValidator(clock)]
Day = Annotated[date, PlainValidator(day)]
Repeats = Annotated[str, AfterValidator(repeats)]
BeforeStart = Annotated[Before, PlainValidator(before_start)]
