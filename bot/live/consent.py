"""Requests to the bot about themselves that people make in a message. Pure.

The words must be the whole message, apart from mentions, hashtags, courtesies and the mark of an answer: nobody wants
"A1 leave me out" in the record. Quoting them in a longer sentence asks for nothing. The consequences are decided
elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.ports.commands import PrivacyRequest

Request = PrivacyRequest

WORDS: dict[str, Request] = {
    "leave me out": "leave",
    "leave me out of the transcript": "leave",
    "leave me out of the record": "leave",
    "take me out": "leave",
    "put me back": "return",
    "put me back in": "return",
    "include me": "return",
    "leave this out": "take out",
    "leave this post out": "take out",
    "leave this message out": "take out",
    "leave that out": "take out",
    "take this out": "take out",
    "put this back": "put back",
    "put this back in": "put back",
    "put that back": "put back",
    "stop": "stop",
    "what do you hold on me": "hold",
    "what do you have on me": "hold",
    "what do you know about me": "hold",
    "what have you stored about me": "hold",
    "what do you hold about me": "hold",
    "what do you have about me": "hold",
    "what do you store about me": "hold",
    "what data do you hold on me": "hold",
    "what data do you have on me": "hold",
    "what is held on me": "hold",
    "tell me what you hold on me": "hold",
    "my data": "hold",
    "forget me": "forget",
    "erase me": "forget",
    "delete my data": "forget",
    "erase my data": "forget",
    "delete all my data": "forget",
    "delete everything about me": "forget",
    "forget me yes": "forget yes",
    "yes forget me": "forget yes",
    "erase me yes": "forget yes",
    "yes erase me": "forget yes",
    "yes delete my data": "forget yes",
}
"""The words, on any place and at any time. The first of each kind is the one that people are told."""

CONFIRMED = "forget me yes"
"""The words that confirm `forget me`."""

_TOKEN = re.compile(r"<?[@#][!&]?[\w.@-]+>?|\w+")
_NUMBER, _MARK = re.compile(r"\d{1,2}"), re.compile(r"[^\W\d_]?\d{1,2}")
_MARK_WORD = re.compile(r"[^\W\d_]|ans|answer|question|antwort|frage")
_REQUESTS = {tuple(words.split()): request for words, request in WORDS.items()}
_LAST = {first: tuple({words.split()[-1] for words in WORDS if words.split()[0] == first}) for first, *_ in _REQUESTS}
"""With which words those end that begin with a word: few other messages have both."""
_PLEASE = frozenset({"please", "pls"})
_COURTESIES = _PLEASE | {"thanks", "thank", "you", "hi", "hello"}


def privacy_request(text: str) -> Request | None:
    """The request that a message makes, if it is nothing else.

    They count at any time, and wherever they are heard; "stop" only if it was said to the bot, which the caller knows,
    and never behind the mark of an answer, where it may well be one.
    """
    said = text.replace("\u2026", " ").casefold()  # ten times as quick where nothing else is beyond ASCII
    if not _may_ask(said):
        return None
    tokens = _TOKEN.findall(said)
    is_marked = False
    while tokens and (_is_ignored(tokens[0]) or _is_question(tokens) or _is_mark(tokens)):
        is_marked = is_marked or _is_mark(tokens)
        tokens.pop(0)
    while tokens and _is_ignored(tokens[-1]):
        tokens.pop()
    found = _REQUESTS.get(tuple(one for one in tokens if one not in _PLEASE))
    return None if is_marked and found == "stop" else found


def privacy_requests(texts: Iterable[str]) -> dict[str, Request]:
    """Those of these texts that make a request, and which. Most texts make none."""
    return {text: request for text in texts if (request := privacy_request(text)) is not None}


def _may_ask(said: str) -> bool:
    for first, lasts in _LAST.items():
        if first in said:  # of most messages none is
            for last in lasts:
                if last in said:
                    return True
    return False


def is_opt_out(text: str) -> bool:
    """Whether the message is just "leave me out"."""
    return privacy_request(text) == "leave"


def is_stop_request(text: str) -> bool:
    """Whether the message is just "stop"."""
    return privacy_request(text) == "stop"


def is_privacy_request(text: str) -> bool:
    """Whether the message is any of these."""
    return privacy_request(text) is not None


def asks_about_self(request: Request | None) -> bool:
    """Whether it is about what is held on its author: answered in private, and carried out like a command."""
    return request in {"hold", "forget", "forget yes"}


def _is_question(tokens: list[str]) -> bool:
    """Whether they begin as a polite question does: "could you …"."""
    return tokens[0] in {"can", "could", "will", "would"} and tokens[1:2] == ["you"]


def _is_mark(tokens: list[str]) -> bool:
    """Whether they begin with the mark of an answer, in whatever letter, or with a part of one: "a1", "a 1", "1"."""
    has_number = tokens[1:2] != [] and _NUMBER.fullmatch(tokens[1]) is not None
    return _MARK.fullmatch(tokens[0]) is not None or (has_number and _MARK_WORD.fullmatch(tokens[0]) is not None)


def _is_ignored(token: str) -> bool:
    """Whether a token is a mention, a hashtag or a courtesy."""
    return token[0] in "<@#" or token in _COURTESIES
