"""What a test does to the pretend Discord, over `/_sim/…`: people speak, things break, the truth is told."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.sims import discord_shapes as shapes
from tests.sims.discord_calls import Calls
from tests.sims.discord_desk import Desk
from tests.sims.discord_door import Door, Limit, answer
from tests.sims.discord_world import (
    DEFAULT,
    PERMISSIONS,
    REPLY,
    SYSTEM,
    TALK,
    Channel,
    Json,
    Message,
    Person,
    bits,
)

_STRING, _INTEGER, _BOOLEAN, _NUMBER = 3, 4, 5, 10
_COMMAND, _BUTTON, _FORM = 2, 3, 5


class Control:
    """A mistake in what a test asks for is a 400 with the reason."""

    def __init__(self, desk: Desk, calls: Calls, door: Door) -> None:
        self._desk = desk
        self._world = desk.world
        self._deeds = desk.deeds
        self._calls = calls
        self._door = door

    def routes(self) -> Iterable[web.RouteDef]:
        verbs = [
            self.say,
            self.edit,
            self.delete,
            self.bulk_delete,
            self.react,
            self.interact,
            self.gateway,
            self.deny,
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
        message = Message(id=self._world.id(), channel=room.id, author=by.id, content=told["text"], type=DEFAULT)
        if told.get("reply_to"):
            message.type, message.reply_to = REPLY, self._message(told["reply_to"]).id
        message.attachments = told.get("attachments", [])
        self._deeds.post(message, ping=told.get("ping", True))
        return answer({"id": str(message.id), "channel": str(room.id)})

    async def edit(self, request: web.Request) -> web.Response:
        told = await request.json()
        message = self._message(told["id"])
        message.content = told["text"]
        self._deeds.edit(message)
        return answer({})

    async def delete(self, request: web.Request) -> web.Response:
        self._deeds.delete(self._message((await request.json())["id"]))
        return answer({})

    async def bulk_delete(self, request: web.Request) -> web.Response:
        self._deeds.bulk_delete([self._message(id) for id in (await request.json())["ids"]])
        return answer({})

    async def react(self, request: web.Request) -> web.Response:
        """`off` takes the reaction away."""
        told = await request.json()
        deed = self._deeds.unreact if told.get("off") else self._deeds.react
        deed(self._message(told["id"]), self._world.person(told["by"]), told["emoji"])
        return answer({})

    async def interact(self, request: web.Request) -> web.Response:
        """A `command` with `sub` and `options`, a `form` with `fields`, or a `button` pressed `on` a message."""
        told = await request.json()
        by = self._world.person(told["by"])
        if "roles" in told or "permissions" in told:
            self._deeds.give_roles(by, told.get("roles", ["pretend role"]), bits(told.get("permissions", [])))
        on = self._message(told["on"]) if told.get("on") else None
        if "form" in told:
            kind, data = _FORM, _form(told)
        elif "button" in told:
            kind, data = _BUTTON, {"component_type": 2, "custom_id": told["button"], "id": 1}
        else:
            kind, data = _COMMAND, self._command(told)
        return answer({"id": str(self._calls.make(by, self._room(told, by), kind, data, on))})

    def _command(self, told: Json) -> Json:
        """The data of a command that must have been registered, subcommand and all."""
        name, sub = told["command"], told.get("sub")
        command = next((one for one in self._world.commands.values() if one["name"] == name), None)
        if command is None:
            raise web.HTTPBadRequest(text=f"no command {name}")
        options = command.get("options", [])
        if sub is not None:
            found = next((one for one in options if one["name"] == sub and one["type"] == 1), None)
            if found is None:
                raise web.HTTPBadRequest(text=f"no subcommand {name} {sub}")
            options = found.get("options", [])
        kinds = {one["name"]: one["type"] for one in options}
        given = [
            {"name": key, "type": kinds.get(key, _STRING), "value": value}
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
        """`drop`, `invalidate` or `reconnect`."""
        does = {
            "drop": self._desk.gateway.drop,
            "invalidate": self._desk.gateway.invalidate,
            "reconnect": self._desk.gateway.reconnect,
        }
        await does[(await request.json())["do"]]()
        return answer({})

    async def deny(self, request: web.Request) -> web.Response:
        told = await request.json()
        if wrong := set(told["permissions"]) - set(PERMISSIONS):
            raise web.HTTPBadRequest(text=f"no permissions {wrong}")
        self._deeds.deny(told["permissions"], self._room(told))
        return answer({})

    async def remove_channel(self, request: web.Request) -> web.Response:
        self._deeds.remove_channel(self._room({"channel": (await request.json())["id"]}))
        return answer({})

    async def limit(self, request: web.Request) -> web.Response:
        """429 to the next `times` requests that `match`."""
        self._door.limits = [Limit(**await request.json())]
        return answer({})

    # The truth ----------------------------------------------------------------------------------------------

    async def answers(self, _request: web.Request) -> web.Response:
        return answer(self._calls.answers)

    async def sessions(self, _request: web.Request) -> web.Response:
        """How many are connected, and the intents of every IDENTIFY so far."""
        return answer({"open": self._desk.gateway.open(), "identified": self._desk.gateway.identified})

    async def truth(self, _request: web.Request) -> web.Response:
        world = self._world
        said = [one for one in world.messages.values() if one.type not in SYSTEM]
        notices = [one for one in world.messages.values() if one.type in SYSTEM]
        return answer(
            {
                "messages": [shapes.truth(world, one) for one in said],
                "system": [shapes.truth(world, one) for one in notices],
                "deleted": [shapes.truth(world, one) for one in world.deleted],
                "threads": [
                    {
                        "id": str(one.id),
                        "name": one.name,
                        "parent": str(one.parent),
                        "archived": one.archived,
                        "locked": one.locked,
                    }
                    for one in world.threads()
                ],
                "events": list(world.events.values()),
                "commands": list(world.commands.values()),
            }
        )


def _form(told: Json) -> Json:
    """A form handed in: one text input a row."""
    inputs = [
        {"type": 4, "id": at, "custom_id": key, "value": value}
        for at, (key, value) in enumerate(told["fields"].items(), 1)
    ]
    rows = [{"type": 1, "id": 100 + one["id"], "components": [one]} for one in inputs]
    return {"custom_id": told["form"], "components": rows, "resolved": {}}
