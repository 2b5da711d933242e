"""Web addresses: which are safe to follow, and where they stand in a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WEB = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_TAIL = ".,;:!?…)]}*_~"


def web(url: str | None) -> str | None:
    """The address if it is http or https and nothing else, otherwise None."""
    return url if url and _WEB.fullmatch(url) else None


def split(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, in order, each with whether it is a web address. Joined they are the text."""
    spot = 0
    for found in _WEB.finditer(text) if "://" in text else ():
        end = found.start() + len(_trimmed(found[0]))
        if end > found.start():
            yield text[spot : found.start()], False
            yield text[found.start() : end], True
            spot = end
    yield text[spot:], False


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that was opened inside stays."""
    trimmed = address.rstrip(_TAIL)
    if address[len(trimmed) :].startswith(")") and trimmed.count("(") > trimmed.count(")"):
        trimmed += ")"
    return trimmed if _WEB.fullmatch(trimmed) else ""
