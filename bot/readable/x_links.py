"""X's own links, as words: a link to a post by its author, a short link without its target as a link."""

from __future__ import annotations

import re

from bot.readable.names import Directory
from bot.translation import _

_POST = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/web|i|@?(\w{1,50}))/status/(\d{1,25})(?:/[\w/]*)?(?:\?[\w=&%.-]*)?",
    re.IGNORECASE,
)
_SHORT = re.compile(r"https?://t\.co/\w+", re.IGNORECASE)


def plain(text: str, directory: Directory) -> str:
    """The text with X's own links as words. Other links stay."""
    if "://" not in text:
        return text

    def by(found: re.Match[str]) -> str:
        name = f"@{found[1]}" if found[1] else directory.post(found[2])
        return _("post by {name}").format(name=name) if name else _("a post on X")

    return _SHORT.sub("[link]", _POST.sub(by, text))
