"""Confirmation: two buttons below an answer. The first press counts; any other gets the same answer.

A button carries the command, so it works after a restart too, unless the command is very long.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

from adapters.discord.rest import Json
from adapters.kit.bounded import RecentMap
from bot.ports.commands import Answer

_LONGEST = 100
"""The most characters that a button can carry."""

_MOST = 1000
"""The most confirmations that are remembered."""

_SAY, _KEPT, _NO = "say:", "kept:", "no"
_ROW, _BUTTON, _RED, _GREY = 1, 2, 4, 2

CANCELLED = "Nothing was changed."
TOO_OLD = "That question is too old. Please give the command again."


class Buttons:
    """Makes buttons, and remembers presses and long commands. After a restart a long command is too old."""

    def __init__(self) -> None:
        self._long: RecentMap[str, str] = RecentMap(_MOST)
        self._pressed: RecentMap[str, asyncio.Task[Answer]] = RecentMap(_MOST)

    def components(self, answer: Answer) -> list[Json]:
        """The components below an answer: none, or the two buttons."""
        if answer.confirm is None:
            return []
        yes = {"type": _BUTTON, "style": _RED, "label": "Yes, do it", "custom_id": self._id(answer.confirm)}
        no = {"type": _BUTTON, "style": _GREY, "label": "No", "custom_id": _NO}
        return [{"type": _ROW, "components": [yes, no]}]

    def text_of(self, custom_id: str) -> str | Answer:
        """The command of a pressed button, or the answer if it has none."""
        if custom_id == _NO:
            return Answer(text=CANCELLED)
        if custom_id.startswith(_SAY):
            return custom_id.removeprefix(_SAY)
        return self._long.get(custom_id) or Answer(text=TOO_OLD)

    async def once(self, message: str, asked: Coroutine[Any, Any, Answer]) -> Answer:
        """The answer to the first press below a message."""
        if message in self._pressed:
            asked.close()
        else:
            self._pressed[message] = asyncio.create_task(asked)
        return await self._pressed[message]

    def _id(self, text: str) -> str:
        if len(_SAY + text) <= _LONGEST:
            return _SAY + text
        key = _KEPT + secrets.token_urlsafe(12)
        self._long[key] = text
        return key
