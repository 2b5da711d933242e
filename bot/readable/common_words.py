"""Words of which no name is made, and words that are names as well. Pure.

In languages but English the commonest words are not known here: whether a part of a name is a word is then told by how
others write it.
"""

from __future__ import annotations

import re

from bot.readable.name_forms import parts_of, without_addition

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

_WORDS_TOO = """
will may june april august hope grace joy faith mark rose art bill dean grant frank jack bob pat sue penny daisy ivy
holly ruby amber dawn summer autumn heather iris lily olive violet robin jay drew chase hunter mason carter cook baker
smith young long short brown black white green gray grey king price wood stone hill field day love best good rich case
page bell ward moore wells park banks brooks rivers lane church hall house little small sharp wise strong
prof msc bsc phd mrs miss nhs
"""
ALSO_NAMES = frozenset(_WORDS_TOO.split())
"""Names that are ordinary words as well, and titles."""

_LETTER = re.compile(r"[^\W\d_]")


def is_number(word: str) -> bool:
    """Whether there is no letter in it."""
    return _LETTER.search(word) is None


def is_wording(name: str) -> bool:
    """Whether a name is made of common words and numbers, and of no name but such as are words as well."""
    parts = [one.casefold() for one in parts_of(without_addition(name))]
    known = [one in COMMON or is_number(one) for one in parts]
    return any(known) and all(is_known or one in ALSO_NAMES for one, is_known in zip(parts, known, strict=True))
