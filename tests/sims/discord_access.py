"""What every route of the pretend Discord needs: the thing a path names, and whether the bot may."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_changes import Changes
from tests.sims.discord_gateway import Gateway, origin
from tests.sims.discord_requests import File, Refused, bad_form, hidden, lacking, number, unknown
from tests.sims.discord_world import DM, THREAD, Channel, Json, Message, World

LONGEST = 2000
"""Characters of a message."""


class Access:
    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway = gateway
        self.changes = Changes(world, gateway)

    # What a path names --------------------------------------------------------------------------------------

    def channel(self, request: web.Request, *needed: str) -> Channel:
        """The channel, which the bot must see and where it must have these permissions."""
        room = self.world.channels.get(number(request.match_info["channel"], "channel_id"))
        if room is None:
            raise unknown("Channel")
        if not self.world.may("VIEW_CHANNEL", room):
            raise hidden()
        self.need(room, *needed)
        return room

    def need(self, room: Channel, *needed: str) -> None:
        if room.type != DM and not all(self.world.may(name, room) for name in needed):
            raise lacking()

    def message(self, request: web.Request, room: Channel) -> Message:
        id = number(request.match_info["message"], "message_id")
        message = self.world.messages.get(id)
        if message is None or message.channel != room.id:
            raise unknown("Message")
        return message

    def guild(self, request: web.Request) -> int:
        guild = number(request.match_info["guild"], "guild_id")
        if guild not in self.world.guilds:
            raise unknown("Guild")
        return guild

    # What a new message is made of --------------------------------------------------------------------------

    def may_post(self, room: Channel, files: list[File]) -> None:
        if room.recipient and self.world.people[room.recipient].shut:
            raise Refused(403, 50007, "Cannot send messages to this user")
        self.need(room, "SEND_MESSAGES_IN_THREADS" if room.type == THREAD else "SEND_MESSAGES")
        if files:
            self.need(room, "ATTACH_FILES")
        if room.locked and room.archived:  # any other thread wakes up
            raise Refused(400, 50083, "Thread is archived")
        if room.locked and not self.world.may("MANAGE_THREADS", room):
            raise Refused(403, 160005, "Thread is locked")

    def fill(self, request: web.Request, message: Message, data: Json, files: list[File]) -> None:
        """Put what was sent into a message; what is missing stays as it was."""
        if "content" in data:
            message.content = self.content(data)
        if "embeds" in data:
            message.embeds = data["embeds"] or []
        if "components" in data:
            message.components = _numbered(data["components"] or [], count(1))
        if data.get("allowed_mentions") is not None:
            message.allowed_mentions = data["allowed_mentions"]
        if files or "attachments" in data:
            message.attachments = self._attachments(request, message, data, files)
        if not (message.content or message.embeds or message.attachments or message.components):
            raise Refused(400, 50006, "Cannot send an empty message")

    def content(self, data: Json) -> str:
        text = data.get("content") or ""
        if not isinstance(text, str):
            raise bad_form("content", "This must be a string.")
        if len(text) > LONGEST:
            raise bad_form("content", f"Must be {LONGEST} or fewer in length.")
        if any(word in text for word in self.world.blocked):
            raise Refused(400, 200000, "Message was blocked by automatic moderation")
        return text.strip()

    def _attachments(self, request: web.Request, message: Message, data: Json, files: list[File]) -> list[Json]:
        """Those kept, and the new ones with their descriptions, which refer to the number of a file."""
        told: list[Json] = data.get("attachments") or []
        kept_ids = {str(one.get("id")) for one in told}
        kept = [file for file in message.attachments if file["id"] in kept_ids]
        named = {f"files[{one.get('id')}]": one for one in told}
        return kept + [self._attachment(request, message, file, named.get(file.field, {})) for file in files]

    def _attachment(self, request: web.Request, message: Message, file: File, told: Json) -> Json:
        id = self.world.id()
        self.world.files[id] = file.data
        name = told.get("filename") or file.name
        url = f"http://{origin(request)}/attachments/{message.channel}/{id}/{name}"
        made: Json = {"id": str(id), "filename": name, "size": len(file.data), "url": url, "proxy_url": url}
        if told.get("description"):
            made["description"] = told["description"]
        return made | {"content_type": _TYPES.get(name.rpartition(".")[2], file.type)}

    def shown(self, message: Message, *, nonce: bool = False) -> Json:
        """The message as REST gives it."""
        content = "message_content" in self.world.intents_allowed
        return shapes.message(self.world, message, content=content, nonce=nonce)


def _numbered(components: list[Json], ids: Iterator[int]) -> list[Json]:
    """Components with the ids that Discord gives them."""
    return [
        {"id": next(ids)} | one | ({"components": _numbered(one["components"], ids)} if "components" in one else {})
        for one in components
    ]


_TYPES: dict[str, Any] = {
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
}
