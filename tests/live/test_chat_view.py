"""The chat view that a place with pages shows."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from bot.chat import Host
from bot.live.live_chats import LiveChat, chat_view_of
from bot.store.outbox_queries import Upcoming
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


def test_next_is_the_next_question_and_then_the_closing() -> None:
    chat = a_chat()
    live = LiveChat(chat, ends=chat.ends, places=("room",), open_for=(timedelta(0), timedelta(0)))
    kinds = ("welcome", "question", "notice", "question", "closing")
    live.upcoming = tuple(Upcoming(NOON + timedelta(minutes=n), kind) for n, kind in enumerate(kinds))
    seen = [chat_view_of(live, NOON + timedelta(minutes=minutes, seconds=-1)) for minutes in (0, 2, 4, 5)]
    assert [one.next_at and (one.next_at - NOON).seconds // 60 for one in seen] == [1, 3, None, None]
    assert [one.closes_at and (one.closes_at - NOON).seconds // 60 for one in seen] == [4, 4, 4, None]
