"""What people say to the bot in private: it is a command, and answered there. Nothing of it is told on as a message."""

from __future__ import annotations

import asyncio

import discord
import msgspec
import structlog
from discord.http import handle_message_parameters

from adapters.discord.payloads import Said
from adapters.discord.rest import Json, Rest, number
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author, written
from adapters.kit.answers import AnswerTimeout
from bot.errors import PlatformError
from bot.messages import Command
from bot.ports.commands import Answer

_log = structlog.get_logger()

_AT_ONCE, _WAITING = 4, 64
"""Private messages that are answered at once, and that may be under way in all. Any more are passed over."""


class PrivateCommands:
    """Answers, a few at a time. In private nobody has a role by Discord's means."""

    def __init__(self, *, place: str, asking: AnswerTimeout, rest: Rest) -> None:
        self._place, self._asking, self._rest = place, asking, rest
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._under_way = 0

    async def told(self, payload: Json) -> None:
        """Somebody wrote to the bot. A bot, a notice, and what was only passed on get no answer."""
        try:
            said = msgspec.convert(payload, Said)
        except msgspec.ValidationError:
            return
        if not written(said) or not number(said.channel_id):
            return
        if self._under_way >= _WAITING:
            _log.warning("discord.private.flood", place=self._place)
            return
        self._under_way += 1
        try:
            async with self._few:
                await self._answer(said)
        finally:
            self._under_way -= 1

    async def _answer(self, said: Said) -> None:
        command = Command(
            place=self._place, at=said.timestamp, id=said.id, author=to_author(said.author), text=said.content
        )
        text = _text(await self._asking.answer(command))
        mentions = discord.AllowedMentions.none()
        try:
            # the nonce keeps a message that Discord tells twice from being answered twice
            with handle_message_parameters(content=text, nonce=f"re-{said.id}"[:25], allowed_mentions=mentions) as form:
                await self._rest.call(self._rest.http.send_message(number(said.channel_id), params=form))
        except PlatformError as error:
            _log.warning("discord.private.failed", place=self._place, reason=str(error))


def _text(answer: Answer) -> str:
    once_more = f"\nReply `{answer.confirm}` to do it." if answer.confirm else ""
    return answer.text[: LIMIT - len(once_more)] + once_more
