"""Whether a chat file is a chat that is known: by their ids, else by places, questions, title and start. Pure.

What was copied, renamed or restored is the same chat; next week's from the same template is another.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from bot.chat import Chat
from bot.live.question_matching import similarity

SAME_DATE = timedelta(hours=12)
"""Two starts that are less apart are on one date. Both are instants: the clock of neither chat counts."""

_NUMBER = re.compile(r"\d+")

_SIMILAR = 90.0
"""How similar (0 to 100) two titles or questions of one chat are at least, where one was mended."""


def is_same_chat(file: Chat, known: Chat, *, gone: bool, held: bool, places: Collection[str]) -> bool:
    """Whether the chat in a file is one that is known.

    `gone`: the known chat's own file is there no more, so this may be that file, renamed. `held`: the known chat is
    over, and its questions were asked. `places` are all that are configured, for chats that name none.
    """
    if file.session != known.session:
        return False
    if file.id or known.id:
        return file.id == known.id
    if not share_places(file, known, places):
        return False
    same_start, near = file.starts == known.starts, abs(file.starts - known.starts) < SAME_DATE
    if not same_start and (held or not (gone or near)):
        return False
    same_title = _is_mended(file.title, known.title)
    if gone and same_start and same_title:
        return True
    return (gone or same_start or same_title) and _have_same_questions(file, known)


def share_places(one: Chat, other: Chat, places: Collection[str]) -> bool:
    """Whether two chats have a place in common."""
    return not {*(one.places or places)}.isdisjoint(other.places or places)


def _have_same_questions(one: Chat, other: Chat) -> bool:
    """Whether at least half of the questions are the same, of the chat that has more."""
    left, same = [each.text for each in other.questions], 0
    for text in (each.text for each in one.questions):
        if (found := next((each for each in left if _is_mended(text, each)), None)) is not None:
            left.remove(found)
            same += 1
    return 2 * same >= max(len(one.questions), len(other.questions), 1)


def _is_mended(one: str, other: str) -> bool:
    """Whether a title or question may be the other, mended. Another number in it is another one, as in "Part 2"."""
    if one == other:
        return True
    return _NUMBER.findall(one) == _NUMBER.findall(other) and similarity(one, other) >= _SIMILAR
