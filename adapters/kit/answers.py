"""Asking the Desk on behalf of somebody who waits: always in time, and always with an answer."""

from __future__ import annotations

import asyncio

import structlog

from bot.messages import Command
from bot.ports.commands import Answer, Choice, CommandInfo, CommandPort, Kind

_log = structlog.get_logger()

PATIENCE = 2.0
"""Wall seconds for the Desk; Discord gives up after three, and the way there takes some of them."""

LATER = "That takes longer than it should. Ask `status` whether it was done, and try again in a minute if it was not."
FAILED = "Something went wrong here. Ask `status` whether it was done, and try again in a minute if it was not."


class AnswerTimeout:
    """The Desk, with a limit to how long anybody waits. Never raises."""

    def __init__(self, *, place: str, commands: CommandPort) -> None:
        self._commands = commands
        self._log = _log.bind(place=place)

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All that can be said."""
        return self._commands.catalogue

    async def answer(self, command: Command) -> Answer:
        """The Desk's answer, or a kind line."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._commands.answer(command)
        except TimeoutError:
            self._log.warning("discord.desk.slow")
            return Answer(text=LATER)
        except Exception as error:  # noqa: BLE001 - somebody waits, whatever it was
            self._log.error("discord.desk.failed", error=type(error).__name__)
            return Answer(text=FAILED)

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """What may be filled in; nothing where that takes too long."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._commands.complete(command, kind, typed)
        except Exception as error:  # noqa: BLE001 - one can type without help
            self._log.warning("discord.desk.silent", error=type(error).__name__)
            return ()
