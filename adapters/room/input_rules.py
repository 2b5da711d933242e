"""Rules for display names and messages. Pure; nothing is stored or shown here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from adapters.room.look_alikes import mixes_alphabets
from adapters.room.staff_names import has_badge, reads_like_staff
from bot.translation import _

MAX_NAME_LENGTH = 40

_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")
"""Letters and marks that show as nothing. Their category does not say so."""


class InvalidInput(Exception):  # noqa: N818 - an outcome, not a failure
    """A name or text that can't be used. The message is for the user."""


def display_name(typed: str, reserved: Iterable[str] = (), about: str = "", own: str = "") -> str:
    """A display name in NFC, without invisible characters, with single spaces. Raises InvalidInput.

    No name may read like the people who run the chat, the bot or one of the `reserved`, in any alphabet. `about` are
    words of the chat; `own` is the name of the person's private link, if they have one.
    """
    name = " ".join("".join(filter(_is_visible, unicodedata.normalize("NFC", typed))).split())
    if not any(unicodedata.category(char)[0] in "LNS" for char in name):
        raise InvalidInput(_("Please type a name, so that people know who is speaking. It need not be your real one."))
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidInput(_("Please choose a shorter name: at most {most} characters.").format(most=MAX_NAME_LENGTH))
    if mixes_alphabets(name):
        raise InvalidInput(_("Please write your name in one alphabet: some of its letters are from another one."))
    if has_badge(name):
        raise InvalidInput(_("Please leave signs such as ✓ or [brackets] out of your name: they look like a badge."))
    if name != own and reads_like_staff(name, tuple(reserved), about):
        raise InvalidInput(_("That name belongs to the people who run this chat. Please choose another one."))
    return name


def message_text(typed: str, longest: int) -> str:
    """A message as typed, stripped, with Unix line ends. Raises InvalidInput.

    `longest` is in characters.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(_is_visible(char) and not char.isspace() for char in text):
        raise InvalidInput(_("Please write something before you send it."))
    if len(text) > longest:
        said = _("That is {length} characters long. Please shorten it to {longest} or send it in two parts.")
        raise InvalidInput(said.format(length=len(text), longest=longest))
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
        raise InvalidInput(
            _("Your text has a control character in it that cannot be shown. Please type that part again.")
        )
    return text


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph; paragraphs are separated by blank lines."""
    return [part.split("\n") for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _is_visible(char: str) -> bool:
    if char in _INVISIBLE:
        return False
    return char.isspace() or unicodedata.category(char)[0] not in "CZ" or char == " "
