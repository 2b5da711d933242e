"""A chat that has a file, as its team sees it. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.authoring.loader import Loaded
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.ports.chat_files import ChatFile
from bot.ports.team import DateState, Note, TeamChat


def team_chat(file: ChatFile, loaded: Loaded, *, called_off: bool | None, now: datetime) -> TeamChat:
    """The chat of a file. `called_off` is None while the bot has not planned it yet."""
    chat = loaded.chat
    notes = tuple(Note(line=one.line, severity=one.severity, message=one.message) for one in loaded.problems)
    if chat is None:
        return TeamChat(
            name=file.name,
            title=file.name,
            state="mistakes",
            timezone=DEFAULT_TIMEZONE,
            text=file.text,
            where=file.where,
            notes=notes,
        )
    state: DateState = "called off" if called_off else "over" if chat.ends <= now else "planned"
    return TeamChat(
        name=chat.name,
        title=chat.title,
        state=state,
        timezone=chat.timezone,
        text=file.text,
        where=file.where,
        starts=chat.starts,
        hosts=tuple(one.name for one in chat.hosts),
        is_planned=called_off is not None,
    )
