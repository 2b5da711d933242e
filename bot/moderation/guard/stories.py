"""Stories by which neighbours would recognise a patient: the mayor's wife, the lad from the news. Pure.

Rule `told_stories` adds up what the words of a message are worth: who (a relation, a role, a name, initials), what
happened, where and when speak for a story; groups of people, the author's own life, colleagues, talk about the field
against it. There is no list of names. The weights are in `weights.tsv`; `make weights` learns them from the tune part
of the labelled set, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import repeat

from bot.moderation.guard.clinic import NO_PATIENT
from bot.moderation.guard.normalized_text import NormalizedText, Sign
from bot.moderation.guard.story_phrases import phrases_in
from bot.moderation.guard.story_words import Feature, Word, feature, features, words
from bot.moderation.guard.story_worth import Scales

ENOUGH = 0.3
"""What a message has to reach. Chosen on the tune part, on writers whose messages the weights hadn't learned from."""

_POINTERS = frozenset(
    ["NAME", "OPENER", "WHOSE", "PLACE", "INITIALS", "TITLE", "ROLE", "WORK", "EVENT", "NEWS", "LOCAL", "ONLY", "HINT"]
)
_OTHERS = frozenset({"OWNKIN", "TOLD"})
"""What has to be in a story: somebody is pointed at, by a name, a role, a place or an event. "A lad told me" isn't one.
And what mustn't: it is about the author's own family, or somebody in a film or in the news."""

_MOST, _LENGTH, _STEP, _LAST = 60, 30, 15, 900
"""Words of the longest message that is weighed as a whole; else of each stretch, how far on the next one begins, and
where the last one does. A long text may tell a story in its middle."""


def _weights() -> dict[Feature, float]:
    lines = files(__package__).joinpath("weights.tsv").read_text(encoding="utf-8").splitlines()
    return {feature(name): int(hundredths) / 100 for name, hundredths in (line.split("\t") for line in lines)}


WEIGHTS = _weights()
"""What each word, class or pair is worth. Single words stand here also where they are worth nothing."""


SCALES = Scales(WEIGHTS)


def told_stories(normalized: NormalizedText) -> Iterator[Sign]:
    """The first stretch of a message that is worth enough, from the first to the last word that speaks for it."""
    return (sign for _, sign in stories_in({0: normalized}))


def stories_in(texts: Mapping[int, NormalizedText]) -> Iterator[tuple[int, Sign]]:
    """As `told_stories`, for each text that tells one, with its key."""
    reads = [(key, SCALES.reads(one.text)) for key, one in texts.items()]
    for key, read in reads:
        if _may_tell(texts[key], read):
            yield from ((key, sign) for sign in weighed(texts[key]))


def weighed(normalized: NormalizedText) -> Iterator[Sign]:
    """As `told_stories`, without its quick look at the whole."""
    read = words(normalized.text, WEIGHTS)
    whole = len(read) <= _MOST
    for start in range(0, 1 if whole else min(len(read), _LAST), _STEP):
        stretch = read if whole else read[start : start + _LENGTH]
        if stretch and is_story(stretch, normalized.lowercase) and not NO_PATIENT.search(normalized.lowercase):
            telling = [word for word in stretch if WEIGHTS.get(word.read, 0) > 0 or word.read == "AGE"] or stretch
            yield Sign("described_person", telling[0].start, telling[-1].end)
            return


def _may_tell(normalized: NormalizedText, reads: list[str]) -> bool:
    """Whether a message with these words is worth enough as a whole; True where it is too long for that."""
    if len(reads) > _MOST or _POINTERS.isdisjoint(reads):
        return len(reads) > _MOST
    return SCALES.reach(ENOUGH * 100, reads, normalized)


def is_story(stretch: list[Word], lowercase: str, weights: Mapping[Feature, float] = WEIGHTS) -> bool:
    """Whether a stretch of a text points at somebody who isn't the author's own family, and is worth enough."""
    reads = [word.read for word in stretch]
    if _POINTERS.isdisjoint(reads):
        return False
    said = phrases_in(lowercase, stretch[0].start, stretch[-1].end)
    if "OURS" not in said and not _OTHERS.isdisjoint(said):
        return False
    # Rounded: the order of a set differs from process to process, and so would the last digits of a sum.
    return round(weights["^"] + sum(map(weights.get, features(reads, said), repeat(0.0))), 2) > ENOUGH
