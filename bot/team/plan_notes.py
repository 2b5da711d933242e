"""Notes on chats of which the day and the time in the file don't count: moved, begun or called off. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.chat import Chat
from bot.local_dates import spoken_moment
from bot.ports.team_drafts import Note
from bot.team.kept_chats import KeptPlans
from bot.translation import _, pending

_MOVED = pending(
    "A command moved it to {moment}, so the day and the time in its file no longer count. "
    "To move it again, write others here."
)
_CALLED_OFF = pending("It is called off, and stays so. The same chat on another day is a new one.")
_HAS_BEGUN = pending("It began on {moment}. The day and the time in its file do not count.")
_KEPT = pending("Its day is {moment}. The day and the time in its file no longer count.")


def plan_notes(written: Sequence[Chat], plans: KeptPlans, now: datetime) -> Iterator[Note]:
    """Notes for the form: on each session that is called off, or whose start in the text does not count.

    `written` are the sessions as the text has them.
    """
    for one in written:
        starts = plans.start_of(one)
        said = []
        if one.name in plans.called_off:
            said = [_(_CALLED_OFF), *([_(_KEPT)] if starts != one.starts else [])]
        elif starts != one.starts:
            said = [_(_MOVED if now < starts else _HAS_BEGUN)]
        if said:
            yield _note(" ".join(said), one, starts)


def day_notes(written: Sequence[Chat], plans: KeptPlans) -> Iterator[Note]:
    """Notes for a chat's page: on each session whose start in the file does not count."""
    for one in written:
        starts = plans.start_of(one)
        if starts != one.starts:
            yield _note(_(_KEPT), one, starts)


def _note(said: str, chat: Chat, starts: datetime) -> Note:
    message = said.format(moment=spoken_moment(starts, chat.timezone, form="full"))
    return Note(field="" if chat.session else "date", severity="warning", message=message)
