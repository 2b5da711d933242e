"""Letters that look alike: names as readers see them, and names that mix alphabets to deceive. Pure.

The look-alike letters are those of common fonts (Unicode Technical Standard 39), not all that exist. The table is our
own: the libraries we tried miss some of the names in our tests.
"""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

import unicodedata

_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Alphabets with letters that look alike. A name that mixes them is meant to deceive."""

_ACCENTS = range(0x0300, 0x0370)
"""Combining accents. The combining marks of other scripts are vowels and stay."""

_LOOK_ALIKES = (
    # Cyrillic
    ("АВЕЅІЈКМНОРСТУХҮҺԌԚԜѴӀ", "ABESIJKMHOPCTYXYHGQWVI"),
    ("авеѕіјкмнопрстуүхһгѵԁԍԛԝьӏ", "abesijkmhonpctyyxhrvdgqwbl"),
    # Greek
    ("ΑΒΕΖΗΙΚΜΝΟΡΣΤΥΧϹ", "ABEZHIKMNOPSTYXC"),
    ("αβεηικμνορςστυχωγϲ", "abenikmvopsotuxwyc"),
    # Armenian, Cherokee
    ("հոսօցյզՕՍ", "hnuogjqOU"),
    ("ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEHJKLMPRSTVWZ"),
    # Latin small capitals and letters of phonetics, figures and signs
    ("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡıɩ", "abcdeghijklmnoprstuvwyzagii"),
    ("01|", "oll"),
)
"""Letters, and the plain letters that they look like."""

_PLAIN = {ord(char): plain for row, plains in _LOOK_ALIKES for char, plain in zip(row, plains, strict=True)}


def mixes_alphabets(name: str) -> bool:
    """Whether the name has letters from more than one of the alphabets that look alike."""
    return len(_ALPHABETS & {_alphabet(char) for char in unicodedata.normalize("NFKC", name)}) > 1


def skeleton(name: str) -> str:
    """The name without accents, case, spaces and signs, in plain letters. Names that look alike give the same."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    bare = "".join(char for char in plain if ord(char) not in _ACCENTS)
    # translated again: other widths and cases may only now be in the table; i and l are one stroke each
    folded = bare.translate(_PLAIN).casefold().translate(_PLAIN).replace("i", "l")
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")


def _alphabet(char: str) -> str:
    """The first word of a letter's Unicode name; empty for other characters."""
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""
