"""When a chat began: as planned, unless its first welcome says otherwise. Pure.

A command may begin a chat early. Its file does not know that and the store does, so the log decides for both: the
transcript from either is the same. A welcome that comes late moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from bot.chat import Chat
from bot.messages import Posted

EARLY = timedelta(seconds=10)
"""A platform's clock may be this far from ours; a welcome that is earlier still was said before its hour."""

_replace = msgspec.structs.replace


def begun(chat: Chat, posted: Iterable[Posted]) -> Chat:
    """The chat from when it really began, cut to whole seconds; its end and its questions' planned times go along."""
    first = min((one.at for one in posted if one.kind == "welcome"), default=None)
    if first is None or not (_moved(chat) or chat.starts - first > EARLY):
        return chat
    starts = first.astimezone(chat.starts.tzinfo).replace(microsecond=0)
    by = starts - chat.starts
    questions = tuple(_replace(one, at=one.at + by) for one in chat.questions)
    return _replace(chat, starts=starts, questions=questions)


def _moved(chat: Chat) -> bool:
    """Whether a command moved its start: a chat file has whole seconds only."""
    return chat.starts.microsecond > 0
