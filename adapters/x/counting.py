"""How X counts a text: its length, and what it takes for links. Pure.

The library knows X's rules, but it takes half a second to be imported and milliseconds for each post: what is plain
enough is counted without it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import combining

_PLAIN = re.compile("[\n -~\u00c0-\u024f\u2010-\u201f\u2026]*")
_MAYBE_LINK = re.compile(r"\S[.\u3002\uff0e\uff61]\S")


_DOTS = "\u3002\uff0e\uff61"
"""The full stops of Japanese and Chinese."""
_WORD = re.compile("[ \n]*[^ \n]+|[ \n]+")
_KNOWN = 4096
"""Words whose count is kept: a post that is cut is counted again and again."""


def weight(text: str) -> int:
    """The length of a text by X's own count: a link is 23, an emoji or a CJK character 2.

    Without anything that may be a link, plain letters count as one each, and an ellipsis as two. The library counts
    only the words that are not plain: neither a link nor an emoji reaches across a blank.
    """
    if _is_plain(text):
        return _plain_weight(text)
    if _is_odd(text):
        return _weight(text)
    words = _words(text)
    return sum(_plain_weight(word) if _is_plain(word) else _weight(word) for word in words)


def links_in(text: str) -> Sequence[str]:
    """The parts of a text that X takes for links."""
    words = (text,) if _is_odd(text) else _words(text)
    return [link for word in words if _MAYBE_LINK.search(word) for link in _links(word)]


def _words(text: str) -> Sequence[str]:
    """The words of a text, each with the blanks before it: the library looks at those as well."""
    return _WORD.findall(text)


def _is_odd(text: str) -> bool:
    """Whether its words can't be counted apart, since the library looks at what is before them, or between them."""
    return (not text.isascii() and any(one in _DOTS or combining(one) for one in text)) or "\r" in text


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and not _MAYBE_LINK.search(text)


def _plain_weight(text: str) -> int:
    return len(text) + text.count("\u2026")


@lru_cache(maxsize=_KNOWN)
def _weight(text: str) -> int:
    from twitter_text import parse_tweet  # noqa: PLC0415 -- see above

    return int(parse_tweet(text).weightedLength)


@lru_cache(maxsize=_KNOWN)
def _links(word: str) -> tuple[str, ...]:
    from twitter_text import extract_urls  # noqa: PLC0415 -- see above

    return tuple(extract_urls(word))
