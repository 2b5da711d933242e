"""The words of a chat as frozen values: Chat, Question, Host, Slot.

Times inside are UTC; the zone's name is kept so that people are told the hour on their own clock. These values are
complete: every default has been filled in by authoring. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.messages import Image, Value

Kind = Literal["reminder", "welcome", "rules", "question", "notice", "closing"]
"""What a slot is for. `notice` is said when the plan changed, never planned.

Posts have two kinds more, which are no slots: `receipt` answers one person, `calendar` is an entry in a calendar.
"""

Pace = Literal["clock", "follow"]
"""Whether questions come by the clock, or a little sooner or later as answers come."""

Lists = Literal["most", "alphabetical", "none"]
"""How participants are listed in the transcript."""


class Host(Value, frozen=True, kw_only=True):
    """Someone who leads a chat, with their handle on each place where they have one."""

    name: str
    handles: dict[str, str] = msgspec.field(default_factory=dict)


class Question(Value, frozen=True, kw_only=True):
    """A question as it will be asked at `at`. `says` holds a place's own wording, by place."""

    key: str
    text: str
    at: datetime
    image: Image | None = None
    says: dict[str, str] = msgspec.field(default_factory=dict)


class Chat(Value, frozen=True, kw_only=True):
    """One chat, whole. `name` is its path below `schedules/`, without the ending.

    `reminders` are how long before the start each is posted; `places` is empty where the chat goes everywhere. With
    the pace `follow` a question may come `later` or `sooner` than planned by at most this.
    """

    name: str
    title: str
    hashtag: str
    starts: datetime
    length: timedelta
    timezone: str
    questions: tuple[Question, ...]
    hosts: tuple[Host, ...] = ()
    moderators: tuple[Host, ...] = ()
    link: str | None = None
    places: tuple[str, ...] = ()
    welcome: str
    rules: str
    closing: str
    reminders: tuple[timedelta, ...] = ()
    lists: Lists = "most"
    pace: Pace = "clock"
    later: timedelta = timedelta(minutes=3)
    sooner: timedelta = timedelta(minutes=2)

    @property
    def ends(self) -> datetime:
        """When the chat closes, UTC."""
        return self.starts + self.length

    def question(self, key: str) -> Question | None:
        """The question with this key, or None."""
        return next((one for one in self.questions if one.key == key), None)


class Slot(Value, frozen=True, kw_only=True):
    """One thing the bot will say at one instant, on every place of the chat.

    `key` is unique in its chat: `q1`…, `welcome`, `rules`, `closing`, `reminder-1h`. `says` is as in `Question`.
    """

    key: str
    kind: Kind
    at: datetime
    text: str
    says: dict[str, str] = msgspec.field(default_factory=dict)
    image: Image | None = None

    def wording(self, place: str, platform: str = "") -> str:
        """The text for a place: its own wording, else its platform's, else the common one."""
        return self.says.get(place) or self.says.get(platform) or self.text


class Programme(Value, frozen=True, kw_only=True):
    """The chats as their files have them now. `invalid` names chats whose file is there but has mistakes."""

    chats: tuple[Chat, ...]
    invalid: frozenset[str] = frozenset()
