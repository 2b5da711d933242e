"""The parsed commands about the record of a chat: corrections, the summary and the publication."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.grammar.moderation_types import MessageReference
from bot.messages import Value


class File(Value, frozen=True, kw_only=True):
    """Put a message under another question: a question's key, `before` or `after`."""

    message: MessageReference
    question: str


class Merge(Value, frozen=True, kw_only=True):
    """Count a message and its copy once; the `original` stays. `sure`: even if two people wrote them."""

    message: MessageReference
    original: MessageReference
    sure: bool = False


class Unmerge(Value, frozen=True, kw_only=True):
    """Count a copy by itself again."""

    message: MessageReference


class Highlight(Value, frozen=True, kw_only=True):
    """Mark a message as a highlight."""

    message: MessageReference


class Unhighlight(Value, frozen=True, kw_only=True):
    """Take the mark away."""

    message: MessageReference


class Summary(Value, frozen=True, kw_only=True):
    """Write the summary of the chat, as CommonMark; an empty one takes it away."""

    text: str


class PublishNow(Value, frozen=True, kw_only=True):
    """Publish the record. `sure`: it was confirmed at once."""

    sure: bool = False


class PublishLater(Value, frozen=True, kw_only=True):
    """Publish the record later by this."""

    by: timedelta


class Withhold(Value, frozen=True, kw_only=True):
    """Do not publish the record, or no longer."""


AnyRecord = File | Merge | Unmerge | Highlight | Unhighlight | Summary | PublishNow | PublishLater | Withhold
