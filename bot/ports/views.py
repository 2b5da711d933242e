"""Views for an adapter with its own pages: messages, the bot's posts, chats, and the host's dashboard.

Values and a protocol only; nothing here decides anything or reads a clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from bot.messages import Author, Image, Time, Value
from bot.publication import Publication


class MessageView(Value, frozen=True, kw_only=True):
    """A message as it is now: edited, and tied to its question.

    `reply_place` is as in `Message`. `question` is `q1`…, `before` or `after`, and `also` has the other questions that
    it names; `reason` is one of mark, reply, thread, quote, floor, corrected. `again`: it is shown under one of those,
    but counted elsewhere. `highlighted`: a host marked it. `taken_out`: its author left it out of the record, and only
    they see it.
    """

    place: str
    id: str
    author: Author
    text: str
    at: Time
    question: str
    reason: str
    reply_to: str | None = None
    reply_place: str | None = None
    url: str | None = None
    edited: Time | None = None
    also: tuple[str, ...] = ()
    again: bool = False
    taken_out: bool = False
    highlighted: bool = False

    @property
    def questions(self) -> tuple[str, ...]:
        """All the questions it stands under."""
        return self.question, *self.also

    def under(self, question: str) -> MessageView:
        """The message as it is shown under one of its questions."""
        if question == self.question:
            return self
        others = tuple(one for one in self.questions if one != question)
        return msgspec.structs.replace(self, question=question, also=others, again=True)


class PostView(Value, frozen=True, kw_only=True):
    """A post of the bot that is out."""

    key: str
    kind: str
    text: str
    at: Time
    id: str = ""
    image: Image | None = None


class SessionView(Value, frozen=True, kw_only=True):
    """Another session of a chat: a chat of its own with the same questions, at another hour."""

    chat: str
    starts: Time
    timezone: str
    called_off: bool = False


class ChatView(Value, frozen=True, kw_only=True):
    """A chat before, during and after it.

    `state` is `coming`, `live` or `over`; from `opens` to `shuts` people may post. `questions` counts all that will be
    asked. `next_at` is when the next question is due, if any is left, and `closes_at` when the closing is.
    `called_off`: it does not take place, or was broken off. `moved_from` is its first start, if its file moved it.
    `revision` counts the changes that calendars should show, and `changed_at` is the time of the last. `unnamed`: it
    accepts messages without a name, each through the moderators' queue. `reserved` are the names of its hosts and
    moderators, which nobody else may use. `leaders` are the place and id of people who were handed the lead.
    `reflection` are the prompts of its CPD sheet. `language` is that of the bot's words in it, empty for the usual one;
    `zones` are other time zones to name. `publication` says whether its record is public, or when it will be.
    `by_consent`: only those are in its record who said yes.
    `concealed`: the chat is over and its record withheld, or published without everybody's name, so only those who lead
    it may read what was said. `sessions` are the other sessions of its file.
    """

    chat: str
    title: str
    hashtag: str
    hosts: tuple[str, ...]
    link: str | None
    starts: Time
    ends: Time
    timezone: str
    opens: Time
    shuts: Time
    questions: int
    state: Literal["coming", "live", "over"]
    next_at: Time | None = None
    closes_at: Time | None = None
    called_off: bool = False
    moved_from: Time | None = None
    revision: int = 0
    changed_at: Time | None = None
    unnamed: bool = False
    reserved: tuple[str, ...] = ()
    leaders: tuple[tuple[str, str], ...] = ()
    reflection: tuple[str, ...] = ()
    language: str = ""
    zones: tuple[str, ...] = ()
    publication: Publication = Publication(phase="draft")
    by_consent: bool = False
    concealed: bool = False
    sessions: tuple[SessionView, ...] = ()


class PlanStep(Value, frozen=True, kw_only=True):
    """One post of the plan. `at` is when it was sent or will be; `text` is as most places show it."""

    key: str
    kind: str
    text: str
    at: Time
    state: Literal["out", "now", "coming", "left_out", "failed"]


class TextMark(Value, frozen=True, kw_only=True):
    """A part of a text, in characters, and what it may be: `a phone number`."""

    start: int
    end: int
    what: str


class HeldMessage(Value, frozen=True, kw_only=True):
    """A message in the queue. `number` is the one for `approve` and `drop`.

    `marks` are the parts of the text for which it is held, and `reasons` any other reasons, in plain words. `patient`:
    it may identify a patient. `before` are the messages just before it.
    """

    number: int
    message: MessageView
    reasons: tuple[str, ...] = ()
    marks: tuple[TextMark, ...] = ()
    patient: bool = False
    before: tuple[MessageView, ...] = ()


class PlaceView(Value, frozen=True, kw_only=True):
    """The state of a place, and the chat's numbers there. `behind`: it can be reached, but posts wait.

    `posting`: posts go out, but nothing is heard. `spent` and `cap` are millionths of a US dollar, for this
    chat.
    """

    place: str
    called: str
    state: Literal["connecting", "connected", "posting", "behind", "down", "lost"]
    reason: str = ""
    people: int = 0
    messages: int = 0
    spent: int | None = None
    cap: int | None = None


class PersonView(Value, frozen=True, kw_only=True):
    """A person who could be handed the lead. `at` is when they last wrote or joined; `called` names the place."""

    place: str
    called: str
    author: Author
    at: Time


class LeaderView(Value, frozen=True, kw_only=True):
    """A person who leads a chat. `handed`: only until the lead is taken back."""

    name: str
    handed: bool = False


class LogEntry(Value, frozen=True, kw_only=True):
    """One entry of the log: who gave which command where, and its outcome.

    `undo` is the command that takes it back, if it is the last change; else empty.
    """

    at: Time
    who: str
    place: str
    text: str
    receipt: str
    outcome: str
    undo: str = ""


class Dashboard(Value, frozen=True, kw_only=True):
    """The state of a chat at a glance, for hosts and moderators. `log` has the newest first.

    `plan_summary` says what is happening and what comes next; `current_question` is its key. `slow` is in seconds. With
    `moderators_lead` moderators may do what a host may: until a host is back, or with `moderators_stay` until that is
    taken back. `leaders` are the others who lead. `concerns` are problems of this chat that need a person, the latest
    last. `summary` is the host's own (CommonMark).
    """

    chat_view: ChatView
    plan_summary: str
    current_question: str | None
    paused: bool
    cancelled: bool
    steps: tuple[PlanStep, ...]
    queue: tuple[HeldMessage, ...]
    places: tuple[PlaceView, ...]
    log: tuple[LogEntry, ...]
    hold_all: bool = False
    slow: int | None = None
    moderators_lead: bool = False
    moderators_stay: bool = False
    leaders: tuple[LeaderView, ...] = ()
    concerns: tuple[str, ...] = ()
    summary: str = ""


class ConversationView(Protocol):
    """The chats and their conversations as they are now, for an adapter with its own pages."""

    async def chat_views(self) -> list[ChatView]:
        """All chats, by start."""

    async def chat_view(self, chat: str) -> ChatView | None:
        """One chat, or None."""

    async def posts(self, chat: str) -> list[PostView]:
        """The bot's posts that are out on this place, in order."""

    async def messages(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        """The newest `limit` messages, oldest first; of one question, or older than `before`, where given."""

    async def newest(self, chat: str, questions: Collection[str], limit: int = 100) -> dict[str, list[MessageView]]:
        """The newest `limit` messages of each of these questions, oldest first, all as they are at one moment."""

    async def withheld(self, chat: str, author: str) -> list[MessageView]:
        """An author's messages on this place that only they may see: held for a moderator, or left out."""

    async def is_left_out(self, author: str) -> bool:
        """Whether an author in this place asked to be left out of the record, and has not taken that back."""

    async def said_yes(self, chat: str, author: str) -> bool:
        """Whether an author in this place said that they want to be in a chat's record, and has not taken that back."""

    async def counts(self, chat: str) -> dict[str, int]:
        """The number of messages by question, each counted once; 0 where messages are, or were, only shown."""

    def versions(self, chat: str) -> Mapping[str, int]:
        """For each question a version: a number that grows with each change to its messages.

        The version under "" is for changes that may concern any question. Take the versions first, then read.
        """

    async def find(self, place: str, id: str, chat: str = "") -> MessageView | None:
        """One message as it is now, or None if there is none or it is gone; with `chat` only one of that chat."""

    async def picture(self, image: Image) -> Image | None:
        """A question's picture as a file of this machine; None if there is no such file any more.

        Raises StoreError, or OSError where it can't be written.
        """

    def changes(self, chat: str) -> AsyncIterator[str]:
        """A wake-up after each change to the chat, with its kind: `asked`, `heard`, `state` or `queue`.

        Wake-ups are merged while the reader is busy; the reader then reads again.
        """
