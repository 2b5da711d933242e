"""What was said where and when, in memory: the floor of every chat, and which post a reply points at.

Filled from the store at start, then told of each post the moment its receipt comes, so that neither the room nor
attribution waits for a disk. Decides nothing and stores nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.chat import Chat
from bot.listening.attribution import Floor, Parent
from bot.messages import Asked, Image, Posted


class Hall:
    """One chat as it goes: when it may be spoken in, what was said on each place, and what is still to come."""

    def __init__(
        self, chat: Chat, *, ends: datetime, places: tuple[str, ...], open_for: tuple[timedelta, timedelta]
    ) -> None:
        self.chat = chat
        self.places = places
        self.ends = ends
        self._early, self._late = open_for
        self.coming: tuple[datetime, ...] = ()
        self.counts: dict[str, int] = defaultdict(int)
        self._said: dict[str, list[Asked]] = defaultdict(list)
        self._floors: dict[str, Floor] = {}

    @property
    def opens(self) -> datetime:
        """From when on people may write."""
        return self.chat.starts - self._early

    @property
    def shuts(self) -> datetime:
        """Until when people may write."""
        return self.ends + self._late

    def update(self, chat: Chat, ends: datetime) -> None:
        """Take a changed chat file, or a changed end."""
        self.chat = chat
        self.ends = ends
        self._floors.clear()

    def say(self, place: str, asked: Asked) -> None:
        """Something of the bot's is out on this place. Twice is once."""
        said = self._said[place]
        if all(one.id != asked.id for one in said):
            said.append(asked)
            said.sort(key=lambda one: one.at)
            self._floors.pop(place, None)

    def said(self, place: str) -> list[Asked]:
        """The bot's posts that are out on this place, in order of time."""
        return list(self._said.get(place, ()))

    def floor(self, place: str) -> Floor:
        """What was asked when on this place."""
        if place not in self._floors:
            self._floors[place] = self._floor(place)
        return self._floors[place]

    def _floor(self, place: str) -> Floor:
        said = self._said.get(place, [])
        keys = frozenset(question.key for question in self.chat.questions)
        closed = next((one.at for one in said if one.kind == "closing"), self.ends)
        return Floor(asked=tuple((one.at, one.key) for one in said if one.key in keys), ends=closed, keys=keys)


class Floors:
    """All the halls."""

    def __init__(self) -> None:
        self.halls: dict[str, Hall] = {}
        self._posts: dict[tuple[str, str], str] = {}

    def enter(self, hall: Hall) -> None:
        """Open a hall."""
        self.halls[hall.chat.name] = hall

    def say(self, posted: Posted, image: Image | None = None) -> None:
        """A post is out."""
        asked = Asked(key=posted.key, kind=posted.kind, text=posted.text, at=posted.at, id=posted.id, image=image)
        self._posts[posted.place, posted.id] = posted.key
        if posted.chat in self.halls:
            self.halls[posted.chat].say(posted.place, asked)

    def ours(self, place: str, id: str) -> bool:
        """Whether this is a post of the bot's own."""
        return (place, id) in self._posts

    def parent(self, place: str, id: str) -> Parent | None:
        """The question whose own post this is."""
        found = self._posts.get((place, id))
        return Parent(question=found, asked=True) if found else None

    def chat_at(self, place: str, moment: datetime) -> str | None:
        """The chat open on a place at a moment; where several are, the one that started last."""
        found = [hall for hall in self.halls.values() if place in hall.places and hall.opens <= moment < hall.shuts]
        return max(found, key=lambda hall: hall.chat.starts).chat.name if found else None
