"""Hashtags as X finds them, in every script. Pure.

The rule is that of twitter-text, whose library for Python has no part for hashtags: a sign, then letters, marks, digits
and a few signs, at least one of them a letter. Other platforms take as much or more. Tags are compared in composed form
and without case; one inside a link does not count.
"""

from __future__ import annotations

import unicodedata

import regex

_SIGNS = r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
"""Signs within a tag: the underscore, joiners, middle dots, and marks between the letters of some scripts."""

_LETTERS, _WORD = r"\p{L}\p{M}", rf"\p{{L}}\p{{M}}\p{{Nd}}{_SIGNS}"

_TAG = regex.compile(
    rf"(?:(?<=[\ufe0e\ufe0f])|(?<![&{_WORD}]))[#\uff03](?![\ufe0f\u20e3])([{_WORD}]*[{_LETTERS}][{_WORD}]*)(?![#\uff03]|://)"
)
_LINK = regex.compile(
    r"(?:https?://|www\.|(?<![@\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}/)[!-~\u00a1-\u024f\u0400-\u04ff]*", regex.IGNORECASE
)
"""A link, up to a character that cannot be in an address on X."""

_ONE_WORD = regex.compile(rf"#(?=.*\p{{L}})[{_WORD}\p{{N}}]{{1,99}}")
_OTHER = regex.compile(rf"[^{_WORD}]")
_INVISIBLE_ENDS = "\u200c\u200d\ufe0f"


def composed(tag: str) -> str:
    """A tag in the form in which it is posted: composed, with `#`, without invisible characters at its ends."""
    text = unicodedata.normalize("NFC", tag.strip()).replace("\uff03", "#", 1)
    return text.strip(_INVISIBLE_ENDS)


def is_one_word(tag: str) -> bool:
    """Whether a tag is a sign and one word with a letter in it. X may still end it early, as at a subscript."""
    return bool(_ONE_WORD.fullmatch(tag))


def without_other_characters(text: str) -> str:
    """The characters of a text that may stand in a hashtag."""
    return _OTHER.sub("", unicodedata.normalize("NFC", text))


def seen_part(tag: str) -> str:
    """The part of a tag that X takes for the hashtag; empty if it takes none."""
    found = _TAG.match(tag)
    return f"#{found[1]}" if found else ""


def has_hashtag(text: str, tag: str) -> bool:
    """Whether a text has this very hashtag outside of its links."""
    text, tag = unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", tag).casefold()
    if seen_part(tag) != tag:
        return tag in text.casefold()
    if tag[1:] not in text.casefold():
        return False  # most texts: looking for links takes longer than all the rest
    links = [found.span() for found in _LINK.finditer(text)]
    return any(
        f"#{found[1]}".casefold() == tag and not any(start <= found.start() < end for start, end in links)
        for found in _TAG.finditer(text)
    )
