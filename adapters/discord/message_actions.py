"""Changes to messages and people: our own messages edited, a message deleted, a person timed out.

Each may be done twice. A refusal concerns the one action, never the place.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import discord
from discord.http import handle_message_parameters

from adapters.discord.errors import (
    MESSAGE_GONE,
    NO_PERMISSION,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE,
    UNKNOWN_USER,
    code_of,
    for_this_post,
)
from adapters.discord.history import History
from adapters.discord.location import ChannelIndex, Location
from adapters.discord.rest import Rest, number
from adapters.discord.settings import DiscordSettings
from bot.clock import Clock
from bot.errors import PlatformError
from bot.messages import PlatformAction, Post, Receipt

_LONGEST = timedelta(days=28) - timedelta(minutes=1)
"""The longest timeout on Discord, less a margin for a clock that is wrong."""

_AUDIT_REASON = "As a moderator of the chat asked"
"""The reason in the server's audit log."""

_MAY_NOT_DELETE = (
    "The bot may not delete messages on Discord: give its role Manage Messages under Edit Channel → Permissions, "
    "or set delete = false."
)
_MAY_NOT_SILENCE = (
    "Discord does not let the bot silence that person: give its role Moderate Members under Server Settings → Roles, "
    "and drag it above theirs. Nobody can silence the server's owner or an administrator."
)
_NOT_SUPPORTED = "Discord has no such measure, or the settings of the place do not allow it (`delete`, `timeouts`)."


class MessageActions:
    """Edits and actions, each in the channel or thread of its message."""

    def __init__(
        self,
        *,
        location: Location,
        settings: DiscordSettings,
        rest: Rest,
        channels: ChannelIndex,
        history: History,
        clock: Clock,
    ) -> None:
        self._location, self._settings, self._rest = location, settings, rest
        self._channels, self._history, self._clock = channels, history, clock

    async def edit(self, post: Post, id: str) -> Receipt:
        """Give a message of ours another text. Raises PlatformError."""

        async def change(where: int) -> None:
            mentions = discord.AllowedMentions.none()
            with handle_message_parameters(content=post.text, allowed_mentions=mentions) as form:
                await self._rest.call(self._rest.http.edit_message(where, number(id), params=form))

        with _failing_alone():
            where = await self._at_message(id, post.opening, change)
        if where is None:
            raise PlatformError(MESSAGE_GONE, permanent=True)
        return Receipt(id=id, url=self._location.url(id, where), at=self._clock.now())

    async def take(self, post: Post, action: PlatformAction) -> Receipt:
        """Take an action; the receipt has the id of the message or the person. Raises PlatformError."""
        if action.kind not in self._settings.rights.actions:
            raise PlatformError(_NOT_SUPPORTED, permanent=True)
        with _failing_alone():
            if action.kind == "delete":
                await self._delete(action.message or "", post.opening)
            else:
                await self._set_timeout(action)
        return Receipt(id=action.message or action.person or "", url=None, at=self._clock.now())

    async def _delete(self, id: str, opening: str | None) -> None:
        async def delete(where: int) -> None:
            with _failing_alone(_MAY_NOT_DELETE):
                await self._rest.call(self._rest.http.delete_message(where, number(id), reason=_AUDIT_REASON))

        await self._at_message(id, opening, delete)

    async def _set_timeout(self, action: PlatformAction) -> None:
        """Time a person out, for at most 28 days from now, or end the timeout."""
        now, until = self._clock.now(), action.until
        if action.kind == "timeout" and until is None:
            raise PlatformError("A person is silenced on Discord until some time, and none was given.", permanent=True)
        if action.kind == "timeout" and until and until <= now:
            return
        ends = min(until, now + _LONGEST).isoformat() if action.kind == "timeout" and until else None
        try:
            await self._change_member(number(action.person), ends)
        except PlatformError as error:
            if ends is not None or code_of(error) not in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                raise

    async def _change_member(self, person: int, ends: str | None) -> None:
        edit = self._rest.http.edit_member
        with _failing_alone(_MAY_NOT_SILENCE):
            await self._rest.call(
                edit(self._location.guild, person, reason=_AUDIT_REASON, communication_disabled_until=ends)
            )

    async def _at_message(self, id: str, opening: str | None, do: Callable[[int], Awaitable[None]]) -> int | None:
        """Do something to a message where it is. Returns its channel or thread, None if it is nowhere."""
        if not number(id):
            return None
        known = self._channels.of(number(id))
        likely = [0 if self._rest.forum else self._location.channel, number(opening)]
        for where in [known] if known else dict.fromkeys(one for one in likely if one):
            if await self._done(where, do):
                return where
        thread = await self._history.locate(number(id))
        return thread if thread is not None and await self._done(thread, do) else None

    async def _done(self, where: int, do: Callable[[int], Awaitable[None]]) -> bool:
        try:
            await do(where)
        except PlatformError as error:
            if code_of(error) == UNKNOWN_MESSAGE or (
                where != self._location.channel and code_of(error) == UNKNOWN_CHANNEL
            ):
                return False
            raise
        return True


@contextmanager
def _failing_alone(lacking: str = "") -> Iterator[None]:
    """Make failures inside concern this action only; `lacking` is the text for a missing permission."""
    try:
        yield
    except PlatformError as error:
        explained = lacking if code_of(error) == NO_PERMISSION else ""
        raise for_this_post(error, explained) from error.__cause__
