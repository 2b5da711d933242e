"""What people ask of the bot by Discord's own commands, menus and buttons, answered so that only they see it.

What can be asked is the Desk's business, and who may; how it looks is in `menu`.
"""

from __future__ import annotations

from typing import Any

import structlog
from discord.http import Route

from adapters.discord import slash_commands
from adapters.discord.buttons import Buttons
from adapters.discord.errors import ACKNOWLEDGED, UNKNOWN_INTERACTION, code_of
from adapters.discord.payloads import Called, Home
from adapters.discord.rest import Json, Rest, number, snowflake_time
from adapters.discord.settings import LIMIT
from adapters.discord.translation import to_author
from adapters.kit.answers import AnswerTimeout
from adapters.kit.payloads import read
from bot.errors import PlatformError
from bot.messages import Command
from bot.ports.commands import Answer

_log = structlog.get_logger()

_COMMAND, _BUTTON, _TYPING = 2, 3, 4
"""Types of interaction."""

_MESSAGE, _UPDATE, _CHOICES = 4, 7, 8
"""Answering with a message, with a change to the one that has the button, and with suggestions."""

_EPHEMERAL = 64
"""Only the asker sees it."""

_MOST = 25
"""Suggestions that Discord shows."""


class Interactions:
    """Registers the commands with Discord, on our server only, and answers."""

    def __init__(self, *, home: Home, answers: AnswerTimeout, rest: Rest, buttons: Buttons) -> None:
        self._home, self._answers, self._rest, self._buttons = home, answers, rest, buttons

    async def register(self) -> None:
        """Let Discord know the commands instead of any before. A failure is logged: the chat goes on without."""
        try:
            put, catalogue = self._rest.http.bulk_upsert_guild_commands, self._answers.catalogue
            commands: Any = slash_commands.menu(catalogue)
            await self._rest.call(put(self._rest.application, self._home.guild, commands))
        except PlatformError as error:
            _log.warning("discord.commands.failed", place=self._home.place, reason=str(error))

    async def called(self, payload: Json) -> None:
        """Somebody asked, pressed a button or is typing. Another server's is not ours to answer."""
        call = read(payload, Called)
        if call is None:
            return
        if call.guild_id != str(self._home.guild) or not call.member.user or not number(call.id):
            return
        if call.type == _COMMAND:
            text = slash_commands.said(call.data, catalogue=self._answers.catalogue, place=self._home.place)
            await self._tell(call, _MESSAGE, await self._answers.answer(self._command(call, text)))
        elif call.type == _BUTTON and call.message:
            await self._tell(call, _UPDATE, await self._buttons.once(call.message.id, self._press(call)))
        elif call.type == _TYPING:
            await self._reply(call, _CHOICES, {"choices": await self._choices(call)})

    async def _press(self, call: Called) -> Answer:
        meant = self._buttons.meant(call.data.custom_id)
        return meant if isinstance(meant, Answer) else await self._answers.answer(self._command(call, meant))

    async def _choices(self, call: Called) -> list[Json]:
        typing = slash_commands.typing(call.data)
        if typing is None:
            return []
        found = await self._answers.complete(self._command(call, ""), *typing)
        fit = [one for one in found if one.label and 0 < len(one.value) <= slash_commands.LONGEST]
        return [{"name": one.label[: slash_commands.LONGEST], "value": one.value} for one in fit[:_MOST]]

    def _command(self, call: Called, text: str) -> Command:
        assert call.member.user  # noqa: S101 - looked at when it came
        return Command(
            place=self._home.place,
            at=snowflake_time(int(call.id)),
            id=call.id,
            author=to_author(call.member.user, call.member),
            text=text,
            role=self._home.role(call.member),
        )

    async def _tell(self, call: Called, kind: int, answer: Answer) -> None:
        data: Json = {"content": answer.text[:LIMIT], "allowed_mentions": {"parse": []}}
        below = self._buttons.below(answer)
        if kind == _MESSAGE:
            data["flags"] = _EPHEMERAL
        if below or kind == _UPDATE:
            data["components"] = below
        await self._reply(call, kind, data)

    async def _reply(self, call: Called, kind: int, data: Json) -> None:
        """Through our own HTTP client, as the library's way of answering knows only Discord's own address."""
        try:
            route = Route(
                "POST",
                "/interactions/{webhook_id}/{webhook_token}/callback",
                webhook_id=int(call.id),
                webhook_token=call.token,
            )
            await self._rest.call(self._rest.http.request(route, json={"type": kind, "data": data}))
        except PlatformError as error:
            if code_of(error) not in {ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                _log.warning("discord.answer.failed", place=self._home.place, reason=str(error))
