"""The note on a report that is not published: that it is a draft, until when, and what is still open. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.local_dates import spoken_moment
from bot.publication import Publication
from bot.translation import _, ngettext


def draft_note(found: Publication, *, now: datetime, zone: str, shuts: datetime, held: int) -> str:
    """The note in plain words; empty for a published chat. `held` messages wait for a moderator.

    Dates have their year where it is not this one, as those of an imported chat.
    """
    if found.is_public:
        return ""
    if found.due is None:
        first = _("This chat is not published. This page is for those who lead it.")
    elif found.due <= now:
        first = _("This is a draft. It was to be published on {when}, and is not.").format(
            when=_spoken(found.due, zone, now)
        )
    else:
        first = _("This is a draft. It is to be published on {when}.").format(when=_spoken(found.due, zone, now))
    still = []
    if now < shuts:
        still.append(_("people may write in the room until {when}").format(when=_spoken(shuts, zone, now)))
    if held:
        waiting = ngettext("{count} message waits for a moderator", "{count} messages wait for a moderator", held)
        still.append(waiting.format(count=held))
    if not still:
        return first
    return _("{first} Still open: {still}.").format(first=first, still=_(" and ").join(still))


def _spoken(at: datetime, zone: str, now: datetime) -> str:
    local = ZoneInfo(zone)
    is_now = at.astimezone(local).year == now.astimezone(local).year
    return spoken_moment(at, zone, form="weekday" if is_now else "full")
