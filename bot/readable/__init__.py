"""Text for readers: what a platform writes for machines, as names and plain words. Pure.

The originals stay in the raw events. What a message says is tied to its question and recognized as a command from the
original, but judged, shown and counted as it reads. Nothing here looks anything up: names are given.
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
