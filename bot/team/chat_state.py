"""A chat that has a file, as its team sees it: with all its sessions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.authoring.loader import Loaded
from bot.authoring.timezones import DEFAULT_TIMEZONE
from bot.chat import Chat
from bot.ports.chat_files import ChatFile
from bot.ports.team import DateState, TeamChat, TeamSession
from bot.ports.team_drafts import Note
from bot.store.chats import StoredChat
from bot.team.kept_chats import as_kept, kept_plans
from bot.team.note_words import sentence
from bot.team.plan_notes import day_notes
from bot.translation import translated


def team_chat(file: ChatFile, loaded: Loaded, stored: Mapping[str, StoredChat], *, now: datetime) -> TeamChat:
    """The chat of a file. `stored` are the chats as the bot keeps them: called off, or moved to another start."""
    plans = kept_plans(stored)
    chat = as_kept(loaded.chat, plans) if loaded.chat else None
    notes = tuple(
        Note(line=one.line, severity=one.severity, message=sentence(translated(one.message))) for one in loaded.problems
    )
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
    kept = (as_kept(one, plans) for one in loaded.chats)
    sessions = tuple(_session(one, is_off=one.name in plans.called_off, now=now) for one in kept)
    return TeamChat(
        name=file.name,
        title=chat.title,
        state=_together([one.state for one in sessions]),
        timezone=chat.timezone,
        text=file.text,
        where=file.where,
        starts=chat.starts,
        hosts=tuple(one.name for one in chat.hosts),
        notes=tuple(day_notes(loaded.chats, plans)),
        sessions=sessions,
        language=chat.language,
    )


def chat_without_file(name: str, sessions: Sequence[Chat], now: datetime) -> TeamChat:
    """The chat of a file that is gone, though people were told of the chat: it is held as it was planned."""
    first = sessions[0]
    return TeamChat(
        name=name,
        title=first.title,
        state="planned",
        timezone=first.timezone,
        text="",
        where="",
        starts=first.starts,
        hosts=tuple(one.name for one in first.hosts),
        sessions=tuple(_session(one, is_off=False, now=now) for one in sessions),
        is_missing=True,
        language=first.language,
    )


def _session(chat: Chat, *, is_off: bool, now: datetime) -> TeamSession:
    state: DateState = "called off" if is_off else "over" if chat.ends <= now else "planned"
    return TeamSession(
        chat=chat.name,
        title=chat.title,
        state=state,
        timezone=chat.timezone,
        starts=chat.starts,
        ends=chat.ends,
        hosts=tuple(one.name for one in chat.hosts),
    )


def _together(states: list[DateState]) -> DateState:
    """The state of a chat with sessions in these: planned as long as one is."""
    return next((state for state in ("planned", "over") if state in states), "called off")
