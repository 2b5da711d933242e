"""Finds what nobody translated: text that is the same on an English and a German page, and English words."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from bot.translation import FOLDER, speaking, translated

_ENGLISH = frozenset(
    {
        *("the", "a", "of", "and", "or", "is", "are", "it", "its", "this", "that", "these", "with", "without", "for"),
        *(
            "from",
            "by",
            "to",
            "at",
            "on",
            "be",
            "been",
            "if",
            "but",
            "not",
            "no",
            "than",
            "then",
            "which",
            "what",
            "who",
        ),
        *("when", "where", "there", "write", "make", "give", "leave", "take", "keep", "one", "only", "your", "you"),
        *("know", "known", "may", "like"),
    }
)
"""English words that are no German ones and stand in nearly every sentence of ours."""

_QUOTED = re.compile(r""" "[^"]*" | \B'[^']*' | `[^`]*` | “[^”]*” | „[^“]*“ | \[\[?[\w-]+\]\]? """, re.VERBOSE)

_SPOKEN = {"placeholder", "aria-label", "alt", "title"}


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self._foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "script"}
        if (self._foreign and tag == self._foreign[0]) or (tag != "html" and "lang" in dict(attrs)):
            self._foreign.append(tag)  # it says that it is in another language, down to its end
        self.texts += [value for name, value in attrs if name in _SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}
        if self._foreign and tag == self._foreign[0]:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._foreign:
            self.texts.append(data)


@cache
def _same_in_both() -> frozenset[str]:
    """Texts that are the same in German, as "Person" and "min"."""
    with (FOLDER / "de.po").open("rb") as file:
        return frozenset(str(one.id) for one in read_po(file, locale="de") if one.id and one.id == one.string)


def foreign_texts(english: str, german: str, said: Collection[str]) -> list[str]:
    """What stands in words on both pages, apart from what people wrote: texts with one of `said` in them."""
    pages = [set(texts_of(html)) for html in (english, german)]
    both = {one for one in pages[0] & pages[1] if sum(letter.isalpha() for letter in one) > 1}
    return sorted(one for one in both - _same_in_both() if not any(word in one for word in said))


def texts_of(html: str) -> list[str]:
    """The texts of a page in its own language."""
    parser = _Texts()
    parser.feed(html)
    return [" ".join(text.split()) for text in parser.texts]


def english_words(german: str) -> list[str]:
    """English words in a German text, but for what it quotes: keys, values, and what people wrote."""
    words = re.findall(r"[A-Za-z]+", _QUOTED.sub(" ", german))
    return [one for one in words if one.casefold() in _ENGLISH]


def in_german(text: str) -> str:
    """A text that can be said in any language, in German. Fails where some of it is left in English."""
    with speaking("de"):
        german = translated(text)
    assert german != text
    assert english_words(german) == [], german
    return german
