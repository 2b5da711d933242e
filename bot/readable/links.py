"""Web addresses: whether they are safe to follow, and where a text contains them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WEB = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_TAIL = ".,;:!?…)]}*_~"


def web_url(url: str | None) -> str | None:
    """The address if it is a whole http or https address, else None."""
    return url if url and _WEB.fullmatch(url) else None


def split_links(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, in order, each with whether it is a web address. Joined, they give the text."""
    start = 0
    for found in _WEB.finditer(text) if "://" in text else ():
        end = found.start() + len(_trimmed(found[0]))
        if end > found.start():
            yield text[start : found.start()], False
            yield text[found.start() : end], True
            start = end
    yield text[start:], False


def _trimmed(address: str) -> str:
    """The address without the punctuation of its sentence. A bracket stays if the address opens it."""
    trimmed = address.rstrip(_TAIL)
    if address[len(trimmed) :].startswith(")") and trimmed.count("(") > trimmed.count(")"):
        trimmed += ")"
    return trimmed if _WEB.fullmatch(trimmed) else ""
