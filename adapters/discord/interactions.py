"""Interactions: slash commands, message menus and buttons, with answers that only the person sees.

The CommandPort has the commands and decides who may give them; `slash_commands` has their form on Discord.
"""

from __future__ import annotations

from typing import Any

import structlog
from discord.http import Route

from adapters.discord import slash_commands
from adapters.discord.buttons import Buttons
from adapters.discord.errors import ACKNOWLEDGED, UNKNOWN_INTERACTION, code_of
from adapters.discord.location import Location
from adapters.discord.payloads import Interaction
from adapters.discord.rest import Json, Rest, number, snowflake_time
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author
from adapters.kit.answers import AnswerTimeout
from adapters.kit.payloads import read
from bot.errors import PlatformError
from bot.messages import Command
from bot.ports.commands import Answer

_log = structlog.get_logger()

_COMMAND, _BUTTON, _AUTOCOMPLETE = 2, 3, 4
"""Types of interaction."""

_MESSAGE, _UPDATE, _CHOICES = 4, 7, 8
"""Types of response: a message, a change to the message with the button, and suggestions."""

_EPHEMERAL = 64
"""The flag of messages that only one person sees."""

_MOST = 25
"""The most suggestions that Discord shows."""


class Interactions:
    """Registers the commands with Discord, for our server only, and answers them."""

    def __init__(self, *, location: Location, answers: AnswerTimeout, rest: Rest, buttons: Buttons) -> None:
        self._location, self._answers, self._rest, self._buttons = location, answers, rest, buttons

    async def register(self) -> None:
        """Register the commands, in place of all earlier ones. A failure is logged: the chat works without them."""
        try:
            put, catalogue = self._rest.http.bulk_upsert_guild_commands, self._answers.catalogue
            commands: Any = slash_commands.menu(catalogue)
            await self._rest.call(put(self._rest.application, self._location.guild, commands))
        except PlatformError as error:
            _log.warning("discord.registration_failed", place=self._location.place, reason=str(error))

    async def on_interaction(self, payload: Json) -> None:
        """Answer a command, a button or a field that is being filled in. Those of other servers are ignored."""
        interaction = read(payload, Interaction)
        if interaction is None:
            return
        elsewhere = interaction.guild_id != str(self._location.guild)
        if elsewhere or not interaction.member.user or not number(interaction.id):
            return
        if interaction.type == _COMMAND:
            text = slash_commands.command_text(
                interaction.data, catalogue=self._answers.catalogue, place=self._location.place
            )
            await self._respond(interaction, _MESSAGE, await self._answers.answer(self._command(interaction, text)))
        elif interaction.type == _BUTTON and interaction.message:
            await self._respond(
                interaction, _UPDATE, await self._buttons.once(interaction.message.id, self._press(interaction))
            )
        elif interaction.type == _AUTOCOMPLETE:
            await self._callback(interaction, _CHOICES, {"choices": await self._choices(interaction)})

    async def _press(self, interaction: Interaction) -> Answer:
        text = self._buttons.text_of(interaction.data.custom_id)
        return text if isinstance(text, Answer) else await self._answers.answer(self._command(interaction, text))

    async def _choices(self, interaction: Interaction) -> list[Json]:
        typing = slash_commands.focused_field(interaction.data)
        if typing is None:
            return []
        found = await self._answers.complete(self._command(interaction, ""), *typing)
        fit = [one for one in found if one.label and 0 < len(one.value) <= slash_commands.LONGEST_TEXT]
        return [{"name": one.label[: slash_commands.LONGEST_TEXT], "value": one.value} for one in fit[:_MOST]]

    def _command(self, interaction: Interaction, text: str) -> Command:
        assert interaction.member.user  # noqa: S101 - checked in on_interaction
        return Command(
            place=self._location.place,
            at=snowflake_time(int(interaction.id)),
            id=interaction.id,
            author=to_author(interaction.member.user, interaction.member),
            text=text,
            role=self._location.role(interaction.member),
        )

    async def _respond(self, interaction: Interaction, kind: int, answer: Answer) -> None:
        data: Json = {"content": answer.text[:LIMIT], "allowed_mentions": {"parse": []}}
        components = self._buttons.components(answer)
        if kind == _MESSAGE:
            data["flags"] = _EPHEMERAL
        if components or kind == _UPDATE:
            data["components"] = components
        await self._callback(interaction, kind, data)

    async def _callback(self, interaction: Interaction, kind: int, data: Json) -> None:
        """Respond through our own HTTP client, as the library's way knows only Discord's own address."""
        try:
            route = Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=int(interaction.id),
                webhook_token=interaction.token,
            )
            await self._rest.call(self._rest.http.request(route, json={"type": kind, "data": data}))
        except PlatformError as error:
            if code_of(error) not in {ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                _log.warning("discord.answer_failed", place=self._location.place, reason=str(error))
