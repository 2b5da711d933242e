"""Commands: how an adapter hands a person's command to the core, and the catalogue of all commands.

A platform with fields, buttons or lists builds them from each `CommandInfo`; others pass on the text. Either way the
core gets one line of text, and answers with a short one. Values and a protocol only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, Protocol

from bot.messages import Command, Role, Value
from bot.ports.views import Dashboard, PersonView

Kind = Literal[
    "question", "length", "clock", "date", "text", "place", "message", "original", "person", "number", "topic"
]
"""The kind of an argument; a platform with fields can help to fill it in. `original` is a second message."""

Group = Literal["timing", "content", "people", "queue", "record", "about"]
"""The heading under which help lists a command."""


PrivacyRequest = Literal["leave", "return", "take out", "put back", "stop", "hold", "forget", "forget yes"]
"""What people ask for about themselves: to be left out of the record, or be in it (again); to leave out the message
above, or put it back; no more posts; to be told what is held on them, to be forgotten, and the same once more to
confirm it."""


class Field(Value, frozen=True, kw_only=True):
    """One argument of a command. `lead` is a word that must come before it, like `in` in `say in x Hello`."""

    kind: Kind
    optional: bool = False
    lead: str = ""

    @property
    def usage(self) -> str:
        """Its form in help: `LENGTH`, `[QUESTION]`."""
        shown = f"{self.lead} {self.kind.upper()}".strip()
        return f"[{shown}]" if self.optional else shown


class CommandInfo(Value, frozen=True, kw_only=True):
    """A command: its name as people write it, its short forms, its arguments, and help about it.

    `role` is the lowest role that may give it. `confirm`: the person is asked to confirm, if the platform can ask.
    `group` is the heading under which help lists it.
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


class Choice(Value, frozen=True, kw_only=True):
    """A suggestion for an argument: its text in the command, and its label for people (at most 100 characters)."""

    value: str
    label: str


class Answer(Value, frozen=True, kw_only=True):
    """The answer to a command, for the person who gave it only: one or a few short lines.

    `confirm` is the command to give if they are sure. `done`: something changed, and `undo` is the command that takes
    it back, as long as nothing else has changed; None if nothing does. With `choices` nothing was done: give the
    command again in the place that a choice names. `place` is where it was carried out, if it could have been several.
    `link` is the path of a private link that was made; nobody can show it again.
    """

    text: str
    confirm: str | None = None
    done: bool = False
    undo: str | None = None
    choices: tuple[Choice, ...] = ()
    place: str = ""
    link: str = ""


class LinkAccess(Value, frozen=True, kw_only=True):
    """The access that a private link of the room gives until it is revoked: a name and a role.

    It is for one `chat`, or else for all chats of a `series`; the other one is empty. With `team` it leads no chat: it
    opens the team's page, of a series or, without one, of all.
    """

    id: str
    chat: str = ""
    series: str = ""
    name: str
    role: Role
    team: bool = False

    def is_to(self, chat: str) -> bool:
        """Whether its holder may lead this chat."""
        return not self.team and (chat == self.chat if self.chat else chat.startswith(f"{self.series}/"))

    def plans(self, series: str) -> bool:
        """Whether it opens the team's page of this series."""
        return self.team and self.series in {"", series}


class LinkPort(Protocol):
    """Private links, the sessions of browsers that opened one, and who was handed the lead.

    Every method raises StoreError.
    """

    async def begin(self, key: str) -> tuple[str, LinkAccess] | None:
        """Begin a session by a link's key: the session's token, and its access. None for unknown and revoked keys."""

    async def resume(self, token: str, chat: str) -> LinkAccess | None:
        """The access that a session gives; None if it has ended or its link was revoked. Using it keeps it alive.

        Whoever uses it on a page of `chat` counts as present.
        """

    async def end(self, token: str, *, everywhere: bool = False) -> None:
        """End a session; with `everywhere` also those that others, or other devices, have by the same link."""

    async def lasting(self, tokens: Collection[str]) -> set[str]:
        """The tokens among these whose sessions have not ended. This keeps none alive."""

    async def has_lead(self, chat: str, place: str, id: str) -> bool:
        """Whether an account was handed the lead of a chat and still has it. If so, the person counts as present."""

    async def candidates(self, chat: str) -> tuple[PersonView, ...]:
        """The people to whom the lead can be handed, the latest first."""


class CommandPort(Protocol):
    """Carries out commands for all places. No method raises; each returns in well under a second."""

    @property
    def catalogue(self) -> tuple[CommandInfo, ...]:
        """All commands, in the order of help."""

    async def answer(self, command: Command) -> Answer:
        """Carry out a command, or say why not. The same command, by place and id, is never carried out twice."""

    async def answer_one(self, commands: tuple[Command, ...]) -> Answer:
        """Carry out one of these commands, which differ only in place: where a chat is meant. If unclear, ask."""

    def privacy_request(self, text: str) -> PrivacyRequest | None:
        """A text's request about its author, if it says nothing else. "stop" counts only if said to the bot."""

    async def answer_person(self, commands: tuple[Command, ...]) -> Answer:
        """Carry out a person's request about themselves, for each of their accounts in a place; one answer.

        The commands differ only in their author.
        """

    async def complete(self, command: Command, kind: Kind, typed: str) -> tuple[Choice, ...]:
        """Suggestions for an argument while a person types, at most 25; none for people without a role."""

    @property
    def links(self) -> LinkPort:
        """Private links and their sessions."""

    async def staff_names(self, chat: str) -> frozenset[str]:
        """The names of all who can lead a chat besides the hosts and moderators in its file, as far as known."""

    async def dashboard(self, chat: str) -> Dashboard | None:
        """The chat's dashboard; None if there is no such chat."""
