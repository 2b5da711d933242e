"""Compares posts on X with the ones we wanted to post. Pure.

X changes a text: three characters become entities, every link a t.co link, the picture a link at the end, and a reply
begins with the handles of the people it answers. All that is undone before texts are compared.
"""

from __future__ import annotations

import re
import unicodedata

from twitter_text import extract_urls_with_indices

from adapters.x.payloads import DirectMessage, Tweet
from adapters.x.translation import full_text, unescaped
from bot.messages import Post

_LEADING_MENTIONS = re.compile(r"^(?:@\w+\s+)+")


def same_post(tweet: Tweet, post: Post) -> bool:
    """Whether both have the same text, and answer the same post or none."""
    return tweet.refers("replied_to") == post.reply_to and same_text(tweet, post)


def same_text(tweet: Tweet, post: Post) -> bool:
    """Whether both have the same text, in answer to any post or none."""
    shown = full_text(tweet)
    if tweet.refers("replied_to"):
        return _without_mentions(shown) == _without_mentions(post.text)
    return _normalized(shown) == _normalized(post.text)


def same_direct_message(message: DirectMessage, post: Post) -> bool:
    """Whether a direct message has the post's text. The targets of links aren't compared: X shows each as t.co."""
    return _with_links_alike(unescaped(message.text)) == _with_links_alike(post.text)


def _with_links_alike(text: str) -> str:
    """The text with its links made alike."""
    for found in reversed(extract_urls_with_indices(text)):
        start, end = found["indices"]
        text = f"{text[:start]}t.co{text[end:]}"
    return _normalized(text)


def _without_mentions(text: str) -> str:
    """The text without the handles that a reply begins with."""
    return _LEADING_MENTIONS.sub("", _normalized(text) + " ").rstrip()


def _normalized(text: str) -> str:
    """The text in one normal form: composed, single spaces, links without scheme and last slash."""
    composed = unicodedata.normalize("NFC", text)
    for found in reversed(extract_urls_with_indices(composed)):
        start, end = found["indices"]
        composed = composed[:start] + _address(found["url"]) + composed[end:]
    return " ".join(composed.split())


def _address(url: str) -> str:
    return re.sub(r"^https?://", "", url, flags=re.IGNORECASE).rstrip("/")
