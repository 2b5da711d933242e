"""What people may call themselves and what they may write. Pure; nothing is stored or shown here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from adapters.room import confusables

LONGEST_NAME = 40

_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")
"""Letters and marks that show as nothing. Their category does not say so."""

_OURS = ("Convenor", "Moderator", "Host", "Admin", "Administrator", "Team")
"""Names that would sound like the house speaking."""


class InvalidInput(Exception):  # noqa: N818 - it is a verdict, not a failure
    """What someone typed cannot be used. The message is for them."""


def name(typed: str, reserved: Iterable[str] = ()) -> str:
    """A display name: composed, without anything invisible, single spaces. Raises Unfit.

    Nobody may look like the house, or like one of the `reserved` names, in whatever alphabet.
    """
    clean = " ".join("".join(filter(_shows, unicodedata.normalize("NFC", typed))).split())
    if not any(unicodedata.category(one)[0] in "LNS" for one in clean):
        raise InvalidInput("Please type a name, so that people know who is speaking. It need not be your real one.")
    if len(clean) > LONGEST_NAME:
        raise InvalidInput(f"Please choose a shorter name: at most {LONGEST_NAME} characters.")
    if confusables.mixed(clean):
        raise InvalidInput("Please write your name in one alphabet: some of its letters are from another one.")
    if confusables.looks(clean) in {look for one in (*_OURS, *reserved) if (look := confusables.looks(one))}:
        raise InvalidInput("That name belongs to the people who run this chat. Please choose another one.")
    return clean


def text(typed: str, longest: int) -> str:
    """A message as it was typed, without the ends. Raises Unfit."""
    said = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(_shows(one) and not one.isspace() for one in said):
        raise InvalidInput("Please write something before you send it.")
    if len(said) > longest:
        raise InvalidInput(
            f"That is {len(said)} characters long. Please shorten it to {longest} or send it in two parts."
        )
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\t" for one in said):
        raise InvalidInput("Your text has a control character in it that cannot be shown. Please type that part again.")
    return said


def paragraphs(said: str) -> list[list[str]]:
    """The lines of each paragraph; blank lines part paragraphs."""
    return [part.split("\n") for part in re.split(r"\n\s*\n", said.strip()) if part.strip()]


def _shows(one: str) -> bool:
    if one in _UNSEEN:
        return False
    return one.isspace() or unicodedata.category(one)[0] not in "CZ" or one == " "
