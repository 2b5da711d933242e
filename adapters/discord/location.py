"""Places on Discord: the adapter's own server and channel, and the channel or thread of each message."""

from __future__ import annotations

import msgspec

from adapters.discord.payloads import Member
from adapters.kit.bounded import RecentMap
from bot.messages import Role, Value

_ORDER: tuple[Role, ...] = ("participant", "moderator", "host", "admin")

_MOST_IDS = 20_000
"""The most ids; about two megabytes."""


_MOST_MOVED = 1000


class Location(Value, frozen=True, kw_only=True):
    """The adapter's place, server and channel, the bot's own id, and the chat's role for each of the server's roles.

    `hears_all`: the bot reads every message in the channel, not only those to itself.
    """

    place: str
    guild: int
    channel: int
    me: int
    ranks: dict[str, Role] = msgspec.field(default_factory=dict)
    hears_all: bool = True

    def role(self, member: Member | None) -> Role:
        """The highest role that a member has; people outside the server have none."""
        held = [self.ranks[id] for id in (member.roles if member else ()) if id in self.ranks]
        return max(held, key=_ORDER.index, default="participant")

    def url(self, id: str, where: int | str) -> str:
        """The address of a message in a channel or thread."""
        return f"https://discord.com/channels/{self.guild}/{where}/{id}"


class ChannelIndex:
    """Message ids to channel ids. `threads` are the known threads of the channel.

    `moved` has, for a post in a forum that takes no message any more, the one in which its chat goes on.
    """

    def __init__(self, channel: int) -> None:
        self.channel = channel
        self.threads: set[int] = set()
        self.moved: RecentMap[int, int] = RecentMap(_MOST_MOVED)
        self._by_id: RecentMap[int, int] = RecentMap(_MOST_IDS)

    def note(self, id: int, where: int) -> None:
        """Remember where a message is."""
        self._by_id[id] = where
        if where != self.channel:
            self.threads.add(where)

    def of(self, id: int) -> int | None:
        """The channel or thread of a message, if it is known."""
        return self._by_id.get(id)
