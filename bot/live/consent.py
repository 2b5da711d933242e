"""Requests to be left out, and requests to stop, recognized in a message. Pure.

The words must be the whole message, apart from mentions, hashtags and courtesies. Quoting them in a longer sentence
asks for nothing. The consequences are decided elsewhere.
"""

from __future__ import annotations

import re
from typing import Literal

OPT_OUT_WORDS = ("leave", "me", "out")
"""The words that leave their author out, on any place, at any time."""

STOP_WORDS = ("stop",)
"""The word after which the bot never answers its author again."""

Request = Literal["leave", "stop"]
"""A request to be left out, or to be written to no more."""

_TOKEN = re.compile(r"<?[@#][!&]?[\w.@-]+>?|\w+")
_REQUESTS: dict[tuple[str, ...], Request] = {OPT_OUT_WORDS: "leave", STOP_WORDS: "stop"}
_COURTESIES = frozenset({"please", "pls", "thanks", "thank", "you", "hi", "hello"})


def privacy_request(text: str) -> Request | None:
    """What the message asks for, if it is just "leave me out" or "stop".

    Both count at any time, and wherever they are heard; "stop" only if it was said to the bot, which the caller knows.
    """
    said = text.casefold()
    if "leave" not in said and "stop" not in said:
        return None
    tokens = _TOKEN.findall(said)
    while tokens and _is_ignored(tokens[0]):
        tokens.pop(0)
    while tokens and _is_ignored(tokens[-1]):
        tokens.pop()
    return _REQUESTS.get(tuple(tokens))


def is_opt_out(text: str) -> bool:
    """Whether the message is just "leave me out"."""
    return privacy_request(text) == "leave"


def is_stop_request(text: str) -> bool:
    """Whether the message is just "stop"."""
    return privacy_request(text) == "stop"


def is_privacy_request(text: str) -> bool:
    """Whether the message is one of the two."""
    return privacy_request(text) is not None


def _is_ignored(token: str) -> bool:
    """Whether a token is a mention, a hashtag or a courtesy."""
    return token[0] in "<@#" or token in _COURTESIES
