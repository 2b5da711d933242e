"""The script of a rehearsal: pretend participants and their messages, for any chat's questions.

A line's time counts from the question that it answers, in chat time. Nothing is played here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.authoring.chatfile import MAX_QUESTIONS
from bot.authoring.fields import Line as OneLine
from bot.authoring.fields import Text
from bot.authoring.source import validate_file
from bot.errors import InputError, Problem
from bot.messages import Value
from bot.toml.document import Document, read_toml
from bot.toml.duration import Duration
from bot.toml.validation import shown, sorted_problems, unknown_name
from bot.translation import lazy


class ScriptLine(Value, frozen=True, kw_only=True):
    """One message. `question` counts from 1, 0 is before the first; `after` is the time since the question.

    `replies_to` is the author of the message under the same question that this replies to. `then` after it was posted
    its text becomes `edit`, or it is deleted.
    """

    person: str
    question: int
    after: timedelta
    text: str
    replies_to: str | None = None
    edit: str | None = None
    delete: bool = False
    then: timedelta = timedelta(0)


class Script(Value, frozen=True, kw_only=True):
    """The participants, and all lines in order of time."""

    people: tuple[str, ...]
    lines: tuple[ScriptLine, ...]


class _Person(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: OneLine | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    person: OneLine | None = None
    question: Annotated[int, Field(ge=0, le=MAX_QUESTIONS)] | None = None
    after: Duration | None = None
    text: Text | None = None
    reply_to_person: OneLine | None = None
    edits: Text | None = None
    deleted: bool = False
    then: Duration | None = None


class _ScriptFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    people: list[_Person] = []
    answers: list[_Answer] = []


def load_script(path: Path) -> Script:
    """Load the script in a file. Raises InputError with all mistakes in it."""
    document = read_toml(path)
    found = validate_file(document, _ScriptFile)
    problems = [*found.problems]
    if not problems:
        problems += _missing_fields(document, found.values)
        problems += _invalid_references(document, found.values)
    if problems:
        raise InputError(sorted_problems(problems))
    lines = [_line(answer) for answer in found.values.answers]
    return Script(
        people=tuple(person.name or "" for person in found.values.people),
        lines=tuple(sorted(lines, key=lambda line: (line.question, line.after))),
    )


def _missing_fields(document: Document, values: _ScriptFile) -> Iterator[Problem]:
    """Persons without a name, and answers without a person, question, time or text."""
    for index, person in enumerate(values.people):
        if person.name is None:
            yield document.problem(("people", index), "'name' is missing; say who it is.")
    for index, answer in enumerate(values.answers):
        for key in ("person", "question", "after", "text"):
            if getattr(answer, key) is None:
                yield document.problem(("answers", index), f"'{key}' is missing in this answer.")
        if (answer.edits or answer.deleted) and answer.then is None:
            yield document.problem(("answers", index), "'then' is missing: how long after it was said does it change?")


def _invalid_references(document: Document, values: _ScriptFile) -> Iterator[Problem]:
    """Unknown persons, second answers to a question, and replies to a person without an earlier answer there."""
    people = {person.name for person in values.people if person.name}
    said = {(answer.question, answer.person): answer.after for answer in values.answers}
    seen: set[tuple[int | None, str | None]] = set()
    for index, answer in enumerate(values.answers):
        here, person, parent = ("answers", index), answer.person, answer.reply_to_person
        if person and person not in people:
            yield document.problem((*here, "person"), unknown_name(person, people, lazy("person")))
        if (answer.question, person) in seen:
            yield document.problem(here, f"{shown(person)} has an answer to this question already.")
        seen.add((answer.question, person))
        spoken = said.get((answer.question, parent))
        if parent and (spoken is None or (answer.after and spoken >= answer.after)):
            message = f"{shown(parent)} has said nothing under this question by then."
            yield document.problem((*here, "reply_to_person"), message)


def _line(answer: _Answer) -> ScriptLine:
    return ScriptLine(
        person=answer.person or "",
        question=answer.question or 0,
        after=answer.after or timedelta(0),
        text=answer.text or "",
        replies_to=answer.reply_to_person,
        edit=answer.edits,
        delete=answer.deleted,
        then=answer.then or timedelta(0),
    )
