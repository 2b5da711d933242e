"""What a test does to the pretend Discord, over `/_sim/…`: people speak, things break, the truth is told."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims import discord_truth as truth
from tests.sims.discord_access import Access
from tests.sims.discord_forums import Forums
from tests.sims.discord_interactions import TYPING, Calls
from tests.sims.discord_requests import Limit, Requests, answer
from tests.sims.discord_world import (
    DEFAULT,
    FORUM,
    GUILD,
    PERMISSIONS,
    REPLY,
    REQUIRE_TAG,
    TALK,
    Channel,
    Json,
    Message,
    Person,
    bits,
)

_STRING, _INTEGER, _BOOLEAN, _NUMBER = 3, 4, 5, 10
_COMMAND, _BUTTON, _FORM = 2, 3, 5
_CHAT_INPUT, _MENU = 1, 3
_ALL = sum(PERMISSIONS.values())


class Control:
    """A mistake in what a test asks for is a 400 with the reason."""

    def __init__(self, access: Access, calls: Calls, requests: Requests) -> None:
        self._access = access
        self._world = access.world
        self._changes = access.changes
        self._calls = calls
        self._requests = requests

    def routes(self) -> Iterable[web.RouteDef]:
        verbs = [
            self.say,
            self.webhook,
            self.forum,
            self.forum_post,
            self.edit,
            self.preview,
            self.delete,
            self.bulk_delete,
            self.react,
            self.interact,
            self.person,
            self.sees,
            self.gateway,
            self.deny,
            self.automod,
            self.close_thread,
            self.make_channel,
            self.remove_channel,
            self.limit,
        ]
        for verb in verbs:
            yield web.post(f"/_sim/{verb.__name__}", verb)
        yield web.get("/_sim/answers", self.answers)
        yield web.get("/_sim/truth", self.truth)
        yield web.get("/_sim/sessions", self.sessions)

    def _room(self, told: Json, by: Person | None = None) -> Channel:
        """The channel told of; "dm" is the private one."""
        name = told.get("channel", TALK)
        if name == "dm" and by:
            return self._world.private(by)
        if int(name) not in self._world.channels:
            raise web.HTTPBadRequest(text=f"no channel {name}")
        return self._world.channels[int(name)]

    def _message(self, id: object) -> Message:
        if int(str(id)) not in self._world.messages:
            raise web.HTTPBadRequest(text=f"no message {id}")
        return self._world.messages[int(str(id))]

    # People -------------------------------------------------------------------------------------------------

    async def say(self, request: web.Request) -> web.Response:
        told = await request.json()
        by = self._world.person(told["by"])
        room = self._room(told, by)
        if self._world.silenced(by):
            raise web.HTTPBadRequest(text=f"{by.name} is silenced")
        message = Message(id=self._world.id(), channel=room.id, author=by.id, content=told.get("text", ""))
        message.type = DEFAULT
        if told.get("forwards"):
            message.forwards = self._message(told["forwards"]).id
        if told.get("reply_to"):
            message.type, message.reply_to = REPLY, self._message(told["reply_to"]).id
        message.flags = told.get("flags", 0)
        message.attachments = self._files(told)
        message.stickers = [shapes.sticker(self._world.id(), name) for name in told.get("stickers", [])]
        message.poll = shapes.poll(told["poll"]) if told.get("poll") else None
        self._changes.post(message, ping=told.get("ping", True))
        return answer({"id": str(message.id), "channel": str(room.id)})

    async def webhook(self, request: web.Request) -> web.Response:
        """A webhook posts under the name of `by`: an account that is no member, and whose messages have its id."""
        told = await request.json()
        by = self._world.person(told["by"])
        by.bot = True
        room = self._room(told)
        message = Message(id=self._world.id(), channel=room.id, author=by.id, webhook=by.id, content=told["text"])
        self._changes.post(message)
        return answer({"id": str(message.id)})

    async def forum(self, request: web.Request) -> web.Response:
        """The channel becomes a forum with these `tags`, of which a post needs one if they are `required`."""
        told = await request.json()
        room = self._room(told)
        room.type = FORUM
        room.available_tags = {self._world.id(): name for name in told.get("tags", [])}
        room.flags = REQUIRE_TAG if told.get("required") else 0
        self._changes.changed(room)
        return answer({"tags": [str(id) for id in room.available_tags]})

    async def forum_post(self, request: web.Request) -> web.Response:
        """Somebody makes a post in a forum."""
        told = await request.json()
        by, room = self._world.person(told["by"]), self._room(told)
        first = Message(id=self._world.id(), channel=0, author=by.id, content=told["text"])
        first.channel = first.id
        Forums(self._access).post(room, told["title"], first, list(room.available_tags)[:1])
        return answer({"id": str(first.id)})

    async def edit(self, request: web.Request) -> web.Response:
        told = await request.json()
        message = self._message(told["id"])
        self._world.reword(message, told["text"], ping=told.get("ping", True))
        if "attachments" in told:
            message.attachments = self._files(told)
        self._changes.edit(message)
        return answer({})

    async def preview(self, request: web.Request) -> web.Response:
        """Discord itself adds a link's preview: told as an update of a message that nobody edited."""
        message = self._message((await request.json())["id"])
        message.embeds = [{"type": "link", "url": "https://example.org", "title": "Pretend", "id": "1"}]
        self._changes.updated(message)
        return answer({})

    def _files(self, told: Json) -> list[Json]:
        return [shapes.attachment(self._world.id(), one) for one in told.get("attachments", [])]

    async def delete(self, request: web.Request) -> web.Response:
        self._changes.delete(self._message((await request.json())["id"]))
        return answer({})

    async def bulk_delete(self, request: web.Request) -> web.Response:
        self._changes.bulk_delete([self._message(id) for id in (await request.json())["ids"]])
        return answer({})

    async def react(self, request: web.Request) -> web.Response:
        """`off` takes the reaction away."""
        told = await request.json()
        change = self._changes.unreact if told.get("off") else self._changes.react
        change(self._message(told["id"]), self._world.person(told["by"]), told["emoji"])
        return answer({})

    async def interact(self, request: web.Request) -> web.Response:
        """A `command` with `sub` and `options`, of which one may be `typing`; a `menu` entry or a `button` `on` a
        message; or a `form` with `fields`.
        """
        told = await request.json()
        by = self._world.person(told["by"])
        if "roles" in told or "permissions" in told:
            self._changes.give_roles(by, told.get("roles", ["pretend role"]), bits(told.get("permissions", [])))
        on = self._seen(told["on"]) if told.get("on") else None
        if "form" in told:
            kind, data = _FORM, _form(told)
        elif "button" in told:
            kind, data = _BUTTON, {"component_type": 2, "custom_id": _button(told["button"], on), "id": 1}
        elif "menu" in told and on:
            kind, data, on = _COMMAND, self._entry(told["menu"], on), None
        else:
            kind, data = TYPING if "typing" in told else _COMMAND, self._command(told)
        return answer({"id": str(self._calls.make(by, self._room(told, by), kind, data, on))})

    def _seen(self, id: object) -> Message:
        """A message that somebody has before them; perhaps only they."""
        return self._world.hidden.get(int(str(id))) or self._message(id)

    async def person(self, request: web.Request) -> web.Response:
        """Give somebody `roles` with `permissions`, `above` the bot's own or not, `mentionable` or not; they may be a
        `bot`, `shut` to private messages, or silenced `until` a time.
        """
        told = await request.json()
        by = self._world.person(told["by"])
        by.shut, by.bot = told.get("shut", by.shut), told.get("bot", by.bot)
        if "roles" in told:
            self._changes.give_roles(
                by, told["roles"], bits(told.get("permissions", [])), 3 if told.get("above") else 1
            )
        if "until" in told:
            self._changes.silence(by, told["until"])
        for id in by.roles if "mentionable" in told else ():
            self._world.roles[id].mentionable = told["mentionable"]
        return answer({"id": str(by.id), "roles": [str(id) for id in by.roles]})

    async def sees(self, request: web.Request) -> web.Response:
        """The names of the commands that somebody sees, as long as no administrator has changed that."""
        by = self._world.person((await request.json())["by"])
        may = self._world.permissions(by)

        def seen(needed: str | None) -> bool:
            return needed is None or bool(int(needed) and int(needed) & may == int(needed)) or may == _ALL

        told = [one["name"] for one in self._world.commands.values() if seen(one["default_member_permissions"])]
        return answer({"commands": told})

    def _entry(self, name: str, on: Message) -> Json:
        """The data of an entry in a message's menu, which must have been registered."""
        command = self._registered(name, _MENU, self._world.channels[on.channel].guild)
        shown = {str(on.id): self._access.shown(on)}
        data = {"id": command["id"], "name": name, "type": _MENU, "target_id": str(on.id)}
        return data | {"guild_id": command.get("guild_id"), "resolved": {"messages": shown}}

    def _registered(self, name: str, kind: int, guild: int) -> Json:
        there = [one for one in self._world.commands.values() if one.get("guild_id") in (str(guild), None)]
        command = next((one for one in there if (one["name"], one["type"]) == (name, kind)), None)
        if command is None:
            raise web.HTTPBadRequest(text=f"no command {name}")
        return command

    def _command(self, told: Json) -> Json:
        """The data of a command that must have been registered, subcommand and all."""
        name, sub = told["command"], told.get("sub")
        command = self._registered(name, _CHAT_INPUT, self._room(told).guild)
        options = command.get("options", [])
        if sub is not None:
            found = next((one for one in options if one["name"] == sub and one["type"] == 1), None)
            if found is None:
                raise web.HTTPBadRequest(text=f"no subcommand {name} {sub}")
            options = found.get("options", [])
        kinds = {one["name"]: one["type"] for one in options}
        given = [
            {"name": key, "type": kinds.get(key, _STRING), "value": value}
            | ({"focused": True} if key == told.get("typing") else {})
            for key, value in told.get("options", {}).items()
        ]
        if unknown := [one["name"] for one in given if one["name"] not in kinds]:
            raise web.HTTPBadRequest(text=f"no options {unknown}")
        data: Json = {"id": command["id"], "name": name, "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if sub is not None:
            given = [{"name": sub, "type": 1, "options": given}]
        return data | {"options": given}

    # The platform -------------------------------------------------------------------------------------------

    async def gateway(self, request: web.Request) -> web.Response:
        """`drop`, `invalidate`, `reconnect`, `repeat`, `block` or `unblock`."""
        does = {
            "drop": self._access.gateway.drop,
            "invalidate": self._access.gateway.invalidate,
            "reconnect": self._access.gateway.reconnect,
            "repeat": self._access.gateway.repeat,
            "block": self._access.gateway.block,
            "unblock": self._access.gateway.unblock,
        }
        await does[(await request.json())["do"]]()
        return answer({})

    async def deny(self, request: web.Request) -> web.Response:
        told = await request.json()
        if wrong := set(told["permissions"]) - set(PERMISSIONS):
            raise web.HTTPBadRequest(text=f"no permissions {wrong}")
        self._changes.deny(told["permissions"], self._room(told))
        return answer({})

    async def automod(self, request: web.Request) -> web.Response:
        """From now on AutoMod blocks messages with one of these `words`, the bot's as well."""
        self._world.blocked = (await request.json())["words"]
        return answer({})

    async def close_thread(self, request: web.Request) -> web.Response:
        """A moderator archives a thread, or locks it, or both; or opens it again."""
        told = await request.json()
        room = self._room({"channel": told["id"]})
        room.archived, room.locked = told.get("archived", False), told.get("locked", False)
        self._changes.changed(room)
        return answer({})

    async def make_channel(self, request: web.Request) -> web.Response:
        """A new text channel of a `guild`, the first unless said."""
        told = await request.json()
        room = self._changes.make_channel(told["name"], told.get("guild", GUILD))
        return answer({"id": str(room.id)})

    async def remove_channel(self, request: web.Request) -> web.Response:
        self._changes.remove_channel(self._room({"channel": (await request.json())["id"]}))
        return answer({})

    async def limit(self, request: web.Request) -> web.Response:
        """429 to the next `times` requests that `match`."""
        self._requests.limits = [Limit(**await request.json())]
        return answer({})

    # The truth ----------------------------------------------------------------------------------------------

    async def answers(self, _request: web.Request) -> web.Response:
        return answer(self._calls.answers)

    async def sessions(self, _request: web.Request) -> web.Response:
        """How many are connected, and the intents of every IDENTIFY so far."""
        return answer({"open": self._access.gateway.open(), "identified": self._access.gateway.identified})

    async def truth(self, _request: web.Request) -> web.Response:
        return answer(truth.whole(self._world))


def _form(told: Json) -> Json:
    """A form handed in: one text input a row."""
    inputs = [
        {"type": 4, "id": at, "custom_id": key, "value": value}
        for at, (key, value) in enumerate(told["fields"].items(), 1)
    ]
    rows = [{"type": 1, "id": 100 + one["id"], "components": [one]} for one in inputs]
    return {"custom_id": told["form"], "components": rows, "resolved": {}}


def _button(pressed: str, on: Message | None) -> str:
    """What a button carries, by its label or by that itself; it must be on the message."""
    there = [one for row in (on.components if on else []) for one in row.get("components", [])]
    found = next((one for one in there if pressed in (one.get("label"), one.get("custom_id"))), None)
    if found is None:
        raise web.HTTPBadRequest(text=f"no button {pressed}")
    return str(found["custom_id"])
