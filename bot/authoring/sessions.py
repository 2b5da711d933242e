"""Several sessions of one chat in one file: the same questions at other hours, for people in other zones. Pure.

Each session is a chat of its own, with its own plan, page, numbers and record. It is called `<file>.<key>`. A start of
the file itself, outside `[[sessions]]`, is a session as well, which has the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.authoring.source import ChatSource
from bot.errors import Problem
from bot.toml.validation import shown
from bot.translation import lazy

_NO_LETTERS = re.compile(r"[^a-z0-9]+")


def session_sources(source: ChatSource) -> tuple[ChatSource, ...]:
    """The file as each of its sessions has it: one, if it names none."""
    tables = source.chat.values.sessions or []
    if not tables:
        return (source,)
    whole = (source,) if source.values.starts else ()
    return (*whole, *(replace(source, session=index) for index in range(len(tables))))


def session_key(source: ChatSource) -> str:
    """The key of a session: its own, else the town of its time zone. Empty for the file itself."""
    if source.session is None:
        return ""
    table = (source.chat.values.sessions or [])[source.session]
    town = (table.timezone or "").rpartition("/")[2].casefold()
    return table.key or _NO_LETTERS.sub("-", town).strip("-") or str(source.session + 1)


def session_problems(source: ChatSource) -> Iterator[Problem]:
    """Errors for sessions without a start, for two with one key, and for sessions in the file of a series."""
    if source.series and source.series.values.sessions:
        message = lazy(
            "'sessions' are those of one chat, so they do not belong into the file of the series; take them out."
        )
        yield source.series.document.problem(("sessions",), message, key=True)
    known: dict[str, int] = {}
    for one in session_sources(source):
        if one.session is None:
            continue
        path, number = ("sessions", one.session), one.session + 1
        if (source.chat.values.sessions or [])[one.session].starts is None and source.valid((*path, "starts")):
            message = lazy(
                "'starts' is missing in session {number}; write when it begins: starts = 2020-10-13T20:00:00.",
                number=number,
            )
            yield source.problem(path, message)
        key = session_key(one)
        if key in known:
            message = lazy(
                "session {number} is called {key} already; give each a 'key' of its own.",
                number=known[key],
                key=shown(key),
            )
            yield source.problem(path, message)
        known.setdefault(key, number)
