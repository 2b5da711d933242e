"""Answers to commands on behalf of a person who waits: always in time, always with a text, and short enough."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import structlog

from bot.errors import PlatformError
from bot.messages import Command
from bot.ports.commands import Answer, Choice, CommandInfo, CommandPort, Kind

_log = structlog.get_logger()

PATIENCE = 2.0
"""Wall seconds for the core; Discord gives up after three, and the way there takes some of them."""

_AT_ONCE, _WAITING = 4, 64
"""Private messages that are answered at once, and that may be under way in all."""

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
        """The core's answer, or an apology if it failed or took too long."""
        return await self._in_time(self._commands.answer(command))

    async def _in_time(self, answer: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError:
            self._log.warning("answers.slow")
            return Answer(text=LATER)
        except Exception as error:  # noqa: BLE001 - a person waits for an answer
            self._log.error("answers.failed", error=type(error).__name__)
            return Answer(text=FAILED)

    async def answer_one(self, commands: tuple[Command, ...]) -> Answer:
        """The same for a command that several places could be meant by; it may be a question, with `choices`."""
        if len(commands) == 1:
            return await self.answer(commands[0])
        return await self._in_time(self._commands.answer_one(commands))

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """Suggestions for a field; none if that takes too long."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._commands.complete(command, kind, typed)
        except Exception as error:  # noqa: BLE001 - people can type without suggestions
            self._log.warning("answers.no_suggestions", error=type(error).__name__)
            return ()


class PrivateAnswers:
    """Commands written to the bot alone, answered a few at a time. Commands beyond those that can wait are ignored."""

    def __init__(self, *, place: str, answers: AnswerTimeout, limit: int) -> None:
        self._answers, self._limit = answers, limit
        self._log = _log.bind(place=place)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._under_way = 0

    async def answer(self, commands: tuple[Command, ...], reply: Callable[[Answer], Awaitable[object]]) -> None:
        """Answer with one text of at most `limit` characters. A `reply` that raises PlatformError is logged.

        Several commands are the same one in the places that could be meant.
        """
        if self._under_way >= _WAITING:
            self._log.warning("answers.flood")
            return
        self._under_way += 1
        try:
            async with self._turns:
                await reply(self._in_words(await self._answers.answer_one(commands)))
        except PlatformError as error:
            self._log.warning("answers.unsent", reason=str(error))
        finally:
            self._under_way -= 1

    def _in_words(self, answer: Answer) -> Answer:
        once_more = f"\nReply `{answer.confirm}` to do it." if answer.confirm else ""
        return msgspec.structs.replace(answer, text=answer.text[: self._limit - len(once_more)] + once_more)
