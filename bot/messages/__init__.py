"""All that crosses the port, as frozen values.

Outward go a `Post` and back comes a `Receipt`; inward come the events. Nothing here decides anything or reads a clock.
Times are aware; a naive one is refused where it is decoded.
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
