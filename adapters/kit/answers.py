"""Answers to commands on behalf of a person who waits: always in time, always with a text, and short enough."""

from __future__ import annotations

import asyncio

import structlog

from bot.messages import Command
from bot.ports.commands import Answer, Choice, CommandInfo, CommandPort, Kind

_log = structlog.get_logger()

PATIENCE = 2.0
"""Wall seconds for the core; Discord gives up after three, and the way there takes some of them."""

LATER = "That takes longer than it should. Ask `status` whether it was done, and try again in a minute if it was not."
FAILED = "Something went wrong here. Ask `status` whether it was done, and try again in a minute if it was not."


class AnswerTimeout:
    """The CommandPort with a limit to how long people wait. Never raises."""

    def __init__(self, *, place: str, commands: CommandPort) -> None:
        self._commands = commands
        self._log = _log.bind(place=place)

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All commands."""
        return self._commands.catalogue

    async def answer(self, command: Command) -> Answer:
        """The core's answer, or a kind line."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._commands.answer(command)
        except TimeoutError:
            self._log.warning("answers.slow")
            return Answer(text=LATER)
        except Exception as error:  # noqa: BLE001 - a person waits, whatever it was
            self._log.error("answers.failed", error=type(error).__name__)
            return Answer(text=FAILED)

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """Suggestions for a field; none if that takes too long."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._commands.complete(command, kind, typed)
        except Exception as error:  # noqa: BLE001 - people can type without suggestions
            self._log.warning("answers.no_suggestions", error=type(error).__name__)
            return ()


def in_words(answer: Answer, limit: int) -> str:
    """An answer as one text of at most `limit` characters, with how to confirm it where that is asked for."""
    once_more = f"\nReply `{answer.confirm}` to do it." if answer.confirm else ""
    return answer.text[: limit - len(once_more)] + once_more
