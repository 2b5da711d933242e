"""The chats of two programmes as one: those of the folders, and those that are written in the store."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.chat import Programme

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
