"""Discord's JSON as values, with the fields that we read."""

from __future__ import annotations

import msgspec

from bot.messages import Name, Time, Value

FORWARD = 1
"""The type of a reference to a message that is passed on."""


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
    """The message that a message answers (type 0) or forwards (type 1)."""

    message_id: Name | None = None
    type: int = 0


class Attachment(Value, frozen=True, kw_only=True):
    """An attached file. People write the `description`; `width` is there for pictures and videos."""

    filename: str = ""
    description: str | None = None
    content_type: str | None = None
    width: int | None = None


class Sticker(Value, frozen=True, kw_only=True):
    """A sticker."""

    name: str = ""


class PollText(Value, frozen=True, kw_only=True):
    """A question of a poll."""

    text: str | None = None


class Poll(Value, frozen=True, kw_only=True):
    """A poll."""

    question: PollText = PollText()


class MessageContent(Value, frozen=True, kw_only=True):
    """The content of a message in new messages and updates. None: not given.

    Without the Message Content intent Discord sends `content` and `attachments` of messages to others empty, and leaves
    `poll` out.
    """

    id: Name
    content: str | None = None
    edited_timestamp: Time | None = None
    type: int = 0
    flags: int = 0
    webhook_id: str | None = None
    message_reference: Reference | None = None
    mentions: tuple[User, ...] = ()
    attachments: tuple[Attachment, ...] | None = None
    sticker_items: tuple[Sticker, ...] = ()
    poll: Poll | None = None

    @property
    def is_forward(self) -> bool:
        """Whether it passes on another message, whose words are somebody else's."""
        return self.message_reference is not None and self.message_reference.type == FORWARD


class MessagePayload(MessageContent, frozen=True, kw_only=True):
    """A message."""

    channel_id: Name
    author: User
    timestamp: Time | None = None
    member: Member | None = None


class MessageUpdate(MessageContent, frozen=True, kw_only=True):
    """A changed message, perhaps only in part."""

    author: User | None = None


class MessageDelete(Value, frozen=True, kw_only=True):
    """One deleted message, or many."""

    id: Name | None = None
    ids: tuple[Name, ...] = ()


class Emoji(Value, frozen=True, kw_only=True):
    """An emoji of Unicode, or with an id one of the server's own."""

    id: str | None = None
    name: str | None = None


class ReactionAdd(Value, frozen=True, kw_only=True):
    """A reaction to a message."""

    user_id: Name
    message_id: Name
    emoji: Emoji = Emoji()
    member: Member | None = None


class Option(Value, frozen=True, kw_only=True):
    """A field of a command, or a subcommand with its fields. `focused`: it is being typed."""

    name: str
    type: int = 0
    value: str | int | float | bool | None = None
    focused: bool = False
    options: tuple[Option, ...] = ()


class TargetMessage(Value, frozen=True, kw_only=True):
    """The message that an interaction is about."""

    id: Name
    author: User | None = None


class Resolved(Value, frozen=True, kw_only=True):
    """The objects behind the ids in an interaction."""

    messages: dict[str, TargetMessage] = msgspec.field(default_factory=dict)


class InteractionData(Value, frozen=True, kw_only=True):
    """The content of an interaction: a command of a `type` with its options, a menu entry, or a button."""

    name: str = ""
    type: int = 1
    options: tuple[Option, ...] = ()
    target_id: str | None = None
    resolved: Resolved = Resolved()
    custom_id: str = ""


class InteractionChannel(Value, frozen=True, kw_only=True):
    """The channel or thread of an interaction; a thread has the channel above it for its parent."""

    id: str | None = None
    parent_id: str | None = None


class Interaction(Value, frozen=True, kw_only=True):
    """An interaction: a command (2), a pressed button (3), or typing in a field (4).

    In a server it has the `member`, in private the `user`.
    """

    id: Name
    type: int
    token: Name
    member: Member | None = None
    user: User | None = None
    guild_id: str | None = None
    channel_id: str | None = None
    channel: InteractionChannel | None = None
    data: InteractionData = InteractionData()
    message: TargetMessage | None = None

    @property
    def author(self) -> User | None:
        """The account that gave it."""
        return self.member.user if self.member else self.user
