"""Buttons below an answer: to confirm a command, to take it back, or to choose the place that it is meant for.

The first press counts; any other gets the same answer. A button carries the place and the command, so it works after a
restart too, unless the command is very long.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

from adapters.discord.rest import Json
from adapters.kit.bounded import RecentMap
from bot.ports.commands import Answer

_LONGEST, _LABEL = 100, 80
"""The most characters that a button can carry, and show."""

_MOST, _IN_ROW, _ROWS = 1000, 5, 5
"""The most answers that are remembered, buttons in a row, and rows."""

_IN, _WHICH, _BACK, _SAY, _KEPT, _NO = "in:", "which:", "back:", "say:", "~", "no"
_ROW, _BUTTON, _RED, _GREY = 1, 2, 4, 2

CANCELLED = "Nothing was changed."
TOO_OLD = "That question is too old. Please give the command again."


class Buttons:
    """Makes buttons, and remembers presses and long commands. After a restart a long command is too old."""

    def __init__(self) -> None:
        self._long: RecentMap[str, tuple[str, str]] = RecentMap(_MOST)
        self._pressed: RecentMap[str, asyncio.Task[Answer]] = RecentMap(_MOST)

    def components(self, answer: Answer, *, place: str, text: str) -> list[Json]:
        """The components below the answer to a command in a place: to choose, to confirm, to take back, or none."""
        if answer.choices:
            buttons = [_button(_GREY, one.label, self._id(_WHICH, one.value, text)) for one in answer.choices]
            rows = [buttons[at : at + _IN_ROW] for at in range(0, len(buttons), _IN_ROW)]
            return [{"type": _ROW, "components": row} for row in rows[:_ROWS]]
        if answer.undo:
            undo = _button(_GREY, "Undo", self._id(_BACK, answer.place or place, answer.undo))
            return [{"type": _ROW, "components": [undo]}]
        if answer.confirm is None:
            return []
        yes = _button(_RED, "Yes, do it", self._id(_IN, answer.place or place, answer.confirm))
        return [{"type": _ROW, "components": [yes, _button(_GREY, "No", _NO)]}]

    def command_of(self, custom_id: str) -> tuple[str, str] | Answer:
        """The place and the command of a pressed button, or the answer if it has none. An old one has no place."""
        if custom_id == _NO:
            return Answer(text=CANCELLED)
        if custom_id.startswith(_SAY):
            return "", custom_id.removeprefix(_SAY)
        for purpose in (_WHICH, _IN, _BACK):
            custom_id = custom_id.removeprefix(purpose)
        place, _, text = custom_id.partition(":")
        if place.startswith(_KEPT):
            return self._long.get(place) or Answer(text=TOO_OLD)
        return (place, text) if text else Answer(text=TOO_OLD)

    async def once(self, message: str, custom_id: str, asked: Coroutine[Any, Any, Answer]) -> Answer:
        """The answer to the first press below a message: to choose, to confirm, and to take back."""
        question = f"{message} {next((one for one in (_WHICH, _BACK) if custom_id.startswith(one)), '')}"
        if question in self._pressed:
            asked.close()
        else:
            self._pressed[question] = asyncio.create_task(asked)
        return await self._pressed[question]

    def _id(self, purpose: str, place: str, text: str) -> str:
        whole = f"{purpose}{place}:{text}"
        if len(whole) <= _LONGEST:
            return whole
        key = _KEPT + secrets.token_urlsafe(12)
        self._long[key] = place, text
        return purpose + key


def _button(style: int, label: str, custom_id: str) -> Json:
    return {"type": _BUTTON, "style": style, "label": label[:_LABEL], "custom_id": custom_id}
