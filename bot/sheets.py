"""What a place with pages of its own may show, as frozen values: messages, the bot's posts, a chat's sheet.

Nothing here decides anything or reads a clock.
"""

from __future__ import annotations

from typing import Literal

from bot.messages import Author, Image, Time, Value


class Heard(Value, frozen=True, kw_only=True):
    """A message as it stands now, on the board of a live chat: tied to its question, edits followed.

    `reply_place` is as in `Message`. `question` is `q1`…, `before` or `after`; `reason` is one of reply, thread, mark,
    floor, corrected.
    """

    place: str
    id: str
    author: Author
    text: str
    at: Time
    question: str
    reason: str
    reply_to: str | None = None
    reply_place: str | None = None
    url: str | None = None
    edited: Time | None = None


class Asked(Value, frozen=True, kw_only=True):
    """A post of the bot's that is out, as a place may show it."""

    key: str
    kind: str
    text: str
    at: Time
    id: str = ""
    image: Image | None = None


class Sheet(Value, frozen=True, kw_only=True):
    """What a place that has pages may show about a chat before, during and after it.

    `state` is `coming`, `live` or `over`; from `opens` to `shuts` people may post. `questions` counts all that will be
    asked. `next_at` is when the next post is due, if any is left.
    """

    chat: str
    title: str
    hashtag: str
    hosts: tuple[str, ...]
    link: str | None
    starts: Time
    ends: Time
    timezone: str
    opens: Time
    shuts: Time
    questions: int
    state: Literal["coming", "live", "over"]
    next_at: Time | None = None
