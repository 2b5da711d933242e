"""Reposts typed by hand: "RT @kate: …" at the beginning of a text. Pure.

Words of one's own before it make the text a message, as in "So true! RT @kate: …".
"""

from __future__ import annotations

import re

_REPOST = re.compile(r"[\W_]*rt[\s:]{0,3}(?:[@\uff20][\w.]|<@!?(?:\d|p-[0-9a-f]{16}>))", re.IGNORECASE)


def is_typed_repost(text: str) -> bool:
    """Whether a text only repeats what somebody else wrote."""
    if text[:1].isalnum() and text[0] not in "Rr":
        return False  # as most texts begin
    return _REPOST.match(text) is not None
