"""Texts as they are compared: without what a reader does not see, and where in the text each character stands. Pure.

A name is stored in one way and written by others in another: with a mark of direction, as HTML, escaped or underlined
as on Discord, with or without an accent, a stroke or a vowel sign. Both are compared as plain text. What is found there
is replaced in the text itself. Letters of other scripts stay what they are: nothing is transliterated.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, marks of direction, characters without a width, and what says how an emoji looks."""

_ACCENTS = "\u0300-\u036f"
_VOWEL_SIGNS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
"""What Hebrew and Arabic may leave out: signs of vowels, and a line that makes a word longer."""

_APOSTROPHES = "\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\u2018\u2019\u201b\ua78c"

_TAGS = "a|b|big|br|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|p|s|small|span|strong|sub|sup|td|tr|u"
_TAG = rf"</?(?:{_TAGS})(?:\s[^<>\"\\]{{0,200}})?/?>"
"""Without quotation marks: in JSON they end a text."""

_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_ESCAPED = r"\\{1,4}[_*~|`]"
"""A sign that is no markup; in JSON each backslash is two."""

_MARKUP = re.compile(rf"{_TAG}|{_ENTITY}|{_ESCAPED}", re.IGNORECASE)
_PIECE = re.compile(rf"{_TAG}|{_ENTITY}|{_ESCAPED}|.", re.IGNORECASE | re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w@/.#\\])(_{1,3})(?=[^\s_])([^\n]{0,400}?[^\s_\\])\1(?!\w)")
"""Words in italics or underlined. A handle may begin and end with such a sign, too, if its @ is before it."""

_NAMED_LETTER = re.compile(r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?")
_LETTERS_TOO = {"\u00df": "ss", "\u1e9e": "SS", "\u0131": "i", "\u00f0": "d", "\u00fe": "th", "\u014b": "n"}


def _letters() -> dict[str, str]:
    """Latin letters that are one sign to Unicode, stroke and all, each as it is written without: l for \u0142."""
    found = dict(_LETTERS_TOO) | {"\u00d0": "D", "\u00de": "TH", "\u014a": "N"}
    for letter in map(chr, range(0xC0, 0x250)):
        named = _NAMED_LETTER.fullmatch(unicodedata.name(letter))
        if named and not unicodedata.decomposition(letter):
            found[letter] = named[2] if named[1] == "CAPITAL" else named[2].lower()
    return found


_INSTEAD = _letters() | dict.fromkeys(_APOSTROPHES, "'")
_OTHERWISE = re.compile(f"[{''.join(_INSTEAD)}{_UNSEEN}{_ACCENTS}{_VOWEL_SIGNS}]")


def plain(text: str) -> str:
    """The text with a space for each HTML tag, characters for entities, and no accents or unseen characters."""
    return _plain(_without_emphasis(text))


def _plain(text: str) -> str:
    if "&" in text or "<" in text or "\\" in text:
        text = _MARKUP.sub(lambda found: _read(found[0]), text)
    if text.isascii():
        return text
    return _OTHERWISE.sub(lambda found: _INSTEAD.get(found[0], ""), unicodedata.normalize("NFKD", text))


def _without_emphasis(text: str) -> str:
    """The text with a space for each underscore that is markup, and so of the same length."""
    if "_" not in text:
        return text
    return _EMPHASIS.sub(lambda found: f"{(gap := ' ' * len(found[1]))}{found[2]}{gap}", text)


class PlainText:
    """A text, and `plain`, the same as it is compared."""

    def __init__(self, text: str) -> None:
        self.text, self._pieces = text, _without_emphasis(text)
        self.plain = _plain(self._pieces)
        self._starts: list[int] | None = None

    def replaced(self, spans: Iterable[tuple[int, int]], mark: str) -> str:
        """The text with a mark in place of these spans of `plain`, which are in order and apart.

        Accents and unseen characters behind a span go with it.
        """
        text = self.text
        for begin, end in reversed([self.span(*one) for one in spans]):
            text = f"{text[:begin]}{mark}{text[end:]}"
        return text

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """Where in the text this span of `plain` stands, which is not empty."""
        if self.plain == self._pieces:
            return begin, end
        if self._starts is None:
            pieces = _PIECE.finditer(self._pieces)
            self._starts = [found.start() for found in pieces for _ in _plain(_read(found[0]))]
        last = self._starts[end - 1]
        behind = (one for one in self._starts[end:] if one > last)  # one character may be several in `plain`
        return self._starts[begin], next(behind, len(self.text))


def _read(piece: str) -> str:
    if len(piece) == 1:
        return piece
    if piece.startswith("\\"):
        return piece[-1]
    return html.unescape(piece) if piece.startswith("&") else " "
