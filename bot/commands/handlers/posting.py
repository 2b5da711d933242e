"""Carries out what is said as the bot: say, announce, edit. A post that is out is changed where the platform can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from bot import wording
from bot.chat import Chat, Question, Slot
from bot.commands.context import CommandContext, CommandResult, refused
from bot.commands.grammar.command_types import Edit, Say
from bot.commands.plan import announcements
from bot.commands.plan.plan import count
from bot.messages import Post, Value
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.scheduling.post_text import Doubt, post_texts
from bot.store import chats, planned_posts
from bot.store.outbox_queries import OutboxRow
from bot.store.planned_posts import PlannedPost, nonce

_replace = msgspec.structs.replace


_DOUBTS: dict[Doubt, str] = {
    "long": "it is too long",
    "links": "only one post of a chat may have a link there; say it without",
    "same": "another account says it there already",
    "bare": "nothing is left of it without its link",
}


class WordingUndo(Value, frozen=True, kw_only=True, tag="reworded"):
    """What `undo` needs of a question that was not out yet and got other words."""

    question: Question


def say(connection: Connection, context: CommandContext, order: Say) -> CommandResult:
    """Say something as the bot, in one place or in all of the chat's."""
    if order.place is not None and order.place not in context.places:
        return refused(f"This chat does not go to {order.place}. It goes to {_listed(list(context.places))}.")
    if context.now >= context.ends + planning.CLOSING_GRACE:
        return refused(announcements.standing(context.chat, context.plan, context.now))
    there = [order.place] if order.place else list(context.places)
    slot = context.marked(announcements.notice(context.chat, order.text, context.now))
    silent = _silent(context, slot, there)
    there = [place for place in there if place not in silent]
    _aloud(connection, context, slot, there)
    if not there:
        return refused(_reasons(silent))
    return CommandResult(receipt=" ".join(filter(None, [f"Said in {_listed(there)}.", _reasons(silent)])))


def announce(connection: Connection, context: CommandContext) -> CommandResult:
    """Tell people about the chat: that it comes, or that it is on."""
    chat, plan = context.chat, context.plan
    if plan.over(context.now):
        return refused(announcements.standing(chat, plan, context.now))
    if plan.begun(context.now):
        asked = f" We are at {plan.floor.upper()}." if plan.floor else ""
        text = f"We are talking about: {chat.title}.{asked} Come and answer, or just read along."
    else:
        text = wording.reminder(chat.title, [host.name for host in chat.hosts], chat.starts, chat.timezone)
    clock = f"{context.now.astimezone(ZoneInfo(chat.timezone)):%H:%M}"  # no platform takes a text twice
    _aloud(
        connection,
        context,
        context.marked(announcements.notice(chat, f"{text} ({clock})", context.now)),
        list(context.places),
    )
    return CommandResult(receipt=f"Announced in {_listed(list(context.places))}.")


def edit(connection: Connection, context: CommandContext, order: Edit) -> CommandResult:
    """Give a question other words: where it waits, where it is out, and in the record."""
    old, plan = context.chat.question(order.question), context.plan
    if old is None:
        return refused(f"There is no {order.question.upper()}.")
    if plan.cancelled or (plan.over(context.now) and old.key not in plan.floored):
        return refused(announcements.standing(context.chat, plan, context.now))
    if old.key not in plan.floored and all(slot.key != old.key for slot in plan.slots):
        return refused(f"{old.key.upper()} was left out.")
    new = _replace(old, text=order.text, says={})
    chat = _with(context.chat, new)
    rows = [line for line in context.lines if line.post.key == old.key]
    chats.save_chat(connection, chat, context.ends)
    chats.save_state(connection, chat.name, _replace(context.state, steered=True))
    slot = _slot(chat, new, rows)
    done = [
        _replanned(connection, context, chat, slot, rows),
        _amended(connection, context, chat, slot, rows),
        _corrected(connection, context, chat, slot, rows),
    ]
    out = any(line.attempts for line in rows)
    return CommandResult(
        receipt=" ".join(filter(None, done)) or f"{old.key.upper()} has new words, but no place will say them.",
        before=old.text,
        after=new.text,
        change=None if out else msgspec.json.encode(WordingUndo(question=old)).decode(),
    )


def take_back(connection: Connection, context: CommandContext, reworded: WordingUndo) -> CommandResult:
    """Give a question its old words back, if it still waits everywhere."""
    old = reworded.question
    rows = [line for line in context.lines if line.post.key == old.key]
    if any(line.attempts for line in rows):
        return refused(f"{old.key.upper()} is out by now; `edit {old.key}` changes it.")
    if all(slot.key != old.key for slot in context.plan.slots):
        return refused(f"{old.key.upper()} was left out meanwhile.")
    chat = _with(context.chat, old)
    chats.save_chat(connection, chat, context.ends)
    _replanned(connection, context, chat, _slot(chat, old, rows), rows)
    return CommandResult(receipt=f"Taken back. {old.key.upper()} has its old words.")


def _silent(context: CommandContext, slot: Slot, there: Sequence[str]) -> dict[str, Doubt]:
    """The places that would not say just this, and why."""
    places = {place: traits for place, traits in context.places.items() if place in there}
    said = post_texts(context.chat, [*timeline.all_slots(context.chat), slot], places)
    doubts = {place: found[-1].doubt for place, found in said.items() if found[-1].doubt}
    linked: dict[str, Doubt] = {place: "links" for place in places if _linked(context, place, slot)}
    return linked | doubts


def _linked(context: CommandContext, place: str, slot: Slot) -> bool:
    """Whether a place has had all the posts with a link that it may have, those that were added while on as well."""
    traits = context.places[place]
    if traits.text.most_links is None or not traits.text.links(slot.text):
        return False
    out = {line.post.key for line in context.lines if line.post.place == place and _counts(line, traits)}
    return len(out) >= traits.text.most_links


def _counts(line: OutboxRow, traits: Traits) -> bool:
    return line.post.aloud and line.state not in ("skipped", "failed") and bool(traits.text.links(line.post.text))


def _reasons(silent: Mapping[str, Doubt]) -> str:
    return " ".join(f"Not in {place}: {_DOUBTS[doubt]}." for place, doubt in silent.items())


def _aloud(connection: Connection, context: CommandContext, slot: Slot, there: Sequence[str]) -> None:
    planned_posts.save_plan(connection, _drafts(context, context.chat, slot, there))


def _drafts(context: CommandContext, chat: Chat, slot: Slot, there: Sequence[str]) -> list[PlannedPost]:
    places = {place: traits for place, traits in context.places.items() if place in there}
    return planning.plan_posts(chat, [slot], places, ends=context.ends, slack=context.environment.slack)


def _with(chat: Chat, new: Question) -> Chat:
    return _replace(chat, questions=tuple(new if one.key == new.key else one for one in chat.questions))


def _slot(chat: Chat, new: Question, rows: Sequence[OutboxRow]) -> Slot:
    """The question as it is asked now, at the time it has."""
    text = wording.question(count(new.key), new.text, chat.hashtag)
    at = min((line.post.due for line in rows), default=new.at)
    return Slot(key=new.key, kind="question", at=at, text=text, says=new.says, image=new.image)


def _replanned(
    connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]
) -> str:
    """Where nobody tried it yet it is said in the new words. A pause stays a pause."""
    waiting = {line.post.place for line in rows if line.state in planned_posts.UNTRIED_STATES}
    there = [place for place in context.places if place in waiting]
    if not there:
        return ""
    planned = _drafts(context, chat, slot, there)
    before = {(line.post.key, line.post.place, line.post.part) for line in context.lines}
    keep = (before - {one for one in before if one[0] == slot.key and one[1] in there}) | {
        (draft.post.key, draft.post.place, draft.post.part) for draft in planned
    }
    planned_posts.save_plan(connection, planned)
    planned_posts.skip_unplanned(connection, chat.name, keep, only={slot.key})
    if context.state.paused_at:
        planned_posts.pause_posts(connection, chat.name, {slot.key})
    return f"{slot.key.upper()} has its new words." if len(there) == len(context.places) else ""


def _amended(connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]) -> str:
    """Where it is out and can be changed, it is changed."""
    there = [
        place
        for place in _out(context, rows)
        if context.places[place].features.edits and _fits(context, chat, slot, place, rows)
    ]
    for place in there:
        ids = [line.receipt for line in rows if line.post.place == place and line.receipt]
        parts = post_texts(chat, [slot], {place: context.places[place]})[place][0].parts
        changes = enumerate(zip(ids, parts, strict=True), 1)
        planned_posts.save_plan(
            connection, [_change(context, slot, place, part, id or "", text) for part, (id, text) in changes]
        )
    return f"{slot.key.upper()} is changed in {_listed(there)}." if there else ""


def _corrected(
    connection: Connection, context: CommandContext, chat: Chat, slot: Slot, rows: Sequence[OutboxRow]
) -> str:
    """Where it is out and cannot be changed, a correction follows."""
    there = [place for place in _out(context, rows) if not context.places[place].features.edits]
    there += [
        place
        for place in _out(context, rows)
        if context.places[place].features.edits and not _fits(context, chat, slot, place, rows)
    ]
    if not there:
        return ""
    asked = slot.text.removeprefix(f"{slot.key.upper()}. ")
    notice = context.marked(announcements.notice(chat, f"Correction to {slot.key.upper()}: {asked}", context.now))
    planned = _drafts(context, chat, notice, there)
    # who answers the correction answers the question, which does not come back to the floor by it
    tied = [_replace(one, post=_replace(one.post, kind="correction", repeats=slot.key)) for one in planned]
    planned_posts.save_plan(connection, tied)
    return f"A correction to {slot.key.upper()} follows in {_listed(there)}."


def _out(context: CommandContext, rows: Sequence[OutboxRow]) -> list[str]:
    return [place for place in context.places if any(line.attempts for line in rows if line.post.place == place)]


def _fits(context: CommandContext, chat: Chat, slot: Slot, place: str, rows: Sequence[OutboxRow]) -> bool:
    """Whether the new words have as many parts as there are posts, so that each can be changed."""
    ids = [line for line in rows if line.post.place == place and line.receipt]
    parts = post_texts(chat, [slot], {place: context.places[place]})[place][0].parts
    return bool(ids) and len(ids) == len(parts)


def _change(context: CommandContext, slot: Slot, place: str, part: int, id: str, text: str) -> PlannedPost:
    key = f"edit-{slot.key}-{context.mark}"
    post = Post(
        chat=context.chat.name,
        key=key,
        place=place,
        part=part,
        kind="edit",
        text=text,
        nonce=nonce(context.chat.name, key, place, part),
        due=context.now,
        amends=id,
    )
    return PlannedPost(post=post, expires=context.ends + planning.CLOSING_GRACE)


def _listed(places: Sequence[str]) -> str:
    if len(places) < 2:  # noqa: PLR2004 -- one needs no `and`
        return "".join(places) or "no place"
    return f"{', '.join(places[:-1])} and {places[-1]}"
