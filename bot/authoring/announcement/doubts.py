"""A doubt about an announcement: what the host has to look at before the draft is a chat."""

from __future__ import annotations

from bot.messages import Value


class Doubt(Value, frozen=True, kw_only=True):
    """What is doubtful, the line of the text and the words in it, what was assumed, and why, with how to change it.

    `field` is a key of the chat file, as `starts`, or one question, as `questions.2`. `assumed` is None where nothing
    was. `settled`: the series says it, so a note is enough.
    """

    field: str
    line: int | None
    said: str
    assumed: str | None
    why: str
    settled: bool = False
