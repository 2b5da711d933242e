"""What people say to the bot in private: it is a command, and answered there. Nothing of it is told on as a message."""

from __future__ import annotations

import discord
import structlog
from discord.http import handle_message_parameters

from adapters.discord.payloads import Said
from adapters.discord.rest import Json, Rest, number
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author, written
from adapters.kit.answers import AnswerTimeout, in_words
from adapters.kit.bounded import FewAtATime
from adapters.kit.payloads import read
from bot.errors import PlatformError
from bot.messages import Command

_log = structlog.get_logger()

_AT_ONCE, _WAITING = 4, 64
"""Private messages that are answered at once, and that may be under way in all. Any more are passed over."""


class PrivateCommands:
    """Answers, a few at a time. In private nobody has a role by Discord's means."""

    def __init__(self, *, place: str, answers: AnswerTimeout, rest: Rest) -> None:
        self._place, self._answers, self._rest = place, answers, rest
        self._few = FewAtATime(_AT_ONCE, _WAITING)

    async def told(self, payload: Json) -> None:
        """Somebody wrote to the bot. A bot, a notice, and what was only passed on get no answer."""
        said = read(payload, Said)
        if said is None or not written(said) or not number(said.channel_id):
            return
        if not await self._few.run(lambda: self._answer(said)):
            _log.warning("discord.private.flood", place=self._place)

    async def _answer(self, said: Said) -> None:
        command = Command(
            place=self._place, at=said.timestamp, id=said.id, author=to_author(said.author), text=said.content
        )
        text = in_words(await self._answers.answer(command), LIMIT)
        mentions = discord.AllowedMentions.none()
        try:
            # the nonce keeps a message that Discord tells twice from being answered twice
            with handle_message_parameters(content=text, nonce=f"re-{said.id}"[:25], allowed_mentions=mentions) as form:
                await self._rest.call(self._rest.http.send_message(number(said.channel_id), params=form))
        except PlatformError as error:
            _log.warning("discord.private.failed", place=self._place, reason=str(error))
