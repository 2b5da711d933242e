"""Which channel or thread a message is in: remembered for the newest, and only as long as the program runs."""

from __future__ import annotations

from adapters.kit.bounded import RecentMap

_MOST = 20_000
"""Ids; about two megabytes."""


class ChannelIndex:
    """Message ids to channel ids. `threads` are those below the channel that we know of."""

    def __init__(self, channel: int) -> None:
        self.channel = channel
        self.threads: set[int] = set()
        self._by_id: RecentMap[int, int] = RecentMap(_MOST)

    def note(self, id: int, where: int) -> None:
        """A message is there."""
        self._by_id[id] = where
        if where != self.channel:
            self.threads.add(where)

    def of(self, id: int) -> int | None:
        """Where that message is, if we know."""
        return self._by_id.get(id)
