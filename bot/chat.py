"""A chat as frozen values: Chat, Question, Host, Slot.

Times are in UTC; the time zone's name is kept to show local times. The values are complete: authoring has filled in
every default. Nothing here reads a file or a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from bot.messages import Image, Value

SlotKind = Literal["announcement", "reminder", "welcome", "rules", "question", "notice", "closing"]
"""The kind of a slot. A `notice` is posted when the plan has changed, and is not in the timeline.

Posts have more kinds that are no slots, such as `receipt`, an answer to one person, and `calendar`, a calendar entry.
"""

ADVANCE_KINDS = ("announcement", "reminder")
"""Kinds of posts that tell people of a chat before it begins."""

Pace = Literal["clock", "follow"]
"""Whether questions come by the clock, or a little earlier or later, following the answers."""

ParticipantOrder = Literal["most", "alphabetical", "none"]
"""How participants are listed in the transcript."""

Publishing = Literal["named", "pseudonyms", "consented", "nobody"]
"""What is published of a chat: everything, with names or with pseudonyms; what those wrote who said yes; nothing."""


DEFAULT_MARKS = ("A", "Q")
"""The letters that mark a question without further signs: "A2", "Q2"."""


def first_mark(marks: Sequence[str]) -> str:
    """The letter that people should write before the number of their answer: A, unless the chat has others."""
    return "A" if "A" in marks else marks[0]


class DaysBefore(Value, frozen=True, kw_only=True):
    """A time before the start: `days` of the calendar, at the same hour by the clock, and `rest` before that."""

    days: int
    rest: timedelta = timedelta(0)

    @property
    def length(self) -> timedelta:
        """Its length, with days of 24 hours."""
        return timedelta(days=self.days) + self.rest


Before = timedelta | DaysBefore
"""A time before the start: time that passes, or days of the calendar."""


def instant_before(starts: datetime, timezone: str, before: Before) -> datetime:
    """The instant in UTC that is `before` a start. An hour that the clocks skip counts as the next one."""
    if isinstance(before, timedelta):
        return starts.astimezone(UTC) - before
    local = (starts.astimezone(ZoneInfo(timezone)) - timedelta(days=before.days)).replace(fold=0)
    return local.astimezone(UTC) - before.rest


class Host(Value, frozen=True, kw_only=True):
    """A person who leads a chat, with their handles by place."""

    name: str
    handles: dict[str, str] = msgspec.field(default_factory=dict)


class Question(Value, frozen=True, kw_only=True):
    """A question to be asked at `at`. `says` has the wordings of single places.

    `key` is its number as people see it: `q2` is posted as `Q2.`. It may change in an edited chat file until the
    question is asked. `id` never changes: it comes from the file, or begins with `~` once the question is planned.
    """

    key: str
    text: str
    at: datetime
    image: Image | None = None
    says: dict[str, str] = msgspec.field(default_factory=dict)
    id: str = ""

    @property
    def number(self) -> int:
        """The number that people see."""
        return question_number(self.key)


def question_number(key: str) -> int:
    """The number in a question's key; 0 for any other key."""
    found = re.fullmatch(r"q(\d{1,6})", key, re.ASCII)
    return int(found[1]) if found else 0


class Chat(Value, frozen=True, kw_only=True):
    """A chat. `name` is its file's path below `schedules/`, without the extension.

    `announcement` and `reminders` are times before the start. `moved` counts how often it was moved after people were
    told of it: they are told again. `session` is its key if it is one of the `sessions` of a file, and not the file
    itself. Empty `places` stand for all places. With the pace `follow` a question may come `later` or `sooner` than
    planned by at most these. The figures count posts until `window` after the end. `marks` are the letters that mark a
    question without further signs. `id` is what its file calls the chat, if it does: it stays the same if the file is
    renamed. `unnamed`: in the room people may write without a name, through the moderators' queue. `reflection` are the
    prompts of its CPD sheet; empty: the usual ones. `language` is that of the bot's own words, a code like `de`; empty
    stands for the one of the settings. `zones` are other time zones in which the bot says when it starts. `wording` are
    the series' own words, by name, as written. `publish` says how much of it is published, `draft` how long it stays a
    draft after its end; None: the usual time.
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
    announcement: Before | None = None
    reminders: tuple[Before, ...] = ()
    moved: int = 0
    session: str = ""
    sessions: int = 1
    lists: ParticipantOrder = "most"
    pace: Pace = "clock"
    later: timedelta = timedelta(minutes=3)
    sooner: timedelta = timedelta(minutes=2)
    window: timedelta = timedelta(minutes=15)
    marks: tuple[str, ...] = DEFAULT_MARKS
    id: str = ""
    unnamed: bool = False
    reflection: tuple[str, ...] = ()
    language: str = ""
    zones: tuple[str, ...] = ()
    wording: dict[str, str] = msgspec.field(default_factory=dict)
    publish: Publishing = "named"
    draft: timedelta | None = None

    @property
    def file(self) -> str:
        """The name of its file, which it shares with the other sessions."""
        return self.name.removesuffix(f".{self.session}") if self.session else self.name

    @property
    def ends(self) -> datetime:
        """When the chat closes, UTC."""
        return self.starts + self.length

    def question(self, key: str) -> Question | None:
        """The question with this key, or None."""
        return next((one for one in self.questions if one.key == key), None)


def at_start(chat: Chat, starts: datetime) -> Chat:
    """The chat at another start; its questions move with it."""
    by = starts - chat.starts
    return replace(chat, starts=starts, questions=tuple(replace(one, at=one.at + by) for one in chat.questions))


class Slot(Value, frozen=True, kw_only=True):
    """A post that is planned for one instant, in every place of the chat.

    `key` is unique in its chat: `q1`…, `welcome`, `rules`, `closing`, `announcement`, `reminder-1h`. `says` is as in
    `Question`.
    """

    key: str
    kind: SlotKind
    at: datetime
    text: str
    says: dict[str, str] = msgspec.field(default_factory=dict)
    image: Image | None = None

    def wording(self, place: str, platform: str = "") -> str:
        """The text for a place: its own wording, else its platform's, else the common one."""
        return self.says.get(place) or self.says.get(platform) or self.text


class FileVersion(Value, frozen=True, kw_only=True):
    """A chat as its file has it. The chat is unchanged as long as the file's `state` is."""

    state: str
    chat: Chat


class Programme(Value, frozen=True, kw_only=True):
    """All chats as read from their files. `invalid` are names of chats whose file has mistakes.

    `unread` are names of chats whose new or changed file will be read later: of thousands, only some are read at once.
    Until then, `chats` has them as they were. `versions` are the states of the files by chat. `pressing`: an unread
    chat may have something to post within the hour.
    """

    chats: tuple[Chat, ...]
    invalid: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    pressing: bool = False
    versions: Mapping[str, str] = msgspec.field(default_factory=dict)
