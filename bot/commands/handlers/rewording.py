"""Handles edit: a question gets other words. A post that is out is edited where the platform can, else corrected."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from bot import wording
from bot.chat import Chat, Question, Slot, question_number
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Edit
from bot.commands.handlers.posting import place_names, plan_in
from bot.commands.plan import announcements
from bot.messages import Post, Value
from bot.scheduling import planning
from bot.scheduling.post_text import post_texts
from bot.store import chats, planned_posts
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import PlannedPost, nonce
from bot.translation import _

_replace = msgspec.structs.replace


class WordingUndo(Value, frozen=True, kw_only=True, tag="reworded"):
    """A reworded question as `undo` needs it: it got the words `text` before it was posted."""

    question: Question
    text: str | None = None
    renumbered: int = 0


def edit(connection: Connection, context: CommandContext, command: Edit) -> CommandResult:
    """Give a question other words: in planned posts, in those that are out, and in the transcript."""
    old, plan = context.chat.question(command.question), context.plan
    if old is None:
        return refused(_("There is no {question}.").format(question=command.question.upper()))
    if plan.cancelled or (plan.is_over(context.now) and old.key not in plan.asked_keys):
        return refused(announcements.describe_plan(context.chat, plan, context.now))
    if old.key not in plan.asked_keys and all(slot.key != old.key for slot in plan.slots):
        return refused(_("{question} was left out.").format(question=old.key.upper()))
    new = _replace(old, text=command.text, says={})
    chat = _with_question(context.chat, new)
    rows = [row for row in context.outbox_rows if row.post.key == old.key]
    chats.save_chat(connection, chat, context.ends)
    chats.save_state(connection, chat.name, _replace(context.state, plan_changed=True))
    slot = _slot(chat, new, rows)
    done = [
        _replan(connection, context, chat, slot, rows),
        _edit_posts(connection, context, chat, slot, rows),
        _post_correction(connection, context, chat, slot, rows),
    ]
    posted = any(row.attempts for row in rows)
    return CommandResult(
        receipt=" ".join(filter(None, done))
        or _("{question} has new words, but no place will say them.").format(question=old.key.upper()),
        before=old.text,
        after=new.text,
        change=None if posted else msgspec.json.encode(_undo_of(context, old, new)).decode(),
    )


def undo(connection: Connection, context: CommandContext, change: WordingUndo) -> CommandResult:
    """Give a question its old words back, if no place has posted it."""
    old = change.question
    rows = [row for row in context.outbox_rows if row.post.key == old.key]
    if any(row.attempts for row in rows):
        return refused(
            _("{question} is out by now; `edit {key}` changes it.").format(question=old.key.upper(), key=old.key)
        )
    if all(slot.key != old.key for slot in context.plan.slots):
        return refused(_("{question} was left out meanwhile.").format(question=old.key.upper()))
    current = context.chat.question(old.key)
    if change.renumbered != context.state.renumbered or (current and change.text not in (None, current.text)):
        return refused(_("The chat file was edited since, so that cannot be taken back."))
    chat = _with_question(context.chat, old)
    chats.save_chat(connection, chat, context.ends)
    _replan(connection, context, chat, _slot(chat, old, rows), rows)
    return CommandResult(receipt=_("Taken back. {question} has its old words.").format(question=old.key.upper()))


def _undo_of(context: CommandContext, old: Question, new: Question) -> WordingUndo:
    return WordingUndo(question=old, text=new.text, renumbered=context.state.renumbered)


def _with_question(chat: Chat, new: Question) -> Chat:
    return _replace(chat, questions=tuple(new if one.key == new.key else one for one in chat.questions))


def _slot(chat: Chat, new: Question, rows: Sequence[OutboxRow]) -> Slot:
    """The slot of the question in its new words, at its present time."""
    text = wording.question(question_number(new.key), new.text, chat.hashtag)
    at = min((row.post.due for row in rows), default=new.at)
    return Slot(key=new.key, kind="question", at=at, text=text, says=new.says, image=new.image)


def _replan(connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]) -> str:
    """Plan the new words where no post was tried yet. A paused question stays paused."""
    waiting = {row.post.place for row in rows if row.state in planned_posts.UNTRIED_STATES}
    places = [place for place in context.places if place in waiting]
    if not places:
        return ""
    planned = plan_in(context, chat, slot, places)
    before = {(row.post.key, row.post.place, row.post.part) for row in context.outbox_rows}
    keep = (before - {one for one in before if one[0] == slot.key and one[1] in places}) | {
        (draft.post.key, draft.post.place, draft.post.part) for draft in planned
    }
    planned_posts.save_plan(connection, planned)
    planned_posts.skip_unplanned(connection, chat.name, keep, only={slot.key})
    if context.state.paused_at:
        planned_posts.pause_posts(connection, chat.name, {slot.key})
    return (
        _("{question} has its new words.").format(question=slot.key.upper())
        if len(places) == len(context.places)
        else ""
    )


def _edit_posts(
    connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]
) -> str:
    """Edit the posts that are out, where the platform can."""
    places = [
        place
        for place in _places_posted(context, rows)
        if context.places[place].features.edits and _same_parts(context, chat, slot, place, rows)
    ]
    for place in places:
        ids = [row.receipt for row in rows if row.post.place == place and row.receipt]
        parts = post_texts(chat, [slot], {place: context.places[place]})[place][0].parts
        changes = enumerate(zip(ids, parts, strict=True), 1)
        planned_posts.save_plan(
            connection, [_edit_post(context, slot, place, part, id or "", text) for part, (id, text) in changes]
        )
    return (
        _("{question} is changed in {places}.").format(question=slot.key.upper(), places=place_names(places))
        if places
        else ""
    )


def _post_correction(
    connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]
) -> str:
    """Post a correction where the posts are out and can't be edited."""
    places = [place for place in _places_posted(context, rows) if not context.places[place].features.edits]
    places += [
        place
        for place in _places_posted(context, rows)
        if context.places[place].features.edits and not _same_parts(context, chat, slot, place, rows)
    ]
    if not places:
        return ""
    asked = slot.text.removeprefix(f"{slot.key.upper()}. ")
    notice = context.with_own_key(
        announcements.notice(
            chat, _("Correction to {question}: {asked}").format(question=slot.key.upper(), asked=asked), context.now
        )
    )
    planned = plan_in(context, chat, notice, places)
    # a reply to the correction answers the question, but the correction doesn't make it the current question
    corrections = [_replace(one, post=_replace(one.post, kind="correction", repeats=slot.key)) for one in planned]
    planned_posts.save_plan(connection, corrections)
    return _("A correction to {question} follows in {places}.").format(
        question=slot.key.upper(), places=place_names(places)
    )


def _places_posted(context: CommandContext, rows: Sequence[OutboxRow]) -> list[str]:
    return [place for place in context.places if any(row.attempts for row in rows if row.post.place == place)]


def _same_parts(context: CommandContext, chat: Chat, slot: Slot, place: str, rows: Sequence[OutboxRow]) -> bool:
    """Whether the new words have as many parts as there are posts, so that each post can be edited."""
    ids = [row for row in rows if row.post.place == place and row.receipt]
    parts = post_texts(chat, [slot], {place: context.places[place]})[place][0].parts
    return bool(ids) and len(ids) == len(parts)


def _edit_post(context: CommandContext, slot: Slot, place: str, part: int, id: str, text: str) -> PlannedPost:
    key = f"edit-{slot.key}-{context.key_suffix}"
    post = Post(
        chat=context.chat.name,
        key=key,
        place=place,
        part=part,
        kind="edit",
        text=text,
        nonce=nonce(context.chat.name, key, place, part),
        due=context.now,
        edits=id,
    )
    return PlannedPost(post=post, expires=context.ends + planning.CLOSING_GRACE)
