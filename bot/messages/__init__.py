"""Everything that crosses the ports, as frozen values: events come in, posts go out, and their receipts come back.

Nothing here decides anything or reads a clock. Times are aware; decoding refuses a naive one.
"""

from bot.messages.events import (
    AnyEvent,
    Command,
    Deleted,
    Edited,
    Event,
    Gap,
    Joined,
    Message,
    MessageDecision,
    Named,
    Outcome,
    Posted,
    Reaction,
    Repost,
    Verdict,
    Viewed,
    Withdrawn,
)
from bot.messages.posts import ActionKind, CalendarEntry, Image, PlatformAction, Post, Receipt
from bot.messages.values import (
    Author,
    Followers,
    Name,
    Operation,
    Role,
    Time,
    Value,
)

__all__ = [
    "ActionKind",
    "AnyEvent",
    "Author",
    "CalendarEntry",
    "Command",
    "Deleted",
    "Edited",
    "Event",
    "Followers",
    "Gap",
    "Image",
    "Joined",
    "Message",
    "MessageDecision",
    "Name",
    "Named",
    "Operation",
    "Outcome",
    "PlatformAction",
    "Post",
    "Posted",
    "Reaction",
    "Receipt",
    "Repost",
    "Role",
    "Time",
    "Value",
    "Verdict",
    "Viewed",
    "Withdrawn",
]
