"""Stand-ins: what stands in a text for a person who is not named there, or for a link that would name one. Pure.

In the text of an event a stand-in has the form of what it replaces, a handle or a web address: so the text is still a
reply, a repost or a quote, and still names the same question. Where a text is read, it reads as plain words.
"""

from __future__ import annotations

import re

SOMEBODY = "somebody"
"""What is read for a person of whom nothing is told."""

_PSEUDONYM = r"[0-9A-Z]{4}"
_HANDLE = re.compile(rf"@Participant_({_PSEUDONYM}|none)(?![^\W_])")
"""One character longer than any handle on X, and with capitals, which no handle on Discord has."""

_LINKS = re.compile(r"https?://(post|profile|page)\.invalid/(?:[\w-]+/?)*", re.IGNORECASE)
_LINK_WORDS = {"post": "[a post]", "profile": "[a profile]", "page": "[a link]"}

A_PROFILE, A_PAGE = "https://profile.invalid/", "https://page.invalid/"
"""Stand for a link to a person's profile, and for one to another page that names a person."""


def handle_for(name: str) -> str:
    """The handle that stands for a person with this pseudonym, or for somebody without one."""
    return f"@{name.replace(' ', '_')}" if name != SOMEBODY else "@Participant_none"


def post_for(id: str | None) -> str:
    """The address that stands for a link to the message with this keyed id, or to one that is not known."""
    return f"https://post.invalid/status/{id or 'none'}"


def is_stand_in(handle: str) -> bool:
    """Whether a handle, with its `@`, is a stand-in."""
    return _HANDLE.fullmatch(handle) is not None


def plain(text: str) -> str:
    """The text with words for its stand-ins. Costs next to nothing for a text without any."""
    if "@Participant_" in text:
        text = _HANDLE.sub(lambda found: called(found[0]), text)
    if ".invalid/" in text:
        text = _LINKS.sub(lambda found: _LINK_WORDS[found[1].lower()], text)
    return text


def called(handle: str) -> str:
    """A handle as it is read: a pseudonym for a stand-in, `somebody` where there is none; any other as it is."""
    found = _HANDLE.fullmatch(handle)
    if found is None:
        return handle
    return SOMEBODY if found[1] == "none" else f"Participant {found[1]}"
