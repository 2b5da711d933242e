"""In which alphabets a name is written, and how it reads to somebody who only looks at it. Pure.

The letters are those that look alike in common fonts (Unicode Technical Standard 39), not all that there are. Nothing
here is shown or kept.
"""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

import unicodedata

_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
"""Those whose letters can be mistaken for one another's. Nobody mixes them within a name, but for mischief."""

_ACCENTS = range(0x0300, 0x0370)
"""Strokes over and under letters. The marks of other scripts are vowels and stay."""

_PAIRS = (
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
"""Letters, and the plain ones that they look like."""

_ALIKE = {ord(one): plain for row, plains in _PAIRS for one, plain in zip(row, plains, strict=True)}


def mixed(name: str) -> bool:
    """Whether its letters come from more than one of the alphabets that look alike."""
    return len(_ALPHABETS & {_alphabet(one) for one in unicodedata.normalize("NFKC", name)}) > 1


def looks(name: str) -> str:
    """What a reader takes it for: accents, case, spaces and signs aside. Names that look alike give the same."""
    plain = unicodedata.normalize("NFKD", name.translate(_ALIKE))
    bare = "".join(one for one in plain if ord(one) not in _ACCENTS)
    # again, since other widths and other cases may only now be among those letters; i and l are one stroke each
    folded = bare.translate(_ALIKE).casefold().translate(_ALIKE).replace("i", "l")
    return "".join(one for one in folded if unicodedata.category(one)[0] in "LNM")


def _alphabet(one: str) -> str:
    """The first word of a letter's name in Unicode; nothing for what is no letter."""
    return unicodedata.name(one, "").partition(" ")[0] if one.isalpha() else ""
