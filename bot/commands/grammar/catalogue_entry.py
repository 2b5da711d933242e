"""The rows of the catalogue, and short ways to write the usual kinds of them."""

from __future__ import annotations

from bot.commands.grammar.reader_parts import Read
from bot.messages import Value
from bot.ports.commands import CommandInfo, Field
from bot.translation import pending


class CatalogueEntry(Value, frozen=True, kw_only=True):
    """A row: the command, and how its arguments are read. `needs` names the argument that is missing, for the hint."""

    info: CommandInfo
    read: Read
    needs: str = ""


def timing(name: str, short: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about the plan without arguments."""
    return CatalogueEntry(
        info=CommandInfo(name=name, shorts=(short,) if short else (), help=help, group="timing"), read=read
    )


def irreversible(name: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command that `undo` can't take back."""
    shorts = (name.replace(" ", "-"),) if " " in name else ()
    info = CommandInfo(name=name, shorts=shorts, help=help, group="timing", confirm=True)
    return CatalogueEntry(info=info, read=read)


def message(name: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about one message."""
    info = CommandInfo(name=name, takes=(Field(kind="message"),), help=help, example=f"{name} #12", group="people")
    return CatalogueEntry(info=info, read=read, needs=pending("which message: reply to it, or give its link or number"))


def correction(name: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about one message of the record, which is in no queue."""
    info = CommandInfo(name=name, takes=(Field(kind="message"),), help=help, example=f"{name} x/1029", group="record")
    return CatalogueEntry(info=info, read=read, needs=pending("which message: reply to it, or give its link"))


def person(name: str, help: str, read: Read, *, confirm: bool = False) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about one person."""
    example = f"{name} @kate"
    info = CommandInfo(
        name=name, takes=(Field(kind="person"),), help=help, example=example, group="people", confirm=confirm
    )
    return CatalogueEntry(info=info, read=read, needs=pending("who, with an @ before the handle or the name in quotes"))


def people(name: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about first messages, without arguments."""
    info = CommandInfo(name=name, shorts=(name.replace(" ", "-"),), help=help, group="people")
    return CatalogueEntry(info=info, read=read)


def number(name: str, help: str, read: Read) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about one message in the queue."""
    info = CommandInfo(name=name, takes=(Field(kind="number"),), help=help, example=f"{name} 3", group="queue")
    return CatalogueEntry(info=info, read=read, needs=pending("which number in the queue"))


def about(
    name: str,
    shorts: tuple[str, ...],
    help: str,  # noqa: A002 -- a column
    read: Read,
) -> CatalogueEntry:
    """A question to the bot, or a command about commands."""
    return CatalogueEntry(info=CommandInfo(name=name, shorts=shorts, help=help, group="about"), read=read)


def publication(name: str, help: str, read: Read, *, confirm: bool) -> CatalogueEntry:  # noqa: A002 -- a column
    """A command about the publication of the record."""
    shorts = (name.replace(" ", "-"),) if " " in name else ()
    info = CommandInfo(name=name, shorts=shorts, help=help, group="record", confirm=confirm)
    return CatalogueEntry(info=info, read=read)
