"""Which question was on the floor, place by place, from the bot's own posts. Pure.

A question that was brought back is on the floor again from then on. Where the log has no question posted on a place,
the chat's own timetable stands in. A place closes when its closing was posted, else when the last of the others did,
else as planned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bot.chat import Chat
from bot.live.attribution import BACK, QuestionTimeline
from bot.messages import Posted

Asked = tuple[tuple[datetime, str], ...]
"""When each question was asked, in order of time."""


class QuestionSpans:
    """The floor of every place.

    `asked` is when each question was first asked anywhere, `closed` when the last place was closed, if any was.
    """

    def __init__(self, chat: Chat, posted: Iterable[Posted]) -> None:
        self._keys = frozenset(question.key for question in chat.questions)
        self._first: dict[str, dict[str, datetime]] = {}
        self._again: dict[str, set[tuple[str, datetime]]] = defaultdict(set)
        for post in posted:
            self._note(post)
        closings = [keys["closing"] for keys in self._first.values() if "closing" in keys]
        self.closed = max(closings, default=None)
        self._ends = self.closed or chat.ends
        self._planned: Asked = tuple(sorted((question.at, question.key) for question in chat.questions))
        self._spans: dict[str, QuestionTimeline] = {}
        self.asked = self._earliest()

    def of(self, place: str) -> QuestionTimeline:
        """What was asked when on this place."""
        if place not in self._spans:
            first = self._first.get(place, {})
            asked = _asked({*first.items(), *self._again[place]}, self._keys) or self._planned
            self._spans[place] = QuestionTimeline(asked=asked, ends=first.get("closing", self._ends), keys=self._keys)
        return self._spans[place]

    def _note(self, post: Posted) -> None:
        """Only questions and closings move the floor. Of several parts the first counts."""
        if post.repeats in self._keys and post.kind in BACK:
            self._again[post.place].add((post.repeats, post.at))
        key = "closing" if post.kind == "closing" else post.key
        if key in self._keys or key == "closing":
            first = self._first.setdefault(post.place, {})
            first[key] = min(first.get(key, post.at), post.at)

    def _earliest(self) -> Asked:
        found: dict[str, datetime] = {}
        for first in self._first.values():
            for key, at in first.items():
                found[key] = min(found.get(key, at), at)
        return _asked(found.items(), self._keys) or self._planned


def _asked(found: Iterable[tuple[str, datetime]], keys: frozenset[str]) -> Asked:
    return tuple(sorted((at, key) for key, at in found if key in keys))
