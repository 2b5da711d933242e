"""A draft as a chat file for people, with each doubt as a comment where it belongs; and as data for scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from datetime import UTC
from zoneinfo import ZoneInfo

import tomlkit
from tomlkit.items import Table
from tomlkit.toml_document import TOMLDocument

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.found import Draft, FoundPerson
from bot.authoring.chatfile import SeriesFile
from bot.toml.duration import format_duration

_WIDTH = 110
"""Characters of a comment's line."""

_MOST_SAID = 60
"""Characters of the words that a doubt repeats from the text."""

_ACCESS = "The text says of access, which the bot does not post. Say it where you announce the chat:"
_REFERENCES = "References in the text, which the bot does not post. Keep them on the chat's own page:"


def chat_file(draft: Draft, series: SeriesFile, source: str = "") -> str:
    """The text of a chat file. What the series says already is left out; a doubtful start is written as a comment.

    So nothing is hosted before somebody has looked. `source` is the name of the announcement's file, if there is one.
    """
    document = tomlkit.document()
    made = f"Drafted from {source}." if source else "Made by `convenor new`."
    look = "Look at every line that begins with #, then run" if draft.doubts else "Before you announce it, run"
    document.add(tomlkit.comment(f"{made} {look} `convenor check`."))
    document.add(tomlkit.nl())
    _value(document, draft, "title", draft.title)
    if not draft.title:
        document.add(tomlkit.comment('title = ""    # write it between the quotes, and take the first # away'))
    if draft.hashtag != (series.hashtag or ""):
        _value(document, draft, "hashtag", draft.hashtag)
    else:
        _notes(document, draft, "hashtag")
    _start(document, draft)
    if draft.zone and draft.zone != series.timezone:
        _value(document, draft, "timezone", draft.zone)
    else:
        _notes(document, draft, "timezone")
    if draft.length and draft.length != series.length:
        _value(document, draft, "length", format_duration(draft.length))
    else:
        _notes(document, draft, "length")
    _notes(document, draft, "hosts")
    _people(document, "hosts", draft.hosts)
    _people(document, "moderators", draft.support)
    _questions(document, draft)
    _besides(document, draft)
    return tomlkit.dumps(document)


def _start(document: TOMLDocument, draft: Draft) -> None:
    doubtful = [one for one in draft.doubts if one.field == "starts" and not one.settled]
    if draft.starts and not doubtful:
        _value(document, draft, "starts", draft.starts)
        return
    _notes(document, draft, "starts")
    shown = draft.starts.isoformat() if draft.starts else f"{draft.day or 'YYYY-MM-DD'}T{draft.clock or 'HH:MM:00'}"
    document.add(
        tomlkit.comment(f"starts = {shown}    # if this is right, take the first # away; else write the right one")
    )


def _value(document: TOMLDocument, draft: Draft, key: str, value: object) -> None:
    _notes(document, draft, key)
    if value:
        document.add(key, tomlkit.item(value))


def _notes(document: TOMLDocument | Table, draft: Draft, field: str) -> None:
    for doubt in draft.doubts:
        if doubt.field == field:
            for line in _comment(doubt):
                document.add(tomlkit.comment(line))


def _comment(doubt: Doubt) -> Iterable[str]:
    where = f"line {doubt.line}" if doubt.line else "the text"
    said = f"{where} says {_shown(doubt.said)}. " if doubt.said else ""
    return textwrap.wrap(f"? {said[:1].upper()}{said[1:]}{doubt.why}", _WIDTH)


def _shown(said: str) -> str:
    return f"'{said}'" if len(said) <= _MOST_SAID else f"'{said[:_MOST_SAID]}…'"


def _people(document: TOMLDocument, key: str, people: Iterable[FoundPerson]) -> None:
    tables = tomlkit.aot()
    for one in people:
        table = tomlkit.table()
        table.add("name", one.name)
        if one.handle:
            table.add("x", one.handle)
        tables.append(table)
    if tables:
        document.add(key, tables)


def _questions(document: TOMLDocument, draft: Draft) -> None:
    tables = tomlkit.aot()
    for number, text in enumerate(draft.questions, 1):
        table = tomlkit.table()
        if number == 1:
            _notes(table, draft, "questions")
        _notes(table, draft, f"questions.{number}")
        table.add("text", text)
        tables.append(table)
    if tables:
        document.add("questions", tables)
    else:
        _notes(document, draft, "questions")
        for line in ("[[questions]]", 'text = ""    # as with the title; likewise the # before [[questions]]'):
            document.add(tomlkit.comment(line))


def _besides(document: TOMLDocument, draft: Draft) -> None:
    """Links, notes on access and references, as comments: where they belong is for people to decide."""
    also = draft.background
    if also.links:
        document.add(tomlkit.nl())
        document.add(tomlkit.comment("Links in the text. If one is the chat's own page, write it above the questions:"))
        for link in also.links:
            document.add(tomlkit.comment(f'link = "{link}"'))
    for heading, texts in ((_ACCESS, also.access), (_REFERENCES, also.references)):
        if texts:
            document.add(tomlkit.nl())
            document.add(tomlkit.comment(heading))
            for line in (part for text in texts for part in textwrap.wrap(text, _WIDTH, initial_indent="- ")):
                document.add(tomlkit.comment(line))


def as_data(draft: Draft) -> dict[str, object]:
    """The draft for a script: `chat` with its values, null where the text and the series say nothing, and `doubts`."""
    zone = ZoneInfo(draft.zone) if draft.zone else None
    starts = draft.starts.replace(tzinfo=zone).astimezone(UTC) if draft.starts and zone else None
    chat: dict[str, object] = {
        "title": draft.title or None,
        "hashtag": draft.hashtag,
        "starts": starts,
        "date": draft.day,
        "time": draft.clock,
        "timezone": draft.zone,
        "length": format_duration(draft.length) if draft.length else None,
        "hosts": [_person(one) for one in draft.hosts],
        "moderators": [_person(one) for one in draft.support],
        "questions": [{"key": f"q{number}", "text": text} for number, text in enumerate(draft.questions, 1)],
    }
    also = draft.background
    chat |= {"background": also.paragraphs, "references": also.references, "links": also.links, "access": also.access}
    doubts = [
        {"field": one.field, "line": one.line, "said": one.said, "assumed": one.assumed, "why": one.why}
        for one in draft.doubts
    ]
    return {"chat": chat, "doubts": doubts}


def _person(one: FoundPerson) -> dict[str, object]:
    return {"name": one.name, "handles": {"x": one.handle} if one.handle else {}}
