"""What others mean by a name that anybody can choose, as in the room. Pure.

Somebody may come in as "Which tools would" and ask to be forgotten; nobody's sentence is spoilt for it. Such a name
counts if it is no wording, nobody else there has it, and somebody addressed the person: `@name`, a reply to them, the
name written out with its capitals, or several words of it in nothing but capitals. One word of it counts if nobody
wrote it before they came, or somebody wrote the name out. It is not known whether a name that passes is somebody's
real one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.messages import Value
from bot.readable.common_words import ALSO_NAMES, COMMON, is_number
from bot.readable.name_forms import parts_of, without_addition
from bot.readable.plain_text import plain

_HASHTAG = re.compile(r"#\w+")


class Meant(Value, frozen=True, kw_only=True):
    """What counts of a name: as a mention, written out in any case or with its capitals, and these words of it."""

    mention: bool = False
    any_case: bool = False
    with_capitals: bool = False
    alone: frozenset[str] = frozenset()


class ChosenNames:
    """Says what others meant by the names of somebody who was there from `since` on.

    `said` are the others' texts, each with its time, the bot's own among them as said long ago. `others` are their
    names and handles. `replied`: somebody replied to the person.
    """

    def __init__(
        self,
        since: datetime,
        said: Iterable[tuple[datetime, str]],
        *,
        others: Iterable[str],
        replied: bool,
    ) -> None:
        said = list(said)
        self._before = plain("\n".join(text for at, text in said if at < since))
        self._after = plain("\n".join(text for at, text in said if at >= since))
        self._heard = f"{self._before}\n{self._after}"
        self._mentions_before, self._mentions_after = _with_mentions(self._before), _with_mentions(self._after)
        self._not_theirs = {_folded(one) for one in (*others, *_HASHTAG.findall(self._heard))}
        self._replied = replied

    def meant(self, name: str) -> Meant:
        """What counts of this name. Of a wording nothing does."""
        parts = parts_of(without_addition(name))
        folded = [one.casefold() for one in parts]
        known = [one in COMMON or is_number(one) for one in folded]
        words = [is_known or self._is_word(one) for one, is_known in zip(parts, known, strict=True)]
        if not parts or (all(words) and any(known)) or _folded(name) in self._not_theirs:
            return Meant()
        written = r"[^\w\n]{1,3}".join(map(re.escape, parts))
        has_capitals = parts[0][:1] == parts[0][:1].upper()  # not "de" and "van" behind it
        mention = self._is_mentioned(written)
        shouted = r"[^\w\n]{1,3}".join(re.escape(one.upper()) for one in parts)
        is_written = (parts[0] in self._after and self._has(written)) or (len(parts) > 1 and self._has(shouted))
        in_full = has_capitals and is_written and not any(known)
        is_wording = all(words) and (len(parts) == 1 or self._has(f"(?i:{written})", before=True))
        called = not words[0] and _folded(parts[0]) not in self._not_theirs and self._is_mentioned(re.escape(parts[0]))
        if is_wording or not (mention or called or self._replied or (in_full and not all(words))):
            return Meant(mention=mention)
        told_apart = len(parts) > 1 and in_full
        alone = {
            one
            for one, is_word in zip(parts, words, strict=True)
            if not is_word and (told_apart or not self._has(re.escape(one), before=True))
        }
        if len(parts) == 1 and not alone:
            return Meant(mention=mention)
        return Meant(mention=mention, any_case=not all(words), with_capitals=has_capitals, alone=frozenset(alone))

    def _is_word(self, part: str) -> bool:
        """Whether it is also a word, or others write it in lower case more often than as a name."""
        if part.casefold() in ALSO_NAMES:
            return True
        if part.lower() not in self._heard:
            return False
        ways = {part.lower(), part.title(), part.upper(), part}
        counts = Counter(re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(ways)))})(?!\w)", self._heard))
        lower = counts.pop(part.lower(), 0) if part.lower() != part.title() else 0
        return lower > counts.total()

    def _is_mentioned(self, written: str) -> bool:
        """Whether others mention somebody so, but did not before the person came."""
        find = re.compile(rf"(?<!\w)@{written}(?!\w)", re.IGNORECASE).search
        return find(self._mentions_after) is not None and find(self._mentions_before) is None

    def _has(self, pattern: str, *, before: bool = False) -> bool:
        return re.search(rf"(?<!\w){pattern}(?!\w)", self._before if before else self._after) is not None


def _with_mentions(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "@" in line)


def as_a_name(name: str) -> str:
    """A name in which no letter is a capital, as others may write it."""
    return name.title() if name.islower() else name


def _folded(name: str) -> str:
    return "".join(parts_of(name)).casefold()
