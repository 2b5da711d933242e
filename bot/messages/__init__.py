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
    Named,
    Outcome,
    Posted,
    Reaction,
    Repost,
    Ruled,
    Ruling,
    Viewed,
    Withdrawn,
)
from bot.messages.posts import Deed, Image, Measure, Meeting, Post, Receipt
from bot.messages.values import (
    Author,
    Followers,
    Name,
    Role,
    Time,
    Value,
)

__all__ = [
    "AnyEvent",
    "Author",
    "Command",
    "Deed",
    "Deleted",
    "Edited",
    "Event",
    "Followers",
    "Gap",
    "Image",
    "Joined",
    "Measure",
    "Meeting",
    "Message",
    "Name",
    "Named",
    "Outcome",
    "Post",
    "Posted",
    "Reaction",
    "Receipt",
    "Repost",
    "Role",
    "Ruled",
    "Ruling",
    "Time",
    "Value",
    "Viewed",
    "Withdrawn",
]
