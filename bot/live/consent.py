"""Whether a message asks for its author to be left out. Pure.

The words are the whole message, apart from whom it is to, hashtags and a courtesy. Quoting them in a longer
sentence asks for nothing. What follows from asking is decided elsewhere.
"""

from __future__ import annotations

import re

WORDS = ("leave", "me", "out")
"""What to say to be left out, on any place, at any time."""

STOP = ("stop",)
"""What to say to the bot so that it never answers one again."""

_TOKEN = re.compile(r"<?[@#][!&]?[\w.@-]+>?|\w+")
_COURTESY = frozenset({"please", "pls", "thanks", "thank", "you", "hi", "hello"})


def asks_out(text: str) -> bool:
    """True when the message is just "leave me out"."""
    return _says(text, WORDS)


def asks_to_stop(text: str) -> bool:
    """True when the message is just "stop". It must be meant for the bot; whether it is, the caller knows."""
    return _says(text, STOP)


def wish(text: str) -> bool:
    """True for either: a wish counts at any time, and wherever it is heard."""
    return asks_out(text) or asks_to_stop(text)


def _says(text: str, words: tuple[str, ...]) -> bool:
    said = text.casefold()
    if words[0] not in said:
        return False
    tokens = _TOKEN.findall(said)
    while tokens and _aside(tokens[0]):
        tokens.pop(0)
    while tokens and _aside(tokens[-1]):
        tokens.pop()
    return tuple(tokens) == words


def _aside(token: str) -> bool:
    """A mention, a hashtag, or a courtesy."""
    return token[0] in "<@#" or token in _COURTESY
