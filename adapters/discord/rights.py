"""A look at what the bot may do in its channel, by calls that change nothing."""

from __future__ import annotations

import discord

from adapters.discord.diagnostics import required_permissions
from adapters.discord.errors import BY_CODE, NO_ACCESS
from adapters.discord.rest import Rest
from adapters.discord.settings import DiscordSettings
from bot.errors import PlatformError
from bot.ports.inbound import Listener

_MAY_NOT_WRITE = (
    "The bot may not write in the channel: give its role Send Messages under Edit Channel → Permissions, "
    "and end its timeout if somebody silenced it."
)


_VITAL = frozenset({"view_channel", "send_messages"})
"""Permissions without which the place is lost; without any other, posts go out all the same."""


class Rights:
    """Looks at the permissions as Discord computes them: by the roles, the channel, and a timeout of the bot's own.

    What `doctor` finds before the first look is told by nobody here: only changes are.
    """

    def __init__(self, settings: DiscordSettings, rest: Rest, listener: Listener) -> None:
        self._settings, self._rest, self._listener = settings, rest, listener
        self._lacking: frozenset[str] | None = None

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
        self._tell_changes(may)
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

    def _tell_changes(self, may: discord.Permissions) -> None:
        """Tell which of the lesser permissions were taken away or given back since the last look."""
        lesser = {one.flag: one for one in required_permissions(self._settings) if one.flag not in _VITAL}
        lacking = frozenset(flag for flag in lesser if not getattr(may, flag))
        before, self._lacking = lacking if self._lacking is None else self._lacking, lacking
        if not may.view_channel:
            self._lacking = before  # it lacks all of them now, and that is told by itself
            return
        for flag in sorted(lacking - before):
            one = lesser[flag]
            text = f"The bot {one.without} now: it lacks “{one.name}”. Give it to its role under {one.where}."
            self._listener.concern(f"permission-{flag}", text)
        for flag in sorted(before - lacking):
            self._listener.settled(f"permission-{flag}")

    async def _permissions(self) -> discord.Permissions:
        guild = await self._rest.client.fetch_guild(self._settings.guild, with_counts=False)
        channel = await guild.fetch_channel(self._settings.channel)
        return channel.permissions_for(await guild.fetch_member(self._rest.me))
