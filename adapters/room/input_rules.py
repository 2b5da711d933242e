"""Rules for display names and messages. Pure; nothing is stored or shown here.

Names that look like a reserved one are refused. The look-alike letters are those of common fonts (Unicode Technical
Standard 39), not all that exist. The table is our own: the libraries we tried miss some of the names in our tests.
"""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAX_NAME_LENGTH = 40

_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")
"""Letters and marks that show as nothing. Their category does not say so."""

_RESERVED_NAMES = ("Convenor", "Moderator", "Host", "Admin", "Administrator", "Team")
"""Names that would read as the bot, or as the people who run the chat."""


class InvalidInput(Exception):  # noqa: N818 - an outcome, not a failure
    """A name or text that can't be used. The message is for the user."""


def display_name(typed: str, reserved: Iterable[str] = ()) -> str:
    """A display name in NFC, without invisible characters, with single spaces. Raises InvalidInput.

    No name may look like one of ours or one of the `reserved`, in any alphabet.
    """
    name = " ".join("".join(filter(_is_visible, unicodedata.normalize("NFC", typed))).split())
    if not any(unicodedata.category(char)[0] in "LNS" for char in name):
        raise InvalidInput("Please type a name, so that people know who is speaking. It need not be your real one.")
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidInput(f"Please choose a shorter name: at most {MAX_NAME_LENGTH} characters.")
    if _mixes_alphabets(name):
        raise InvalidInput("Please write your name in one alphabet: some of its letters are from another one.")
    if _skeleton(name) in {_skeleton(one) for one in (*_RESERVED_NAMES, *reserved)} - {""}:
        raise InvalidInput("That name belongs to the people who run this chat. Please choose another one.")
    return name


def message_text(typed: str, longest: int) -> str:
    """A message as typed, stripped, with Unix line ends. Raises InvalidInput.

    `longest` is in characters.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(_is_visible(char) and not char.isspace() for char in text):
        raise InvalidInput("Please write something before you send it.")
    if len(text) > longest:
        raise InvalidInput(
            f"That is {len(text)} characters long. Please shorten it to {longest} or send it in two parts."
        )
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
        raise InvalidInput("Your text has a control character in it that cannot be shown. Please type that part again.")
    return text


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph; paragraphs are separated by blank lines."""
    return [part.split("\n") for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _is_visible(char: str) -> bool:
    if char in _INVISIBLE:
        return False
    return char.isspace() or unicodedata.category(char)[0] not in "CZ" or char == " "


# Confusable names ------------------------------------------------------------------------------------------

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


def _mixes_alphabets(name: str) -> bool:
    """Whether the name has letters from more than one of the alphabets that look alike."""
    return len(_ALPHABETS & {_alphabet(char) for char in unicodedata.normalize("NFKC", name)}) > 1


def _skeleton(name: str) -> str:
    """The name without accents, case, spaces and signs, in plain letters. Names that look alike give the same."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    bare = "".join(char for char in plain if ord(char) not in _ACCENTS)
    # translated again: other widths and cases may only now be in the table; i and l are one stroke each
    folded = bare.translate(_PLAIN).casefold().translate(_PLAIN).replace("i", "l")
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")


def _alphabet(char: str) -> str:
    """The first word of a letter's Unicode name; empty for other characters."""
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""
