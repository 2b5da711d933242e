"""Every command in one row. Nothing here is carried out.

Help, the slash commands of a platform and the verbs of the shell are made from these rows. A moderator may use all of
them but those for which a row says `who`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.commands.grammar import readers
from bot.commands.grammar.command_types import HoldAll, ParsedCommand
from bot.commands.grammar.readers import Read
from bot.commands.grammar.spec import CommandSpec
from bot.messages import Role
from bot.ports.commands import Field

_QUESTION, _LENGTH, _TEXT = Field(kind="question"), Field(kind="length"), Field(kind="text")


def _timing(name: str, short: str, help: str, read: Read) -> CommandSpec:  # noqa: A002 -- a column
    return CommandSpec(name=name, shorts=(short,) if short else (), help=help, group="timing", read=read)


def _grave(name: str, help: str, read: Read) -> CommandSpec:  # noqa: A002 -- a column
    """A command for the host alone that cannot be taken back."""
    shorts = (name.replace(" ", "-"),) if " " in name else ()
    return CommandSpec(name=name, shorts=shorts, help=help, group="timing", who="host", confirm=True, read=read)


def _message(name: str, help: str, read: Read) -> CommandSpec:  # noqa: A002 -- a column
    needs = "which message: reply to it, or give its link or number"
    takes = (Field(kind="message"),)
    return CommandSpec(name=name, takes=takes, help=help, needs=needs, example=f"{name} #12", group="people", read=read)


def _person(name: str, help: str, read: Read, *, confirm: bool = False) -> CommandSpec:  # noqa: A002 -- a column
    return CommandSpec(
        name=name,
        takes=(Field(kind="person"),),
        help=help,
        needs="who, with an @ before the handle",
        example=f"{name} @kate",
        group="people",
        confirm=confirm,
        read=read,
    )


def _number(name: str, help: str, read: Read) -> CommandSpec:  # noqa: A002 -- a column
    needs, takes = "which number in the queue", (Field(kind="number"),)
    return CommandSpec(name=name, takes=takes, help=help, needs=needs, example=f"{name} 3", group="queue", read=read)


def _about(name: str, shorts: tuple[str, ...], help: str, read: Read, who: Role = "moderator") -> CommandSpec:  # noqa: A002 -- a column
    return CommandSpec(name=name, shorts=shorts, help=help, group="about", who=who, read=read)


_TIMING = (
    _timing("next", "n", "Ask the next question now.", readers.next),
    _timing("back", "b", "Go back to the question before.", readers.back),
    _timing("pause", "p", "Ask nothing until you resume.", readers.pause),
    _timing("resume", "r", "Go on after a pause.", readers.resume),
    CommandSpec(
        name="extend",
        shorts=("+",),
        takes=(_LENGTH, Field(kind="question", optional=True)),
        help="Close later, or give one question more time.",
        needs="how long",
        example="extend 5m",
        group="timing",
        read=readers.extend,
    ),
    CommandSpec(
        name="skip",
        takes=(_QUESTION,),
        help="Leave a question out.",
        needs="which question",
        example="skip q4",
        group="timing",
        read=readers.skip,
    ),
    CommandSpec(
        name="at",
        takes=(_QUESTION, Field(kind="clock")),
        help="Ask a question at another time.",
        needs="which question and when",
        example="at q5 20:45",
        group="timing",
        read=readers.at,
    ),
    _grave("end", "Close the chat now.", readers.end),
    _grave("cancel", "Call the chat off, or break it off.", readers.cancel),
    _grave("start now", "Begin before the hour.", readers.start_now),
)

_CONTENT = (
    CommandSpec(
        name="say",
        takes=(Field(kind="place", optional=True, lead="in"), _TEXT),
        help="Say something as the bot, everywhere or in one place.",
        needs="what",
        example="say We start again in a minute",
        group="content",
        who="host",
        read=readers.say,
    ),
    CommandSpec(
        name="edit",
        takes=(_QUESTION, _TEXT),
        help="Give a question other words.",
        needs="which question, and its new words",
        example="edit q4 What would you change?",
        group="content",
        who="host",
        read=readers.edit,
    ),
    CommandSpec(
        name="add",
        takes=(_TEXT,),
        help="Ask one question more.",
        needs="the question",
        example="add What will you take with you?",
        group="content",
        who="host",
        read=readers.add,
    ),
    CommandSpec(name="repeat", help="Bring the question back to the bottom.", group="content", read=readers.repeat),
    CommandSpec(
        name="announce", help="Tell people about the chat.", group="content", who="host", read=readers.announce
    ),
)

_PEOPLE = (
    _message("hide", "Leave a message out of the transcript.", readers.hide),
    _message("show", "Take a message back into the transcript.", readers.show),
    CommandSpec(
        name="mute",
        takes=(Field(kind="person"), Field(kind="length", optional=True)),
        help="Hear nothing from a person, for a time or for this chat.",
        needs="who, with an @ before the handle",
        example="mute @kate 10m",
        group="people",
        read=readers.mute,
    ),
    _person("unmute", "Hear a person again.", readers.unmute),
    _person("ban", "Keep a person out for good.", readers.ban, confirm=True),
    CommandSpec(
        name="slow",
        takes=(_LENGTH,),
        help="One message a person in this time; `slow off` ends it.",
        needs="how long",
        example="slow 30s",
        group="people",
        read=readers.slow,
    ),
    CommandSpec(
        name="hold all",
        shorts=("hold-all",),
        help="Look at first messages before they count.",
        group="people",
        read=readers.hold_all,
    ),
    CommandSpec(
        name="hold off",
        shorts=("hold-off",),
        help="Let first messages through again.",
        group="people",
        read=readers.hold_off,
    ),
    _message("hold", "Put a message in the queue.", readers.hold),
)

_QUEUE = (
    CommandSpec(name="held", help="What waits for a decision.", group="queue", read=readers.held),
    _number("approve", "Let a held message through.", readers.approve),
    _number("drop", "Leave a held message out.", readers.drop),
)

_ABOUT = (
    _about("status", ("s",), "What is on and what comes next.", readers.status, "participant"),
    CommandSpec(
        name="help",
        shorts=("h", "?"),
        takes=(Field(kind="topic", optional=True),),
        help="What you can say.",
        example="help extend",
        group="about",
        who="participant",
        read=readers.help,
    ),
    _about("undo", ("u",), "Take back the last change.", readers.undo),
    _about("log", (), "Who did what.", readers.log),
    CommandSpec(
        name="handover",
        takes=(Field(kind="person"),),
        help="Let another person lead.",
        needs="to whom, with an @ before the handle",
        example="handover @kate",
        group="about",
        who="host",
        read=readers.handover,
    ),
)

COMMANDS: tuple[CommandSpec, ...] = (*_TIMING, *_CONTENT, *_PEOPLE, *_QUEUE, *_ABOUT)
"""All there are, in the order in which help lists them."""

BY_WORD: Mapping[str, CommandSpec] = {word: spec for spec in COMMANDS for word in (spec.name, *spec.shorts)}
"""Each command by its name and by each of its short forms."""


def spec_of(order: ParsedCommand) -> CommandSpec:
    """The row that an order came from."""
    name = "hold off" if isinstance(order, HoldAll) and not order.on else _CAPITAL.sub(r" \1", type(order).__name__)
    return BY_WORD[name.lower()]


_CAPITAL = re.compile(r"(?<=.)([A-Z])")
