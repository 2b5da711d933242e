"""Drafts of chat files, as the team's page shows and changes them: values and a protocol.

The team shares each draft. It is in the store and counts its revisions, so that nobody overwrites another's change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from bot.messages import Time, Value


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


class ChatVersion(Value, frozen=True, kw_only=True):
    """A chat file as text and as the fields of a form; None if it has mistakes that make a form impossible."""

    text: str
    form: ChatForm | None = None


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

    `text` is the file without the changes in the `form`, which is None if only the text can be edited. `source` is the
    announcement as it was read. `by` changed it last, at `at`.
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


class OpenChange(Value, frozen=True, kw_only=True):
    """A draft that changes what a chat's file says now. `is_outdated`: the file was changed since it began."""

    draft: Draft
    is_outdated: bool = False


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
    """A post as a place will show it, in parts, each with its length there. `picture` describes the one it has."""

    key: str
    at: Time
    parts: tuple[tuple[str, int], ...]
    picture: str = ""


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
    be downloaded. `starts` and `ends` are None, and the chat's `language` is empty, while they are not known.
    """

    text: str
    notes: tuple[Note, ...] = ()
    places: tuple[PlacePreview, ...] = ()
    timezone: str = ""
    starts: Time | None = None
    ends: Time | None = None
    language: str = ""
    why_not: str = ""
    read_only: bool = False
    file_name: str = ""

    def notes_at(self, field: str) -> list[Note]:
        """The notes about one field."""
        return [one for one in self.notes if one.field == field]


class TeamDrafts(Protocol):
    """Keeps drafts, checks them, and writes their chat files. Every method may raise TeamError and StoreError.

    Who may do it is for the caller to know; `by` is their name.
    """

    async def begin(self, series: str, day: str, by: str) -> str:
        """An empty draft, for a day (as `2027-01-05`) if it is not empty. Returns its id."""

    async def read_in(self, series: str, day: str, source: tuple[str, bytes], by: str) -> str:
        """A draft from an announcement, the name and bytes of a file; `day` is used if it has none. Returns its id."""

    async def edit_file(self, chat: str, by: str) -> str:
        """A draft of a chat's file as it is now: an open one only if it says the same. Returns its id."""

    async def changes_of(self, chat: str) -> Sequence[OpenChange]:
        """The open drafts that change a chat's file, the one that was changed last first."""

    async def find(self, series: str, id: str) -> Draft | None:
        """An open draft of a series."""

    async def keep(self, draft: Draft, by: str) -> Draft:
        """Keep a draft as it is now, as its next revision. Raises ChangedDraftError if another is kept already."""

    async def discard(self, draft: Draft) -> None:
        """Throw a draft away."""

    async def with_text(self, draft: Draft, text: str) -> Draft:
        """The draft with another text of the file. Keeps nothing."""

    async def without_advice(self, draft: Draft, code: str) -> Draft:
        """The draft with this piece of advice switched off. Keeps nothing."""

    async def review(self, draft: Draft) -> Review:
        """Check a draft."""

    async def newer_file(self, draft: Draft) -> ChatVersion | None:
        """The draft's file, if it was changed since the draft began; without a text if it was removed."""

    async def onto_newer(self, draft: Draft, by: str) -> Draft:
        """Let a draft replace its file as it is now, and keep it."""

    async def publish(self, draft: Draft, by: str) -> str:
        """Write the file of a draft. Returns the chat's name. Raises ChangedMeanwhileError if the file has changed."""
