"""The `/chat` command: what people ask of the bot on Discord, answered so that only they see it.

A new subcommand is one line in `SUBCOMMANDS`. What it means is the Desk's business.
"""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.http import Route

from adapters.discord.connection import Line
from adapters.discord.refusals import ACKNOWLEDGED, UNKNOWN_INTERACTION
from adapters.discord.server import LIMIT, Server
from bot.desk import Desk
from bot.messages import Author, Command

_log = structlog.get_logger()

SUBCOMMANDS: dict[str, str] = {
    "status": "What is on the floor, and what comes next",
    "help": "How this chat works, and how to be left out of the record",
}
"""Each subcommand, and what Discord says about it."""

PATIENCE = 2.0
"""Wall seconds for the Desk; Discord gives up after three, and the way there takes some of them."""

LATER = "That takes longer than it should. Please try again in a minute."

_MESSAGE, _EPHEMERAL = 4, 64
"""Answering with a message, and one that only the asker sees."""


class Commands:
    """Plants the command in a client, registers it with Discord, and answers."""

    def __init__(self, *, place: str, desk: Desk, server: Server) -> None:
        self._place, self._desk = place, desk
        self._guild = discord.Object(server.guild)
        self._trees: dict[Line, app_commands.CommandTree[Line]] = {}

    def plant(self, line: Line) -> None:
        """Let a client know the command, before it connects."""
        group = app_commands.Group(name="chat", description="The scheduled chat in this server")
        for name, description in SUBCOMMANDS.items():
            group.add_command(self._subcommand(name, description))
        tree = app_commands.CommandTree(line)
        tree.add_command(group, guild=self._guild)
        self._trees = {line: tree}

    async def register(self, line: Line) -> None:
        """Let Discord know the command, on our server only. A failure is logged: the chat goes on without."""
        try:
            await self._trees[line].sync(guild=self._guild)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.warning("discord.commands.failed", place=self._place, error=type(error).__name__)

    def _subcommand(self, name: str, description: str) -> app_commands.Command[app_commands.Group, ..., None]:
        async def asked(interaction: discord.Interaction[Line]) -> None:
            await self._answer(interaction, name)

        return app_commands.Command(name=name, description=description, callback=asked)

    async def _answer(self, interaction: discord.Interaction[Line], text: str) -> None:
        user = interaction.user
        author = Author(id=str(user.id), handle=f"@{user.name}", name=user.display_name)
        command = Command(
            place=self._place, at=interaction.created_at, id=str(interaction.id), author=author, text=text, chat=None
        )
        try:
            async with asyncio.timeout(PATIENCE):
                answer = (await self._desk.answer(command)).text
        except TimeoutError:
            answer = LATER
        await self._say(interaction, answer)

    async def _say(self, interaction: discord.Interaction[Line], answer: str) -> None:
        """Through our own HTTP client, as the library's way of answering knows only Discord's own address."""
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction.id,
            webhook_token=interaction.token,
        )
        data = {"content": answer[:LIMIT], "flags": _EPHEMERAL, "allowed_mentions": {"parse": []}}
        try:
            await interaction.client.http.request(route, json={"type": _MESSAGE, "data": data})
        except discord.HTTPException as error:
            if error.code not in {ACKNOWLEDGED, UNKNOWN_INTERACTION}:
                _log.warning("discord.answer.failed", place=self._place, status=error.status, code=error.code)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.warning("discord.answer.failed", place=self._place, error=type(error).__name__)
