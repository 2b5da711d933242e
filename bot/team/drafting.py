"""New drafts: empty, from an announcement, and on another text. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.authoring.announcement.doubts import Doubt
from bot.authoring.announcement.found import Draft as FoundDraft
from bot.authoring.announcement.found import FoundPerson
from bot.authoring.chatfile import SeriesFile
from bot.ports.team_drafts import ChatForm, Draft, FormDoubt, PersonForm, QuestionForm
from bot.team.chat_form import form_of, with_form
from bot.team.import_task import Outcome
from bot.translation import _

_MOST_SOURCE = 120_000
"""Characters of an announcement that are kept beside its draft."""


def empty_draft(series: str, values: SeriesFile, day: str) -> Draft:
    """A draft with what the series says, and one question to fill in."""
    form = form_of("", values) or ChatForm()
    return Draft(series=series, form=replace(form, date=day, questions=(QuestionForm(),), hosts=(PersonForm(),)))


def drafted(series: str, values: SeriesFile, found: Outcome, *, name: str, day: str = "") -> Draft:
    """A draft from what was found in an announcement called `name`; `day` is the one that was chosen for it."""
    if found.draft is None:
        raise ValueError("nothing was read")
    usual, read = form_of("", values) or ChatForm(), found.draft
    form = replace(
        usual,
        title=read.title,
        hashtag=read.hashtag,
        date=read.day.isoformat() if read.day else day,
        time=f"{read.clock:%H:%M}" if read.clock else "",
        timezone=read.zone or usual.timezone,
        length=_minutes(read) or usual.length,
        hosts=tuple(map(_person, read.hosts)),
        moderators=tuple(map(_person, read.support)),
        questions=tuple(QuestionForm(text=text) for text in read.questions),
    )
    text = with_form("", form, values)
    made = form_of(text, values) or form
    return Draft(
        series=series,
        text=text,
        form=replace(made, date=form.date, time=form.time, length=form.length),
        source=found.text[:_MOST_SOURCE],
        source_name=name,
        doubts=(*_doubts(read.doubts), *_of_day(read, day)),
        looked=True,
    )


def on_new_text(draft: Draft, text: str, values: SeriesFile) -> Draft:
    """The draft with another text. The form follows it, if there can be one; what was confirmed still is."""
    form = form_of(text, values)
    confirmed = draft.form.confirmed if draft.form else True
    return replace(draft, text=text, form=replace(form, confirmed=confirmed) if form else None, looked=True)


def _of_day(read: FoundDraft, day: str) -> Iterator[FormDoubt]:
    if day and read.day and read.day.isoformat() != day:
        said = read.day.isoformat()
        why = _("You chose {day} in the calendar. The text's day was taken; is it right?")
        yield FormDoubt(field="starts", said=said, assumed=said, why=why.format(day=day))


def _minutes(read: FoundDraft) -> str:
    return f"{read.length.total_seconds() / 60:g}" if read.length else ""


def _person(one: FoundPerson) -> PersonForm:
    return PersonForm(name=one.name, handles={"x": one.handle} if one.handle else {})


def _doubts(found: tuple[Doubt, ...]) -> Iterator[FormDoubt]:
    for one in found:
        yield FormDoubt(
            field=one.field,
            line=one.line,
            said=one.said,
            assumed=one.assumed or "",
            why=one.why,
            settled=one.settled,
        )
