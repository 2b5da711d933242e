"""The current question at any time, place by place, from the bot's own posts. Pure.

A question that was repeated is current again from then on. If the log has no question posted on a place, the chat's
timetable counts. A place closes when its closing was posted, else with the last of the others, else as planned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.chat import Chat
from bot.live.attribution import REPEATING_KINDS, QuestionTimeline
from bot.live.quotes import question_texts
from bot.messages import Posted

AskedAt = tuple[tuple[datetime, str], ...]
"""The time at which each question was asked, with its key, in order of time."""


class QuestionSpans:
    """The timelines of all places.

    `asked` has the time at which each question was first asked on any place; `closed` is the time at which the last
    place was closed, or None.
    """

    def __init__(self, chat: Chat, posted: Iterable[Posted]) -> None:
        self._chat, self._posted = chat, tuple(posted)
        self._keys = frozenset(question.key for question in chat.questions)
        self._first_posted: dict[str, dict[str, datetime]] = {}
        self._repeated: dict[str, set[tuple[str, datetime]]] = defaultdict(set)
        for post in self._posted:
            self._note(post)
        closings = [keys["closing"] for keys in self._first_posted.values() if "closing" in keys]
        self.closed = max(closings, default=None)
        self._ends = self.closed or chat.ends
        self._planned: AskedAt = tuple(sorted((question.at, question.key) for question in chat.questions))
        self._timelines: dict[str, QuestionTimeline] = {}
        self.asked = self._earliest_on_any_place()

    def timeline(self, place: str) -> QuestionTimeline:
        """The questions of a place, with the time each was asked."""
        if place not in self._timelines:
            first = self._first_posted.get(place, {})
            asked = _asked({*first.items(), *self._repeated[place]}, self._keys) or self._planned
            self._timelines[place] = QuestionTimeline(
                asked=asked,
                ends=first.get("closing", self._ends),
                keys=self._keys,
                letters=self._chat.marks,
                texts=question_texts(self._chat, self._posted_texts(place)),
            )
        return self._timelines[place]

    def first_asked(self, place: str) -> dict[str, datetime]:
        """The time at which each question was first asked on a place; if it was not asked there, on any other."""
        there = {key: at for at, key in reversed(self.timeline(place).asked)}
        return {key: at for at, key in self.asked} | there

    def _posted_texts(self, place: str) -> Iterator[tuple[str, str]]:
        for post in self._posted:
            question = post.repeats if post.repeats and post.kind in REPEATING_KINDS else post.key
            if post.place == place and question in self._keys:
                yield question, post.text

    def _note(self, post: Posted) -> None:
        """Note a question or a closing. The first of several parts counts."""
        if post.repeats in self._keys and post.kind in REPEATING_KINDS:
            self._repeated[post.place].add((post.repeats, post.at))
        key = "closing" if post.kind == "closing" else post.key
        if key in self._keys or key == "closing":
            first = self._first_posted.setdefault(post.place, {})
            first[key] = min(first.get(key, post.at), post.at)

    def _earliest_on_any_place(self) -> AskedAt:
        found: dict[str, datetime] = {}
        for first in self._first_posted.values():
            for key, at in first.items():
                found[key] = min(found.get(key, at), at)
        return _asked(found.items(), self._keys) or self._planned


def _asked(found: Iterable[tuple[str, datetime]], keys: frozenset[str]) -> AskedAt:
    return tuple(sorted((at, key) for key, at in found if key in keys))
