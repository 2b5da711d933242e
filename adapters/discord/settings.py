"""The settings of one Discord channel, and what Discord can do. Nothing is connected here."""

from __future__ import annotations

from typing import Literal

from bot.messages import ActionKind, Role, Value
from bot.ports.platform import Delivery, Features, Source, TextRules, Traits

OURS = "https://discord.com/api/v10"
"""Discord's own address."""

LIMIT = 2000
"""Characters of a message."""

_YEARS = 10 * 365 * 86400.0


class DiscordSettings(Value, frozen=True, kw_only=True):
    """One channel of one server. `guild` and `channel` are ids; `timeout` and `visible_after` are wall seconds.

    `threads`: whether each question, or the whole chat, gets a thread. `pin`: the question on the floor is pinned, and
    the one before is not any more. `calendar`: chats become events of the server. `message_content`: ask for the text
    of every message in the channel; it has to be switched on at Discord as well. `admins`, `hosts` and `moderators` are
    ids of the server's roles. `delete` and `timeouts`: whether messages may be deleted, and people silenced.
    """

    token: str
    guild: int
    channel: int
    api_url: str = OURS
    gateway_url: str = ""
    proxy: str = ""
    timeout: float = 10.0
    visible_after: float = 2.0
    threads: Literal["none", "question", "chat"] = "none"
    pin: bool = True
    calendar: bool = True
    message_content: bool = False
    admins: tuple[int, ...] = ()
    hosts: tuple[int, ...] = ()
    moderators: tuple[int, ...] = ()
    delete: bool = False
    timeouts: bool = False

    @property
    def ranks(self) -> dict[str, Role]:
        """What each of the server's roles means here; the highest, for one that is named twice."""
        rows: tuple[tuple[Role, tuple[int, ...]], ...] = (
            ("moderator", self.moderators),
            ("host", self.hosts),
            ("admin", self.admins),
        )
        return {str(id): role for role, ids in rows for id in ids}

    @property
    def action_kinds(self) -> frozenset[ActionKind]:
        """The measures that the settings allow. Whether the bot's role allows them, Discord knows."""
        deleting: frozenset[ActionKind] = frozenset({"delete"} if self.delete else ())
        silencing: frozenset[ActionKind] = frozenset({"timeout", "release"} if self.timeouts else ())
        return deleting | silencing

    def __repr__(self) -> str:
        """Neither the token nor the proxy's password."""
        return f"Server(guild={self.guild}, channel={self.channel})"

    def __rich_repr__(self) -> list[tuple[str, int]]:
        """The same for rich."""
        return [("guild", self.guild), ("channel", self.channel)]


def traits_of(server: DiscordSettings) -> Traits:
    """What this channel can and cannot do."""
    return Traits(
        platform="discord",
        called="Discord",
        text=TextRules(limit=LIMIT),
        delivery=Delivery(timeout=server.timeout, visible_after=server.visible_after),
        features=Features(
            actions=server.action_kinds, edits=True, private=True, calendar=server.calendar, receipts=True
        ),
        sources=(Source(name="history", every=None, overlap=10.0, reach=_YEARS, micros=0, page=(1, 100)),),
    )
