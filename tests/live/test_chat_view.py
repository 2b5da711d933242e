"""The chat view that a place with pages shows."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.chat import Host
from bot.live.live_chats import LiveChat, chat_view_of
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON


def test_the_names_of_hosts_and_moderators_are_reserved() -> None:
    hosts, moderators = (Host(name="Pretend host"),), (Host(name="Pretend helper"), Host(name="Pretend host"))
    chat = msgspec.structs.replace(a_chat(), hosts=hosts, moderators=moderators)
    chat_view = chat_view_of(
        LiveChat(chat, ends=chat.ends, places=("room",), open_for=(timedelta(0), timedelta(0))), NOON
    )
    assert chat_view.reserved == ("Pretend host", "Pretend helper")
    assert chat_view.hosts == ("Pretend host",)
