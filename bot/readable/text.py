"""A message as it reads: its words without the platform's markup, then what it has beside words.

The markup is that of the message's platform, told by the name of its place, else by its address or by names for ids in
it; a text of any other place is left as it was typed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.messages import Command, Media, MediaKind, is_blank
from bot.readable import discord_markup, stand_ins, x_links
from bot.readable.names import NOBODY, Directory
from bot.readable.safe_signs import safe_text
from bot.translation import _, pending

_SITES = {"https://discord.com/": "discord", "https://x.com/": "x"}

_TYPED = re.compile(r"(?<![\w@./-])@(\w{1,64})")

_NO_NAMES: Mapping[str, str] = {}


def readable_text(
    text: str,
    media: Sequence[Media] = (),
    *,
    place: str,
    url: str | None = None,
    zone: str = "UTC",
    names: Mapping[str, str] = _NO_NAMES,
    directory: Directory = NOBODY,
) -> str:
    """The text as it reads. `zone` is the time zone of dates in it, `names` are as in `Message`.

    Words of ours in it are in the language that is spoken here.

    Stand-ins for people who are not named read as words, and no sign in it acts beyond it. A message without words and
    without anything else has something that the log does not know.
    """
    platform = _by_name(place) or _by_address(url) or _by_names(names)
    words = text
    if platform == "discord":
        words = discord_markup.plain(text, names, directory, zone)
    elif platform == "x":
        words = x_links.plain(text, directory)
    if is_blank(words):
        words = "" if is_blank(text) else text.strip()  # nothing but marks was typed
    if words and not media:
        return safe_text(stand_ins.plain(words))
    lines = media_lines(media) or [_(UNKNOWN)]
    return safe_text(stand_ins.plain("\n".join([words.rstrip(), *lines] if words else lines)))


def readable_command(command: Command, zone: str) -> str:
    """A command's text as it reads; one that was given with a button may have none."""
    if not command.text:
        return ""
    return readable_text(command.text, place=command.place, zone=zone, names=command.names)


def mentions(
    text: str,
    *,
    place: str,
    url: str | None = None,
    names: Mapping[str, str] = _NO_NAMES,
    directory: Directory = NOBODY,
) -> tuple[str, ...]:
    """The handles, each with its `@`, of the people that a text mentions, by handle or by id; in any order.

    Roles are no people. Unknown people are left out, and so are those who are not named; a pseudonym has no `@`.
    """
    if "@" not in text:
        return ()
    by_id: tuple[str, ...] = ()
    if "<@" in text and (_by_name(place) or _by_address(url) or _by_names(names)) == "discord":
        by_id = discord_markup.mentioned(text, names, directory)
        text = discord_markup.without_ids(text)
    called = (stand_ins.called(f"@{handle}") for handle in _TYPED.findall(text))
    return tuple(one for one in (*by_id, *called) if one != stand_ins.SOMEBODY)


def unnamed_accounts(
    text: str, *, place: str, url: str | None = None, names: Mapping[str, str] = _NO_NAMES
) -> tuple[str, ...]:
    """The ids of the accounts that a text mentions by id and whose names did not come with it."""
    if "<@" not in text or (_by_name(place) or _by_address(url)) != "discord":
        return ()
    return discord_markup.unnamed(text, names)


@lru_cache(maxsize=256)
def _by_name(place: str) -> str:
    """The platform that a place is named after; empty if it has another name."""
    name = place.partition("-")[0]
    return name if name in _SITES.values() else ""


def _by_names(names: Mapping[str, str]) -> str:
    """The platform whose texts mention people by id, if this one does."""
    return "discord" if names else ""


def _by_address(url: str | None) -> str:
    """The platform at whose address a message is; empty if it is at another."""
    return next((name for site, name in _SITES.items() if url.startswith(site)), "") if url else ""


UNKNOWN = pending("picture or other attachment")
"""For a message without words of which nothing else is known."""

_ONE: dict[MediaKind, str] = {
    "picture": pending("picture"),
    "video": pending("video"),
    "audio": pending("audio recording"),
    "voice": pending("voice note"),
    "sticker": pending("sticker"),
    "poll": pending("poll"),
    "forward": pending("forwarded message"),
    "file": pending("file"),
}
_SEVERAL: dict[MediaKind, str] = {
    "picture": pending("{count} pictures"),
    "video": pending("{count} videos"),
    "audio": pending("{count} audio recordings"),
    "voice": pending("{count} voice notes"),
    "sticker": pending("{count} stickers"),
    "poll": pending("{count} polls"),
    "forward": pending("{count} forwarded messages"),
    "file": pending("{count} files"),
}
"""The words for one thing of a kind, and for several."""


def media_lines(media: Sequence[Media]) -> list[str]:
    """One line for each thing with a description, and one for all others of a kind."""
    described = [(one.kind, " ".join(one.text.split())) for one in media]
    lines = [f"{_(_ONE[kind])}: {text}" for kind, text in described if text]
    bare = Counter(kind for kind, text in described if not text)
    return lines + [
        _(_ONE[kind]) if count == 1 else _(_SEVERAL[kind]).format(count=count) for kind, count in bare.items()
    ]
