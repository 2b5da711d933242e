"""Finds what is the same on an English and a German page: text that nobody marked for translation."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from bot.translation import FOLDER

_SPOKEN = {"placeholder", "aria-label", "alt", "title"}


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "script"}
        self.texts += [value for name, value in attrs if name in _SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


@cache
def _same_in_both() -> frozenset[str]:
    """Texts that are the same in German, as "Person" and "min"."""
    with (FOLDER / "de.po").open("rb") as file:
        return frozenset(str(one.id) for one in read_po(file, locale="de") if one.id and one.id == one.string)


def foreign_texts(english: str, german: str, said: Collection[str]) -> list[str]:
    """What stands in words on both pages, apart from what people wrote: texts with one of `said` in them."""
    pages = []
    for html in (english, german):
        parser = _Texts()
        parser.feed(html)
        pages.append({" ".join(text.split()) for text in parser.texts})
    both = {one for one in pages[0] & pages[1] if sum(letter.isalpha() for letter in one) > 1}
    return sorted(one for one in both - _same_in_both() if not any(word in one for word in said))
