"""What was said where and when, in memory: the floor of every chat, and which post a reply points at.

Filled from the store at start, then told of each post the moment its receipt comes, so that neither the room nor
attribution waits for a disk. Decides nothing and stores nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.chat import Chat
from bot.live.attribution import BACK, Parent, QuestionTimeline
from bot.messages import Image, Posted, Verdict
from bot.ports.views import ChatView, PostView
from bot.store.chats import ChatState


class LiveChat:
    """One chat as it goes: when it may be spoken in, what was said on each place, and what is still to come.

    Written by the event loop and read by the inbox's thread: what a reader may hold is replaced, never changed.
    `course` is how the chat goes beyond its plan.
    """

    def __init__(
        self,
        chat: Chat,
        *,
        ends: datetime,
        places: tuple[str, ...],
        open_for: tuple[timedelta, timedelta],
        state: ChatState | None = None,
    ) -> None:
        self._early, self._late = open_for
        self.state = state or ChatState()
        self.coming: tuple[datetime, ...] = ()
        self.counts: dict[str, int] = defaultdict(int)
        self._said: dict[str, tuple[PostView, ...]] = {}
        self._timelines: dict[str, QuestionTimeline] = {}
        self._again: dict[tuple[str, str], str] = {}
        self.update(chat, ends, places)

    def update(self, chat: Chat, ends: datetime, places: tuple[str, ...], state: ChatState | None = None) -> None:
        """Take a changed chat file, a changed end, or another course. From `opens` to `shuts` people may write."""
        self.chat, self.ends, self.places = chat, ends, places
        self.state = state or self.state
        self.opens, self.shuts = chat.starts - self._early, ends + self._late
        self._timelines = {place: self._floor(place) for place in self._said}

    def say(self, place: str, asked: PostView, repeats: str | None = None) -> None:
        """Something of the bot's is out on this place. Twice is once. `repeats` is on the floor again from then on."""
        said = self._said.get(place, ())
        if all(one.id != asked.id for one in said):
            if repeats is not None:
                self._again = self._again | {(place, asked.id): repeats}
            self._said = self._said | {place: tuple(sorted((*said, asked), key=lambda one: one.at))}
            self._timelines = self._timelines | {place: self._floor(place)}

    def amend(self, place: str, id: str, text: str) -> None:
        """A post of the bot's on this place has another text now."""
        said = self._said.get(place, ())
        changed = tuple(msgspec.structs.replace(one, text=text) if one.id == id else one for one in said)
        self._said = self._said | {place: changed}

    def ruled(self, question: str, before: Verdict, after: Verdict) -> None:
        """A message under this question was decided about: it counts while it is kept."""
        self.counts[question] += (after == "keep") - (before == "keep")

    def said(self, place: str) -> list[PostView]:
        """The bot's posts that are out on this place, in order of time."""
        return list(self._said.get(place, ()))

    def floor(self, place: str) -> QuestionTimeline:
        """What was asked when on this place."""
        return self._timelines.get(place) or self._floor(place)

    def _floor(self, place: str) -> QuestionTimeline:
        """Where nothing was asked yet, the chat's own timetable stands in, as it does in the record."""
        said = self._said.get(place, ())
        keys = frozenset(question.key for question in self.chat.questions)
        closed = next((one.at for one in said if one.kind == "closing"), self.ends)
        keyed = ((one.at, self._again.get((place, one.id), one.key)) for one in said)
        asked = tuple((at, key) for at, key in keyed if key in keys)
        planned = tuple((one.at, one.key) for one in self.chat.questions)
        return QuestionTimeline(asked=asked or planned, ends=closed, keys=keys)


class LiveChats:
    """All the halls. `halls` may be read from any thread; `enter` and `leave` replace it."""

    def __init__(self) -> None:
        self.by_name: dict[str, LiveChat] = {}
        self._posts: dict[tuple[str, str], tuple[str | None, str]] = {}

    def enter(self, live: LiveChat) -> None:
        """Open a hall."""
        self.by_name = self.by_name | {live.chat.name: live}

    def leave(self, name: str) -> None:
        """Close a hall for good."""
        self.by_name = {other: live for other, live in self.by_name.items() if other != name}

    def say(self, posted: Posted, image: Image | None = None) -> None:
        """A post is out."""
        asked = PostView(key=posted.key, kind=posted.kind, text=posted.text, at=posted.at, id=posted.id, image=image)
        self._posts[posted.place, posted.id] = (posted.chat, posted.repeats or posted.key)
        if posted.chat in self.by_name:
            again = posted.repeats if posted.kind in BACK else None
            self.by_name[posted.chat].say(posted.place, asked, again)

    def amend(self, place: str, id: str, text: str) -> None:
        """A post of the bot's own has another text now."""
        chat = self.chat_of(place, id)
        if chat in self.by_name:
            self.by_name[chat].amend(place, id, text)

    def ours(self, place: str, id: str) -> bool:
        """Whether this is a post of the bot's own."""
        return (place, id) in self._posts

    def chat_of(self, place: str, id: str) -> str | None:
        """The chat that a post of the bot's own belongs to."""
        return self._posts.get((place, id), (None, ""))[0]

    def parent(self, place: str, id: str) -> Parent | None:
        """The question whose own post this is."""
        found = self._posts.get((place, id))
        return Parent(question=found[1], asked=True) if found else None

    def chat_at(self, place: str, moment: datetime) -> str | None:
        """The chat open on a place at a moment: of several the one that is on, and of those the one that began last."""
        found = [live for live in self.by_name.values() if live.opens <= moment < live.shuts and place in live.places]
        best = max(found, key=lambda live: (live.chat.starts <= moment, live.chat.starts), default=None)
        return best.chat.name if best else None


def chat_view_of(live: LiveChat, now: datetime) -> ChatView:
    """What a page may show about a chat."""
    chat = live.chat
    return ChatView(
        chat=chat.name,
        title=chat.title,
        hashtag=chat.hashtag,
        hosts=tuple(host.name for host in chat.hosts),
        link=chat.link,
        starts=chat.starts,
        ends=live.ends,
        timezone=chat.timezone,
        opens=live.opens,
        shuts=live.shuts,
        questions=len(chat.questions),
        state=_state(live, now),
        next_at=next((at for at in live.coming if at > now), None),
        reserved=tuple(dict.fromkeys(one.name for one in (*chat.hosts, *chat.moderators))),
    )


def _state(live: LiveChat, now: datetime) -> Literal["coming", "live", "over"]:
    if now < live.chat.starts:
        return "coming"
    return "live" if now < live.ends else "over"
