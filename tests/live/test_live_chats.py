"""Which of several open chats a message belongs to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.live.live_chats import LiveChat, LiveChats
from bot.store.chats import ChatState
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

HOUR = timedelta(hours=1)


def opened(name: str, starts: int, ends: int, *, cancelled: bool = False) -> LiveChat:
    """A chat from minute to minute after noon, open for an hour before and after."""
    chat = a_chat(starts=NOON + timedelta(minutes=starts), name=name)
    state = ChatState(cancelled=cancelled)
    return LiveChat(chat, ends=NOON + timedelta(minutes=ends), places=("x",), open_for=(HOUR, HOUR), state=state)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (opened("later", 10, 70), "later"),
        (opened("called off", 10, 70, cancelled=True), "on"),
        (opened("soon", 30, 90), "on"),
        (opened("over", 5, 15), "on"),
    ],
)
def test_a_message_belongs_to_the_chat_that_is_on(other: LiveChat, found: str) -> None:
    chats = LiveChats()
    chats.add(opened("on", 0, 60), other)
    assert chats.open_chat("x", NOON + timedelta(minutes=20)) == found


def test_of_chats_that_are_not_on_one_that_was_called_off_comes_last() -> None:
    chats = LiveChats()
    chats.add(opened("called off", 10, 70, cancelled=True), opened("coming", 40, 100))
    assert chats.open_chat("x", NOON + timedelta(minutes=20)) == "coming"
    assert chats.open_chat("room", NOON + timedelta(minutes=20)) is None
