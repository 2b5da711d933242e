"""The task for the process that reads an announcement, and its outcome: a line of JSON each."""

from __future__ import annotations

from bot.authoring.announcement.found import Draft
from bot.messages import Time, Value
from bot.translation import ENGLISH

SECONDS = 20
"""Processor time that reading may take; a page of 10,000 words takes one or two."""


class Task(Value, frozen=True, kw_only=True):
    """The task: the name of the document, its series' file, the time, and the language of the doubts."""

    name: str
    series: str
    now: Time
    language: str = ENGLISH


class Outcome(Value, frozen=True, kw_only=True):
    """The outcome: a draft and the plain text it was made from; or why it could not be read, in sentences."""

    draft: Draft | None = None
    text: str = ""
    problem: tuple[str, ...] = ()
