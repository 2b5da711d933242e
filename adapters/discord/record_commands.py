"""The commands with which people decide about the record themselves, in Discord's form. Pure.

`/record` has one for each of the words that can be written as well, and the menu on a message has one. Everybody sees
them, and only who gives one sees the answer. A message is named by its link or its id; whose it is, the core decides.
"""

from __future__ import annotations

import re

from adapters.discord.payloads import InteractionData, Option
from adapters.discord.rest import Json

RECORD = "record"
MENU_ENTRY = "Leave this out"
"""The entry in the menu on a message."""

_CHAT_INPUT, _MESSAGE = 1, 3
_SUBCOMMAND, _TEXT = 1, 3
_ABOUT_PERSON = {
    "leave me out": "Nothing that you wrote will be in the transcript",
    "put me back": "What you write is in the transcript, again or after all",
    "include me": "Say yes, where only people who said yes are in the transcript",
    "what do you hold on me": "What is stored about you, told to you alone",
    "forget me": "Erase all that is stored about you, for good; you are asked once more",
}
_ABOUT_MESSAGE = {
    "leave this out": "Leave out one message of yours",
    "put this back": "Put one message of yours back",
}
_WHICH = {"name": "message", "type": _TEXT, "description": "Its link: choose Copy Message Link on it", "required": True}
_ID = re.compile(r"(\d{15,25})/?\s*$")


def commands() -> list[Json]:
    """The command with its subcommands, and the entry of the menu, as Discord registers them."""
    told = [_subcommand(words, about, []) for words, about in _ABOUT_PERSON.items()]
    told += [_subcommand(words, about, [_WHICH]) for words, about in _ABOUT_MESSAGE.items()]
    about = "Decide whether what you wrote is in the transcript"
    return [
        {
            "name": RECORD,
            "type": _CHAT_INPUT,
            "description": about,
            "options": told,
            "default_member_permissions": None,
        },
        {"name": MENU_ENTRY, "type": _MESSAGE, "default_member_permissions": None},
    ]


def is_about_record(given: InteractionData) -> bool:
    """Whether an interaction is one of these."""
    return given.name in (RECORD, MENU_ENTRY)


def words(given: InteractionData) -> str:
    """The words that an interaction stands for."""
    return MENU_ENTRY.lower() if given.name == MENU_ENTRY else _chosen(given).name.replace("-", " ")


def about(given: InteractionData, place: str) -> str | None:
    """The message that an interaction is about, as `place/id`."""
    named = next((str(one.value) for one in _chosen(given).options if one.name == "message"), "")
    found = _ID.search(named)
    id = given.target_id if given.name == MENU_ENTRY else found[1] if found else None
    return f"{place}/{id}" if id and is_about_record(given) else None


def _chosen(given: InteractionData) -> Option:
    return next((one for one in given.options if one.type == _SUBCOMMAND), Option(name=""))


def _subcommand(words: str, about: str, options: list[Json]) -> Json:
    return {"name": words.replace(" ", "-"), "type": _SUBCOMMAND, "description": about, "options": options}
