"""The words of the commands in other languages, as Discord shows them to people who chose one. Pure.

A command, an option and a menu entry each have a name and a description. Discord shows the one in a person's own
language, and gives the bot the English name in any case, so nothing else has to know. A name that Discord would not
take is left out: lower case without spaces for commands and options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.discord.rest import Json

Languages = Mapping[str, Mapping[str, str]]
"""For each of Discord's locales (`de`, `es-ES`), the translation of English names and descriptions."""

LANGUAGES: Languages = {}
"""The languages there are: none beside English yet."""

_NAME, _ENTRY = re.compile(r"[-_\w]{1,32}"), re.compile(r"(?! )[-_ '\w]{1,32}(?<! )")
_LONGEST = 100
"""Characters of a description."""


def in_all_languages(command: Json, languages: Languages) -> Json:
    """A command with all its options, or one of them, with its words in every language that has them."""
    name, description = str(command["name"]), str(command.get("description") or "")
    fits = _is_name if description else _ENTRY.fullmatch  # only an entry of a menu has no description
    made: Json = dict(command)
    if names := {locale: word for locale, words in languages.items() if (word := words.get(name)) and fits(word)}:
        made["name_localizations"] = names
    if texts := {locale: words[description] for locale, words in languages.items() if words.get(description)}:
        made["description_localizations"] = {locale: text[:_LONGEST] for locale, text in texts.items()}
    if "options" in command:
        made["options"] = [in_all_languages(one, languages) for one in command["options"]]
    return made


def _is_name(word: str) -> Any:  # noqa: ANN401 -- true or not
    return word == word.lower() and _NAME.fullmatch(word)
