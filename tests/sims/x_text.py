"""How the pretend X reads and shows a text: links become t.co, `&<>` are escaped, tags and names are found."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import twitter_text  # type: ignore[import-untyped, unused-ignore]

MOST = 280
"""The most a post may weigh."""

_TAG = re.compile(r"(?<![\w&])[#＃](\w*[^\W\d_]\w*)")  # noqa: RUF001 -- the wide # is one too
_NAME = re.compile(r"(?<![A-Za-z0-9_!#$%&*@])@([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@])")
_WORD = re.compile(r"\w+")


@dataclass
class Shown:
    """A text as the API gives it. Places in `entities` count characters of `text`, from 0."""

    text: str
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def weight(text: str) -> int:
    """How long X finds a text."""
    return int(twitter_text.parse_tweet(text).weightedLength)


def links(text: str) -> list[str]:
    """What X would make a link of."""
    return [str(url) for url in twitter_text.extract_urls(text)]


def tags(text: str) -> set[str]:
    """The hashtags in a text, in small letters, without their #."""
    return {found[1].casefold() for found in _TAG.finditer(_masked(text))}


def names(text: str) -> list[str]:
    """The names mentioned in a text, as written, without their @."""
    return [found[1] for found in _NAME.finditer(_masked(text))]


def words(text: str) -> list[str]:
    """The words of a text, for the search."""
    return [word.casefold() for word in _WORD.findall(text)]


def cut(text: str) -> str:
    """The beginning of a long post, as it stands in `text` where `note_tweet` has the whole."""
    if weight(text) <= MOST:
        return text
    begin = text[: MOST - 1]
    while weight(begin + "…") > MOST:
        begin = begin[:-1]
    return begin + "…"


def show(text: str, *, shorten: bool, who: Callable[[str], str | None], pictures: list[tuple[str, str]]) -> Shown:
    """Bring a text into the form the API gives. `who` knows the id of a name; `pictures` are (address, media key)."""
    plain, found = _short(text) if shorten else (text, _long(text))
    for address, key in pictures:
        plain += " " * bool(plain)
        found.append(_link(len(plain), address, address, f"pic.x.com/{address[-10:]}") | {"media_key": key})
        plain += address
    hidden = _hide(plain, [(one["start"], one["end"]) for one in found])
    entities = {
        "urls": found,
        "hashtags": [{"start": a.start(), "end": a.end(), "tag": a[1]} for a in _TAG.finditer(hidden)],
        "mentions": [
            {"start": a.start(), "end": a.end(), "username": a[1], "id": known}
            for a in _NAME.finditer(hidden)
            if (known := who(a[1]))
        ],
    }
    for one in [one for several in entities.values() for one in several]:
        one |= {end: len(_escape(plain[: one[end]])) for end in ("start", "end")}
    return Shown(_escape(plain), {kind: several for kind, several in entities.items() if several})


def _short(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Replace every link by its t.co address."""
    made, found, at = "", [], 0
    for url in twitter_text.extract_urls_with_indices(text):
        start, end = url["indices"]
        made += text[at:start]
        found.append(_link(len(made), address(url["url"]), _whole(url["url"]), re.sub("^https?://", "", url["url"])))
        made += found[-1]["url"]
        at = end
    return made + text[at:], found


def _long(text: str) -> list[dict[str, Any]]:
    several = twitter_text.extract_urls_with_indices(text)
    return [_link(one["indices"][0], one["url"], _whole(one["url"]), one["url"]) for one in several]


def address(what: str) -> str:
    """The t.co address of something; always the same."""
    return "https://t.co/" + hashlib.sha256(what.encode()).hexdigest()[:10]


def _link(start: int, url: str, expanded: str, display: str) -> dict[str, Any]:
    return {"start": start, "end": start + len(url), "url": url, "expanded_url": expanded, "display_url": display}


def _whole(url: str) -> str:
    return url if re.match("https?://", url, re.IGNORECASE) else "http://" + url


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _masked(text: str) -> str:
    return _hide(text, [tuple(one["indices"]) for one in twitter_text.extract_urls_with_indices(text)])


def _hide(text: str, parts: list[tuple[int, int]]) -> str:
    for start, end in parts:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
