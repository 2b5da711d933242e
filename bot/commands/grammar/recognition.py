"""Whether a message among others is meant as a command. Pure.

Two mistakes are possible. Taking an answer for a command loses it, or even says it aloud in the bot's name; leaving a
command unread is put right by writing it again. So where a text may be either, it is an answer. Of somebody without a
role every text is, unless it begins with `!`: "Pause" is a good answer to many a question.
"""

from __future__ import annotations

import difflib
import re

from bot.commands.grammar.catalogue import BY_WORD
from bot.commands.grammar.command_types import Add, Help, Misunderstood, Say, Status
from bot.commands.grammar.parser import parse

SHORT = 60
"""Characters of a text that may be a command with a mistake in it."""

_FEW = 3
"""Words that may be a command with a mistake in it, where no `!` says that it is one."""

_LONGEST = 8000
"""Characters of a text that may be a command at all."""

_CALLED = re.compile(r"\s*(?:<@[!&]?\d{1,30}>|@[\w.-]{1,100})[\s,:]*")
_BANG = re.compile(r"\s*(?:(?:<@[!&]?\d{1,30}>|@[\w.-]{1,100})[\s,:]*)*!\s?[^\W_]")
_ASKS = re.compile(r"\s*!?\s*(?:please |pls )?(?:help|h|\?+)(?![\w-])", re.IGNORECASE)
_FIRST = re.compile(r"[a-z+?-]{1,20}", re.IGNORECASE | re.ASCII)


def is_command(text: str, *, leads: bool, about: str | None = None, answers: bool = False) -> bool:
    """Whether a text that calls the bot, or begins with `!`, is for the bot and no part of the talk.

    `leads`: whoever said it has a role in the chat. `about` is the message it replies to, as `place/id`; it `answers`
    where that is a question's own post.
    """
    called, banged = _CALLED.match(text) is not None, _BANG.match(text) is not None
    if len(text) > _LONGEST or not (banged or leads):
        return False
    rest = _uncalled(text)
    order = parse(text, about=about)
    match order:
        case Help() | Status() if not leads:
            return False  # nobody makes the bot talk to all; where it can answer one alone there are other ways to ask
        case Help():
            return _ASKS.match(rest) is not None and (order.topic is None or order.topic.split()[0] in BY_WORD)
        case Say() | Add():
            return banged or (called and not answers)
        case Misunderstood():
            fits = leads and len(text.strip()) <= SHORT
            return fits and (banged or (called and not answers and _nearly(rest)))
    return True


def _uncalled(text: str) -> str:
    """The text without whom it is to."""
    while found := _CALLED.match(text):
        text = text[found.end() :]
    return text


def _nearly(text: str) -> bool:
    """Whether a few words begin with a command's, or with one that is almost it. More are a sentence."""
    word = _FIRST.match(text.lstrip())
    if word is None or len(text.split()) > _FEW:
        return False
    first = word[0].lower()
    return first in BY_WORD or (len(first) > 2 and bool(difflib.get_close_matches(first, BY_WORD, n=1, cutoff=0.75)))  # noqa: PLR2004 -- short words are like all others
