"""Messages over REST: sent, read, edited, deleted, pinned, reacted to."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_access import Access
from tests.sims.discord_forums import refuse_plain
from tests.sims.discord_requests import Refused, answer, bad_form, done, form, number, read, unknown
from tests.sims.discord_world import BOT, REPLY, SYSTEM, Channel, Json, Message

_C = "/api/v10/channels/{channel}"
_M = _C + "/messages/{message}"
_OLDEST_BULK = 14 * 24 * 3600 * 1000 << 22


class Messages:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._world = access.world

    def routes(self) -> Iterable[web.RouteDef]:
        pins, old = _C + "/messages/pins/{message}", _C + "/pins/{message}"
        reactions = _M + "/reactions/{emoji}"
        return [
            web.post(_C + "/messages", self.create),
            web.get(_C + "/messages", self.history),
            web.post(_C + "/messages/bulk-delete", self.bulk_delete),
            web.get(_C + "/messages/pins", self.pins),
            web.get(_C + "/pins", self.old_pins),
            web.put(pins, self.pin),
            web.put(old, self.pin),
            web.delete(pins, self.unpin),
            web.delete(old, self.unpin),
            web.get(_M, self.get),
            web.patch(_M, self.edit),
            web.delete(_M, self.delete),
            web.get(reactions, self.reactions),
            web.put(reactions + "/@me", self.react),
            web.delete(reactions + "/{user}", self.unreact),
        ]

    # Sent ---------------------------------------------------------------------------------------------------

    async def create(self, request: web.Request) -> web.Response:
        data, files = await read(request)
        room = self._access.channel(request)
        refuse_plain(room)
        self._access.may_post(room, files)
        nonce = _nonce(data)
        if nonce is not None and data.get("enforce_nonce") and (same := self._world.same(BOT, nonce)):
            return answer(self._access.shown(same, nonce=True))
        message = Message(id=self._world.id(), channel=room.id, author=BOT, nonce=nonce)
        message.flags = (data.get("flags") or 0) & (1 << 2 | 1 << 12)
        self._refer(room, message, data.get("message_reference"))
        self._access.fill(request, message, data, files)
        allowed = message.allowed_mentions
        self._access.changes.post(message, ping=allowed is None or bool(allowed.get("replied_user")))
        return answer(self._access.shown(message, nonce=True))

    def _refer(self, room: Channel, message: Message, told: Json | None) -> None:
        if not told:
            return
        self_id = int(told.get("message_id") or 0)
        known = self._world.messages.get(self_id)
        if not self._world.may("READ_MESSAGE_HISTORY", room):
            raise Refused(400, 160002, "Cannot reply without permission to read message history")
        if known is None or known.channel != room.id:
            if told.get("fail_if_not_exists", True):
                raise bad_form("message_reference", "Unknown message")
            return
        if known.type in SYSTEM:
            raise bad_form("message_reference", "Cannot reply to a system message")
        message.type, message.reply_to = REPLY, self_id

    # Read ---------------------------------------------------------------------------------------------------

    async def history(self, request: web.Request) -> web.Response:
        """Newest first; empty for a bot that may not read what went before."""
        room = self._access.channel(request)
        refuse_plain(room)
        limit = _limit(request, 100, 50)
        marks = {name: number(value, name) for name, value in request.query.items() if name != "limit"}
        found = self._world.in_channel(room.id) if self._world.may("READ_MESSAGE_HISTORY", room) else []
        if "around" in marks:
            half = limit // 2
            earlier = [one for one in found if one.id < marks["around"]][-half or len(found) :]
            found = earlier + [one for one in found if one.id >= marks["around"]][: limit - half]
        elif "after" in marks:
            found = [one for one in found if one.id > marks["after"]][:limit]
        elif "before" in marks:
            found = [one for one in found if one.id < marks["before"]]
        return answer([self._access.shown(one) for one in reversed(found[-limit:])])

    async def get(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "READ_MESSAGE_HISTORY")
        return answer(self._access.shown(self._access.message(request, room)))

    # Changed ------------------------------------------------------------------------------------------------

    async def edit(self, request: web.Request) -> web.Response:
        data, files = await read(request)
        message = self._access.message(request, self._access.channel(request))
        if message.author != BOT:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        if message.type in SYSTEM:
            raise Refused(403, 50021, "Cannot execute action on a system message")
        self._access.fill(request, message, data, files)
        self._access.changes.edit(message)
        return answer(self._access.shown(message))

    async def delete(self, request: web.Request) -> web.Response:
        room = self._access.channel(request)
        message = self._access.message(request, room)
        if message.author != BOT:
            self._access.need(room, "MANAGE_MESSAGES")
        self._access.changes.delete(message)
        return done()

    async def bulk_delete(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "MANAGE_MESSAGES")
        ids = [number(str(id), "messages") for id in (await form(request)).get("messages") or []]
        if not 2 <= len(ids) <= 100:
            raise Refused(
                400, 50016, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100"
            )
        if min(ids) < self._world.id() - _OLDEST_BULK:
            raise Refused(400, 50034, "A message provided was too old to bulk delete")
        known = [self._world.messages[id] for id in ids if id in self._world.messages]
        if found := [one for one in known if one.channel == room.id]:
            self._access.changes.bulk_delete(found)
        return done()

    # Pinned -------------------------------------------------------------------------------------------------

    async def pin(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "PIN_MESSAGES")
        message = self._access.message(request, room)
        if message.type in SYSTEM:
            raise Refused(403, 50021, "Cannot execute action on a system message")
        self._access.changes.pin(message)
        return done()

    async def unpin(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "PIN_MESSAGES")
        self._access.changes.unpin(self._access.message(request, room))
        return done()

    async def pins(self, request: web.Request) -> web.Response:
        limit = _limit(request, 50, 50)
        pinned = self._pinned(request)
        items = [{"pinned_at": one.pinned, "message": self._access.shown(one)} for one in pinned[:limit]]
        return answer({"items": items, "has_more": len(pinned) > limit})

    async def old_pins(self, request: web.Request) -> web.Response:
        return answer([self._access.shown(one) for one in self._pinned(request)])

    def _pinned(self, request: web.Request) -> list[Message]:
        """Pinned last first; `before` is a time."""
        room = self._access.channel(request, "READ_MESSAGE_HISTORY")
        before = request.query.get("before", "~")
        found = [one for one in self._world.messages.values() if one.channel == room.id and one.pinned]
        return sorted((one for one in found if str(one.pinned) < before), key=lambda one: str(one.pinned), reverse=True)

    # Reacted to ---------------------------------------------------------------------------------------------

    async def react(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "READ_MESSAGE_HISTORY")
        message = self._access.message(request, room)
        emoji = request.match_info["emoji"]
        if emoji not in message.reactions:
            self._access.need(room, "ADD_REACTIONS")
        self._access.changes.react(message, self._world.people[BOT], emoji)
        return done()

    async def unreact(self, request: web.Request) -> web.Response:
        room = self._access.channel(request)
        message = self._access.message(request, room)
        who = request.match_info["user"]
        if who != "@me":
            self._access.need(room, "MANAGE_MESSAGES")
        person = self._world.people.get(BOT if who == "@me" else number(who, "user_id"))
        if person is None:
            raise unknown("User")
        self._access.changes.unreact(message, person, request.match_info["emoji"])
        return done()

    async def reactions(self, request: web.Request) -> web.Response:
        room = self._access.channel(request, "READ_MESSAGE_HISTORY")
        message = self._access.message(request, room)
        by = message.reactions.get(request.match_info["emoji"], [])
        after = number(request.query.get("after", "0"), "after")
        later = sorted(id for id in by if id > after)[: _limit(request, 100, 25)]
        return answer([shapes.user(self._world.people[id]) for id in later])


def _nonce(data: Json) -> str | int | None:
    nonce: str | int | None = data.get("nonce")
    if isinstance(nonce, str) and len(nonce) > 25:
        raise bad_form("nonce", "Must be 25 or fewer in length.")
    return nonce


def _limit(request: web.Request, most: int, usual: int) -> int:
    limit = number(request.query.get("limit", str(usual)), "limit")
    if not 1 <= limit <= most:
        raise bad_form("limit", f"int value should be between 1 and {most}.")
    return limit
