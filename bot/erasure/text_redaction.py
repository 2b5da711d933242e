"""Redacts others' texts: a placeholder replaces an erased person's handle, name, ids and quoted words. Pure.

Texts are compared as `plain_text` has them; `name_patterns` says what counts as the person's name. Words count as
quoted if at least five in a row were the person's before they were anybody else's, so a question that both repeat is no
quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.erasure import name_patterns
from bot.erasure.traces import Traces
from bot.readable.plain_text import PlainText, plain

NAME_REMOVED, WORDS_REMOVED = "[name removed]", "[words removed]"

_RUN = 5
"""Words in a row that make a quotation."""

_SHORTEST = 20
"""Characters of a text with fewer words that is quoted as a whole."""

_WORD = re.compile(r"\w+")
_NO_WORDS = re.compile(
    rf"{re.escape(NAME_REMOVED)}|{re.escape(WORDS_REMOVED)}|[@\uff20]\w+|(?:https?://|www\.)\S+|\A\W{{0,3}}[A-Za-z]\d{{1,2}}\b"
)
"""A placeholder, a mention, a web address, and at the beginning what names a question, as in "A1"."""

_GAP = "\N{MODIFIER LETTER LOW MACRON}"
"""Stands for these while words are compared: they are nobody's words. It counts as a letter."""

_SIGNS_OF_NO_WORDS = ("@", "removed]", "\uff20", "://", "www.")

_FEW_OWN = 3
"""Words of the person's own that a run of words has at least if the others in it are repeated."""

_NAMES_REMOVED = re.compile(rf"(?:{re.escape(NAME_REMOVED)}\s*){{2,}}")

Shingle = tuple[str, ...]


class TextRedactor:
    """Redacts others' texts. `others` are names of other people, `said` is what all others said, and when.

    `replied`: one of them replied to the person.
    """

    def __init__(
        self,
        traces: Traces,
        *,
        others: Iterable[str] = (),
        said: Iterable[tuple[datetime, str]] = (),
        replied: bool = False,
    ) -> None:
        self._hint = name_patterns.hint(traces)
        self._certain = name_patterns.certain(traces)
        said = list(said)
        self._named = name_patterns.named(traces, others, said, replied=replied)
        self._in_our_words = self._named if traces.chosen_since is None else None
        self._quoted = _quoted(traces, said)
        self._unchanged = set[str]()  # a message's text stands in its event and in its row

    def hints(self, text: str) -> bool:
        """Whether a text, or what has it, may have something certain."""
        return bool(self._hint(plain(text).casefold()))

    def certain(self, text: str) -> str:
        """The text without what can only mean the person: their handles, long ids, and addresses with one of them."""
        if not self.hints(text):
            return text
        for pattern in self._certain:
            text = _redacted(text, pattern)
        return _NAMES_REMOVED.sub(f"{NAME_REMOVED} ", text)

    def all(self, text: str) -> str:
        """The text of somebody who was in a chat with the person: also without their names and quoted words."""
        if text in self._unchanged:
            return text
        if (redacted := self._redacted(text, self._named)) == text:
            self._unchanged.add(text)
        return redacted

    def ours(self, text: str) -> str:
        """The same for what the bot or the host had to say: not without a name that anybody can choose."""
        return self._redacted(text, self._in_our_words)

    def _redacted(self, text: str, named: re.Pattern[str] | None) -> str:
        redacted = self.certain(self._unquoted(text))
        return _redacted(redacted, named) if named is not None else redacted

    def repeats(self, text: str) -> bool:
        """Whether a text that repeats somebody's words, such as "RT @kate: …", repeats the person's."""
        found = re.match(r"\W*rt[\s:]{0,3}\W{0,3}([\w.]+)", text, re.IGNORECASE)
        return found is not None and self.certain(f"@{found[1]}") != f"@{found[1]}"

    def _unquoted(self, text: str) -> str:
        if not self._quoted or not any(one in self._quoted for _, one in _shingles(_folded(text))):
            return text
        whole = PlainText(text)
        words = list(_WORD.finditer(_masked(whole.plain)))
        spans: list[tuple[int, int]] = []
        for start, shingle in _shingles([one[0].casefold() for one in words]):
            if shingle in self._quoted:
                begin, end = words[start].start(), words[start + len(shingle) - 1].end()
                if spans and begin <= spans[-1][1]:
                    begin, _ = spans.pop()
                spans.append((begin, end))
        return whole.replaced(spans, WORDS_REMOVED)


def _redacted(text: str, pattern: re.Pattern[str]) -> str:
    whole = PlainText(text)
    return whole.replaced([found.span() for found in pattern.finditer(whole.plain)], NAME_REMOVED)


def _quoted(traces: Traces, said: Iterable[tuple[datetime, str]]) -> frozenset[Shingle]:
    """Runs of words that were the person's before they were anybody else's.

    Words that the person repeated from others are no part of them: who repeats the same has them from these. Only where
    a text has no whole run besides, one counts that has some of both, and mostly the person's.
    """
    texts = [(at, _folded(text)) for at, text in traces.words]
    first: dict[Shingle, datetime] = {}
    for at, words in texts:
        for _, shingle in _shingles(words):
            first[shingle] = min(first.get(shingle, at), at)
    repeated = set[Shingle]()
    for at, text in said if first else ():
        repeated |= {one for _, one in _shingles(_folded(text)) if one in first and at <= first[one]}
    return frozenset(one for _, words in texts for one in _own(words, repeated))


def _own(words: list[str], repeated: set[Shingle]) -> Iterable[Shingle]:
    """The runs of a text each of whose words stands in none of these; if there is none, those with few that do."""
    found = list(_shingles(words))
    theirs = {n for start, one in found if one in repeated for n in range(start, start + len(one))}
    whole = [one for start, one in found if theirs.isdisjoint(range(start, start + len(one)))]
    return whole or (one for start, one in found if len({*range(start, start + len(one))} - theirs) >= _FEW_OWN)


def _folded(text: str) -> list[str]:
    """The words of a text, casefolded one by one; a placeholder or a mention is one word, `_GAP`."""
    text = plain(text)
    if text[1:2].isdigit() or text[2:3].isdigit() or any(sign in text for sign in _SIGNS_OF_NO_WORDS):
        text = _masked(text)
    return _WORD.findall(text.lower()) if text.isascii() else [one.casefold() for one in _WORD.findall(text)]


def _shingles(words: list[str]) -> Iterable[tuple[int, Shingle]]:
    if _GAP in words:
        return _shingles_around(words)
    if len(words) >= _RUN:
        return ((at, tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1))
    return [(0, tuple(words))] if sum(map(len, words)) >= _SHORTEST else []


def _shingles_around(words: list[str]) -> Iterable[tuple[int, Shingle]]:
    """Those of a text with gaps: a gap is in none of them."""
    start = 0
    for end in [*(n for n, one in enumerate(words) if one == _GAP), len(words)]:
        yield from ((start + at, one) for at, one in _shingles(words[start:end]))
        start = end + 1


def _masked(text: str) -> str:
    """The text with `_GAP` for each placeholder and mention, and with as many characters."""
    return _NO_WORDS.sub(lambda found: _GAP.ljust(len(found[0])), text)
