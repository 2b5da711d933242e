"""Whether a message asks for its author to be left out. Pure.

The words are the whole message, apart from whom it is to, hashtags and a courtesy. Quoting them in a longer
sentence asks for nothing. What follows from asking is decided elsewhere.
"""

from __future__ import annotations

import re

WORDS = ("leave", "me", "out")
"""What to say to be left out, on any place, at any time."""

_TOKEN = re.compile(r"<?[@#][!&]?[\w.@-]+>?|\w+")
_COURTESY = frozenset({"please", "pls", "thanks", "thank", "you", "hi", "hello"})


def asks_out(text: str) -> bool:
    """True when the message is just "leave me out"."""
    said = text.casefold()
    if WORDS[0] not in said:
        return False
    tokens = _TOKEN.findall(said)
    while tokens and _aside(tokens[0]):
        tokens.pop(0)
    while tokens and _aside(tokens[-1]):
        tokens.pop()
    return tuple(tokens) == WORDS


def _aside(token: str) -> bool:
    """A mention, a hashtag, or a courtesy."""
    return token[0] in "<@#" or token in _COURTESY
