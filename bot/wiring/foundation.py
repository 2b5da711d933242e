"""The foundation of all parts, made first: the settings, the clock, the store, and the open chats in memory."""

from __future__ import annotations

from typing import NamedTuple

from bot.clock import Clock
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.settings.settings import Settings
from bot.store.database import Database


class Foundation(NamedTuple):
    """The foundation, which nearly every part gets. It knows no part."""

    settings: Settings
    clock: Clock
    database: Database
    live_chats: LiveChats
    notifications: Notifications


def foundation(settings: Settings, clock: Clock) -> Foundation:
    """Open the store; no chat is open yet. Raises StoreError, and SetupError if the store is newer than the program."""
    return Foundation(settings, clock, Database(settings.store.url), LiveChats(), Notifications())
