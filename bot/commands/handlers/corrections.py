"""Handles corrections of the record: file, highlight, merge, summary, and their opposites; also long after the chat.

Each is an event, and a later one takes it back. The live pages follow at once, published pages when they are next made.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.commands import lookup
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.moderation_types import MessageReference
from bot.commands.grammar.record_types import File, Highlight, Merge, Summary, Unhighlight, Unmerge
from bot.commands.lookup import NotFound
from bot.live.attribution import AFTER, BEFORE
from bot.live.corrections import MessageCorrection, correct
from bot.messages import Author, MessageHighlighted, MessageMoved, MessagesMerged, SummaryWritten, Value
from bot.store import corrections, messages
from bot.store.message_rows import MessageRow
from bot.store.message_schema import REPOST
from bot.translation import _, ngettext, pending

_GONE = pending("That message is gone: its author took it back, or asked to be left out.")
_SECTIONS = {BEFORE: pending("before the first question"), AFTER: pending("after the end")}


_SHOWN = ((BEFORE, 0),)
"""No count changes, but what shows the record is told that it did: a summary stands above all questions."""


class CorrectionUndo(Value, frozen=True, kw_only=True, tag="corrected"):
    """A correction as `undo` needs it: the event that takes it back, and the earlier question of a moved message."""

    event: MessageCorrection | SummaryWritten
    question: str = ""
    also: tuple[str, ...] = ()
    reason: str = ""


def file(connection: Connection, context: CommandContext, command: File) -> CommandResult:
    """Put a message under another question."""
    row = _find(connection, context, command.message)
    if isinstance(row, NotFound):
        return refused(row.reason)
    keys = [question.key for question in context.chat.questions]
    if command.question not in {*keys, *_SECTIONS}:
        return refused(
            _("There is no {question} in this chat; it has {names}.").format(
                question=command.question.upper(), names=_listed(keys)
            )
        )
    if row.reason == REPOST:
        return refused(_("That repeats what somebody else said, so it stands under no question."))
    section = _SECTIONS.get(command.question)
    where = _(section) if section else _("under {question}").format(question=command.question.upper())
    if (row.question, row.also) == (command.question, ()):
        return refused(_("It is {where} already; nothing changed.").format(where=where))
    return _correct(
        connection,
        context,
        row,
        MessageMoved(place=row.place, id=row.id, at=context.now, chat=row.chat, question=command.question),
        MessageMoved(place=row.place, id=row.id, at=context.now, chat=row.chat, question=row.moved or None),
        _("Now {where}: the message by {author}. Replies to it go along.").format(
            where=where, author=_author(context, row)
        ),
    )


def highlight(connection: Connection, context: CommandContext, command: Highlight) -> CommandResult:
    """Mark a message as a highlight."""
    return _mark(connection, context, command.message, on=True)


def unhighlight(connection: Connection, context: CommandContext, command: Unhighlight) -> CommandResult:
    """Take the mark away."""
    return _mark(connection, context, command.message, on=False)


def merge(connection: Connection, context: CommandContext, command: Merge) -> CommandResult:
    """Count a message and its copy once."""
    lookup.lock_messages(connection, context, command.message, command.original)
    row, original = (_find(connection, context, one) for one in (command.message, command.original))
    if isinstance(row, NotFound) or isinstance(original, NotFound):
        return refused(row.reason if isinstance(row, NotFound) else original.reason)
    here, there = f"{row.place}/{row.id}", f"{original.place}/{original.id}"
    if here in (there, original.merged) or there == row.merged:
        return refused(_("These two are one already; nothing changed."))
    if not command.sure and not _by_one_person(row, original):
        confirm = f"merge {here} into {there} yes"
        names = (
            _("two people")
            if context.public
            else _("{one} and {other}").format(one=_author(context, row), other=_author(context, original))
        )
        text = _("These are by {names}. Count them once all the same? Say `{confirm}`.").format(
            names=names, confirm=confirm
        )
        return CommandResult(receipt=text, outcome="refused", confirm=confirm)
    return _correct(
        connection,
        context,
        row,
        MessagesMerged(
            place=row.place, id=row.id, at=context.now, chat=row.chat, into=original.id, into_place=original.place
        ),
        _merged_before(context, row),
        _("Counted once now: what {author} said on {place} stays.").format(
            author=_author(context, original), place=original.place
        ),
    )


def unmerge(connection: Connection, context: CommandContext, command: Unmerge) -> CommandResult:
    """Count a copy by itself again."""
    row = _find(connection, context, command.message)
    if isinstance(row, NotFound):
        return refused(row.reason)
    if not row.merged:
        return refused(_("That is no copy of another; nothing changed."))
    alone = MessagesMerged(place=row.place, id=row.id, at=context.now, chat=row.chat)
    text = _("Counted by itself again: the message by {author}.").format(author=_author(context, row))
    return _correct(connection, context, row, alone, _merged_before(context, row), text)


def summary(connection: Connection, context: CommandContext, command: Summary) -> CommandResult:
    """Write the summary, or take it away."""
    before = corrections.summary_of(connection, context.chat.name)
    known = before.text if before else ""
    if command.text == known:
        return refused(_("The summary says that already.") if known else _("There is no summary."))
    written = _write_summary(connection, context, command.text)
    undo = CorrectionUndo(event=msgspec.structs.replace(written, text=known))
    return CommandResult(
        receipt=_("The summary has {words} now.").format(words=_words(command.text))
        if command.text
        else _("The summary is taken away."),
        before=_words(known),
        after=_words(command.text),
        change=msgspec.json.encode(undo).decode(),
        count_changes=_SHOWN,
    )


def undo(connection: Connection, context: CommandContext, change: CorrectionUndo) -> CommandResult:
    """Take a correction back, by another one."""
    if isinstance(change.event, SummaryWritten):
        _write_summary(connection, context, change.event.text)
        said = _("Taken back. The summary has {words}.").format(words=_words(change.event.text))
        return CommandResult(receipt=said, count_changes=_SHOWN)
    key = (change.event.place, change.event.id)
    row = messages.get_rows(connection, [key]).get(key)
    if row is None or row.author is None or row.gone:
        return refused(_("That message is gone by now."))
    result = _correct(connection, context, row, change.event, None, _("Taken back."), stood=change)
    return msgspec.structs.replace(result, change=None)


def _mark(connection: Connection, context: CommandContext, reference: MessageReference, *, on: bool) -> CommandResult:
    row = _find(connection, context, reference)
    if isinstance(row, NotFound):
        return refused(row.reason)
    if row.highlighted is on:
        return refused(
            _("It is a highlight already; nothing changed.") if on else _("It is no highlight; nothing changed.")
        )
    if row.verdict != "keep":
        return refused(_("It is not in the transcript. `show` takes it back into it."))
    marked, back = (
        MessageHighlighted(place=row.place, id=row.id, at=context.now, chat=row.chat, on=one) for one in (on, not on)
    )
    said = _("A highlight: the message by {author}.") if on else _("No highlight any more: the message by {author}.")
    text = said.format(author=_author(context, row))
    return _correct(connection, context, row, marked, back, text)


def _find(connection: Connection, context: CommandContext, reference: MessageReference) -> MessageRow | NotFound:
    found = lookup.find_message(connection, context, reference)
    return NotFound(reason=_(_GONE)) if isinstance(found, MessageRow) and found.gone else found


def _merged_before(context: CommandContext, row: MessageRow) -> MessagesMerged:
    """The event that restores of what a message is a copy now."""
    place, _, id = row.merged.partition("/")
    return MessagesMerged(
        place=row.place, id=row.id, at=context.now, chat=row.chat, into=id or None, into_place=place or None
    )


def _correct(
    connection: Connection,
    context: CommandContext,
    row: MessageRow,
    event: MessageCorrection,
    back: MessageCorrection | None,
    receipt: str,
    *,
    stood: CorrectionUndo | None = None,
) -> CommandResult:
    """Store a correction, and change the message's row with it. `back` takes it back, `stood` is where it stood."""
    subject = corrections.subject_of(event)
    latest = corrections.latest_of(connection, [subject]).get(subject)
    event = msgspec.structs.replace(event, at=_after(latest, context.now))
    undo = CorrectionUndo(event=back, question=row.question, also=row.also, reason=row.reason) if back else None
    counted = row.question, row.counts
    correct(row, event)
    if stood is not None and isinstance(event, MessageMoved):
        row.question, row.also, row.reason = stood.question, stood.also, stood.reason
    messages.append_events(connection, [(row.chat, event)])
    messages.save_rows(connection, [], [row])
    return CommandResult(
        receipt=receipt,
        change=msgspec.json.encode(undo).decode() if undo else None,
        count_changes=((counted[0], -counted[1]), (row.question, +row.counts)),
        events=(event,),
    )


def _write_summary(connection: Connection, context: CommandContext, text: str) -> SummaryWritten:
    before = corrections.summary_of(connection, context.chat.name)
    at = _after(before.at if before else None, context.now)
    written = SummaryWritten(place=context.command.place, at=at, chat=context.chat.name, text=text)
    messages.append_events(connection, [(context.chat.name, written)])
    return written


def _after(latest: datetime | None, now: datetime) -> datetime:
    """Now, or just after the latest correction of the same thing, should the clock have been set back."""
    return max(now, latest + timedelta(microseconds=1)) if latest else now


def _by_one_person(one: MessageRow, other: MessageRow) -> bool:
    return not _called(one.author).isdisjoint(_called(other.author)) or (one.place, one.author) == (
        other.place,
        other.author,
    )


def _called(author: Author | None) -> set[str]:
    names = (author.handle.removeprefix("@"), author.name) if author else ()
    return {" ".join(name.casefold().split()) for name in names} - {""}


def _author(context: CommandContext, row: MessageRow) -> str:
    return row.author.shown if row.author and not context.public else _("the author")


def _words(text: str) -> str:
    count = len(text.split())
    return ngettext("{count} word", "{count} words", count).format(count=count) if count else _("no words")


def _listed(keys: list[str]) -> str:
    return (
        _("{first} to {last}").format(first=keys[0].upper(), last=keys[-1].upper())
        if len(keys) > 1
        else "".join(keys).upper() or _("no questions")
    )
