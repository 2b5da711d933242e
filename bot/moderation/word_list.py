"""The list of blocked words and parts of links: read from a file, and found in a text.

Capitals, wide or fancy letters and zero-width characters make no difference. Only whole words are found: `ham` is not
in `hamper`. The consequences are decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from bot.errors import SetupError

LONGEST = 200
"""Characters of a line."""

MOST = 20_000
"""Lines of a file."""

_LARGEST = 1 << 20
"""Bytes of a file."""

_FEW = 30
"""Words that are looked for one by one, before the text is cut into words."""

_WORD = re.compile(r"\w+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


class WordList:
    """A list of words. Each is looked up by its first piece, so that long lists cost an ordinary message nothing."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        heads: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(map(fold, words)):
            if first := _WORD.search(word):
                heads[first[0]].append(word)
        self._heads: Mapping[str, list[str]] = dict(heads)
        self._known = frozenset(heads)
        self._few = tuple(heads) if len(heads) <= _FEW else ()

    def __bool__(self) -> bool:
        """Whether the list has any words."""
        return bool(self._known)

    def found(self, text: str) -> list[tuple[int, int] | None]:
        """The positions of blocked words, in characters; None where folding the text has moved them."""
        folded = fold(text)
        if self._few and not self._may_have_few(folded):
            return []
        heads = self._known.intersection(_WORD.findall(folded))
        if not heads:
            return []
        spans = sorted({span for head in heads for word in self._heads[head] for span in _spans(folded, word)})
        return list(spans) if text.isascii() else [None] * len(spans)

    def without_any(self, texts: Collection[str]) -> set[str]:
        """Those texts that have no blocked word. As most have none, a short list is looked for in all at once first."""
        if self._few and not self._may_have_few(_folded_together(texts)):
            return set(texts)
        return {text for text in texts if not self.found(text)}

    def _may_have_few(self, folded: str) -> bool:
        for word in self._few:  # noqa: SIM110 -- a generator takes as long again
            if word in folded:
                return True
        return False


def fold(text: str) -> str:
    """Fold a text for comparing. ASCII characters keep their positions."""
    if text.isascii():
        return text.lower()
    if (plainly := text.replace("\u2026", "...")).isascii():
        return plainly.lower()  # as below: nothing but an ellipsis is beyond ASCII, as happens often
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold())


def _folded_together(texts: Collection[str]) -> str:
    """Texts as `fold` gives them, a line each; at once where that is quick for all."""
    together = "\n".join(texts)
    return fold(together) if together.replace("\u2026", "").isascii() else "\n".join(map(fold, texts))


NOTHING = WordList()


def load(path: Path) -> WordList:
    """Read the words from a file, one a line; a line that begins with `#` is a comment.

    Raises SetupError that names the first line with a mistake, and the remedy.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        said = error.strerror or "it is no file"
        raise SetupError(
            f"The list of blocked words {path} cannot be read: {said}. Check [moderation] blocked."
        ) from error
    if len(data) > _LARGEST:
        raise SetupError(f"{path} is larger than 1 MiB. Keep the list of blocked words shorter.")
    return WordList(_words(path, data.removeprefix(b"\xef\xbb\xbf")))


def _words(path: Path, data: bytes) -> list[str]:
    words = []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            word = line.decode().strip()
        except UnicodeDecodeError:
            raise SetupError(f"{path}:{number}: this is not UTF-8. Save the file as UTF-8.") from None
        if word and not word.startswith("#"):
            if mistake := _mistake(word):
                raise SetupError(f"{path}:{number}: {mistake}")
            words.append(word)
    if len(words) > MOST:
        raise SetupError(f"{path} has more than {MOST} words. Keep the list shorter.")
    return words


def _mistake(word: str) -> str:
    if len(word) > LONGEST:
        return f"this is longer than {LONGEST} characters. Write one word, or one part of a link, on a line."
    if any(unicodedata.category(one) == "Cc" for one in word):
        return "there is a control character in it. Type the line anew."
    if not _WORD.search(fold(word)):
        return "there is no letter and no digit in it. Write a word, or put # before a comment."
    return ""


def _spans(text: str, word: str) -> Iterator[tuple[int, int]]:
    """The positions at which a word stands whole."""
    begin = text.find(word)
    while begin >= 0:
        end = begin + len(word)
        if not (_joined(text, begin) or _joined(text, end)):
            yield begin, end
        begin = text.find(word, begin + 1)


def _joined(text: str, spot: int) -> bool:
    """Whether a word goes on across a position."""
    return 0 < spot < len(text) and bool(_WORD.match(text[spot - 1]) and _WORD.match(text[spot]))
