"""Forum channels over REST: posts, which are threads that begin with a message of their own.

By the published contract (`create_thread` with a `message`) and the documentation of forum channels: the first message
has its thread's id, a post needs SEND_MESSAGES, and a tag where the channel has the flag REQUIRE_TAG. Nothing else can
be said in the channel itself.
"""

from __future__ import annotations

from aiohttp import web

from tests.sims import discord_payloads as shapes
from tests.sims.discord_access import Access
from tests.sims.discord_requests import Refused, answer, bad_form, read
from tests.sims.discord_world import BOT, FORUM, REQUIRE_TAG, THREAD, Channel, Json, Message

_MOST_TAGS = 5


class Forums:
    def __init__(self, access: Access) -> None:
        self._access = access
        self._world = access.world

    async def create(self, request: web.Request, room: Channel) -> web.Response:
        """A new post of the bot's."""
        data, files = await read(request)
        told = data.get("message")
        if not isinstance(told, dict):
            raise bad_form("message", "This field is required")
        self._access.need(room, "SEND_MESSAGES", *(["ATTACH_FILES"] if files else []))
        name, tags = data.get("name"), self._tags(room, data)
        if not isinstance(name, str) or not 1 <= len(name) <= 100:
            raise bad_form("name", "Must be between 1 and 100 in length.")
        if any(word in name for word in self._world.blocked):
            raise Refused(400, 200001, "Title was blocked by automatic moderation")
        first = Message(id=self._world.id(), channel=0, author=BOT)
        first.channel = first.id
        self._access.fill(request, first, told, files)
        made = self.post(room, name, first, tags)
        return answer(shapes.channel(self._world, made) | {"message": self._access.shown(first)}, 201)

    def post(self, room: Channel, name: str, first: Message, tags: list[int]) -> Channel:
        """Open a thread that begins with this message, which has its id."""
        made = Channel(id=first.id, name=name, type=THREAD, parent=room.id, owner=first.author, guild=room.guild)
        made.tags = tags
        self._access.changes.open(made)
        self._access.changes.post(first)
        return made

    def _tags(self, room: Channel, data: Json) -> list[int]:
        tags = [int(one) for one in data.get("applied_tags") or []]
        if room.flags & REQUIRE_TAG and not tags:
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")
        if len(tags) > _MOST_TAGS or set(tags) - set(room.available_tags):
            raise bad_form("applied_tags", "Unknown tag")
        return tags


def refuse_plain(room: Channel) -> None:
    """In a forum nothing is said but in its posts."""
    if room.type == FORUM:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
