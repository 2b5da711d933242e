"""What happens on the pretend Discord, by whomever: the truth changes, and the gateway tells of it."""

from __future__ import annotations

from tests.sims import discord_payloads as shapes
from tests.sims.discord_gateway import (
    DIRECT_MESSAGES,
    DIRECT_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    GUILDS,
    MEMBERS,
    SCHEDULED_EVENTS,
    Gateway,
)
from tests.sims.discord_world import (
    BOT,
    BOT_ROLE,
    DM,
    EPHEMERAL,
    GUILD,
    HAS_THREAD,
    PINNED,
    THREAD,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    Json,
    Message,
    Person,
    World,
    now,
)


class Changes:
    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    # Messages -----------------------------------------------------------------------------------------------

    def post(self, message: Message, *, ping: bool = True) -> Message:
        self._world.post(message, ping=ping)
        if not message.flags & EPHEMERAL:
            self._tell_of("MESSAGE_CREATE", message, nonce=True)
        return message

    def edit(self, message: Message) -> None:
        """It has changed in content: marked as edited, and told."""
        message.edited = now()
        self.updated(message)

    def updated(self, message: Message) -> None:
        if not message.flags & EPHEMERAL:
            self._tell_of("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        if self._world.hidden.pop(message.id, None):
            return
        self._gone(message)
        told = {"id": str(message.id)} | self._where(message.channel)
        self._tell("MESSAGE_DELETE", message.channel, told)

    def bulk_delete(self, messages: list[Message]) -> None:
        for message in messages:
            self._gone(message)
        told = {"ids": [str(message.id) for message in messages]} | self._where(messages[0].channel)
        self._tell("MESSAGE_DELETE_BULK", messages[0].channel, told)

    def _gone(self, message: Message) -> None:
        self._world.deleted.append(self._world.messages.pop(message.id))

    # On a message -------------------------------------------------------------------------------------------

    def react(self, message: Message, person: Person, emoji: str) -> None:
        by = message.reactions.setdefault(emoji, [])
        if person.id not in by:
            by.append(person.id)
            self._tell_reaction("MESSAGE_REACTION_ADD", message, person, emoji)

    def unreact(self, message: Message, person: Person, emoji: str) -> None:
        by = message.reactions.get(emoji, [])
        if person.id in by:
            by.remove(person.id)
            if not by:
                del message.reactions[emoji]
            self._tell_reaction("MESSAGE_REACTION_REMOVE", message, person, emoji)

    def pin(self, message: Message) -> None:
        """Pin it, with the notice in the channel that Discord gives."""
        if message.pinned:
            return
        message.pinned = now()
        self._world.channels[message.channel].last_pin = message.pinned
        self._pins(message)
        notice = Message(id=self._world.id(), channel=message.channel, author=BOT, type=PINNED, reply_to=message.id)
        self.post(notice)

    def unpin(self, message: Message) -> None:
        message.pinned = None
        self._pins(message)

    def _pins(self, message: Message) -> None:
        self.updated(message)
        last = self._world.channels[message.channel].last_pin
        told = {"last_pin_timestamp": last} | self._where(message.channel)
        self._tell_guild("CHANNEL_PINS_UPDATE", told, message.channel)

    # Channels -----------------------------------------------------------------------------------------------

    def thread(self, parent: Channel, name: str, message: Message | None, minutes: int) -> Channel:
        """Start a thread, on a message (whose identifier it takes) or beside them."""
        id = message.id if message else self._world.id()
        room = Channel(
            id=id, name=name, type=THREAD, parent=parent.id, owner=BOT, archive_minutes=minutes, guild=parent.guild
        )
        self.open(room)
        notice = Message(id=self._world.id(), channel=parent.id, author=BOT, type=THREAD_CREATED, content=name)
        if message:
            message.flags |= HAS_THREAD
            self.updated(message)
            notice = Message(id=notice.id, channel=id, author=BOT, type=THREAD_STARTER, reply_to=id)
        notice.reply_channel = parent.id if message else id
        self.post(notice)
        return room

    def open(self, thread: Channel) -> None:
        """A thread is there, and told."""
        self._world.channels[thread.id] = thread
        self._tell_room("THREAD_CREATE", thread, newly_created=True)

    def changed(self, room: Channel) -> None:
        self._tell_room("THREAD_UPDATE" if room.type == THREAD else "CHANNEL_UPDATE", room)

    def make_channel(self, name: str, guild: int) -> Channel:
        room = Channel(id=self._world.id(), name=name, guild=guild)
        self._world.channels[room.id] = room
        self._tell_room("CHANNEL_CREATE", room)
        return room

    def remove_channel(self, room: Channel) -> None:
        """The channel is gone with its threads and all that was said there."""
        for thread in self._world.threads(room.id):
            self.remove_channel(thread)
        told = shapes.channel(self._world, room)
        event = "THREAD_DELETE" if room.type == THREAD else "CHANNEL_DELETE"
        self._tell_guild(event, told, room.id)
        for message in [one for one in self._world.messages.values() if one.channel == room.id]:
            self._gone(message)
        del self._world.channels[room.id]

    def deny(self, names: list[str], room: Channel) -> None:
        """Take permissions from the bot; both the role's and the channel's change are told."""
        self._world.deny(names, room.id)
        told = {"guild_id": str(GUILD), "role": shapes.role(self._world.roles[BOT_ROLE])}
        self._tell_guild("GUILD_ROLE_UPDATE", told)
        self._tell_guild("CHANNEL_UPDATE", shapes.channel(self._world, room))

    # The guild ----------------------------------------------------------------------------------------------

    def scheduled(self, verb: str, event: Json) -> None:
        self._gateway.tell(f"GUILD_SCHEDULED_EVENT_{verb}", lambda _: event, intent=SCHEDULED_EVENTS)

    def silence(self, person: Person, until: str | None) -> None:
        person.until = until
        self._member_changed(person)

    def _member_changed(self, person: Person) -> None:
        """Told to sessions with the members intent; of the bot itself to all, as the Gateway documentation says."""
        told = {"guild_id": str(GUILD)} | shapes.member(person)
        intent = GUILDS if person.id == BOT else MEMBERS
        self._gateway.tell("GUILD_MEMBER_UPDATE", lambda _: told, intent=intent)

    def give_roles(self, person: Person, names: list[str], permissions: int, position: int = 1) -> None:
        """Put someone in exactly these roles, which are made if need be, may do this and stand there."""
        person.roles = []
        for name in names:
            role, new = self._world.role(name)
            person.roles.append(role.id)
            role.permissions |= permissions
            role.position = position
            told = {"guild_id": str(GUILD), "role": shapes.role(role)}
            event = "GUILD_ROLE_CREATE" if new else "GUILD_ROLE_UPDATE"
            if new or permissions:
                self._tell_guild(event, told)
        self._member_changed(person)

    # How it is told -----------------------------------------------------------------------------------------

    def _where(self, channel: int) -> Json:
        room = self._world.channels[channel]
        guild = {} if room.type == DM else {"guild_id": str(room.guild)}
        return {"channel_id": str(channel)} | guild

    def _tell_guild(self, event: str, told: Json, channel: int | None = None) -> None:
        self._gateway.tell(event, lambda _: told, intent=GUILDS, channel=channel)

    def _tell(self, event: str, channel: int, told: Json) -> None:
        direct = self._world.channels[channel].type == DM
        intent = DIRECT_MESSAGES if direct else GUILD_MESSAGES
        self._gateway.tell(event, lambda _: told, intent=intent, channel=channel)

    def _tell_of(self, event: str, message: Message, *, nonce: bool = False) -> None:
        direct = self._world.channels[message.channel].type == DM
        more: Json = {}
        if not direct:
            person = self._world.people[message.author]
            guild = self._world.channels[message.channel].guild
            more = {"guild_id": str(guild)} | ({} if message.webhook else {"member": shapes.membership(person)})
        self._gateway.tell(
            event,
            lambda content: shapes.message(self._world, message, content=content, nonce=nonce) | more,
            intent=DIRECT_MESSAGES if direct else GUILD_MESSAGES,
            channel=message.channel,
        )

    def _tell_reaction(self, event: str, message: Message, person: Person, emoji: str) -> None:
        told: Json = {
            "user_id": str(person.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        } | self._where(message.channel)
        direct = self._world.channels[message.channel].type == DM
        if event.endswith("ADD"):
            told["message_author_id"] = str(message.author)
            if not direct:
                told["member"] = shapes.member(person)
        intent = DIRECT_REACTIONS if direct else GUILD_REACTIONS
        self._gateway.tell(event, lambda _: told, intent=intent, channel=message.channel)

    def _tell_room(self, event: str, room: Channel, **more: object) -> None:
        self._tell_guild(event, shapes.channel(self._world, room) | more, room.id)
