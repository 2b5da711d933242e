from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat import Host
from bot.commands.role_lookup import Roles
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import Author
from bot.store.chats import ChatState
from bot.store.database import Database
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON, HandClock

HOST = Author(id="77", handle="@pretend_host", name="Pretend host")


@pytest.mark.parametrize("minutes", [-10, 0, 30])
def test_a_command_is_about_the_chat_that_was_not_called_off(sqlite_url: str, minutes: int) -> None:
    live_chats = LiveChats()
    for name, starts, state in (
        ("a/other", NOON - timedelta(minutes=20), ChatState()),
        ("a/cancelled", NOON + timedelta(minutes=minutes), ChatState(cancelled=True)),
    ):
        chat = a_chat(starts=starts, name=name)
        hour = timedelta(hours=1)
        live_chats.add(LiveChat(chat, ends=chat.ends, places=("x",), open_for=(hour, hour), state=state))
    host = Host(name=HOST.name, handles={"x": HOST.handle})
    roles = Roles(database=Database(sqlite_url), live_chats=live_chats, clock=HandClock(NOON), moderators=(host,))
    found = roles.find_chat("x", None, NOON, HOST)
    assert found is not None
    assert found.chat.name == "a/other"
