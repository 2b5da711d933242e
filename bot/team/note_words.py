"""The words of mistakes, warnings and advice, as people read them who never see the file. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.translation import _, pending

_ADVICE = re.compile(r" \[[a-z-]+\]$")
"""The name of a piece of advice, by which a file switches it off."""

_ADDRESS = re.compile(r"\S*[./@]\S")
"""The first word of a message, if it is an address or a file: it is quoted as it was written."""

_LABELS = {
    "'starts'": pending("the start"),
    "'hashtag'": pending("the hashtag"),
    "'timezone'": pending("the time zone"),
}


def plain(message: str, titles: Mapping[str, str]) -> str:
    """A message without what only those need who write the file by hand.

    `titles` are those of other chats by name: they are named by them.
    """
    for name, title in titles.items():
        message = message.replace(name, _("“{title}”").format(title=title))
    for key, label in _LABELS.items():
        message = message.replace(key, _(label))
    return _ADVICE.sub("", re.sub(r"'q(\d+)'", r"Q\1", message))


def sentence(text: str) -> str:
    """A message that begins with a capital, unless with an address."""
    return text if _ADDRESS.match(text) else f"{text[:1].upper()}{text[1:]}"
