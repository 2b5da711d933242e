"""The note on a report that is not published: that it is a draft, until when, and what is still open. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import clock_time
from bot.publication import Publication


def draft_note(found: Publication, *, now: datetime, zone: str, shuts: datetime, held: int) -> str:
    """The note in plain words; empty for a published chat. `held` messages wait for a moderator."""
    if found.is_public:
        return ""
    if found.due is None:
        first = "This chat is not published. This page is for those who lead it."
    else:
        first = f"This is a draft. It is to be published on {local_moment(found.due, zone)}."
    opened = [f"people may write in the room until {local_moment(shuts, zone)}"] if now < shuts else []
    waiting = [f"{held} message{'s' * (held != 1)} wait{'s' * (held == 1)} for a moderator"] if held else []
    still = " and ".join([*opened, *waiting])
    return f"{first} Still open: {still}." if still else first


def local_moment(at: datetime, zone: str) -> str:
    """A moment in the chat's zone: `Thursday 15 October, 21:00 (Europe/London)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B}, {clock_time(local)} ({zone})"
