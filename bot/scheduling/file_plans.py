"""Plans new and changed chat files in one transaction: what each changes is decided on what the database has then.

Which chat a file is, if it was renamed or copied, is decided before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from sqlalchemy import Connection

from bot.chat import Chat, FileVersion
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.scheduling.file_edits import FileEdit, edit_before_start, edit_under_way
from bot.scheduling.moves import posts_that_stay
from bot.scheduling.plan_changes import PlanChange, write_changes
from bot.scheduling.question_merge import as_in_file
from bot.store import chats, commands, outbox_queries
from bot.store.chats import StoredChat
from bot.store.outbox_queries import OutboxRow, Upcoming
from bot.translation import _, pending, speaking, translated

FILE_EDITED = pending("the chat file was edited")
"""How an edit is called in the log of a chat."""

_log = structlog.get_logger()


def plan_files(
    connection: Connection,
    chats_read: Mapping[str, Chat],
    files: Sequence[FileVersion],
    now: datetime,
    *,
    places: Mapping[str, Traits],
    slack: timedelta,
    on: Collection[str],
) -> tuple[list[PlanChange], dict[str, tuple[Upcoming, ...]]]:
    """Plan chats, by name, as read from their files, and save the files, all or none.

    Returns what changed, and the times of the posts to come. A file that is as it was changes nothing that a command
    changed. `on` are the chats that are planned now: not those whose
    file was deleted. The posts of a chat are locked, so that no process claims one meanwhile.
    """
    stored = chats.find_all(connection, list(chats_read))
    rows = outbox_queries.rows_by_chat(connection, list(stored), lock=True)
    changes = []
    for name, read in chats_read.items():
        before, file = stored.get(name), msgspec.structs.replace(read, name=name)
        if before and name in on and _is_changed_by_commands_only(before, read):
            continue
        edit = _edit(file, before, rows.get(name, []), now, on=name in on)
        if edit is not None:
            written = msgspec.structs.replace(edit.written, name=read.name)
            changes.append(_change(edit, written, before, rows.get(name, []), places, slack))
    coming = write_changes(connection, changes, list(places), files)
    for one in changes:
        if one.report:
            with speaking(one.chat.language):
                commands.log_own(connection, one.chat.name, now, _(FILE_EDITED), translated(one.report))
    return changes, coming


def places_of(chat: Chat, places: Mapping[str, Traits]) -> dict[str, Traits]:
    """The places of a chat: those that it names, or all."""
    return {place: traits for place, traits in places.items() if not chat.places or place in chat.places}


def _is_changed_by_commands_only(stored: StoredChat, read: Chat) -> bool:
    """Whether a chat's file is as it was, and commands have changed the plan, maybe since somebody chose to plan it."""
    written = stored.written
    return stored.state.plan_changed and written is not None and as_in_file(written) == read


def _edit(
    file: Chat, stored: StoredChat | None, rows: Sequence[OutboxRow], now: datetime, *, on: bool
) -> FileEdit | None:
    """The change that a file makes: all before its chat starts, unasked questions during it, nothing after it."""
    if stored and stored.state.cancelled:
        _log.info("plan_sync.called_off", chat=file.name, remedy="hold it from a file with an id of its own")
        return None
    asked = any(row.post.kind == "question" and row.attempts for row in rows)
    if stored and on and now < stored.ends and (asked or stored.chat.starts <= now):
        return edit_under_way(stored, rows, file, now)
    if timeline.is_over(file, now):
        _log.info("plan_sync.not_planned", chat=file.name, remedy="give it a later start")
        return None
    if stored and now >= stored.ends and any(row.attempts for row in rows):
        _log.warning("plan_sync.chat_was_held", chat=file.name, remedy="give the new chat a file of its own")
        return None
    return edit_before_start(stored, rows, file, now)


def _change(
    edit: FileEdit,
    written: Chat,
    stored: StoredChat | None,
    rows: Sequence[OutboxRow],
    places: Mapping[str, Traits],
    slack: timedelta,
) -> PlanChange:
    ends, own = stored.ends if stored and edit.keys is not None else edit.chat.ends, places_of(edit.chat, places)
    told = [] if edit.move is None else planning.move_posts(edit.move, own)
    return PlanChange(
        chat=edit.chat,
        ends=ends,
        state=edit.state,
        planned=planning.plan_posts(edit.chat, edit.slots, own, ends=ends, slack=slack) + told,
        written=written,
        only=edit.keys,
        stays=posts_that_stay(rows) if edit.move is None else frozenset(),
        is_new=stored is None,
        report=edit.report,
    )
