"""Messages that people write to the bot alone: each is a command, and answered there. None is a message of the chat."""

from __future__ import annotations

import discord
from discord.http import handle_message_parameters

from adapters.discord.payloads import MessagePayload
from adapters.discord.rest import Json, Rest, number
from adapters.discord.settings import LIMIT
from adapters.discord.translation import by_a_person, to_author
from adapters.kit.answers import AnswerTimeout, PrivateAnswers
from adapters.kit.payloads import read
from bot.messages import Command


class PrivateCommands:
    """Answers private messages. Their authors have no role from Discord."""

    def __init__(self, *, place: str, answers: AnswerTimeout, rest: Rest) -> None:
        self._place, self._rest = place, rest
        self._answers = PrivateAnswers(place=place, answers=answers, limit=LIMIT)

    async def on_message(self, payload: Json) -> None:
        """Answer a person. Bots, notices and forwarded messages get no answer."""
        message = read(payload, MessagePayload)
        if message is None or not by_a_person(message) or not number(message.channel_id):
            return
        command = Command(
            place=self._place,
            at=message.timestamp,
            id=message.id,
            author=to_author(message.author),
            text=message.content,
        )

        async def reply(text: str) -> None:
            mentions = discord.AllowedMentions.none()
            # the nonce prevents a second answer if Discord delivers a message twice
            with handle_message_parameters(
                content=text, nonce=f"re-{message.id}"[:25], allowed_mentions=mentions
            ) as form:
                await self._rest.call(self._rest.http.send_message(number(message.channel_id), params=form))

        await self._answers.answer(command, reply)
