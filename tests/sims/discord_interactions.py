"""Interactions: somebody gives a command, fills in a form or presses a button, and the bot answers within 3 seconds."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_access import Access
from tests.sims.discord_gateway import ALWAYS
from tests.sims.discord_requests import File, Refused, answer, bad_form, done, number, read, unknown, wished
from tests.sims.discord_world import BOT, COMMAND, DM, EPHEMERAL, LOADING, Channel, Json, Message, Person

_TOKEN_SECONDS = 15 * 60
_W = "/api/v10/webhooks/{application}/{token}"
_MESSAGE, _LATER, _LATER_UPDATE, _UPDATE, _CHOICES, _FORM = 4, 5, 6, 7, 8, 9

TYPING = 4
"""The kind of interaction while somebody fills in a command."""


@dataclass(kw_only=True)
class Call:
    """One interaction. `original` is the answer's message, once there is one."""

    id: int
    token: str
    kind: int
    name: str
    by: Person
    room: Channel
    made: float
    answered: bool = False
    original: int | None = None
    on: int | None = None


class Calls:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._world = access.world
        self._calls: dict[int, Call] = {}
        self.answers: list[Json] = []

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.post("/api/v10/interactions/{interaction}/{token}/callback", self.callback),
            web.post(_W, self.follow_up),
            web.get(_W + "/messages/{message}", self.get),
            web.patch(_W + "/messages/{message}", self.edit),
            web.delete(_W + "/messages/{message}", self.delete),
        ]

    # What a person does -------------------------------------------------------------------------------------

    def make(self, by: Person, room: Channel, kind: int, data: Json, on: Message | None) -> int:
        """Tell the bot's sessions, all of them, of an interaction."""
        name = str(data.get("name") or data.get("custom_id"))
        if subs := [one["name"] for one in data.get("options", []) if one["type"] == 1]:
            name += f" {subs[0]}"
        call = Call(
            id=self._world.id(),
            token=secrets.token_urlsafe(32),
            kind=kind,
            name=name,
            by=by,
            room=room,
            made=time.monotonic(),
            on=on.id if on else None,
        )
        self._calls[call.id] = call
        told = self._told(call, data)
        if on:
            told["message"] = self._access.shown(on)
        self._access.gateway.tell("INTERACTION_CREATE", lambda _: told, intent=ALWAYS)
        return call.id

    def _told(self, call: Call, data: Json) -> Json:
        told: Json = {
            "id": str(call.id),
            "application_id": str(BOT),
            "type": call.kind,
            "data": data,
            "token": call.token,
            "version": 1,
            "channel": shapes.channel(self._world, call.room),
            "channel_id": str(call.room.id),
            "locale": "en-GB",
            "app_permissions": str(self._world.permissions(self._world.people[BOT], call.room)),
            "entitlements": [],
            "attachment_size_limit": 10 * 2**20,
        }
        if call.room.type == DM:
            private = {"user": shapes.user(call.by), "context": 1}
            return told | private | {"authorizing_integration_owners": {"0": "0"}}
        may = str(self._world.permissions(call.by, call.room))
        return told | {
            "guild": {"id": str(call.room.guild), "locale": "en-US", "features": []},
            "guild_id": str(call.room.guild),
            "guild_locale": "en-US",
            "member": shapes.member(call.by) | {"permissions": may},
            "context": 0,
            "authorizing_integration_owners": {"0": str(call.room.guild)},
        }

    # The first answer ---------------------------------------------------------------------------------------

    async def callback(self, request: web.Request) -> web.Response:
        body, files = await read(request)
        call = self._calls.get(number(request.match_info["interaction"], "interaction_id"))
        if call is None or call.token != request.match_info["token"]:
            raise unknown("interaction")
        if call.answered:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if time.monotonic() - call.made > self._world.answer_seconds:
            raise unknown("interaction")
        kind, data = body.get("type"), body.get("data") or {}
        if kind not in (_MESSAGE, _LATER, _LATER_UPDATE, _UPDATE, _CHOICES, _FORM):
            raise bad_form("type", "Value is not an interaction callback type.")
        if (kind == _CHOICES) != (call.kind == TYPING):
            raise bad_form("type", "Only somebody who is typing gets choices, and nothing else.")
        if kind == _CHOICES:
            _examine(data.get("choices") or [])
        message = self._first(request, call, kind, data, files)
        call.answered = True
        self._note(call, kind, data, message)
        if not wished(request, "with_response"):
            return done()
        return answer(self._response(call, kind, message))

    def _first(self, request: web.Request, call: Call, kind: int, data: Json, files: list[File]) -> Message | None:
        """The message that a callback makes or changes, if any."""
        if kind in (_UPDATE, _LATER_UPDATE):
            message = self._world.messages.get(call.on or 0) or self._world.hidden.get(call.on or 0)
            if message is None:
                raise bad_form("type", "There is no message to update.")
            call.original = message.id
            if kind == _UPDATE:
                self._access.fill(request, message, data, files)
                self._access.changes.edit(message)
            return message
        if kind not in (_MESSAGE, _LATER):
            return None
        message = self._message(call, (data.get("flags") or 0) & EPHEMERAL)
        if kind == _LATER:
            message.flags |= LOADING
        else:
            self._access.fill(request, message, data, files)
        call.original = self._access.changes.post(message).id
        return message

    def _message(self, call: Call, flags: int) -> Message:
        message = Message(id=self._world.id(), channel=call.room.id, author=BOT, type=COMMAND, flags=flags)
        by = shapes.user(call.by)
        owners = {"0": str(call.room.guild)}
        message.interaction = {
            "application_id": str(BOT),
            "webhook_id": str(BOT),
            "interaction": {"id": str(call.id), "type": call.kind, "name": call.name, "user": by},
        }
        if call.kind == 2:
            told = {"id": str(call.id), "type": 2, "user": by, "authorizing_integration_owners": owners}
            message.interaction["interaction_metadata"] = told
        return message

    def _response(self, call: Call, kind: int, message: Message | None) -> Json:
        told: Json = {"id": str(call.id), "type": call.kind, "channel_id": str(call.room.id)}
        if call.room.type != DM:
            told["guild_id"] = str(call.room.guild)
        if message is None:
            return {"interaction": told}
        told["response_message_id"] = str(message.id)
        told["response_message_loading"] = bool(message.flags & LOADING)
        told["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
        if kind not in (_MESSAGE, _UPDATE):
            return {"interaction": told}
        return {"interaction": told, "resource": {"type": kind, "message": self._access.shown(message)}}

    # What follows -------------------------------------------------------------------------------------------

    def _call(self, request: web.Request) -> Call:
        token = request.match_info["token"]
        call = next((one for one in self._calls.values() if one.token == token and one.answered), None)
        if call is None or request.match_info["application"] != str(BOT):
            raise unknown("Webhook")
        if time.monotonic() - call.made > _TOKEN_SECONDS:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return call

    def _named(self, request: web.Request, call: Call) -> Message:
        name = request.match_info["message"]
        id = call.original if name == "@original" else number(name, "message_id")
        message = self._world.messages.get(id or 0) or self._world.hidden.get(id or 0)
        if message is None or message.channel != call.room.id or message.author != BOT:
            raise unknown("Message")
        return message

    async def follow_up(self, request: web.Request) -> web.Response:
        """One more message; the first after a deferral takes its place."""
        data, files = await read(request)
        call = self._call(request)
        original = self._world.messages.get(call.original or 0) or self._world.hidden.get(call.original or 0)
        if original and original.flags & LOADING:
            self._edit(request, call, original, data, files)
            return answer(self._access.shown(original))
        message = self._message(call, (data.get("flags") or 0) & EPHEMERAL)
        self._access.fill(request, message, data, files)
        self._access.changes.post(message)
        self._note(call, "follow-up", data, message)
        return answer(self._access.shown(message))

    async def get(self, request: web.Request) -> web.Response:
        return answer(self._access.shown(self._named(request, self._call(request))))

    async def edit(self, request: web.Request) -> web.Response:
        data, files = await read(request)
        call = self._call(request)
        message = self._named(request, call)
        self._edit(request, call, message, data, files)
        return answer(self._access.shown(message))

    def _edit(self, request: web.Request, call: Call, message: Message, data: Json, files: list[File]) -> None:
        self._access.fill(request, message, data, files)
        message.flags &= ~LOADING
        self._access.changes.edit(message)
        self._note(call, "edit", data, message)

    async def delete(self, request: web.Request) -> web.Response:
        self._access.changes.delete(self._named(request, self._call(request)))
        return done()

    def _note(self, call: Call, kind: int | str, data: Json, message: Message | None) -> None:
        flags = message.flags if message else data.get("flags", 0)
        self.answers.append(
            {
                "id": str(call.id),
                "name": call.name,
                "by": call.by.name,
                "kind": kind,
                "content": data.get("content"),
                "flags": flags,
                "ephemeral": bool(flags & EPHEMERAL),
                "message": str(message.id) if message else None,
                "allowed_mentions": data.get("allowed_mentions"),
                "data": data,
                "seconds": time.monotonic() - call.made,
            }
        )


def _examine(choices: list[Json]) -> None:
    """At most 25, each with a name and a value of at most 100 characters."""
    if len(choices) > 25 or any(not 1 <= len(str(one[key])) <= 100 for one in choices for key in ("name", "value")):
        raise bad_form("choices", "Must be 25 or fewer, and each between 1 and 100 in length.")
