"""Signs that act on more than the text they stand in, taken out: one text can't turn the next one round. Pure.

Unicode's controls of direction reach to the end of a paragraph if nobody ends them, which in a spreadsheet, in Markdown
or in an e-mail is somebody else's text. They are taken out in every format alike; the marks beside a single sign, as
U+200F, stay, and a text from right to left reads so by its letters. All signs for a new line are one sign.
"""

from __future__ import annotations

import re

_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Embeddings, overrides and isolates, and their ends."""

_NEW_LINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def safe_text(text: str) -> str:
    """The text without them. Costs next to nothing for a text on one line without any."""
    if text.isprintable():
        return text
    return _NEW_LINE.sub("\n", text.translate(_DIRECTIONS))


def safe_line(text: str) -> str:
    """A name without them, on one line."""
    return text if text.isprintable() else " ".join(safe_text(text).split("\n")).strip()
