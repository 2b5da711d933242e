"""Programmes of several sources as one: folder and store, and the folders of several machines.

Each machine publishes the chats of its own folder, and the one on duty plans all of them. So machines may have
different folders, or the same one. A chat is gone when no machine has its file any more. A machine that is down keeps
its chats: they are hosted by the others.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.chat import Chat, Programme
from bot.store import shared_files
from bot.store.database import Database
from bot.store.shared_files import Stamp


class SharedProgramme:
    """Call it for the chats of all machines; `own` reads those of this one, whose files are published. It reads files.

    `origin` is the name of this machine and its folder.
    """

    def __init__(self, database: Database, own: Callable[[], Programme], origin: str) -> None:
        self._database, self._own, self._origin = database, own, origin
        self._published: dict[str, Chat] | None = None
        self._others: dict[Stamp, Chat] = {}

    def __call__(self) -> Programme:
        """Read and publish our files, and add those of other machines. Raises StoreError."""
        own = self._own()
        self._publish(own)
        files = self._database.read_sync(shared_files.stamps)
        latest = {name: (origin, name, changed) for origin, name, changed in files}
        here = {one.name for one in own.chats} | own.invalid | own.unread
        # Where ours is invalid or not read yet, it still is the one that was written last: it stays as it was planned.
        wanted = {
            stamp for name, stamp in latest.items() if stamp[0] != self._origin and name not in own.invalid | own.unread
        }
        self._others = {stamp: chat for stamp, chat in self._others.items() if stamp in wanted}
        self._others |= self._database.read_sync(shared_files.find, wanted - self._others.keys())
        theirs = {chat.name: chat for chat in self._others.values()}
        unreadable = {stamp[1] for stamp in wanted} - theirs.keys() - here
        return Programme(
            chats=(*(one for one in own.chats if one.name not in theirs), *theirs.values()),
            invalid=own.invalid | unreadable,
            unread=own.unread,
            pressing=own.pressing,
            versions={name: version for name, version in own.versions.items() if name not in theirs},
        )

    def _publish(self, own: Programme) -> None:
        chats = {one.name: one for one in own.chats}
        known = self._published
        if known is None:
            before, changed = self._database.read_sync(shared_files.names_of, self._origin), list(own.chats)
        else:
            before = set(known)
            changed = [one for one in own.chats if known.get(one.name) != one]
        gone = before - chats.keys() - own.invalid - own.unread
        if changed or gone:
            self._database.write_sync(shared_files.publish, self._origin, changed, gone)
        kept = {name: one for name, one in (known or {}).items() if name not in gone}
        self._published = kept | chats


_log = structlog.get_logger()


class BothProgrammes:
    """Call it for the chats of both. Where both have a file of one name, the `first` one's counts, and this is told."""

    def __init__(self, first: Callable[[], Programme], second: Callable[[], Programme]) -> None:
        self._first, self._second = first, second
        self._told: frozenset[str] = frozenset()

    def __call__(self) -> Programme:
        """Read both. Raises what they raise."""
        first, second = self._first(), self._second()
        taken = _names(first) & _names(second)
        for name in sorted(taken - self._told):
            _log.warning("schedules.name_taken", chat=name, remedy="the file in the folder counts; remove one of them")
        self._told = frozenset(taken)
        return Programme(
            chats=(*first.chats, *(one for one in second.chats if one.name not in taken)),
            invalid=first.invalid | (second.invalid - taken),
            unread=first.unread | (second.unread - taken),
            pressing=first.pressing or second.pressing,
            versions={**{name: one for name, one in second.versions.items() if name not in taken}, **first.versions},
        )


def _names(programme: Programme) -> set[str]:
    return {one.name for one in programme.chats} | programme.invalid | programme.unread
