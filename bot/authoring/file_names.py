"""The name of a chat's file: its date and its title in plain small letters."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_LONGEST = 50
"""Letters of a title in the name of a file."""


def file_name(day: date | None, title: str) -> str:
    """The name without its ending: `2026-12-01-sleep`."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].rstrip("-") or "chat"
    return f"{day or 'undated'}-{words}"
