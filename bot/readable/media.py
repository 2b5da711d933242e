"""What a message has beside words, in words: `picture: a mind map of groups`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.messages import Media, MediaKind

UNKNOWN = "picture or other attachment"
"""For a message without words of which nothing else is known."""

_LABELS: dict[MediaKind, tuple[str, str]] = {
    "picture": ("picture", "pictures"),
    "video": ("video", "videos"),
    "audio": ("audio recording", "audio recordings"),
    "voice": ("voice note", "voice notes"),
    "sticker": ("sticker", "stickers"),
    "poll": ("poll", "polls"),
    "forward": ("forwarded message", "forwarded messages"),
    "file": ("file", "files"),
}
"""The words for one thing of a kind, and for several."""


def media_lines(media: Sequence[Media]) -> list[str]:
    """One line for each thing with a description, and one for all others of a kind."""
    described = [(one.kind, " ".join(one.text.split())) for one in media]
    lines = [f"{_LABELS[kind][0]}: {text}" for kind, text in described if text]
    bare = Counter(kind for kind, text in described if not text)
    return lines + [_LABELS[kind][0] if count == 1 else f"{count} {_LABELS[kind][1]}" for kind, count in bare.items()]
