"""Whether a chat file is a chat that is known: by their ids, else by places, questions, title and start. Pure.

What was copied, renamed or restored is the same chat; next week's from the same template is another.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from bot.chat import Chat
from bot.live.question_matching import Wording, match_questions, similarity

SAME_DATE = timedelta(hours=12)
"""Two starts that are less apart are on one date. Both are instants: the clock of neither chat counts."""

_NUMBER = re.compile(r"\d+")

_SIMILAR_TITLES = 85.0
"""How similar (0 to 100) the titles of one chat are at least, where one was mended."""


def is_same_chat(file: Chat, known: Chat, *, gone: bool, held: bool, places: Collection[str]) -> bool:
    """Whether the chat in a file is one that is known.

    `gone`: the known chat's own file is there no more, so this may be that file, renamed. `held`: the known chat is
    over, and its questions were asked. `places` are all that are configured, for chats that name none.
    """
    if file.id or known.id:
        return file.id == known.id
    if not share_places(file, known, places):
        return False
    same_start, near = file.starts == known.starts, abs(file.starts - known.starts) < SAME_DATE
    if not same_start and (held or not (gone or near)):
        return False
    same_title = _have_similar_titles(file, known)
    if gone and same_start and same_title:
        return True
    return (gone or same_start or same_title) and _have_same_questions(file, known)


def share_places(one: Chat, other: Chat, places: Collection[str]) -> bool:
    """Whether two chats have a place in common."""
    return not {*(one.places or places)}.isdisjoint(other.places or places)


def _have_similar_titles(one: Chat, other: Chat) -> bool:
    """Whether one may be the other, mended. Another number in it is another chat, as in "Part 2"."""
    same_numbers = _NUMBER.findall(one.title) == _NUMBER.findall(other.title)
    return same_numbers and similarity(one.title, other.title) >= _SIMILAR_TITLES


def _have_same_questions(one: Chat, other: Chat) -> bool:
    """Whether at least half of the questions are the same, of the chat that has more."""
    first, second = ([Wording(texts=(each.text,)) for each in chat.questions] for chat in (one, other))
    return 2 * len(match_questions(first, second)) >= max(len(first), len(second), 1)
