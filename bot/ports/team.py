"""The team's page: what the room asks of the part that drafts, checks and writes chat files. Values and a protocol.

A draft is shared by the team, lies in the store, and counts its revisions, so that nobody writes over another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Protocol

import msgspec

from bot.errors import ConvenorError
from bot.messages import Time, Value
from bot.ports.chat_files import FileChange
from bot.ports.pasted_texts import PastedTexts
from bot.ports.rehearsals import Rehearsals

DateState = Literal["planned", "free", "break", "called off", "over", "mistakes"]


class TeamError(ConvenorError):
    """What the team asked for can't be done. The message says why, and what to do."""


class ChangedDraftError(TeamError):
    """Somebody else has changed this draft meanwhile. Nothing was lost: look at both, and choose."""


class PersonForm(Value, frozen=True, kw_only=True):
    """A host or moderator as typed. `number` is their place in the file's list, from 1; 0 for one who is new."""

    name: str = ""
    handles: dict[str, str] = msgspec.field(default_factory=dict)
    number: int = 0


class QuestionForm(Value, frozen=True, kw_only=True):
    """A question as typed. `number` is its place in the file's list, from 1; 0 for a new one."""

    text: str = ""
    number: int = 0


class ChatForm(Value, frozen=True, kw_only=True):
    """The fields of a chat as typed: nothing is checked yet. `length` is in minutes.

    `confirmed`: somebody has looked at the doubts about date and time, and says that they are right.
    """

    title: str = ""
    hashtag: str = ""
    date: str = ""
    time: str = ""
    timezone: str = ""
    length: str = ""
    hosts: tuple[PersonForm, ...] = ()
    moderators: tuple[PersonForm, ...] = ()
    questions: tuple[QuestionForm, ...] = ()
    welcome: str = ""
    closing: str = ""
    link: str = ""
    confirmed: bool = False


class FormDoubt(Value, frozen=True, kw_only=True):
    """A doubt about a field of an imported text: the line, the words there, what was assumed and why.

    `settled`: the series says it, so a note is enough.
    """

    field: str
    line: int | None = None
    said: str = ""
    assumed: str = ""
    why: str
    settled: bool = False


class Draft(Value, frozen=True, kw_only=True):
    """A chat on its way into its file. `file` is the chat's name, empty for a new one; `base` the version that it was.

    `text` is the file as it would be written but for the `form`, which is None where only the text can be edited.
    `source` is the announcement as it was read. `by` changed it last, at `at`.
    """

    id: str = ""
    series: str
    file: str = ""
    base: str = ""
    text: str = ""
    form: ChatForm | None = None
    source: str = ""
    source_name: str = ""
    doubts: tuple[FormDoubt, ...] = ()
    revision: int = 0
    looked: bool = False
    done: bool = False
    by: str = ""
    at: Time | None = None


class Note(Value, frozen=True, kw_only=True):
    """A mistake, a warning or advice: at a field of the form (empty: the whole chat), at a line of the text or 0.

    `code` is the name of a piece of advice, by which it is switched off.
    """

    field: str = ""
    line: int = 0
    code: str = ""
    severity: Literal["error", "warning", "advice"] = "error"
    message: str


class ShownPost(Value, frozen=True, kw_only=True):
    """A post as a place will show it, in parts, each with its length there."""

    key: str
    at: Time
    parts: tuple[tuple[str, int], ...]


class PlacePreview(Value, frozen=True, kw_only=True):
    """All posts of a chat in one place. `cost` is an estimate in words; empty where it is free."""

    place: str
    called: str
    limit: int
    posts: tuple[ShownPost, ...]
    cost: str = ""


class Review(Value, frozen=True, kw_only=True):
    """A draft, checked: its notes, what each place will show, and the text that would be written.

    `why_not` says why it can't be saved; empty if it can. `read_only`: the folder can't be written, so the file has to
    be downloaded. `starts` and `ends` are None while they are not known.
    """

    text: str
    notes: tuple[Note, ...] = ()
    places: tuple[PlacePreview, ...] = ()
    timezone: str = ""
    starts: Time | None = None
    ends: Time | None = None
    why_not: str = ""
    read_only: bool = False
    file_name: str = ""

    def notes_at(self, field: str) -> list[Note]:
        """The notes about one field."""
        return [one for one in self.notes if one.field == field]


class TeamDate(Value, frozen=True, kw_only=True):
    """A day in a series' calendar. `chat` is the name of the chat then; `starts` is None where no time is known."""

    state: DateState
    day: date | None = None
    starts: Time | None = None
    chat: str = ""
    title: str = ""
    note: str = ""


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

    def session(self, chat: str) -> TeamSession | None:
        """The session with this name; the first for an empty name."""
        return next((one for one in self.sessions if chat in {"", one.chat}), None)


class ReadyText(Value, frozen=True, kw_only=True):
    """A text to copy: what it is for, and its parts."""

    label: str
    parts: tuple[str, ...]


class TeamPort(Protocol):
    """Drafts, checks and writes the chat files of all series. Every method may raise TeamError and StoreError.

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
    def pasted(self) -> PastedTexts:
        """What was pasted and is not read yet."""

    @property
    def handles(self) -> Sequence[tuple[str, str]]:
        """The platforms on which people have handles, and what they are called."""

    async def calendar(self, series: str) -> TeamCalendar | None:
        """A series' calendar; None if there is no such series."""

    async def begin(self, series: str, day: str, by: str) -> str:
        """An empty draft, for a day (as `2027-01-05`) if it is not empty. Returns its id."""

    async def read_in(self, series: str, day: str, source: tuple[str, bytes], by: str) -> str:
        """A draft from an announcement, the name and bytes of its file; `day` counts if it names none. Gives its id."""

    async def edit_file(self, chat: str, by: str) -> str:
        """The open draft of a chat's file, or a new one. Returns its id."""

    async def draft(self, series: str, id: str) -> Draft | None:
        """An open draft of a series."""

    async def keep(self, draft: Draft, by: str) -> Draft:
        """Keep a draft as it is now, as its next revision. Raises ChangedDraftError if another is kept already."""

    async def discard(self, draft: Draft) -> None:
        """Throw a draft away."""

    async def with_text(self, draft: Draft, text: str) -> Draft:
        """The draft with another text of the file. Keeps nothing."""

    async def without_advice(self, draft: Draft, code: str) -> Draft:
        """The draft of a chat about which this advice is not given any more. Keeps nothing."""

    async def review(self, draft: Draft) -> Review:
        """Check a draft."""

    async def newer_file(self, draft: Draft) -> str | None:
        """The text of the draft's file, if it was changed since the draft began; empty if it was removed."""

    async def onto_newer(self, draft: Draft, by: str) -> Draft:
        """Let a draft replace its file as it is now, and keep it."""

    async def publish(self, draft: Draft, by: str) -> str:
        """Write the file of a draft. Returns the chat's name. Raises ChangedMeanwhileError if the file has changed."""

    async def chat(self, chat: str) -> TeamChat | None:
        """A chat that has a file."""

    async def version(self, chat: str, version: str) -> str | None:
        """The text of a version of a chat's file."""

    async def restore(self, chat: str, version: str, by: str) -> None:
        """Write a version of a chat's file anew."""

    async def invitation(self, chat: str) -> Sequence[ReadyText]:
        """Ready texts that invite to a chat."""

    async def create_link(self, chat: str, name: str, *, session: str = "") -> str:
        """A private link for a host of a chat, or of a session of it. Returns its path, only this once."""
