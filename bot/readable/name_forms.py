"""The ways in which one name is written: what is the same for everybody who looks for names in texts. Pure.

All of them are of plain text, as `plain_text` has it. Nothing here knows whose name it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.readable.plain_text import plain

PART = re.compile(r"(?:[^\W_]|[\u3099\u309a])+")
"""A word of a name; the two are voice marks of Japanese."""

_ADDITION = re.compile(r"[|(\[{,;:/\u00b7\u2022\u2013\u2014]")

_TWO_LETTERS = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00f8": "oe", "\u00e5": "aa"}
    | {"\u00c4": "Ae", "\u00d6": "Oe", "\u00dc": "Ue", "\u00d8": "Oe", "\u00c5": "Aa"}
)

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1100-\u11ff\u3041-\u309a\u30a1-\u30fa\u3400-\u9fff]+")
"""A name in a script that puts no spaces between words: Thai, Korean in plain text, Japanese, Chinese."""

_SHORTEST = 3
"""Characters of such a name that is no other word."""

_WHOLE_SYLLABLE = "(?![\u1160-\u11ff\u3099\u309a])"
_FORMS_OF_ADDRESS = (
    "\u3055\u3093 \u69d8 \u3061\u3083\u3093 \u304f\u3093 \u5148\u751f \u6c0f \u8001\u5e08 \u8001\u5e2b "
    "\u5973\u58eb \ub2d8 \uc528 \uc120\uc0dd"
)
"""Behind a name of two characters: san, sama, chan, kun, sensei, shi, laoshi, nushi, nim, ssi, seonsaeng."""

_ADDRESSED = "|".join(plain(_FORMS_OF_ADDRESS).split())


def parts_of(name: str) -> list[str]:
    """The words of a name, without signs."""
    return PART.findall(plain(name))


def without_addition(name: str) -> str:
    """What stands before an addition, as in "Kate Brown (she/her)"."""
    return _ADDITION.split(plain(name), maxsplit=1)[0]


def spellings(name: str) -> list[str]:
    """A name as it is, and with two letters for one, as in Juergen and Soeren."""
    composed = unicodedata.normalize("NFC", name)
    return list(dict.fromkeys((plain(name), plain(composed.translate(_TWO_LETTERS)))))


def among_letters(name: str) -> Iterator[str]:
    """Patterns for a name in a script without spaces, wherever it stands: there, no sign says where a word ends.

    One of two characters counts before a form of address alone.
    """
    parts = [one for one in parts_of(name) if _UNSPACED.fullmatch(one)]
    if len(parts) > 1 and len(parts) == len(parts_of(name)):
        parts = ["".join(parts), *parts]
    for one in dict.fromkeys(parts):
        length = len(unicodedata.normalize("NFC", one))
        if length >= _SHORTEST:
            yield f"{re.escape(one)}{_WHOLE_SYLLABLE}"
        elif length == _SHORTEST - 1:
            yield f"{re.escape(one)}(?=\\s?(?:{_ADDRESSED}))"
