"""What a place with pages of its own may show, as frozen values: messages, the bot's posts, a chat's sheet and console.

Nothing here decides anything or reads a clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal, Protocol

from bot.messages import Author, Image, Time, Value


class MessageView(Value, frozen=True, kw_only=True):
    """A message as it stands now, on the board of a live chat: tied to its question, edits followed.

    `reply_place` is as in `Message`. `question` is `q1`…, `before` or `after`; `reason` is one of reply, thread, mark,
    floor, corrected.
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


class PostView(Value, frozen=True, kw_only=True):
    """A post of the bot's that is out, as a place may show it."""

    key: str
    kind: str
    text: str
    at: Time
    id: str = ""
    image: Image | None = None


class ChatView(Value, frozen=True, kw_only=True):
    """What a place that has pages may show about a chat before, during and after it.

    `state` is `coming`, `live` or `over`; from `opens` to `shuts` people may post. `questions` counts all that will be
    asked. `next_at` is when the next post is due, if any is left. `reserved` are the names of all who lead: nobody else
    may take them.
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
    reserved: tuple[str, ...] = ()


class PlanStep(Value, frozen=True, kw_only=True):
    """One thing of the plan. `at` is when it was said, else when it will be; `text` as most places say it."""

    key: str
    kind: str
    text: str
    at: Time
    state: Literal["out", "now", "coming", "left_out", "failed"]


class HeldMessage(Value, frozen=True, kw_only=True):
    """A message in the queue. `number` is what `approve` and `drop` take; `reasons` are in plain words.

    `spans` are where in the text the reasons lie, in characters; `before` is what was said just before it.
    """

    number: int
    message: MessageView
    reasons: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()
    before: tuple[MessageView, ...] = ()


class PlaceView(Value, frozen=True, kw_only=True):
    """How a place is, and how the chat goes there. `behind` it is connected, but posts wait there.

    `spent` and `cap` are millionths of a US dollar, for this chat.
    """

    place: str
    called: str
    state: Literal["connecting", "connected", "behind", "down", "lost"]
    reason: str = ""
    people: int = 0
    messages: int = 0
    spent: int | None = None
    cap: int | None = None


class LogEntry(Value, frozen=True, kw_only=True):
    """One entry of the log: who said what where, and what came of it. `undoable`: `undo` would take this back now."""

    at: Time
    who: str
    place: str
    text: str
    receipt: str
    outcome: str
    undoable: bool = False


class Dashboard(Value, frozen=True, kw_only=True):
    """All that whoever leads a chat wants to see at a glance. `log` has the newest first.

    `plan_summary` says what is on and what comes next. `slow` is in seconds. With `moderators_lead` moderators may do
    what a host may.
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


class ConversationView(Protocol):
    """What a place with pages of its own may show: the chats, and a chat's conversation as it stands."""

    async def chat_views(self) -> list[ChatView]:
        """Every chat known, by start."""

    async def chat_view(self, chat: str) -> ChatView | None:
        """One chat, or None."""

    async def posts(self, chat: str) -> list[PostView]:
        """The bot's posts that are out, in order; what `place` has not got is not here."""

    async def messages(
        self, chat: str, *, question: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[MessageView]:
        """The newest `limit` messages, oldest first; of one question, or older than `before`, where given."""

    async def withheld(self, chat: str, author: str) -> list[MessageView]:
        """What somebody said on this place that only they are shown: it waits for a moderator, or was left out."""

    async def counts(self, chat: str) -> dict[str, int]:
        """How many messages stand under each question."""

    async def find(self, place: str, id: str) -> MessageView | None:
        """One message as it stands, or None if there is none or it is gone."""

    def changes(self, chat: str) -> AsyncIterator[str]:
        """One wake-up after each change to the chat, by what changed: `asked`, `heard`, `state` or `queue`.

        Wake-ups are joined while the reader is busy; the reader reads again what it shows.
        """
