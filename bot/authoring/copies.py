"""A chat file that looks like a copy of another: only one of them will be hosted. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from bot.chat import Chat
from bot.errors import Problem
from bot.scheduling.chat_identity import is_same_chat
from bot.translation import lazy, pending

_SAME_ID = pending(
    "{chat} has the same 'id' '{id}'; only one of them is hosted: change or remove one, or give each an 'id' of its "
    "own."
)
_SAME_QUESTIONS = pending(
    "{chat} has the same questions on the same day; only one of them is hosted: change or remove one, or give each an "
    "'id' of its own."
)


def copies(
    chat: Chat, others: Sequence[Chat], places: Collection[str], now: datetime | None, at: tuple[str, int, int]
) -> Iterator[Problem]:
    """A warning for the first chat that is the same, `at` the position of this one's start; none once it is over."""
    if now and now >= chat.ends:
        return
    for other in sorted(others, key=lambda one: (one.starts, one.name)):
        if other.name == chat.name or not is_same_chat(chat, other, gone=False, held=False, places=places):
            continue
        file, line, column = at
        message = lazy(_SAME_ID if chat.id else _SAME_QUESTIONS, chat=other.name, id=chat.id)
        yield Problem(file=file, line=line, column=column, severity="warning", message=message)
        return
