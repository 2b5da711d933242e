"""Texts as they are compared: without what a reader does not see, and where in the text each character stands. Pure.

A name is stored in one way and written by others in another: with a mark of direction, as HTML, with or without an
accent. Both are compared as plain text. What is found there is replaced in the text itself.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, marks of direction, characters without a width, and what says how an emoji looks."""

_ACCENTS = "\u0300-\u036f"

_TAGS = "a|b|big|br|code|del|div|em|font|h[1-6]|i|img|ins|li|mark|p|s|small|span|strong|sub|sup|td|tr|u"
_TAG = rf"</?(?:{_TAGS})(?:\s[^<>\"\\]{{0,200}})?/?>"
"""Without quotation marks: in JSON they end a text."""

_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_MARKUP = re.compile(rf"{_TAG}|{_ENTITY}", re.IGNORECASE)
_DROPPED = re.compile(f"[{_UNSEEN}{_ACCENTS}]")
_PIECE = re.compile(rf"{_TAG}|{_ENTITY}|.", re.IGNORECASE | re.DOTALL)


def plain(text: str) -> str:
    """The text with a space for each HTML tag, characters for entities, and no accents or unseen characters."""
    if "&" in text or "<" in text:
        text = _MARKUP.sub(lambda found: _read(found[0]), text)
    return text if text.isascii() else _DROPPED.sub("", unicodedata.normalize("NFKD", text))


class PlainText:
    """A text, and `plain`, the same as it is compared."""

    def __init__(self, text: str) -> None:
        self.text, self.plain = text, plain(text)
        self._starts: list[int] | None = None

    def replaced(self, spans: Iterable[tuple[int, int]], mark: str) -> str:
        """The text with a mark in place of these spans of `plain`, which are in order and apart.

        Accents and unseen characters behind a span go with it.
        """
        text = self.text
        for begin, end in reversed([self._in_text(*one) for one in spans]):
            text = f"{text[:begin]}{mark}{text[end:]}"
        return text

    def _in_text(self, begin: int, end: int) -> tuple[int, int]:
        if self.plain == self.text:
            return begin, end
        if self._starts is None:
            pieces = _PIECE.finditer(self.text)
            self._starts = [found.start() for found in pieces for _ in plain(_read(found[0]))]
        last = self._starts[end - 1]
        behind = (one for one in self._starts[end:] if one > last)  # one character may be several in `plain`
        return self._starts[begin], next(behind, len(self.text))


def _read(piece: str) -> str:
    if len(piece) == 1:
        return piece
    return html.unescape(piece) if piece.startswith("&") else " "
