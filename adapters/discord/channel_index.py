"""The channel or thread of each message: of the newest ones, while the program runs."""

from __future__ import annotations

from adapters.kit.bounded import RecentMap

_MOST_IDS = 20_000
"""The most ids; about two megabytes."""


class ChannelIndex:
    """Message ids to channel ids. `threads` are the known threads of the channel."""

    def __init__(self, channel: int) -> None:
        self.channel = channel
        self.threads: set[int] = set()
        self._by_id: RecentMap[int, int] = RecentMap(_MOST_IDS)

    def note(self, id: int, where: int) -> None:
        """Remember where a message is."""
        self._by_id[id] = where
        if where != self.channel:
            self.threads.add(where)

    def of(self, id: int) -> int | None:
        """The channel or thread of a message, if it is known."""
        return self._by_id.get(id)
