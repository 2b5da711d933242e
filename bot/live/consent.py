"""Requests to be left out, and requests to stop, recognized in a message. Pure.

The words must be the whole message, apart from mentions, hashtags and courtesies. Quoting them in a longer sentence
asks for nothing. The consequences are decided elsewhere.
"""

from __future__ import annotations

import re

OPT_OUT_WORDS = ("leave", "me", "out")
"""The words that leave their author out, on any place, at any time."""

STOP_WORDS = ("stop",)
"""The word after which the bot never answers its author again."""

_TOKEN = re.compile(r"<?[@#][!&]?[\w.@-]+>?|\w+")
_COURTESIES = frozenset({"please", "pls", "thanks", "thank", "you", "hi", "hello"})


def is_opt_out(text: str) -> bool:
    """Whether the message is just "leave me out"."""
    return _says(text, OPT_OUT_WORDS)


def is_stop_request(text: str) -> bool:
    """Whether the message is just "stop". It counts only if it was said to the bot; the caller knows that."""
    return _says(text, STOP_WORDS)


def is_privacy_request(text: str) -> bool:
    """Whether the message is one of the two. They count at any time, and wherever they are heard."""
    return is_opt_out(text) or is_stop_request(text)


def _says(text: str, words: tuple[str, ...]) -> bool:
    said = text.casefold()
    if words[0] not in said:
        return False
    tokens = _TOKEN.findall(said)
    while tokens and _is_ignored(tokens[0]):
        tokens.pop(0)
    while tokens and _is_ignored(tokens[-1]):
        tokens.pop()
    return tuple(tokens) == words


def _is_ignored(token: str) -> bool:
    """Whether a token is a mention, a hashtag or a courtesy."""
    return token[0] in "<@#" or token in _COURTESIES
