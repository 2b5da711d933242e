"""The host is gone: when the deputies are asked to lead, and when a forgotten pause ends by itself. Pure.

Each is decided at most once: the deputies are asked once a chat, a pause ends once. A chat whose hosts the bot cannot
know goes by its timetable, and nobody is asked anything. The closing comes at its hour whatever is decided here.
Nothing here sends anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import Chat
from bot.commands.plan.announcements import clock
from bot.messages import Value
from bot.store.chats import ChatState

SAME = timedelta(seconds=10)
"""Whoever is seen this shortly after a pause began was seen beginning it, and may be gone since."""

LONG = 3
"""Who was there during a pause meant it: it ends by itself only after so many times the usual silence."""


class Seen(Value, frozen=True, kw_only=True):
    """When somebody was last noticed by a message, a command or an open page, anywhere.

    None: not since the room opened. `moderator` is any moderator or admin. `asked` is when the deputies were asked; it
    has to be there once they were. `linked`: somebody has the private link of a host, so that a host may be known who
    has no handle.
    """

    host: datetime | None = None
    moderator: datetime | None = None
    asked: datetime | None = None
    linked: bool = False

    @property
    def last(self) -> datetime | None:
        """When any of them was last there."""
        return max((one for one in (self.host, self.moderator) if one), default=None)


class AskDeputies(Value, frozen=True, kw_only=True):
    """Tell the moderators, each privately, that they may lead; from now on each may do what a host may.

    `paused_at` where it is because of a pause; else because no host came.
    """

    paused_at: datetime | None = None


class Resume(Value, frozen=True, kw_only=True):
    """End the pause: the chat goes on by its timetable."""

    paused_at: datetime


def attended(
    chat: Chat, state: ChatState, seen: Seen, now: datetime, *, absent: timedelta, ends: datetime
) -> AskDeputies | Resume | None:
    """What is to be done about an absent host; None: nothing. `ends` is when the chat closes now."""
    if state.cancelled or not chat.starts <= now < ends or not _known(chat, state, seen):
        return None
    if not state.deputised:
        return _asking(chat, state, seen, now, absent)
    return _going_on(state, seen, now, absent)


def to_deputies(chat: Chat, ask: AskDeputies) -> str:
    """What the moderators are told privately."""
    if ask.paused_at:
        begins = f"Our chat “{chat.title}” is paused since {clock(chat, ask.paused_at)}, and the host is silent."
        return f"{begins} You can lead now: {_ORDERS}. If nobody says anything, it goes on by its timetable."
    begins = f"The host of our chat “{chat.title}” has not been seen since it began at {clock(chat, chat.starts)}."
    return f"{begins} You can lead now: {_ORDERS}. If nobody does, it goes on by its timetable and closes itself."


def receipt(chat: Chat, decided: AskDeputies | Resume, told: int = 0) -> str:
    """The line for the log. `told` is how many moderators the message was sent to."""
    match decided:
        case Resume():
            return f"Nobody ended the pause of {clock(chat, decided.paused_at)}, so it goes on by its timetable."
        case AskDeputies(paused_at=None):
            why = "No host has been seen since the room opened."
        case AskDeputies():
            why = f"It is paused since {clock(chat, decided.paused_at or chat.starts)}, and the host is silent."
    if not told:
        return f"{why} No moderator could be told; it goes on by its timetable."
    return f"{why} {told} moderator{'s were' if told > 1 else ' was'} asked to lead."


_ORDERS = "`next`, `pause`, `resume`, `extend 5m` and `end` work for you, and `status` tells how it stands"


def _known(chat: Chat, state: ChatState, seen: Seen) -> bool:
    """Whether a host could be noticed at all."""
    return seen.linked or bool(state.hosts) or any(host.handles for host in chat.hosts)


def _asking(chat: Chat, state: ChatState, seen: Seen, now: datetime, absent: timedelta) -> AskDeputies | None:
    """No host came; or the host who was there left the chat paused."""
    if seen.host is None:
        return AskDeputies() if now - chat.starts >= absent else None
    forgotten = state.paused_at is not None and now - state.paused_at >= absent
    return AskDeputies(paused_at=state.paused_at) if forgotten and now - seen.host >= absent else None


def _going_on(state: ChatState, seen: Seen, now: datetime, absent: timedelta) -> Resume | None:
    """Nobody has been there since the pause, nor since the deputies were asked, if that was later."""
    if state.paused_at is None:
        return None
    since = max(state.paused_at, seen.asked or state.paused_at)
    last = seen.last or since
    patience = absent if last <= since + SAME else LONG * absent
    return Resume(paused_at=state.paused_at) if now - max(since, last) >= patience else None
