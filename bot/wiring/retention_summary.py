"""The retention times in one line for an operator. Deletes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.settings.afterwards import Retention
from bot.store import retention
from bot.store.database import Database
from bot.store.retention import DueChat, What
from bot.toml.duration import format_duration

_DAY = timedelta(days=1)


def stored_retention(database: Database, settings: Retention, now: datetime) -> str:
    """The line for a store, with the chat that is next. Raises StoreError."""
    return retention_told(settings, database.read_sync(retention.next_chats), now)


def retention_told(settings: Retention, following: Mapping[What, DueChat], now: datetime) -> str:
    """The line. `following` has the chat of which something is deleted next, if there is one. Pure; days are UTC's."""
    held = _told(settings.held, following.get("held"), now)
    unpublished = _told(settings.unpublished, following.get("events"), now)
    accounts = _told(settings.accounts, following.get("accounts"), now)
    return (
        f"The bot deletes words that were held or dropped in a chat {held}, all else that is not published of it"
        f" {unpublished}, the ids of its people's accounts {accounts}."
    )


def _told(age: timedelta, chat: DueChat | None, now: datetime) -> str:
    if not age:
        return "never"
    after = f"{age.days} days" if not age % _DAY else format_duration(age)
    if chat is None:
        return f"after {after}"
    due = chat.ends + age
    when = f"due since {due:%d %b %Y}" if due <= now else f"on {due:%d %b %Y}"
    return f"after {after} (next: {chat.name}, {when})"
