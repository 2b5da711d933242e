"""How X counts a text: its length, and what it takes for links. Pure.

The library knows X's rules, but it takes half a second to be imported and a millisecond for each post: a text that is
plain enough is counted without it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLAIN = re.compile("[\n -~\u00c0-\u024f\u2010-\u201f\u2026]*")
_MAYBE_LINK = re.compile(r"\S[.\u3002\uff0e\uff61]\S")


def weight(text: str) -> int:
    """The length of a text by X's own count: a link is 23, an emoji or a CJK character 2.

    Without anything that may be a link, plain letters count as one each, and an ellipsis as two.
    """
    if _PLAIN.fullmatch(text) and not _MAYBE_LINK.search(text):
        return len(text) + text.count("\u2026")
    from twitter_text import parse_tweet  # noqa: PLC0415 -- see above

    return int(parse_tweet(text).weightedLength)


def links_in(text: str) -> Sequence[str]:
    """The parts of a text that X takes for links."""
    if not _MAYBE_LINK.search(text):
        return ()
    from twitter_text import extract_urls  # noqa: PLC0415 -- see above

    found: list[str] = extract_urls(text)
    return found
