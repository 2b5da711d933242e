"""What is true on the pretend Discord: people, roles, channels, messages, and who may do what.

It tells nobody (`discord_changes.py` does) and has no JSON (`discord_payloads.py` has).
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EPOCH = 1420070400000
"""Snowflakes count milliseconds from here, the first of 2015."""

GUILD, TALK, OTHER, BOT, BOT_ROLE, OWNER = 500, 600, 601, 1000, 1001, 1002

TEXT, DM, THREAD, FORUM = 0, 1, 11, 15
"""Kinds of channel."""

DEFAULT, PINNED, THREAD_CREATED, REPLY, COMMAND, THREAD_STARTER = 0, 6, 18, 19, 20, 21
"""Kinds of message."""

SYSTEM = frozenset({PINNED, THREAD_CREATED, THREAD_STARTER})

REQUIRE_TAG = 1 << 4
"""A flag of a forum: each post needs a tag."""

EPHEMERAL, HAS_THREAD, LOADING = 1 << 6, 1 << 5, 1 << 7
"""Flags of a message."""

PERMISSIONS = {
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "MANAGE_GUILD": 1 << 5,
    "ADD_REACTIONS": 1 << 6,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "MODERATE_MEMBERS": 1 << 40,
    "USE_APPLICATION_COMMANDS": 1 << 31,
    "MANAGE_EVENTS": 1 << 33,
    "MANAGE_THREADS": 1 << 34,
    "CREATE_PUBLIC_THREADS": 1 << 35,
    "SEND_MESSAGES_IN_THREADS": 1 << 38,
    "CREATE_EVENTS": 1 << 44,
    "PIN_MESSAGES": 1 << 51,
}

_OF_THE_GUILD = {"CREATE_EVENTS", "MANAGE_EVENTS", "MANAGE_GUILD", "MODERATE_MEMBERS", "ADMINISTRATOR"}
"""Those no channel can deny; the bot's role goes without them."""

_EVERYBODY = (
    "VIEW_CHANNEL SEND_MESSAGES SEND_MESSAGES_IN_THREADS READ_MESSAGE_HISTORY ADD_REACTIONS ATTACH_FILES EMBED_LINKS "
    "CREATE_PUBLIC_THREADS USE_APPLICATION_COMMANDS"
)
_BOT = f"{_EVERYBODY} CREATE_EVENTS PIN_MESSAGES MANAGE_MESSAGES MANAGE_THREADS MODERATE_MEMBERS"


def bits(names: str | list[str]) -> int:
    """The permissions of these names, as one number; an unknown name is a mistake of the test."""
    return sum(PERMISSIONS[name] for name in (names.split() if isinstance(names, str) else set(names)))


def moment(id: int) -> str:
    """When a snowflake was made, as Discord writes it."""
    return written(datetime.fromtimestamp(((id >> 22) + EPOCH) / 1000, UTC))


def now() -> str:
    return written(datetime.now(UTC))


def written(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(kw_only=True)
class Person:
    """Silenced `until` then; `shut` to private messages."""

    id: int
    name: str
    bot: bool = False
    roles: list[int] = field(default_factory=list)
    until: str | None = None
    shut: bool = False


@dataclass(kw_only=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int = 1
    mentionable: bool = False


@dataclass(kw_only=True)
class Channel:
    """A text channel, a forum (`available_tags` by id), a thread (`parent`, `owner`) or a private one (`recipient`)."""

    id: int
    name: str
    type: int = TEXT
    guild: int = GUILD
    parent: int | None = None
    owner: int = OWNER
    recipient: int | None = None
    denied: int = 0
    archived: bool = False
    locked: bool = False
    archive_minutes: int = 1440
    flags: int = 0
    available_tags: dict[int, str] = field(default_factory=dict)
    tags: list[int] = field(default_factory=list)
    last_message: int | None = None
    last_pin: str | None = None


@dataclass(kw_only=True)
class Message:
    """`seen` is when history first shows it, on the monotonic clock."""

    id: int
    channel: int
    author: int
    content: str = ""
    type: int = DEFAULT
    flags: int = 0
    nonce: str | int | None = None
    reply_to: int | None = None
    reply_channel: int | None = None
    forwards: int | None = None
    webhook: int | None = None
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    allowed_mentions: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    stickers: list[Json] = field(default_factory=list)
    poll: Json | None = None
    components: list[Json] = field(default_factory=list)
    interaction: Json | None = None
    edited: str | None = None
    pinned: str | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    seen: float = 0.0
    made: float = 0.0


class World:
    """The ground truth. Identifiers are whole numbers here, and text on the wire."""

    def __init__(self, setup: Json) -> None:
        self.token: str = setup.get("token", "bot-token")
        self.visible_after: float = setup.get("visible_after", 0)
        self.nonce_seconds: float = setup.get("nonce_seconds", 300)
        self.answer_seconds: float = setup.get("answer_seconds", 3)
        self.intents_allowed = {name.lower() for name in setup.get("intents_allowed", [])}
        self.people = {
            BOT: Person(id=BOT, name="Convenor", bot=True, roles=[BOT_ROLE]),
            OWNER: Person(id=OWNER, name="Pretend owner"),
        }
        self.roles = {
            GUILD: Role(id=GUILD, name="@everyone", permissions=bits(_EVERYBODY), position=0),
            BOT_ROLE: Role(id=BOT_ROLE, name="Convenor", permissions=bits(_BOT), position=2),
        }
        self.channels = {TALK: Channel(id=TALK, name="talk"), OTHER: Channel(id=OTHER, name="other")}
        self.guilds = {GUILD: "Pretend guild"}
        for guild, channel in setup.get("more_guilds", {}).items():  # with one channel each
            self.guilds[int(guild)] = f"Pretend guild {guild}"
            self.channels[channel] = Channel(id=channel, name="talk", guild=int(guild))
        self.messages: dict[int, Message] = {}
        self.hidden: dict[int, Message] = {}
        self.deleted: list[Message] = []
        self.events: dict[int, Json] = {}
        self.commands: dict[int, Json] = {}
        self.files: dict[int, bytes] = {}
        self.blocked: list[str] = []
        """The words that AutoMod lets nobody write."""
        self._last_id = 0
        self.deny(setup.get("denied", []), TALK)

    def id(self) -> int:
        """A new snowflake, greater than every one before."""
        self._last_id = max(self._last_id + 1, (int(time.time() * 1000) - EPOCH) << 22)
        return self._last_id

    # People -------------------------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """The one of that display name, who joins if unknown."""
        known = next((one for one in self.people.values() if one.name == name), None)
        if known is None:
            known = Person(id=self.id(), name=name)
            self.people[known.id] = known
        return known

    def role(self, name: str) -> tuple[Role, bool]:
        """The one of that name, and whether it is new."""
        known = next((one for one in self.roles.values() if one.name == name), None)
        if known:
            return known, False
        made = Role(id=self.id(), name=name, permissions=0)
        self.roles[made.id] = made
        return made, True

    def private(self, person: Person) -> Channel:
        """The channel between this person and the bot."""
        known = next((one for one in self.channels.values() if one.recipient == person.id), None)
        if known is None:
            known = Channel(id=self.id(), name="", type=DM, recipient=person.id)
            self.channels[known.id] = known
        return known

    # Permissions --------------------------------------------------------------------------------------------

    def deny(self, names: list[str], channel: int) -> None:
        """What the bot lacks from now on, instead of what it lacked before."""
        of_the_guild = bits([name for name in names if name in _OF_THE_GUILD])
        self.roles[BOT_ROLE].permissions = bits(_BOT) & ~of_the_guild
        self.channels[channel].denied = bits([name for name in names if name not in _OF_THE_GUILD])

    def permissions(self, person: Person, channel: Channel | None = None) -> int:
        """What someone may do in the guild, or in a channel, as Discord computes it."""
        may = 0
        for id in (GUILD, *person.roles):
            may |= self.roles[id].permissions
        if person.id == OWNER or may & PERMISSIONS["ADMINISTRATOR"]:
            return sum(PERMISSIONS.values())
        may &= bits("VIEW_CHANNEL READ_MESSAGE_HISTORY") if self.silenced(person) else may
        if channel is None or channel.type == DM:
            return may
        if channel.parent is not None:
            channel = self.channels.get(channel.parent, channel)
        if person.id == BOT:
            may &= ~channel.denied
        return may if may & PERMISSIONS["VIEW_CHANNEL"] else 0

    def silenced(self, person: Person) -> bool:
        """Whether somebody may not speak now."""
        return person.until is not None and datetime.fromisoformat(person.until) > datetime.now(UTC)

    def above(self, person: Person) -> bool:
        """Whether the bot stands above somebody, who may be no administrator."""
        if person.id == OWNER or self.permissions(person) & PERMISSIONS["ADMINISTRATOR"]:
            return False
        return max((self.roles[id].position for id in person.roles), default=0) < self.roles[BOT_ROLE].position

    def may(self, name: str, channel: Channel | None = None) -> bool:
        """Whether the bot may."""
        return bool(self.permissions(self.people[BOT], channel) & PERMISSIONS[name])

    # Messages -----------------------------------------------------------------------------------------------

    def post(self, message: Message, *, ping: bool = True) -> Message:
        """Keep a new message; whom it mentions follows from its text and from what may be mentioned."""
        self._mention(message, ping=ping)
        message.made = time.monotonic()
        message.seen = message.made + self.visible_after
        channel = self.channels[message.channel]
        if message.flags & EPHEMERAL:
            self.hidden[message.id] = message
        else:
            self.messages[message.id] = message
            channel.last_message = message.id
            channel.archived = False
        return message

    def reword(self, message: Message, text: str, *, ping: bool = True) -> None:
        """Give a message another text. Its mentions are made anew of it, as the documentation of an edit has it."""
        message.content, message.mentions, message.mention_roles = text, [], []
        self._mention(message, ping=ping)

    def _mention(self, message: Message, *, ping: bool) -> None:
        allowed = message.allowed_mentions
        parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
        users = {int(id) for id in (allowed or {}).get("users") or []}
        roles = {int(id) for id in (allowed or {}).get("roles") or []}
        for id in dict.fromkeys(int(one) for one in re.findall(r"<@!?(\d+)>", message.content)):
            if id in self.people and ("users" in parse or id in users):
                message.mentions.append(id)
        may = self.permissions(self.people[message.author], self.channels[message.channel])
        for id in dict.fromkeys(int(one) for one in re.findall(r"<@&(\d+)>", message.content)):
            pings = id in self.roles and (self.roles[id].mentionable or may & PERMISSIONS["MENTION_EVERYONE"])
            if pings and ("roles" in parse or id in roles):
                message.mention_roles.append(id)
        told = re.search(r"@(everyone|here)\b", message.content) is not None
        message.mention_everyone = told and "everyone" in parse and bool(may & PERMISSIONS["MENTION_EVERYONE"])
        replied = self.messages.get(message.reply_to or 0)
        if replied and message.type == REPLY and ping and replied.author not in message.mentions:
            message.mentions.append(replied.author)

    def same(self, author: int, nonce: str | int) -> Message | None:
        """The message this author sent under this nonce in the past few minutes, in any channel, if it still is."""
        since = time.monotonic() - self.nonce_seconds
        mine = (one for one in reversed(self.messages.values()) if one.author == author)
        return next((one for one in mine if str(one.nonce) == str(nonce) and one.made >= since), None)

    def in_channel(self, channel: int) -> list[Message]:
        """What history shows by now, oldest first."""
        at = time.monotonic()
        return [one for one in self.messages.values() if one.channel == channel and one.seen <= at]

    def readable(self, message: Message) -> bool:
        """Whether the application sees the content even without the message content intent."""
        private = self.channels[message.channel].type == DM
        return private or message.author == BOT or BOT in message.mentions

    def threads(self, parent: int | None = None) -> list[Channel]:
        found = [one for one in self.channels.values() if one.type == THREAD]
        return [one for one in found if parent is None or one.parent == parent]
