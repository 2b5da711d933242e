"""Lists of phrases as one pattern. Pure."""

from __future__ import annotations

import re


def alternatives(phrases: str) -> str:
    """A regex for any of some phrases: one a line, or several with ` | ` between them; each may be a regex itself."""
    each = [phrase.strip() for line in phrases.splitlines() for phrase in line.split(" | ")]
    return f"(?:{'|'.join(filter(None, each))})"


def any_of(phrases: str) -> re.Pattern[str]:
    """A pattern for any of some whole phrases, which are in small letters."""
    return re.compile(rf"(?<![\w#@-]){alternatives(phrases)}(?!\w)")
