"""What we read out of Discord's JSON, and where we are. Fields that are not named here are not looked at."""

from __future__ import annotations

from bot.messages import Name, Time, Value


class Home(Value, frozen=True, kw_only=True):
    """Where an adapter stands: its place, the server, the channel, and who the bot is."""

    place: str
    guild: int
    channel: int
    me: int

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
