"""Quotes in a text: blocks of quoted lines, and links to messages. Pure.

Which question a link leads to is not decided here: that takes the messages themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from bot.chat import DEFAULT_MARKS, Chat
from bot.live.answer_marks import named_questions

_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ENDS = ".,;:!?)]}'*_|\u2026\u2019\u201d"
_MOST_LINKS = 5
_BLOCK = re.compile(r"(?:^[^\S\n]*>[^\n]*\n?)+", re.MULTILINE)
_REST_IS_QUOTED = re.compile(r"^[^\S\n]*>>>\s[\s\S]*", re.MULTILINE)
_SIGN = re.compile(r"^[^\S\n]*[>\s]+", re.MULTILINE)
_PATH = re.compile(r"/(?:status(?:es)?/([^/]+)|channels/(?:[^/]+/)+([^/]+))")
_ANCHOR = re.compile(r"(?:p-|m-[^-]+-)(.+)")
_NUMBER = re.compile(r"\W*(?:correction to\s+)?q\s?\d{1,3}\W+")
_NO_WORDS = re.compile(r"https?://\S+|#\w+")
_WORD = re.compile(r"[^\W_]+")

_SHORTEST_CUT = 8
"""Characters from which on the beginning of a question stands for it."""


def comparable(text: str) -> str:
    """The words of a question as they are compared: without its number, hashtags, links and punctuation."""
    plain = _NO_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_WORD.findall(_NUMBER.sub("", plain, count=1)))


def question_texts(chat: Chat, posted: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The questions of a chat by their words, as in its file and as they were `posted`: pairs of a key and a text.

    Of two questions with the same words the first counts.
    """
    written = ((one.key, text) for one in chat.questions for text in (one.text, *one.says.values()))
    found: dict[str, str] = {}
    for key, text in (*written, *posted):
        if words := comparable(text):
            found.setdefault(words, key)
    return found


def quoted_question(
    text: str, texts: Mapping[str, str], keys: frozenset[str], letters: tuple[str, ...] = DEFAULT_MARKS
) -> str | None:
    """The question that a text quotes in a block of lines that begin with `>`; None if it quotes none.

    The block begins with its number, or is its text, whole or cut. `texts` are as from `question_texts`.
    """
    for block in _blocks(text):
        if named := named_questions(block, keys, letters):
            return named[0]
        for quoted in (block, *block.splitlines()):  # a line may name who said it
            if found := _question_with(comparable(quoted), texts):
                return found
    return None


class Linked(NamedTuple):
    """The ids to which the links in a text may lead, and the links as they are compared: whole, and without query."""

    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


NOTHING = Linked()
"""What a text without links may lead to."""


def linked(text: str) -> Linked:
    """The messages to which the links in a text may lead."""
    if "://" not in text:
        return NOTHING
    found = links(text)
    parted = list(_parted(found))
    ids = dict.fromkeys(id for parts in parted for id in _ids(parts))
    addresses = dict.fromkeys([*found, *(parts._replace(query="").geturl() for parts in parted)])
    return Linked(tuple(ids), tuple(addresses))


def links(text: str) -> list[str]:
    """The first links in a text."""
    return [found[0].rstrip(_ENDS) for found, _ in zip(_LINK.finditer(text), range(_MOST_LINKS), strict=False)]


def _parted(found: Iterable[str]) -> Iterator[SplitResult]:
    for link in found:
        try:
            yield urlsplit(link)
        except ValueError:
            continue  # "https://[…"


def _ids(parts: SplitResult) -> Iterator[str]:
    """The ids in a link as X, Discord and the room write it, or to a page of a post, as in `…/status/5/photo/1`."""
    for found in (_PATH.search(parts.path), _ANCHOR.fullmatch(parts.fragment)):
        if found:
            yield from filter(None, found.groups())


def _blocks(text: str) -> Iterator[str]:
    for found in (*_REST_IS_QUOTED.finditer(text), *_BLOCK.finditer(text)):
        yield _SIGN.sub("", found[0])


def _question_with(words: str, texts: Mapping[str, str]) -> str | None:
    """The question that has these words, or the only one that begins with them."""
    if words in texts:
        return texts[words]
    if len(words) < _SHORTEST_CUT:
        return None
    begun = {key for whole, key in texts.items() if whole.startswith(words)}
    return begun.pop() if len(begun) == 1 else None
