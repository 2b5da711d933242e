"""What we read out of Discord's JSON, and where we are. Fields that are not named here are not looked at."""

from __future__ import annotations

import msgspec

from bot.messages import Name, Role, Time, Value

_ORDER: tuple[Role, ...] = ("participant", "moderator", "host", "admin")


class Home(Value, frozen=True, kw_only=True):
    """Where an adapter stands: its place, the server, the channel, who the bot is, and what the server's roles mean."""

    place: str
    guild: int
    channel: int
    me: int
    ranks: dict[str, Role] = msgspec.field(default_factory=dict)

    def role(self, member: Member | None) -> Role:
        """The highest that somebody's roles in the server give them; whoever is not known there has none."""
        held = [self.ranks[id] for id in (member.roles if member else ()) if id in self.ranks]
        return max(held, key=_ORDER.index, default="participant")

    def url(self, id: str, where: int | str) -> str:
        """The address of a message in a channel or thread."""
        return f"https://discord.com/channels/{self.guild}/{where}/{id}"


class User(Value, frozen=True, kw_only=True):
    """An account."""

    id: Name
    username: str = ""
    global_name: str | None = None
    bot: bool = False


class Member(Value, frozen=True, kw_only=True):
    """An account in the server."""

    nick: str | None = None
    user: User | None = None
    roles: tuple[str, ...] = ()


class Reference(Value, frozen=True, kw_only=True):
    """What a message answers (type 0) or passes on (type 1)."""

    message_id: Name | None = None
    type: int = 0


class Said(Value, frozen=True, kw_only=True):
    """A message."""

    id: Name
    channel_id: Name
    author: User
    timestamp: Time
    content: str = ""
    edited_timestamp: Time | None = None
    type: int = 0
    webhook_id: str | None = None
    message_reference: Reference | None = None
    member: Member | None = None
    mentions: tuple[User, ...] = ()


class Changed(Value, frozen=True, kw_only=True):
    """A message that changed; it may be in part."""

    id: Name
    content: str | None = None
    edited_timestamp: Time | None = None
    type: int = 0
    author: User | None = None


class Gone(Value, frozen=True, kw_only=True):
    """One message that was deleted, or many."""

    id: Name | None = None
    ids: tuple[Name, ...] = ()


class Emoji(Value, frozen=True, kw_only=True):
    """One that everybody has, or with an id one of the server's own."""

    id: str | None = None
    name: str | None = None


class Reacted(Value, frozen=True, kw_only=True):
    """Somebody's reaction to a message."""

    user_id: Name
    message_id: Name
    emoji: Emoji
    member: Member | None = None


class Option(Value, frozen=True, kw_only=True):
    """What was filled in, or a subcommand with what was filled in below it. `focused`: it is being typed."""

    name: str
    type: int = 0
    value: str | int | float | bool | None = None
    focused: bool = False
    options: tuple[Option, ...] = ()


class Pointed(Value, frozen=True, kw_only=True):
    """A message that an interaction is about."""

    id: Name
    author: User | None = None


class Resolved(Value, frozen=True, kw_only=True):
    """What the ids in an interaction stand for."""

    messages: dict[str, Pointed] = msgspec.field(default_factory=dict)


class Given(Value, frozen=True, kw_only=True):
    """What an interaction says: a command of a `type` with its options, a message's menu entry, or a button."""

    name: str = ""
    type: int = 1
    options: tuple[Option, ...] = ()
    target_id: str | None = None
    resolved: Resolved = Resolved()
    custom_id: str = ""


class Called(Value, frozen=True, kw_only=True):
    """An interaction in a server: somebody gives a command (2), presses a button (3) or is typing (4)."""

    id: Name
    type: int
    token: Name
    member: Member
    guild_id: str | None = None
    data: Given = Given()
    message: Pointed | None = None
