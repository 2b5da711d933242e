"""The chat file and `series.toml` as pydantic models: the keys and their types.

No key is required here. `value_problems` looks for missing ones once the chat and its series are joined, so that a
mistake in one key hides none in another.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.authoring.fields import (
    AdviceName,
    BeforeStart,
    Clock,
    Day,
    DraftTime,
    Hashtag,
    Language,
    Line,
    Link,
    MarkLetters,
    OwnId,
    PacingLimit,
    Repeats,
    Starts,
    Text,
    Weekday,
    Window,
)
from bot.chat import Pace, ParticipantOrder, Publishing
from bot.toml.duration import Duration

MAX_QUESTIONS = 50
"""Questions in a chat."""

MAX_SESSIONS = 24
"""Sessions of a chat: one for each hour of the clock."""


class PersonTable(BaseModel):
    """A host or moderator: a name, and their handle under the name of each place."""

    model_config = ConfigDict(strict=True, extra="allow")
    __pydantic_extra__: dict[str, Line]

    name: Line | None = None

    @property
    def handles(self) -> dict[str, str]:
        """The handles, by place or platform."""
        return self.__pydantic_extra__ or {}


class QuestionTable(BaseModel):
    """One question. `at` counts from the start of the chat."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: OwnId | None = None
    text: Text | None = None
    at: Duration | None = None
    image: Line | None = None
    alt: Text | None = None
    says: dict[str, Text] = {}


class SessionTable(BaseModel):
    """One of several sessions of a chat: its start, and its own values in place of the file's."""

    model_config = ConfigDict(strict=True, extra="forbid")

    key: OwnId | None = None
    starts: Starts | None = None
    timezone: str | None = None
    title: Line | None = None
    link: Link | None = None
    places: Annotated[list[Line], Field(min_length=1)] | None = None
    hosts: list[PersonTable] | None = None
    moderators: list[PersonTable] | None = None


class ChatFile(BaseModel):
    """A chat file as it was written."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: OwnId | None = None
    title: Line | None = None
    hashtag: Hashtag | None = None
    starts: Starts | None = None
    timezone: str | None = None
    zones: Annotated[list[str], Field(max_length=6)] | None = None
    language: Language | None = None
    length: Duration | None = None
    first: Duration | None = None
    every: Duration | None = None
    link: Link | None = None
    places: Annotated[list[Line], Field(min_length=1)] | None = None
    welcome: Text | None = None
    rules: Text | None = None
    closing: Text | None = None
    announcement: BeforeStart | None = None
    reminders: list[BeforeStart] | None = None
    lists: ParticipantOrder | None = None
    pace: Pace | None = None
    later: PacingLimit | None = None
    sooner: PacingLimit | None = None
    window: Window | None = None
    ignore: list[AdviceName] | None = None
    reading: Annotated[int, Field(ge=1, le=30)] | None = None
    unnamed: bool | None = None
    reflection: Annotated[list[Text], Field(min_length=1, max_length=10)] | None = None
    publish: Publishing | None = None
    draft: DraftTime | None = None
    marks: Annotated[list[MarkLetters], Field(min_length=1, max_length=10)] | None = None
    hosts: list[PersonTable] | None = None
    moderators: list[PersonTable] | None = None
    sessions: Annotated[list[SessionTable], Field(max_length=MAX_SESSIONS)] | None = None
    questions: Annotated[list[QuestionTable], Field(max_length=MAX_QUESTIONS)] | None = None


class BreakTable(BaseModel):
    """Days on which a series has no chat, including the first and the last. People are told the `reason`."""

    model_config = ConfigDict(strict=True, extra="forbid")

    begins: Annotated[Day, Field(alias="from")]
    to: Day | None = None
    reason: Line = ""

    @property
    def ends(self) -> date:
        """The last day."""
        return self.to or self.begins


class WordingTable(BaseModel):
    """The series' own words, in place of those of `bot/wording.toml`, which says what each is for."""

    model_config = ConfigDict(strict=True, extra="forbid")

    welcome: Text | None = None
    rules: Text | None = None
    closing: Text | None = None
    advance: Text | None = None
    reminder_soon: Text | None = None
    join: Text | None = None
    more: Text | None = None
    moved: Text | None = None
    reminder: Text | None = None
    announcement: Text | None = None
    question_now: Text | None = None
    confidentiality: Text | None = None
    paused: Text | None = None
    resumed: Text | None = None
    extended: Text | None = None
    shortened: Text | None = None
    called_off: Text | None = None
    broken_off: Text | None = None
    place_lost: Text | None = None
    place_back: Text | None = None

    @property
    def given(self) -> dict[str, str]:
        """The texts that are there, by name."""
        return self.model_dump(exclude_none=True)


class SeriesFile(ChatFile):
    """The values shared by the chats of a series. A chat file may override those that it can have as well."""

    weekday: Weekday | None = None
    time: Clock | None = None
    repeats: Repeats | None = None
    since: Day | None = None
    until: Day | None = None
    breaks: list[BreakTable] | None = None
    extra: list[Starts] | None = None
    wording: WordingTable | None = None
