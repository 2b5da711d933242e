"""Changes to the plans of chats, and how they are saved: many in one transaction, all or none.

`plan_sync` and `planning` decide what changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from bot import version
from bot.chat import Chat, FileVersion
from bot.messages import Value
from bot.ports.platform import Traits
from bot.scheduling import planning
from bot.scheduling.moves import told_places
from bot.store import chat_files, chats, outbox_queries, planned_posts
from bot.store.chats import ChatState
from bot.store.outbox_queries import Upcoming
from bot.store.planned_posts import PlannedPost


class PlanChange(Value, frozen=True, kw_only=True):
    """A change to the plan of one chat: the chat as it will be, its end and state, and its posts.

    `written` is the chat as its file has it, if that was read. Other posts that were not tried are skipped: with any
    key, or with `only` these, but for those in `stays`, by key, place and part. `is_new`: nothing of this chat was
    planned before. `report` says what was taken over of an edit.
    """

    chat: Chat
    ends: datetime
    state: ChatState
    planned: list[PlannedPost]
    written: Chat | None = None
    only: frozenset[str] | None = None
    stays: frozenset[tuple[str, str, int]] = frozenset()
    is_new: bool = False
    report: str = ""


class Removals(NamedTuple):
    """The chats that were removed, each with whether it stays on record, and those that stay: people were told."""

    removed: Mapping[str, bool]
    told: frozenset[str]


def basis(places: Mapping[str, Traits], rules: object) -> str:
    """The basis of plans besides the chats, as a short text: if it has changed, all plans are made again."""
    made_from = version(), dict(places), rules
    text = msgspec.json.encode(made_from, enc_hook=_name, order="deterministic")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _name(one: object) -> str:
    """A function as a text: a platform counts and finds links by its own."""
    return getattr(one, "__qualname__", type(one).__qualname__)


def write_changes(
    connection: Connection, changes: Sequence[PlanChange], places: Collection[str], files: Sequence[FileVersion] = ()
) -> dict[str, tuple[Upcoming, ...]]:
    """Save chats, their posts and the `files` that were read, all or nothing. Returns the times of posts to come."""
    chat_files.save_files(connection, files)
    if not changes:
        return {}
    chats.save_plans(connection, [(one.chat, one.ends, one.state, one.written) for one in changes])
    planned_posts.save_plan(connection, [post for one in changes for post in one.planned])
    for one in changes:
        name = one.chat.name
        if not one.is_new:
            keep = {(planned.post.key, planned.post.place, planned.post.part) for planned in one.planned}
            planned_posts.skip_unplanned(connection, name, keep | one.stays, only=one.only)
        if one.state.paused_at is not None:
            questions = {planned.post.key for planned in one.planned if planned.post.kind == "question"}
            planned_posts.pause_posts(connection, name, questions)
    return outbox_queries.planned_times(connection, places, [one.chat.name for one in changes])


def write_removals(
    connection: Connection, gone: Sequence[tuple[Chat, dict[str, Traits]]], files: Sequence[str], now: datetime
) -> Removals:
    """Remove chats, each with the places that it was on: their posts, and what entered them in a calendar.

    `files` are theirs, in the same order. One that has begun, or that a command has moved meanwhile, is not removed:
    somebody wants it. Nor is one of which people were told: they come, unless it is called off.
    """
    names = [chat.name for chat, _ in gone]
    stored, rows = chats.find_all(connection, names), outbox_queries.rows_by_chat(connection, names, lock=True)
    removed, told = dict[str, bool](), set[str]()
    for chat, traits in gone:
        there = stored.get(chat.name)
        if there and (there.chat.starts != chat.starts or outbox_queries.has_begun(connection, chat.name)):
            continue
        if told_places(rows.get(chat.name, [])):
            told.add(chat.name)
            continue
        entered = outbox_queries.calendar_places(connection, chat.name)
        places = {place: one for place, one in traits.items() if place in entered}
        planned_posts.skip_unplanned(connection, chat.name, (), reason=planned_posts.FILE_DELETED)
        planned_posts.save_plan(connection, planning.cancelled_calendar_posts(chat, places, now))
        removed[chat.name] = chats.remove_chat(connection, chat.name)
    of_chat = dict(zip((chat.name for chat, _ in gone), files, strict=True))
    chat_files.forget_files(connection, [of_chat[name] for name in removed])
    return Removals(removed, frozenset(told))
