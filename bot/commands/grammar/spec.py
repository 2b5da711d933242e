"""What there is to know about one command: its words, what it takes, who may, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.commands.grammar.command_types import Group, Misunderstood, ParsedCommand
from bot.commands.grammar.readers import Said
from bot.messages import Role, Value
from bot.ports.commands import CommandInfo, Field


class CommandSpec(Value, frozen=True, kw_only=True):
    """One command. `needs` and `example` make the hint where something is missing; `who` is the least role that may.

    `confirm` says that a person is asked once more where a place can ask; `text` that the last argument is kept as
    it was written.
    """

    name: str
    shorts: tuple[str, ...] = ()
    takes: tuple[Field, ...] = ()
    help: str
    needs: str = ""
    example: str = ""
    group: Group
    who: Role = "moderator"
    confirm: bool = False
    read: Callable[[Said], ParsedCommand | Misunderstood | None]

    @property
    def text(self) -> bool:
        """Whether what it takes last is said as it was written."""
        return bool(self.takes) and self.takes[-1].kind == "text"

    @property
    def slug(self) -> str:
        """The name as one word, for a shell and for platforms that want one."""
        return self.name.replace(" ", "-")

    @property
    def usage(self) -> str:
        """`extend LENGTH [QUESTION]`."""
        return " ".join([self.name, *(one.usage for one in self.takes)])

    @property
    def info(self) -> CommandInfo:
        """The same for platforms that build something of their own from it."""
        return CommandInfo(
            name=self.name,
            slug=self.slug,
            help=self.help,
            group=self.group,
            takes=self.takes,
            role=self.who,
            confirm=self.confirm,
        )

    def line(self, values: Mapping[str, str]) -> str:
        """The command in words, from the values of a platform's fields, by kind. `parse` reads it."""
        return self.info.line(values)
