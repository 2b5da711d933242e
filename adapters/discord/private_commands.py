"""Messages that people write to the bot alone: each is a command, and answered there. None is a message of the chat.

With several places it is carried out once, for the chat that can be meant; else the person is asked which.
"""

from __future__ import annotations

from datetime import datetime

import discord
from discord.http import handle_message_parameters

from adapters.discord.addressees import Addressee, Addressees
from adapters.discord.buttons import Buttons
from adapters.discord.payloads import MessagePayload
from adapters.discord.rest import Json, number
from adapters.discord.settings import LIMIT
from adapters.discord.translation import by_a_person, time_of, to_author
from adapters.kit.answers import PrivateAnswers
from adapters.kit.payloads import read_in_part
from bot.messages import Command
from bot.ports.commands import Answer


class PrivateCommands:
    """Answers private messages. Their authors have no role from Discord."""

    def __init__(self, *, places: Addressees, buttons: Buttons) -> None:
        self._places, self._buttons = places, buttons
        self._turns: PrivateAnswers | None = None

    async def on_message(self, payload: Json) -> None:
        """Answer a person. Bots, notices and forwarded messages get no answer."""
        message, places = read_in_part(payload, MessagePayload), self._places()
        at = time_of(message) if message and _is_for_us(message) else None
        if message is None or at is None or not places:
            return
        commands, rest = tuple(_command(message, at, one) for one in places), places[0].rest

        async def reply(answer: Answer) -> None:
            rows = (
                self._buttons.components(answer, place=answer.place, text=message.content or "")
                if answer.choices
                else []
            )
            # the nonce prevents a second answer if Discord delivers a message twice
            with handle_message_parameters(
                content=answer.text, nonce=f"re-{message.id}"[:25], allowed_mentions=discord.AllowedMentions.none()
            ) as form:
                if rows and form.payload is not None:
                    form.payload["components"] = rows
                await rest.call(rest.http.send_message(number(message.channel_id), params=form))

        if self._turns is None:
            self._turns = PrivateAnswers(place=places[0].location.place, answers=places[0].answers, limit=LIMIT)
        await self._turns.answer(commands, reply)


def _is_for_us(message: MessagePayload) -> bool:
    """Whether it is in a person's own words, and can be answered."""
    own_words = bool(message.content) and not message.is_forward
    return own_words and by_a_person(message, message.author) and number(message.channel_id) > 0


def _command(message: MessagePayload, at: datetime, one: Addressee) -> Command:
    return Command(
        place=one.location.place,
        at=at,
        id=message.id,
        author=to_author(message.author),
        text=message.content or "",
    )
