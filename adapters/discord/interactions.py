"""Interactions: slash commands, message menus and buttons, with answers that only the person sees.

The CommandPort has the commands and decides who may give them; `slash_commands` has their form on Discord. Each is for
the place in whose channel it was given; where that says nothing, the person is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from discord.http import Route

from adapters.discord import record_commands, slash_commands
from adapters.discord.addressees import Addressee, Addressees, in_server
from adapters.discord.buttons import Buttons
from adapters.discord.errors import ACKNOWLEDGED, UNKNOWN_INTERACTION, code_of
from adapters.discord.payloads import Interaction
from adapters.discord.rest import Json, Rest, number, snowflake_time
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author
from adapters.kit.payloads import read_in_part
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
    """Registers the commands with Discord, once for each server, and answers them."""

    def __init__(self, *, places: Addressees, buttons: Buttons) -> None:
        self._places, self._buttons = places, buttons
        self._registered: set[int] = set()

    async def register(self, server: int) -> None:
        """Register the commands on a server, in place of all earlier ones, once.

        A failure is logged, and the next call tries again: the chat works without them.
        """
        there = [one for one in self._places() if one.location.guild == server]
        if not there or server in self._registered:
            return
        self._registered.add(server)
        rest = there[0].rest
        try:
            commands: Any = slash_commands.menu(there[0].answers.catalogue)
            await rest.call(rest.http.bulk_upsert_guild_commands(rest.application, server, commands))
        except PlatformError as error:
            self._registered.discard(server)
            _log.warning("discord.registration_failed", place=there[0].location.place, reason=str(error))

    async def on_interaction(self, payload: Json) -> None:
        """Answer a command, a button or a field that is being filled in. Those of other servers are ignored."""
        odd: list[str] = []
        interaction = read_in_part(payload, Interaction, odd.append)
        if interaction is None or not interaction.author or not number(interaction.id):
            return
        if unread := [name for name in odd if name.startswith("data") and not name.startswith("data.resolved")]:
            _log.warning("discord.interaction_unread", parts=unread)  # half a command may be another one
            return
        there = self._addressed(interaction)
        if not there:
            return
        if interaction.type == _COMMAND:
            texts = [_text_of(interaction, one) for one in there]
            await self._respond(interaction, there, await self._answer(interaction, there, texts), texts[0])
        elif interaction.type == _BUTTON and interaction.message:
            custom_id = interaction.data.custom_id
            answer = await self._buttons.once(interaction.message.id, custom_id, self._press(interaction, there))
            command = self._buttons.command_of(custom_id)
            await self._respond(interaction, there, answer, "" if isinstance(command, Answer) else command[1])
        elif interaction.type == _AUTOCOMPLETE:
            choices = await self._choices(interaction, there)
            await self._callback(interaction, there[0].rest, _CHOICES, {"choices": choices})

    def _addressed(self, interaction: Interaction) -> list[Addressee]:
        """The places that it can be for. In private, where there are only buttons, all of them."""
        places = self._places()
        if interaction.guild_id is None:
            return list(places) if interaction.type == _BUTTON else []
        parent = number(interaction.channel.parent_id) if interaction.channel else 0
        return in_server(places, number(interaction.guild_id), number(interaction.channel_id), parent)

    async def _press(self, interaction: Interaction, there: Sequence[Addressee]) -> Answer:
        command = self._buttons.command_of(interaction.data.custom_id)
        if isinstance(command, Answer):
            return command
        place, text = command
        named = [one for one in self._places() if one.location.place == place] or there
        return await self._answer(interaction, named, [text] * len(named))

    async def _answer(self, interaction: Interaction, there: Sequence[Addressee], texts: Sequence[str]) -> Answer:
        commands = tuple(_command(interaction, one, text) for one, text in zip(there, texts, strict=True))
        answer = await there[0].answers.answer_one(commands)
        return answer if answer.place else msgspec.structs.replace(answer, place=there[0].location.place)

    async def _choices(self, interaction: Interaction, there: Sequence[Addressee]) -> list[Json]:
        """Suggestions; none while it is open which place is meant."""
        typing = slash_commands.focused_field(interaction.data)
        if typing is None or len(there) > 1:
            return []
        found = await there[0].answers.complete(_command(interaction, there[0], ""), *typing)
        fit = [one for one in found if one.label and 0 < len(one.value) <= slash_commands.LONGEST_TEXT]
        return [{"name": one.label[: slash_commands.LONGEST_TEXT], "value": one.value} for one in fit[:_MOST]]

    async def _respond(self, interaction: Interaction, there: Sequence[Addressee], answer: Answer, text: str) -> None:
        """Show the answer: in a message of its own, or for a button in place of the one that it is on."""
        kind = _UPDATE if interaction.type == _BUTTON else _MESSAGE
        data: Json = {"content": answer.text[:LIMIT], "allowed_mentions": {"parse": []}}
        components = self._buttons.components(answer, place=answer.place, text=text)
        if kind == _MESSAGE:
            data["flags"] = _EPHEMERAL
        if components or kind == _UPDATE:
            data["components"] = components
        await self._callback(interaction, there[0].rest, kind, data)

    async def _callback(self, interaction: Interaction, rest: Rest, kind: int, data: Json) -> None:
        """Respond through our own HTTP client, as the library's way knows only Discord's own address."""
        try:
            route = Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=int(interaction.id),
                webhook_token=interaction.token,
            )
            await rest.call(rest.http.request(route, json={"type": kind, "data": data}))
        except PlatformError as error:
            if code_of(error) not in {ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                _log.warning("discord.answer_failed", reason=str(error))


def _text_of(interaction: Interaction, one: Addressee) -> str:
    return slash_commands.command_text(interaction.data, catalogue=one.answers.catalogue, place=one.location.place)


def _command(interaction: Interaction, one: Addressee, text: str) -> Command:
    assert interaction.author  # noqa: S101 - checked in on_interaction
    return Command(
        place=one.location.place,
        at=snowflake_time(int(interaction.id)),
        id=interaction.id,
        author=to_author(interaction.author, interaction.member),
        text=text,
        about=record_commands.about(interaction.data, one.location.place),
        role=one.location.role(interaction.member),
    )
