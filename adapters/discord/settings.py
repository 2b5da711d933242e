"""The settings of one Discord channel, and its traits. Nothing is connected here."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from adapters.kit.connection import Network
from bot.errors import PlatformError
from bot.messages import ActionKind, Role, Value
from bot.ports.platform import Delivery, Features, Source, TextRules, Traits

DISCORD_API = "https://discord.com/api/v10"
"""Discord's own address."""

LIMIT = 2000
"""Characters of a message."""

_WITHOUT_ONE = "There is no Discord token. Make one in Discord's developer portal (Bot, Reset Token), and set `token`."
_WITHOUT_IDS = "Switch Developer Mode on in Discord, right-click the server or the channel, and choose Copy ID."

_LONGEST_PING = len("\n<@&18446744073709551615>")
"""Characters that a ping of a role takes."""

_TEN_YEARS = 10 * 365 * 86400.0

_EDITS = 3600.0
"""Seconds that are read again after a gap: what was edited or emptied meanwhile may be older than the gap."""


class DiscordNetwork(Network, frozen=True, kw_only=True):
    """How Discord is reached: `gateway_url` is the gateway's address; empty: ask Discord."""

    api_url: str = DISCORD_API
    visible_after: float = 2.0
    gateway_url: str = ""


class ServerRoles(Value, frozen=True, kw_only=True):
    """The ids of the server's roles whose members have a role in the chat."""

    admins: tuple[int, ...] = ()
    hosts: tuple[int, ...] = ()
    moderators: tuple[int, ...] = ()

    @property
    def ranks(self) -> dict[str, Role]:
        """The chat's role for each of the server's; the highest, for one that is named twice."""
        rows: tuple[tuple[Role, tuple[int, ...]], ...] = (
            ("moderator", self.moderators),
            ("host", self.hosts),
            ("admin", self.admins),
        )
        return {str(id): role for role, ids in rows for id in ids}


class ChannelFeatures(Value, frozen=True, kw_only=True):
    """Optional parts of a chat on Discord.

    `threads`: whether each question, or the whole chat, gets a thread. `pin`: the current question is pinned, and the
    one before it unpinned. `calendar`: chats become events of the server. `message_content`: ask for the text of every
    message in the channel; it has to be switched on at Discord as well. `announce_role` is the id of the role that is
    pinged with the first question; 0: nobody is. `forum`: in a forum, whether the whole chat is one post, or each
    question is one of its own.
    """

    threads: Literal["none", "question", "chat"] = "none"
    pin: bool = True
    calendar: bool = True
    message_content: bool = False
    announce_role: int = 0
    forum: Literal["chat", "question"] = "chat"


class ModerationRights(Value, frozen=True, kw_only=True):
    """Whether the bot may `delete` messages, and silence people by `timeouts`."""

    delete: bool = False
    timeouts: bool = False

    @property
    def actions(self) -> frozenset[ActionKind]:
        """The actions that the settings allow. Discord knows whether the bot's role allows them."""
        deleting: frozenset[ActionKind] = frozenset({"delete"} if self.delete else ())
        silencing: frozenset[ActionKind] = frozenset({"timeout", "release"} if self.timeouts else ())
        return deleting | silencing


class DiscordSettings(Value, frozen=True, kw_only=True):
    """One channel of one server; `guild` and `channel` are ids."""

    token: str
    guild: int
    channel: int
    network: DiscordNetwork = DiscordNetwork()
    roles: ServerRoles = ServerRoles()
    features: ChannelFeatures = ChannelFeatures()
    rights: ModerationRights = ModerationRights()

    def check(self) -> None:
        """Raises PlatformError, `lost`, if a setting without which nothing works is not there."""
        if not self.token:
            raise PlatformError(_WITHOUT_ONE, lost=True)
        unset = [f"`{name}`" for name, id in (("guild", self.guild), ("channel", self.channel)) if not id]
        if unset:
            raise PlatformError(f"{' and '.join(unset)}: not set. {_WITHOUT_IDS}", lost=True)

    @property
    def connection(self) -> str:
        """The name of the one connection to the gateway that all places with this bot share; without the token."""
        bot = f"{self.token} {self.network.api_url} {self.network.gateway_url}"
        return f"discord {sha256(bot.encode()).hexdigest()[:12]}"

    def __repr__(self) -> str:
        """Without the token."""
        return f"DiscordSettings(guild={self.guild}, channel={self.channel})"

    def __rich_repr__(self) -> list[tuple[str, int]]:
        """The same for rich."""
        return [("guild", self.guild), ("channel", self.channel)]


def traits_of(settings: DiscordSettings) -> Traits:
    """The traits of this channel."""
    return Traits(
        platform="discord",
        called="Discord",
        connection=settings.connection,
        text=TextRules(limit=LIMIT - (_LONGEST_PING if settings.features.announce_role else 0)),
        delivery=Delivery(timeout=settings.network.timeout, visible_after=settings.network.visible_after),
        features=Features(
            actions=settings.rights.actions,
            edits=True,
            private=True,
            calendar=settings.features.calendar,
            receipts=True,
        ),
        sources=(Source(name="history", every=None, overlap=_EDITS, reach=_TEN_YEARS, micros=0, page=(1, 100)),),
    )
