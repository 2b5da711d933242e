"""Where an adapter brings what somebody asks of the bot: the port's Desk, and what can be said there.

A platform with fields, buttons or lists of its own builds them from the `Offer`s; one with only text carries the words.
Either way the core reads one line of text, and answers with one. Values and a protocol only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from bot.messages import Command, Role, Value
from bot.ports.views import Dashboard

Kind = Literal["question", "length", "clock", "text", "place", "message", "person", "number", "topic"]
"""What may be filled in: a platform with fields of its own can help with each."""


Group = Literal["timing", "content", "people", "queue", "about"]
"""The heading under which help lists a command."""


class Field(Value, frozen=True, kw_only=True):
    """One thing a command takes. `lead` is the word before it, so that it is not taken for something else."""

    kind: Kind
    optional: bool = False
    lead: str = ""

    @property
    def usage(self) -> str:
        """As help writes it: `LENGTH`, `[QUESTION]`."""
        shown = f"{self.lead} {self.kind.upper()}".strip()
        return f"[{shown}]" if self.optional else shown


class CommandInfo(Value, frozen=True, kw_only=True):
    """A command: its name as people write it, its short forms, its arguments, and help about it.

    `role` is the least role that may give it. `confirm` says that the person is asked once more where the platform can
    ask. `group` is the heading under which help lists it.
    """

    name: str
    shorts: tuple[str, ...] = ()
    takes: tuple[Field, ...] = ()
    help: str
    example: str = ""
    group: Group = "about"
    role: Role = "moderator"
    confirm: bool = False

    @property
    def slug(self) -> str:
        """The name as one word, for a shell and for platforms whose command names have no spaces."""
        return self.name.replace(" ", "-")

    @property
    def usage(self) -> str:
        """`extend LENGTH [QUESTION]`."""
        return " ".join([self.name, *(one.usage for one in self.takes)])

    @property
    def takes_text(self) -> bool:
        """Whether the last argument is free text, which is kept as it was written."""
        return bool(self.takes) and self.takes[-1].kind == "text"

    def line(self, values: Mapping[str, str]) -> str:
        """The command as one line of text, from the values of a platform's fields, by kind."""
        given = [f"{one.lead} {values[one.kind]}".strip() for one in self.takes if values.get(one.kind)]
        return " ".join([self.name, *given])


class Answer(Value, frozen=True, kw_only=True):
    """What only the asker sees: one or a few short lines. `confirm` is what to say to really do it, if that is asked.

    `done` says whether something was changed.
    """

    text: str
    confirm: str | None = None
    done: bool = False


class Choice(Value, frozen=True, kw_only=True):
    """One thing that can be filled in: the words for the command, and the words for people (at most 100 characters)."""

    value: str
    label: str


class LinkAccess(Value, frozen=True, kw_only=True):
    """What a private link of the room is good for: to be this person, in this role, in this chat, until revoked."""

    id: str
    chat: str
    name: str
    role: Role


class CommandPort(Protocol):
    """One for all places. None of it raises; each returns in well under a second."""

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All that can be said, in the order of help."""

    async def answer(self, command: Command) -> Answer:
        """Carry a command out, or say why not. The same command, by place and id, is carried out once."""

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """What may be filled in for a field while somebody types, at most 25. Nothing for who has no role."""

    async def open_link(self, key: str) -> LinkAccess | None:
        """What the key in a private link is good for; None for an unknown one, or one that was revoked."""

    async def dashboard(self, chat: str) -> Dashboard | None:
        """All that whoever leads a chat wants to see at a glance; None if there is no such chat."""
