"""Readers for the arguments of commands about the record. Pure.

A reader is named like its command, and returns None where an argument is missing or too much is there.
"""

from __future__ import annotations

from bot.commands.grammar import arguments
from bot.commands.grammar import record_types as types
from bot.commands.grammar.command_types import Misunderstood, ParsedCommand
from bot.commands.grammar.reader_parts import SURE, Arguments, about_message, bare, confirmed, length_alone, with_text

LONGEST_SUMMARY = 3500
"""Characters of a summary: some 550 words, and less than of a command that is stored."""

highlight = about_message(lambda message: types.Highlight(message=message))
unhighlight = about_message(lambda message: types.Unhighlight(message=message))
unmerge = about_message(lambda message: types.Unmerge(message=message))


def file(given: Arguments) -> types.File | None:
    """A message and a question, `before` or `after`; below a message the question alone."""
    question = arguments.section(given.words)
    if question and not question[1]:
        found = arguments.message("", given.about, given.places)
        return types.File(message=found[0], question=question[0]) if found else None
    found = arguments.message(given.words, given.about, given.places)
    question = arguments.section(found[1]) if found else None
    return types.File(message=found[0], question=question[0]) if found and question and not question[1] else None


def merge(given: Arguments) -> types.Merge | None:
    """A message and, after `into`, the one of which it is a copy; below a message the second alone."""
    words, sure = given.words, False
    for one in SURE:
        if words.lower().endswith(f" {one}"):
            words, sure = words[: -len(one)].strip(), True
    first, lead, second = f" {words}".partition(" into ")
    found = arguments.message(first.strip() if lead else words, given.about, given.places)
    original = arguments.message(second.strip() if lead else (found[1] if found else ""), None, given.places)
    if not found or not original or original[1] or (lead and found[1]):
        return None
    return types.Merge(message=found[0], original=original[0], sure=sure)


def summary(given: Arguments) -> ParsedCommand | Misunderstood | None:
    """A text of some length, or `off`."""
    if given.text.strip().lower() == "off":
        return types.Summary(text="")
    return with_text(given.text, lambda text: types.Summary(text=text), longest=LONGEST_SUMMARY)


publish_now = confirmed(lambda sure: types.PublishNow(sure=sure))
withhold = bare(types.Withhold())


def publish_later(given: Arguments) -> types.PublishLater | None:
    """How much later."""
    found = length_alone(given.words)
    return types.PublishLater(by=found) if found else None
