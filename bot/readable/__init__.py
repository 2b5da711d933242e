"""Readable text: a platform's ids and markup as names and plain words. Pure.

The originals stay in the raw events. A message's question, and whether it is a command, follow from the original; it is
judged, shown and counted as it reads. Nothing here looks anything up: names are given.
"""

from bot.readable.names import NOBODY, Directory, author_name
from bot.readable.safe_signs import safe_line, safe_text
from bot.readable.text import mentions, readable_command, readable_text, unnamed_accounts

__all__ = [
    "NOBODY",
    "Directory",
    "author_name",
    "mentions",
    "readable_command",
    "readable_text",
    "safe_line",
    "safe_text",
    "unnamed_accounts",
]
