"""Texts, times and anchors as the pages after a chat have them. Pure.

What participants wrote is escaped; only web addresses in it become links.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from bot.readable.links import split_links
from bot.reporting.formatting import on_place, short_number

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


def anchor(place: str, id: str) -> str:
    """The permanent anchor of a message on the page, as in `m-x-1`. No two messages share one."""
    return f"m-{_of_place(place)}-{id if id.isascii() and id.isalnum() else _UNSAFE.sub(_escaped, id)}"


@lru_cache(maxsize=256)
def _of_place(place: str) -> str:
    return _UNSAFE.sub(_escaped, place).replace("-", "_2d_")


def clean(text: str) -> str:
    """A text without control characters that HTML forbids."""
    if text.isprintable():  # takes a tenth of the time, and nearly all texts are
        return text
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def utc_text(at: datetime) -> str:
    """A time for machines: `2020-10-13T19:12:00Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def with_links(text: str) -> Markup:
    """A text, escaped, with links for its web addresses."""
    if "://" not in text:
        return escape(text)
    pieces = [_link(str(escape(piece))) if is_link else str(escape(piece)) for piece, is_link in split_links(text)]
    return Markup("".join(pieces))  # noqa: S704 -- escaped


def _link(url: str) -> str:
    return f'<a href="{url}" rel="nofollow noopener">{url}</a>'


def _escaped(found: re.Match[str]) -> str:
    return f"_{ord(found[0]):x}_"


def inert(text: str) -> Markup:
    """A text for WordPress, escaped unless it is Markup, on one line: nothing in it is a shortcode or a paragraph."""
    return Markup(_without_shortcodes(text).replace("\n", "<br>"))  # noqa: S704 -- escaped


def without_shortcodes(text: str) -> Markup:
    """A text for WordPress, escaped unless it is Markup, in which nothing is a shortcode."""
    return Markup(_without_shortcodes(text))  # noqa: S704 -- escaped


def _without_shortcodes(text: str) -> str:
    return str(escape(text)).replace("[", "&#91;").replace("]", "&#93;")


FILTERS = {
    "on_place": on_place,
    "short_number": short_number,
    "inert": inert,
    "without_shortcodes": without_shortcodes,
}
"""The filters of the templates."""
