"""A draft as `convenor check` sees it, in the words and at the fields of a form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.authoring import timezones
from bot.authoring.check import CheckResult, Cost, check_kept
from bot.authoring.cost_estimate import LARGE, SMALL
from bot.authoring.loader import load_file
from bot.chat import Chat
from bot.errors import Advice, Problem
from bot.ports.chat_files import ChatFile
from bot.ports.platform import Traits
from bot.ports.team_drafts import ChatForm, Draft, Note, PlacePreview, Review, ShownPost
from bot.team.chat_form import typed_day, typed_length, typed_time, without_blanks
from bot.team.kept_chats import KeptPlans, as_kept
from bot.team.note_words import plain, sentence
from bot.team.plan_notes import plan_notes
from bot.toml.document import Document, parse_toml
from bot.toml.positions import KeyPath
from bot.translation import _, ngettext, translated

_QUOTED = re.compile(r"^'(\w+)'")
_STARTS = {"starts": "date", "time": "time"}
_ASKED = re.compile(r"^q(\d+)$")
_LISTS = ("hosts", "moderators", "questions")


def review(
    draft: Draft,
    file: ChatFile,
    series: ChatFile | None,
    places: Mapping[str, Traits],
    *,
    now: datetime,
    others: Sequence[Chat],
    plans: KeptPlans,
) -> Review:
    """Check the chat file that a draft makes, whose text is that of its form. `series` is the file of its series.

    A chat that was moved is shown at its new start, as long as the text has the one before.
    """
    name, text = file.name, file.text
    beside = [one for one in others if one.name != name]
    found = check_kept(file, series, places, now=now, others=beside, planned=lambda one: as_kept(one, plans))
    document = parse_toml(text, file.where)
    typed = [*_typed(draft.form), *_unconfirmed(draft)] if draft.form else []
    known = {"date" if one.field == "time" else one.field for one in typed}  # without a time there is no start
    titles = {one.name: one.title for one in others}
    checked = [one for one in _notes(found, document, titles) if not (one.severity == "error" and one.field in known)]
    written = load_file(file, series).chats if any(plans) else ()
    notes = (*typed, *plan_notes(written, plans, now), *checked)
    errors = sum(one.severity == "error" for one in notes)
    return Review(
        text=text,
        notes=notes,
        places=tuple(_previews(found, places)),
        timezone=found.chat.timezone if found.chat else "",
        starts=found.chat.starts if found.chat else None,
        ends=found.chat.ends if found.chat else None,
        language=found.chat.language if found.chat else "",
        why_not=_why_not(errors),
        file_name=f"{name.partition('/')[2]}.toml",
    )


def open_doubts(draft: Draft) -> bool:
    """Whether the text left doubts about when the chat is, that somebody has to look at."""
    return any(one.field in {"starts", "timezone"} and not one.settled for one in draft.doubts)


def _why_not(errors: int) -> str:
    if not errors:
        return ""
    said = ngettext("One thing has to be put right first.", "{count} things have to be put right first.", errors)
    return said.format(count=errors)


def _typed(form: ChatForm) -> Iterator[Note]:
    """Notes on fields that are missing, or typed in a way that no file can express."""
    form = without_blanks(form)
    if not form.title:
        yield Note(field="title", message=_("Write what the chat is about."))
    yield from _typed_when(form)
    if not form.questions:
        yield Note(field="questions", message=_("Write at least one question."))
    for key in ("hosts", "moderators"):
        for number, one in enumerate(getattr(form, key), 1):
            if not one.name:
                yield Note(field=f"{key}.{number}", message=_("Write the person's name, too."))


def _typed_when(form: ChatForm) -> Iterator[Note]:
    if not typed_day(form.date):
        said = _("'{typed}' is no date. Write it like 2027-01-05.") if form.date else _("Choose the day of the chat.")
        yield Note(field="date", message=said.format(typed=form.date))
    if not typed_time(form.time):
        said = _("'{typed}' is no time of day. Write it like 20:00.") if form.time else _("Write when the chat begins.")
        yield Note(field="time", message=said.format(typed=form.time))
    if form.timezone and (mistake := timezones.timezone_mistake(form.timezone)):
        yield Note(field="timezone", message=sentence(translated(mistake)))
    if form.length and not typed_length(form.length):
        yield Note(field="length", message=_("Write the length in minutes, like 60."))


def _unconfirmed(draft: Draft) -> Iterator[Note]:
    if draft.form and not draft.form.confirmed and open_doubts(draft):
        said = _(
            "The announcement leaves a doubt about when it is. Look at the day and the time, "
            "and say that they are right."
        )
        yield Note(field="confirmed", message=said)


def _notes(found: CheckResult, document: Document, titles: Mapping[str, str]) -> Iterator[Note]:
    readable = not document.problems  # else a mistake stands at its line, for the form's fields are not known
    for one in found.problems:
        own = one.file == found.file
        where = "" if own else f"{_('In the file of the series:')} "
        yield Note(
            field=_field(one, document) if own and readable else "",
            line=one.line if own else 0,
            code=one.code if isinstance(one, Advice) else "",
            severity=one.severity,
            message=sentence(f"{where}{plain(translated(one.message), titles)}"),
        )


def _field(problem: Problem, document: Document) -> str:
    """The field that a problem is about: the one that it names, else the last that begins at or above its line."""
    named = _QUOTED.match(problem.message)
    if named and (found := _named(named[1])) and problem.line == 1:
        return found
    best = (0, "")
    for key, value in document.data.items():
        count = len(value) if key in _LISTS and isinstance(value, list) else 0
        rows: list[tuple[KeyPath, str]] = [((key, number), f"{key}.{number + 1}") for number in range(count)]
        paths = rows or [((key,), _STARTS.get(key, key))]
        for path, field in paths:
            line, _column = document.value_at(path)
            if best[0] <= line <= problem.line:
                best = line, field
    return best[1]


def _named(word: str) -> str:
    asked = _ASKED.match(word)
    return f"questions.{asked[1]}" if asked else _STARTS.get(word, word)


def _previews(found: CheckResult, places: Mapping[str, Traits]) -> Iterator[PlacePreview]:
    at = {slot.key: slot.at for slot in found.timeline}
    asked = found.chat.questions if found.chat else ()
    pictures = {one.key: one.image.alt for one in asked if one.image}
    for place, posts in found.previews.items():
        shown = tuple(
            ShownPost(
                key=one.key,
                at=at[one.key],
                parts=tuple((part.text, part.length) for part in one.parts),
                picture=pictures.get(one.key, ""),
            )
            for one in posts
        )
        called = _(places[place].called or place)
        limit = places[place].text.limit
        yield PlacePreview(place=place, called=called, limit=limit, posts=shown, cost=_cost(found.cost.get(place)))


def _cost(cost: Cost | None) -> str:
    if cost is None:
        return ""
    said = _("About {low} for a chat of {small} answers, and {high} for one of {large}.")
    return said.format(low=f"${cost.low:.2f}", small=SMALL, high=f"${cost.high:.2f}", large=LARGE)
