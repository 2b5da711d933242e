"""Every command, one row each: its description, the reader of its arguments, and the hint where one is missing.

`permissions.py` says who may give a command. Help, a platform's slash commands and the shell's verbs are made from
these rows. Nothing here executes a command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from bot.commands.grammar import catalogue_entry, moderation_readers, readers, record_readers
from bot.commands.grammar.catalogue_entry import CatalogueEntry
from bot.commands.grammar.command_types import ParsedCommand
from bot.commands.grammar.moderation_types import HoldAll
from bot.commands.grammar.permissions import least_role
from bot.ports.commands import CommandInfo, Field
from bot.translation import pending

_QUESTION, _LENGTH, _TEXT = Field(kind="question"), Field(kind="length"), Field(kind="text")
_PERSON, _MESSAGE = Field(kind="person"), Field(kind="message")

_TIMING = (
    catalogue_entry.timing("next", "n", pending("Ask the next question now."), readers.next),
    catalogue_entry.timing("back", "b", pending("Go back to the question before."), readers.back),
    catalogue_entry.timing("pause", "p", pending("Ask nothing until you resume."), readers.pause),
    catalogue_entry.timing("resume", "r", pending("Go on after a pause."), readers.resume),
    CatalogueEntry(
        info=CommandInfo(
            name="extend",
            shorts=("+",),
            takes=(_LENGTH, Field(kind="question", optional=True)),
            help=pending("Close later, or give one question more time."),
            example="extend 5m",
            group="timing",
        ),
        read=readers.extend,
        needs=pending("how long"),
    ),
    CatalogueEntry(
        info=CommandInfo(
            name="skip", takes=(_QUESTION,), help=pending("Leave a question out."), example="skip q4", group="timing"
        ),
        read=readers.skip,
        needs=pending("which question"),
    ),
    CatalogueEntry(
        info=CommandInfo(
            name="at",
            takes=(_QUESTION, Field(kind="clock")),
            help=pending("Ask a question at another time."),
            example="at q5 20:45",
            group="timing",
        ),
        read=readers.at,
        needs=pending("which question and when"),
    ),
    catalogue_entry.irreversible("end", pending("Close the chat now."), readers.end),
    catalogue_entry.irreversible("cancel", pending("Call the chat off, or break it off."), readers.cancel),
    CatalogueEntry(
        info=CommandInfo(
            name="move",
            takes=(Field(kind="date"), Field(kind="clock", optional=True)),
            help=pending("Hold the chat on another day."),
            example="move 24 November 20:00",
            group="timing",
            confirm=True,
        ),
        read=readers.move,
        needs=pending("to which day"),
    ),
    catalogue_entry.irreversible("start now", pending("Begin before the hour."), readers.start_now),
)

_CONTENT = (
    CatalogueEntry(
        info=CommandInfo(
            name="say",
            takes=(Field(kind="place", optional=True, lead="in"), _TEXT),
            help=pending("Say something as the bot, everywhere or in one place."),
            example="say We start again in a minute",
            group="content",
        ),
        read=readers.say,
        needs=pending("what"),
    ),
    CatalogueEntry(
        info=CommandInfo(
            name="edit",
            takes=(_QUESTION, _TEXT),
            help=pending("Give a question other words."),
            example="edit q4 What would you change?",
            group="content",
        ),
        read=readers.edit,
        needs=pending("which question, and its new words"),
    ),
    CatalogueEntry(
        info=CommandInfo(
            name="add",
            takes=(_TEXT,),
            help=pending("Ask one question more."),
            example="add What will you take with you?",
            group="content",
        ),
        read=readers.add,
        needs=pending("the question"),
    ),
    CatalogueEntry(
        info=CommandInfo(name="repeat", help=pending("Bring the question back to the bottom."), group="content"),
        read=readers.repeat,
    ),
    CatalogueEntry(
        info=CommandInfo(name="announce", help=pending("Tell people about the chat."), group="content"),
        read=readers.announce,
    ),
)

_PEOPLE = (
    catalogue_entry.message("hide", pending("Leave a message out of the transcript."), moderation_readers.hide),
    catalogue_entry.message("show", pending("Take a message back into the transcript."), moderation_readers.show),
    CatalogueEntry(
        info=CommandInfo(
            name="mute",
            takes=(_PERSON, Field(kind="length", optional=True)),
            help=pending("Hear nothing from a person, for a time or for this chat."),
            example="mute @kate 10m",
            group="people",
        ),
        read=moderation_readers.mute,
        needs=pending("who, with an @ before the handle or the name in quotes"),
    ),
    catalogue_entry.person("unmute", pending("Hear a person again."), moderation_readers.unmute),
    catalogue_entry.person("ban", pending("Keep a person out for good."), moderation_readers.ban, confirm=True),
    CatalogueEntry(
        info=CommandInfo(
            name="slow",
            takes=(_LENGTH,),
            help=pending("One message a person in this time; `slow off` ends it."),
            example="slow 30s",
            group="people",
        ),
        read=moderation_readers.slow,
        needs=pending("how long"),
    ),
    catalogue_entry.people(
        "hold all", pending("Look at first messages before they count."), moderation_readers.hold_all
    ),
    catalogue_entry.people("hold off", pending("Let first messages through again."), moderation_readers.hold_off),
    catalogue_entry.message("hold", pending("Put a message in the queue."), moderation_readers.hold),
)

_QUEUE = (
    CatalogueEntry(
        info=CommandInfo(name="held", help=pending("What waits for a decision."), group="queue"),
        read=moderation_readers.held,
    ),
    catalogue_entry.number("approve", pending("Let a held message through."), moderation_readers.approve),
    catalogue_entry.number("drop", pending("Leave a held message out."), moderation_readers.drop),
)

_RECORD = (
    CatalogueEntry(
        info=CommandInfo(
            name="file",
            takes=(_MESSAGE, _QUESTION),
            help=pending("Put a message under another question."),
            example="file x/1029 q3",
            group="record",
        ),
        read=record_readers.file,
        needs=pending("which message, and the question"),
    ),
    catalogue_entry.correction(
        "highlight", pending("Mark a message as a highlight of the chat."), record_readers.highlight
    ),
    catalogue_entry.correction("unhighlight", pending("Take that mark away again."), record_readers.unhighlight),
    CatalogueEntry(
        info=CommandInfo(
            name="merge",
            takes=(_MESSAGE, Field(kind="original", lead="into")),
            help=pending("Count a message that was said twice only once."),
            example="merge discord/77 into x/1029",
            group="record",
        ),
        read=record_readers.merge,
        needs=pending("which message is the copy, and of which"),
    ),
    catalogue_entry.correction("unmerge", pending("Count such a message by itself again."), record_readers.unmerge),
    CatalogueEntry(
        info=CommandInfo(
            name="summary",
            takes=(_TEXT,),
            help=pending("Write the summary above the transcript; `summary off` takes it away."),
            example="summary Most of us start on the first day.",
            group="record",
        ),
        read=record_readers.summary,
        needs=pending("the summary"),
    ),
    catalogue_entry.publication(
        "publish now", pending("Publish the record before its time."), record_readers.publish_now, confirm=True
    ),
    CatalogueEntry(
        info=CommandInfo(
            name="publish later",
            shorts=("publish-later",),
            takes=(_LENGTH,),
            help=pending("Give the record more time before it is published."),
            example="publish later 24h",
            group="record",
        ),
        read=record_readers.publish_later,
        needs=pending("how much later"),
    ),
    catalogue_entry.publication(
        "withhold", pending("Do not publish the record, or take it back."), record_readers.withhold, confirm=False
    ),
)

_ABOUT = (
    catalogue_entry.about("status", ("s",), pending("What is on and what comes next."), readers.status),
    CatalogueEntry(
        info=CommandInfo(
            name="help",
            shorts=("h", "?"),
            takes=(Field(kind="topic", optional=True),),
            help=pending("What you can say."),
            example="help extend",
            group="about",
        ),
        read=readers.help,
    ),
    catalogue_entry.about("undo", ("u",), pending("Take back the last change."), readers.undo),
    catalogue_entry.about("log", (), pending("Who did what."), readers.log),
    CatalogueEntry(
        info=CommandInfo(
            name="handover",
            takes=(_PERSON,),
            help=pending("Let another person lead."),
            example="handover @kate",
            group="about",
        ),
        read=readers.handover,
        needs=pending("to whom, with an @ before the handle or the name in quotes"),
    ),
    catalogue_entry.about("lead", (), pending("Take the lead back from those who were handed it."), readers.lead),
)

_ENTRIES = tuple(
    msgspec.structs.replace(entry, info=msgspec.structs.replace(entry.info, role=least_role(entry.info.name)))
    for entry in (*_TIMING, *_CONTENT, *_PEOPLE, *_QUEUE, *_RECORD, *_ABOUT)
)

COMMANDS: tuple[CommandInfo, ...] = tuple(entry.info for entry in _ENTRIES)
"""All commands, in the order in which help lists them."""

BY_WORD: Mapping[str, CommandInfo] = {word: info for info in COMMANDS for word in (info.name, *info.shorts)}
"""Each command by its name and by each of its short forms."""

ENTRIES: Mapping[str, CatalogueEntry] = {entry.info.name: entry for entry in _ENTRIES}
"""Each row by the name of its command."""


def info_of(command: ParsedCommand) -> CommandInfo:
    """The description of a parsed command."""
    name = "hold off" if isinstance(command, HoldAll) and not command.on else type(command).__name__
    return BY_WORD[_CAPITAL.sub(r" \1", name).lower()]


_CAPITAL = re.compile(r"(?<=.)([A-Z])")
