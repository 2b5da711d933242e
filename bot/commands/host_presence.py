"""Decides about an absent host: when the moderators are asked to lead, and when a forgotten pause ends. Pure.

The moderators' lead ends when a host is seen again, unless a host said that they may. If the bot can't know the hosts
of a chat, it follows the timetable and asks nobody. The closing comes at its time in any case. Nothing here sends
anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import Chat
from bot.commands.plan.announcements import local_time
from bot.messages import Value
from bot.store.chats import ChatState
from bot.translation import _, ngettext, pending

STILL_PAUSING = timedelta(seconds=10)
"""A person seen this shortly after a pause began was seen beginning it, and may have left since."""

LONGER_IF_SEEN = 3
"""If a person was seen during the pause, they meant it: it ends by itself only after this many times the silence."""


class LastSeen(Value, frozen=True, kw_only=True):
    """When those who lead were last seen (a message, a command or an open page), UTC.

    None: not since the room opened. `moderator` is any moderator or admin. `asked` is when the moderators were asked to
    lead, set once they were. `linked`: there is a private link for a host, so a host without a handle can be known.
    """

    host: datetime | None = None
    moderator: datetime | None = None
    asked: datetime | None = None
    linked: bool = False

    @property
    def last(self) -> datetime | None:
        """When any of them was last seen."""
        return max((one for one in (self.host, self.moderator) if one), default=None)


class AskModerators(Value, frozen=True, kw_only=True):
    """Tell each moderator privately that they may lead; from now on each may do what a host may.

    `paused_at` if a forgotten pause is the reason, else no host came.
    """

    paused_at: datetime | None = None


class Resume(Value, frozen=True, kw_only=True):
    """End the pause: the chat goes on by its timetable."""

    paused_at: datetime


class EndLead(Value, frozen=True, kw_only=True):
    """End the moderators' lead: a host is back."""


def decide(
    chat: Chat, state: ChatState, seen: LastSeen, now: datetime, *, absent: timedelta, ends: datetime
) -> AskModerators | Resume | EndLead | None:
    """The decision about an absent host, or None. `absent` is the silence allowed, `ends` when the chat closes now."""
    if state.cancelled or not chat.starts <= now < ends or not _host_detectable(chat, state, seen):
        return None
    if not state.moderators_lead:
        return _decide_asking(chat, state, seen, now, absent)
    if not state.moderators_stay and seen.asked and seen.host and seen.host > seen.asked:
        return EndLead()
    return _decide_resuming(state, seen, now, absent)


def moderator_message(chat: Chat, ask: AskModerators) -> str:
    """The private message to the moderators."""
    if ask.paused_at:
        begins = _("Our chat “{title}” is paused since {time}, and the host is silent.").format(
            title=chat.title, time=local_time(chat, ask.paused_at)
        )
        return _("{begins} You can lead now: {commands}. If nobody says anything, it goes on by its timetable.").format(
            begins=begins, commands=_(_COMMANDS)
        )
    begins = _("The host of our chat “{title}” has not been seen since it began at {time}.").format(
        title=chat.title, time=local_time(chat, chat.starts)
    )
    return _(
        "{begins} You can lead now: {commands}. If nobody does, it goes on by its timetable and closes itself."
    ).format(begins=begins, commands=_(_COMMANDS))


def log_line(chat: Chat, decided: AskModerators | Resume | EndLead, sent: int = 0) -> str:
    """The line for the log. `sent` is how many moderators the message was sent to."""
    match decided:
        case EndLead():
            return _("A host is back, so the moderators lead no longer. `handover moderators` lets them.")
        case Resume():
            return _("Nobody ended the pause of {time}, so it goes on by its timetable.").format(
                time=local_time(chat, decided.paused_at)
            )
        case AskModerators(paused_at=None):
            why = _("No host has been seen since the room opened.")
        case AskModerators():
            why = _("It is paused since {time}, and the host is silent.").format(
                time=local_time(chat, decided.paused_at or chat.starts)
            )
    if not sent:
        return _("{why} No moderator could be told; it goes on by its timetable.").format(why=why)
    return ngettext(
        "{why} {count} moderator was asked to lead.", "{why} {count} moderators were asked to lead.", sent
    ).format(why=why, count=sent)


_COMMANDS = pending("`next`, `pause`, `resume`, `extend 5m` and `end` work for you, and `status` tells how it stands")


def _host_detectable(chat: Chat, state: ChatState, seen: LastSeen) -> bool:
    """Whether the bot could recognize a host at all."""
    return seen.linked or bool(state.hosts) or any(host.handles for host in chat.hosts)


def _decide_asking(
    chat: Chat, state: ChatState, seen: LastSeen, now: datetime, absent: timedelta
) -> AskModerators | None:
    """Ask the moderators if no host came, or if the host left the chat paused."""
    if seen.host is None:
        return AskModerators() if now - chat.starts >= absent else None
    forgotten = state.paused_at is not None and now - state.paused_at >= absent
    return AskModerators(paused_at=state.paused_at) if forgotten and now - seen.host >= absent else None


def _decide_resuming(state: ChatState, seen: LastSeen, now: datetime, absent: timedelta) -> Resume | None:
    """End the pause if nobody was seen since it began, nor since the moderators were asked, if that was later."""
    if state.paused_at is None:
        return None
    since = max(state.paused_at, seen.asked or state.paused_at)
    last = seen.last or since
    patience = absent if last <= since + STILL_PAUSING else LONGER_IF_SEEN * absent
    return Resume(paused_at=state.paused_at) if now - max(since, last) >= patience else None
