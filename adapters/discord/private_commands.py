"""Messages that people write to the bot alone: each is a command, and answered there. None is told as a message."""

from __future__ import annotations

import discord
from discord.http import handle_message_parameters

from adapters.discord.payloads import Said
from adapters.discord.rest import Json, Rest, number
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author, written
from adapters.kit.answers import AnswerTimeout, PrivateAnswers
from adapters.kit.payloads import read
from bot.messages import Command


class PrivateCommands:
    """Answers them. In private nobody has a role by Discord's means."""

    def __init__(self, *, place: str, answers: AnswerTimeout, rest: Rest) -> None:
        self._place, self._rest = place, rest
        self._answers = PrivateAnswers(place=place, answers=answers, limit=LIMIT)

    async def told(self, payload: Json) -> None:
        """Answer a person. Bots, notices and forwarded messages get no answer."""
        said = read(payload, Said)
        if said is None or not written(said) or not number(said.channel_id):
            return
        command = Command(
            place=self._place, at=said.timestamp, id=said.id, author=to_author(said.author), text=said.content
        )

        async def reply(text: str) -> None:
            mentions = discord.AllowedMentions.none()
            # the nonce keeps a message that Discord tells twice from being answered twice
            with handle_message_parameters(content=text, nonce=f"re-{said.id}"[:25], allowed_mentions=mentions) as form:
                await self._rest.call(self._rest.http.send_message(number(said.channel_id), params=form))

        await self._answers.answer(command, reply)
