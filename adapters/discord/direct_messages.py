"""Messages to one person alone. If a person takes none, that is final for the message, and for nothing else."""

from __future__ import annotations

from adapters.discord import message_form
from adapters.discord.errors import NO_DIRECT_MESSAGES, for_this_post
from adapters.discord.rest import Rest, id_of, number, snowflake_time
from adapters.kit.bounded import RecentMap
from bot.errors import PlatformError
from bot.messages import Post, Receipt

_MOST = 1000
"""The most private channels that are remembered; asking again is harmless."""


class DirectMessages:
    """The private channels of people, opened when they are needed."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._channels: RecentMap[int, int] = RecentMap(_MOST)

    async def send(self, post: Post, person: str) -> Receipt:
        """Write to a person. The receipt has no address, as nobody else can see it. Raises PlatformError."""
        try:
            sent = await message_form.send(self._rest, post, await self._channel(person))
        except PlatformError as error:
            raise for_this_post(error, NO_DIRECT_MESSAGES) from error.__cause__
        return _receipt(sent.id)

    async def find(self, post: Post, person: str) -> Receipt | None:
        """Look whether it is there. Raises PlatformError."""
        try:
            found = await message_form.find(self._rest, post, await self._channel(person))
        except PlatformError as error:
            raise for_this_post(error, NO_DIRECT_MESSAGES) from error.__cause__
        return _receipt(id_of(found)) if found else None

    async def _channel(self, person: str) -> int:
        id = number(person)
        if not id:
            raise PlatformError(NO_DIRECT_MESSAGES, permanent=True)
        if id not in self._channels:
            self._channels[id] = int(id_of(await self._rest.call(self._rest.http.start_private_message(id))))
        return self._channels[id]


def _receipt(id: str) -> Receipt:
    return Receipt(id=id, url=None, at=snowflake_time(int(id)))
