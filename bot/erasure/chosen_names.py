"""What others mean by a name that anybody can choose, as in the room. Pure.

Somebody may come in as "Which tools would" and ask to be forgotten; nobody's sentence is spoilt for it. Such a name
counts if it is no wording, nobody else there has it, and somebody addressed the person: `@name`, a reply to them, or
the name written out with its capitals. One word of it counts if nobody wrote it before they came, or somebody wrote the
name out. It is not known whether a name that passes is somebody's real one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from bot.messages import Value
from bot.readable.name_forms import parts_of, without_addition
from bot.readable.plain_text import plain

_WORDS = """
a about after again all also always am an and another any anybody anyone are as at be been before being both but by can
could did do does doing done down each either else every everybody everyone few for from get give go got had has have he
her here him his how i if in into is it its just know least less let like made make many me mine more most much must my
need never no nobody none nor not nothing now of off on once one only or other our out over own part people same say see
shall she should so some somebody someone something such take tell than thank thanks that the their them then there
these they thing things think this those three through time to too two under until up us use very was way we well were
what when where which while who whole whom whose why with without would yes you your yours zero hello hi hey welcome
access admin advice anonymous answer answers approach care chat clinic clinical community data discussion education
evidence family group groups guest guide guideline health help home host hospital idea ideas learning leave life link
meeting mental message model moderator name network next nhs none online participant patient patients physical physio
physiotherapy policy practice private professional professionals project public question questions report research
resource resources room safe safety school service services skill skills social staff student students study support
system team test therapist therapists therapy today tool tools tonight topic training treatment user users week work
working workshop
"""
COMMON = frozenset(_WORDS.split())
"""Words of which no name is made: the commonest, and those of any chat about health and care."""

_HASHTAG = re.compile(r"#\w+")
_LETTER = re.compile(r"[^\W\d_]")


class Meant(Value, frozen=True, kw_only=True):
    """What counts of a name: as a mention, written out in any case or with its capitals, and these words of it."""

    mention: bool = False
    any_case: bool = False
    with_capitals: bool = False
    alone: frozenset[str] = frozenset()


class ChosenNames:
    """Says what others meant by the names of somebody who was there from `since` on.

    `said` are the others' texts, each with its time, the bot's own among them as said long ago. `others` are their
    names and handles. `replied`: somebody replied to the person. `ambiguous` names are words as well.
    """

    def __init__(
        self,
        since: datetime,
        said: Iterable[tuple[datetime, str]],
        *,
        others: Iterable[str],
        replied: bool,
        ambiguous: Collection[str],
    ) -> None:
        said = list(said)
        self._before = plain("\n".join(text for at, text in said if at < since))
        self._after = plain("\n".join(text for at, text in said if at >= since))
        self._heard = f"{self._before}\n{self._after}"
        self._mentions = {True: _with_mentions(self._before), False: _with_mentions(self._after)}
        self._not_theirs = {_folded(one) for one in (*others, *_HASHTAG.findall(self._heard))}
        self._replied, self._ambiguous = replied, ambiguous

    def meant(self, name: str) -> Meant:
        """What counts of this name. Of a wording nothing does."""
        parts = parts_of(without_addition(name))
        folded = [one.casefold() for one in parts]
        known = [one in COMMON or not _LETTER.search(one) for one in folded]
        words = [is_known or self._is_word(one) for one, is_known in zip(parts, known, strict=True)]
        if not parts or (all(words) and any(known)) or _folded(name) in self._not_theirs:
            return Meant()
        written = r"[^\w\n]{1,3}".join(map(re.escape, parts))
        has_capitals = parts[0][:1] == parts[0][:1].upper()  # not "de" and "van" behind it
        mention = self._mentioned(written, before=False) and not self._mentioned(written, before=True)
        in_full = has_capitals and parts[0] in self._after and self._has(written) and not any(known)
        is_wording = all(words) and (len(parts) == 1 or self._has(f"(?i:{written})", before=True))
        if is_wording or not (mention or self._replied or (in_full and not all(words))):
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
        if part.casefold() in self._ambiguous:
            return True
        if part.lower() not in self._heard:
            return False
        ways = {part.lower(), part.title(), part.upper(), part}
        counts = Counter(re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(ways)))})(?!\w)", self._heard))
        lower = counts.pop(part.lower(), 0) if part.lower() != part.title() else 0
        return lower > counts.total()

    def _mentioned(self, written: str, *, before: bool) -> bool:
        return re.search(rf"(?<!\w)@{written}(?!\w)", self._mentions[before], re.IGNORECASE) is not None

    def _has(self, pattern: str, *, before: bool = False) -> bool:
        return re.search(rf"(?<!\w){pattern}(?!\w)", self._before if before else self._after) is not None


def _with_mentions(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "@" in line)


def is_wording(name: str, ambiguous: Collection[str]) -> bool:
    """Whether a name is made of common words and numbers, or of one besides names that are words as well."""
    parts = [one.casefold() for one in parts_of(without_addition(name))]
    known = [one in COMMON or not _LETTER.search(one) for one in parts]
    return any(known) and all(known or one in ambiguous for one, known in zip(parts, known, strict=True))


def as_a_name(name: str) -> str:
    """A name in which no letter is a capital, as others may write it."""
    return name.title() if name.islower() else name


def _folded(name: str) -> str:
    return "".join(parts_of(name)).casefold()
