"""The files with which a community begins: settings, a series, and an example chat. Pure: nothing is written here.

The answers come checked from `init`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from pathlib import Path

import tomlkit

from bot.authoring.chat_folder import REHEARSAL
from bot.authoring.fields import WEEKDAYS
from bot.messages import Value

_WEEK = timedelta(weeks=1)

_HEADS = {
    "room": "Convenor's own web room. `public_url` is the address under which people reach it.",
    "x": "An account on X. docs/x.md says where its four keys are; keep them out of this file, as in\n"
    "# CONVENOR_PLACES__X__CONSUMER_KEY_FILE=/run/secrets/x_consumer_key",
    "discord": "A channel on Discord. Its token belongs into a file of its own, as in\n"
    "# CONVENOR_PLACES__DISCORD__TOKEN_FILE=/run/secrets/discord_token",
}

_FIELDS: dict[str, dict[str, int | str]] = {
    "room": {"port": 8080, "public_url": ""},
    "x": {"handle": ""},
    "discord": {"guild": 0, "channel": 0},
}

_QUESTIONS = (
    "What brought you here today?",
    "What has helped where you work?",
    "What will you try next?",
)


_REHEARSAL = """\
# What pretend people say in `convenor rehearse`, so long after each question.
[[people]]
name = "Pretend participant A"

[[people]]
name = "Pretend participant B"

[[answers]]
person = "Pretend participant A"
question = 1
after = "1m"
text = "A1 A colleague told me about this chat."

[[answers]]
person = "Pretend participant B"
question = 1
after = "3m"
text = "Welcome! Me too."
reply_to_person = "Pretend participant A"

[[answers]]
person = "Pretend participant B"
question = 2
after = "2m"
text = "A2 A short list on the wall helped us most."

[[answers]]
person = "Pretend participant A"
question = 3
after = "2m"
text = "I will try that list next week."
"""


class When(Value, frozen=True):
    """The weekly hour of a series: a day in small letters, `clock` as `20:00`, and the zone whose clock that is."""

    weekday: str
    clock: str
    zone: str


class Answers(Value, frozen=True, kw_only=True):
    """The operator's answers. `hashtag` and `contact` may be empty; `places` are platforms."""

    series: str
    hashtag: str
    when: When
    places: tuple[str, ...]
    contact: str


def folder_name(series: str) -> str:
    """The folder of a series: its name in plain small letters. Empty if it has none, or one that the room needs."""
    plain = unicodedata.normalize("NFKD", series).encode("ascii", "ignore").decode().casefold()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
    return "" if name == "host" else name


def first_files(answers: Answers, now: datetime) -> dict[Path, str]:
    """The files by path from the folder of the settings, which come first. `now` is in the zone of the series."""
    day = _example_day(answers.when, now.date())
    folder = Path("schedules") / folder_name(answers.series)
    return {
        Path("config.toml"): _settings(answers),
        folder / "series.toml": _series(answers),
        Path("schedules") / REHEARSAL: _REHEARSAL,
        folder / f"{day.isoformat()}-example.toml": _example(answers, day),
    }


def _example_day(when: When, today: date) -> date:
    """The first of the series' days that is a week away or more, so that there is time to change the example."""
    soonest = today + _WEEK
    return soonest + timedelta(days=(WEEKDAYS.index(when.weekday) - soonest.weekday()) % 7)


def _settings(answers: Answers) -> str:
    document = tomlkit.document()
    document.add(tomlkit.comment("The settings of Convenor. docs/reference.md has all of them with their defaults."))
    document.add(tomlkit.nl())
    community = tomlkit.table()
    community.add("name", answers.series)
    community.add("contact", answers.contact)
    document.add("community", community)
    lines = [tomlkit.dumps(document)]
    for place in answers.places:
        fields = "".join(f"{name} = {tomlkit.item(value).as_string()}\n" for name, value in _FIELDS[place].items())
        lines.append(f"\n# {_HEADS[place]}\n[places.{place}]\n{fields}")
    return "".join(lines)


def _series(answers: Answers) -> str:
    when = answers.when
    return (
        "# What the chats of this series share. A chat's own file may say any of it differently.\n"
        f"hashtag  = {tomlkit.item(answers.hashtag).as_string()}\n"
        f'timezone = "{when.zone}"\n'
        f'weekday  = "{when.weekday.capitalize()}"\n'
        f"time     = {when.clock}:00\n"
        'length   = "60m"\n'
    )


def _example(answers: Answers, day: date) -> str:
    """A chat that is hosted in the room only, so that an example left in place reaches nobody elsewhere."""
    only = (
        'places = ["room"]    # take this line away to host the chat in every place\n'
        if "room" in answers.places
        else ""
    )
    starts = "starts" if only else "# starts"
    note = "" if only else "# Take the # before `starts` away when the chat is yours: without it nothing is hosted.\n"
    questions = "".join(f'\n[[questions]]\ntext = "{text}"\n' for text in _QUESTIONS)
    return (
        "# An example: change it into your first chat, or delete it. docs/chat-file.md explains every key.\n"
        f"# As it is, it is {'hosted at this hour, in the room' if only else 'not hosted'}.\n"
        f'title  = "An example chat"\n{note}{starts} = {day.isoformat()}\n{only}{questions}'
    )
