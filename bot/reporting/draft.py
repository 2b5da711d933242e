"""The note on a report that is not published: that it is a draft, until when, and what is still open. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.local_dates import spoken_moment
from bot.publication import Publication
from bot.translation import _, ngettext


def draft_note(found: Publication, *, now: datetime, zone: str, shuts: datetime, held: int) -> str:
    """The note in plain words; empty for a published chat. `held` messages wait for a moderator."""
    if found.is_public:
        return ""
    if found.due is None:
        first = _("This chat is not published. This page is for those who lead it.")
    else:
        first = _("This is a draft. It is to be published on {when}.").format(when=spoken_moment(found.due, zone))
    still = []
    if now < shuts:
        still.append(_("people may write in the room until {when}").format(when=spoken_moment(shuts, zone)))
    if held:
        waiting = ngettext("{count} message waits for a moderator", "{count} messages wait for a moderator", held)
        still.append(waiting.format(count=held))
    if not still:
        return first
    return _("{first} Still open: {still}.").format(first=first, still=_(" and ").join(still))
