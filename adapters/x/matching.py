"""Whether a post of X's is the one we wanted to post. Pure.

X shows a text otherwise than it was posted: three characters as entities, every link as t.co, a link to the picture at
the end, and before a reply the names of those it answers. All that is undone before texts are compared.
"""

from __future__ import annotations

import re
import unicodedata

from twitter_text import extract_urls_with_indices

from adapters.x.payloads import Direct, Tweet
from adapters.x.translation import plain, written
from bot.messages import Post

_NAMES = re.compile(r"^(?:@\w+\s+)+")


def same(tweet: Tweet, post: Post) -> bool:
    """Whether it has this text, and answers the same post or none."""
    return tweet.refers("replied_to") == post.reply_to and same_text(tweet, post)


def same_text(tweet: Tweet, post: Post) -> bool:
    """Whether it has this text, whatever it answers."""
    shown = written(tweet)
    if tweet.refers("replied_to"):
        return _unnamed(shown) == _unnamed(post.text)
    return _bare(shown) == _bare(post.text)


def same_letter(letter: Direct, post: Post) -> bool:
    """Whether a direct message has this text. What a link stands for is not looked at: X shows each as t.co."""
    return _unlinked(plain(letter.text)) == _unlinked(post.text)


def _unlinked(text: str) -> str:
    """The text with its links made alike."""
    for found in reversed(extract_urls_with_indices(text)):
        start, end = found["indices"]
        text = f"{text[:start]}t.co{text[end:]}"
    return _bare(text)


def _unnamed(text: str) -> str:
    """The same without the names that a reply begins with."""
    return _NAMES.sub("", _bare(text) + " ").rstrip()


def _bare(text: str) -> str:
    """The text in one normal form: composed, single spaces, links without scheme and last slash."""
    composed = unicodedata.normalize("NFC", text)
    for found in reversed(extract_urls_with_indices(composed)):
        start, end = found["indices"]
        composed = composed[:start] + _address(found["url"]) + composed[end:]
    return " ".join(composed.split())


def _address(url: str) -> str:
    return re.sub(r"^https?://", "", url, flags=re.IGNORECASE).rstrip("/")
