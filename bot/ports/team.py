"""The team's page: what the room asks of the part that drafts, checks and writes chat files. Values and a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Protocol

from bot.messages import Time, Value
from bot.ports.chat_files import FileChange
from bot.ports.rehearsals import Rehearsals
from bot.ports.team_drafts import ChatVersion, Draft, Note, TeamDrafts

DateState = Literal["planned", "free", "break", "called off", "over", "mistakes"]


class TeamDate(Value, frozen=True, kw_only=True):
    """A day in a series' calendar. `chat` is the chat then, in `language`; `starts` is None where no time is known."""

    state: DateState
    day: date | None = None
    starts: Time | None = None
    chat: str = ""
    title: str = ""
    note: str = ""
    language: str = ""


class TeamCalendar(Value, frozen=True, kw_only=True):
    """A series: its dates ahead, its chats that are over, the latest first, and its open drafts."""

    series: str
    timezone: str
    ahead: tuple[TeamDate, ...] = ()
    past: tuple[TeamDate, ...] = ()
    drafts: tuple[Draft, ...] = ()
    read_only: bool = False


class TeamSession(Value, frozen=True, kw_only=True):
    """A session of a chat: a chat of its own, `chat` by name, with the same questions as the others of its file."""

    chat: str
    title: str
    state: DateState
    timezone: str
    starts: Time
    ends: Time
    hosts: tuple[str, ...] = ()


class TeamChat(Value, frozen=True, kw_only=True):
    """A chat that has a file: where it stands, its text, its sessions, and its versions, the newest first.

    `name` is that of the file. There is one session, unless the file names several; with mistakes, there is none.
    `is_missing`: the file is gone, but people were told of the chat, so it is held all the same until it is called off.
    `language` is the chat's; empty where it is not known.
    """

    name: str
    title: str
    state: DateState
    timezone: str
    text: str
    where: str
    starts: Time | None = None
    hosts: tuple[str, ...] = ()
    versions: tuple[FileChange, ...] = ()
    notes: tuple[Note, ...] = ()
    read_only: bool = False
    sessions: tuple[TeamSession, ...] = ()
    is_missing: bool = False
    language: str = ""

    def session(self, chat: str) -> TeamSession | None:
        """The session with this name; the first for an empty name."""
        return next((one for one in self.sessions if chat in {"", one.chat}), None)


class ReadyText(Value, frozen=True, kw_only=True):
    """A text to copy: what it is for, its parts, and the language that these are in."""

    label: str
    parts: tuple[str, ...]
    language: str


class AdviceReason(Value, frozen=True, kw_only=True):
    """What pieces of advice with these names say in general, and why: sentences."""

    names: tuple[str, ...]
    advised: str
    why: str


class TeamPort(Protocol):
    """The chats of all series that the team plans, with their files. Every method may raise TeamError and StoreError.

    Who may do it is for the caller to know; `by` is their name, for the list of versions.
    """

    async def series(self) -> Sequence[str]:
        """The names of all series, sorted."""

    async def language(self, series: str) -> str:
        """The code of the language that a series says it has; empty if it says none, or if there is no such series."""

    @property
    def rehearsals(self) -> Rehearsals:
        """The rehearsals that the team starts."""

    @property
    def drafts(self) -> TeamDrafts:
        """The drafts of chat files."""

    @property
    def handles(self) -> Sequence[tuple[str, str]]:
        """The platforms on which people have handles, and what they are called."""

    def advice(self) -> Sequence[AdviceReason]:
        """All advice that the check of a draft may give."""

    async def calendar(self, series: str) -> TeamCalendar | None:
        """A series' calendar; None if there is no such series."""

    async def chat(self, chat: str) -> TeamChat | None:
        """A chat that has a file."""

    async def version(self, chat: str, version: str) -> ChatVersion | None:
        """A version of a chat's file."""

    async def restore(self, chat: str, version: str, by: str) -> None:
        """Write a version of a chat's file anew."""

    async def invitation(self, chat: str) -> Sequence[ReadyText]:
        """Ready texts that invite to a chat."""

    async def create_link(self, chat: str, name: str, *, session: str = "") -> str:
        """A private link for a host of a chat, or of a session of it. Returns its path, only this once."""
