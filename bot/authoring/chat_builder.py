"""Builds a Chat from the checked values of its file and its series: every default is filled in. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot import wording
from bot.authoring import timetable, timezones
from bot.authoring.chatfile import PersonTable, SeriesFile
from bot.authoring.images import path_of
from bot.authoring.question_numbers import without_numbers
from bot.authoring.sessions import session_key
from bot.authoring.source import ChatSource
from bot.chat import DEFAULT_MARKS, Chat, Host, Question, instant_before
from bot.clock import to_utc
from bot.messages import Image
from bot.translation import language

DEFAULT_WINDOW = timedelta(minutes=15)


def build_chat(source: ChatSource, name: str, sessions: int = 1) -> Chat:
    """The chat with every default filled in, one of so many `sessions` of a file. `source` must have no errors."""
    values, key = source.values, session_key(source)
    own = f".{key}" if key else ""
    zone = values.timezone or timezones.DEFAULT_TIMEZONE
    wall = timezones.with_time(values.starts, values.time) if values.starts else None
    starts, _ = to_utc(wall, zone) if wall else (None, "")
    if not (values.title and starts):
        raise AssertionError("a chat without a title or a start has passed the rules")
    pacing = timetable.pacing_limits(values)
    chat = Chat(
        name=f"{name}{own}",
        id=f"{values.id}{own}" if values.id else "",
        session=key,
        sessions=sessions,
        title=values.title,
        hashtag=values.hashtag or "",
        starts=starts,
        length=timetable.length(values),
        timezone=zone,
        questions=_questions(source, starts),
        hosts=_people(values.hosts),
        moderators=_people(values.moderators),
        link=values.link,
        places=tuple(values.places or ()),
        welcome="",
        rules="",
        closing="",
        announcement=values.announcement,
        reminders=tuple(sorted(values.reminders or (), key=lambda one: instant_before(starts, zone, one))),
        lists=values.lists or "most",
        pace=values.pace or "clock",
        later=pacing["later"],
        sooner=pacing["sooner"],
        window=DEFAULT_WINDOW if values.window is None else values.window,
        marks=tuple(dict.fromkeys(values.marks or DEFAULT_MARKS)),
        unnamed=values.unnamed or False,
        reflection=tuple(values.reflection or ()),
        language=values.language or language(),
        zones=tuple(values.zones or ()),
        wording=values.wording.given if values.wording else {},
        publish=values.publish or "named",
        draft=values.draft,
    )
    return _with_posts(chat, values)


def _with_posts(chat: Chat, values: SeriesFile) -> Chat:
    """The chat with the texts that are posted at its start and end: its own, else its series', else the house's."""
    return msgspec.structs.replace(
        chat,
        welcome=wording.own_text(chat, values.welcome) if values.welcome else wording.posted_text(chat, "welcome"),
        rules=wording.own_text(chat, values.rules) if values.rules else wording.posted_text(chat, "rules"),
        closing=wording.own_text(chat, values.closing) if values.closing else wording.posted_text(chat, "closing"),
    )


def _questions(source: ChatSource, starts: datetime) -> tuple[Question, ...]:
    asked = zip(without_numbers(source.values.questions or []), timetable.offsets(source.values), strict=True)
    return tuple(
        Question(
            key=f"q{number}",
            text=one.text or "",
            at=starts + offset,
            image=Image(path=path_of(source, one.image), alt=one.alt) if one.image and one.alt else None,
            says=dict(one.says),
            id=one.id or "",
        )
        for number, (one, offset) in enumerate(asked, 1)
    )


def _people(people: list[PersonTable] | None) -> tuple[Host, ...]:
    return tuple(Host(name=one.name or "", handles=one.handles) for one in people or ())
