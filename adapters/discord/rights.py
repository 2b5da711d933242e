"""A look at what the bot may do in its channel, by calls that change nothing."""

from __future__ import annotations

import discord

from adapters.discord.errors import BY_CODE, NO_ACCESS
from adapters.discord.rest import Rest
from adapters.discord.settings import DiscordSettings
from bot.errors import PlatformError

_MAY_NOT_WRITE = (
    "The bot may not write in the channel: give its role Send Messages under Edit Channel → Permissions, "
    "and end its timeout if somebody silenced it."
)


class Rights:
    """Looks at the permissions as Discord computes them: by the roles, the channel, and a timeout of the bot's own."""

    def __init__(self, settings: DiscordSettings, rest: Rest) -> None:
        self._settings, self._rest = settings, rest

    async def problem(self) -> PlatformError | None:
        """Why the bot can't post, `lost` if a person has to act; None if it can. Never raises."""
        try:
            await self._rest.look()
        except PlatformError as error:
            return error
        return await self._missing()

    async def _missing(self) -> PlatformError | None:
        try:
            may = await self._rest.call(self._permissions())
        except PlatformError as error:  # the channel can be seen, so this is no reason to give the place up
            return PlatformError(str(error))
        if not may.view_channel:
            return BY_CODE[NO_ACCESS].error()
        return None if may.send_messages else PlatformError(_MAY_NOT_WRITE, lost=True)

    async def check(self) -> None:
        """Look at the channel. Raises PlatformError, `lost` if a person has to act before the bot can post.

        A look at the permissions that fails for now is no obstacle.
        """
        await self._rest.look()
        problem = await self._missing()
        if problem and problem.lost:
            raise problem

    async def _permissions(self) -> discord.Permissions:
        guild = await self._rest.client.fetch_guild(self._settings.guild, with_counts=False)
        channel = await guild.fetch_channel(self._settings.channel)
        return channel.permissions_for(await guild.fetch_member(self._rest.me))
