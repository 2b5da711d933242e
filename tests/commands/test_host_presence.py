"""Decisions when the host does not come, or leaves the chat paused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bot.chat import Chat, Host, Question
from bot.commands.host_presence import AskModerators, EndLead, LastSeen, Resume, decide, log_line, moderator_message
from bot.store.chats import ChatState

START = datetime(2026, 7, 14, 19, tzinfo=UTC)  # 20:00 in London
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ABSENT = 5 * MINUTE

CHAT = Chat(
    name="otalk/x",
    title="Groups",
    hashtag="#OTalk",
    starts=START,
    length=60 * MINUTE,
    timezone="Europe/London",
    questions=(Question(key="q1", text="Why?", at=START + 10 * MINUTE),),
    hosts=(Host(name="Pretend host", handles={"x": "@pretend"}),),
    welcome="Welcome",
    rules="Rules",
    closing="Bye",
)
UNKNOWN = msgspec.structs.replace(CHAT, hosts=(Host(name="Pretend host"),))


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def seen(
    host: float | None = None, moderator: float | None = None, asked: float | None = None, *, linked: bool = False
) -> LastSeen:
    times = [None if one is None else at(one) for one in (host, moderator, asked)]
    return LastSeen(host=times[0], moderator=times[1], asked=times[2], linked=linked)


def paused(minutes: float, *, moderators_lead: bool = False) -> ChatState:
    return ChatState(paused_at=at(minutes), moderators_lead=moderators_lead)


Decided = AskModerators | Resume | EndLead | None


def decided(state: ChatState, noticed: LastSeen, minutes: float, chat: Chat = CHAT) -> Decided:
    return decide(chat, state, noticed, at(minutes), absent=ABSENT, ends=chat.ends)


ASKED = ChatState(moderators_lead=True)
NOBODY = AskModerators()


def ask(minutes: float) -> AskModerators:
    return AskModerators(paused_at=at(minutes))


def goes_on(minutes: float) -> Resume:
    return Resume(paused_at=at(minutes))


@pytest.mark.parametrize(
    ("state", "noticed", "minutes", "expected"),
    [
        # no host came
        (ChatState(), seen(), -10, None),
        (ChatState(), seen(), 4.9, None),
        (ChatState(), seen(), 5, NOBODY),
        (ChatState(), seen(moderator=4), 5, NOBODY),
        (ChatState(), seen(), 59, NOBODY),
        (ChatState(), seen(), 60, None),
        (ChatState(cancelled=True), seen(), 5, None),
        # the host was there, and the chat goes by itself
        (ChatState(), seen(-20), 5, None),
        (ChatState(), seen(1), 50, None),
        # only once
        (ASKED, seen(asked=5), 6, None),
        (ASKED, seen(asked=5), 50, None),
        # the host left it paused
        (paused(20), seen(20), 24.9, None),
        (paused(20), seen(20), 25, ask(20)),
        (paused(20), seen(20, moderator=24), 25, ask(20)),
        (paused(20), seen(22), 25, None),
        (paused(20), seen(22), 27, ask(20)),
        (paused(20), seen(27), 29, None),
        # nobody answered: it goes on
        (paused(20, moderators_lead=True), seen(20, asked=25), 25, None),
        (paused(20, moderators_lead=True), seen(20, asked=25), 29.9, None),
        (paused(20, moderators_lead=True), seen(20, asked=25), 30, goes_on(20)),
        (paused(20, moderators_lead=True), seen(20, moderator=24, asked=25), 30, goes_on(20)),
        # somebody did, and lets it pause
        (paused(20, moderators_lead=True), seen(20, moderator=26, asked=25), 30, None),
        (paused(20, moderators_lead=True), seen(20, moderator=26, asked=25), 40.9, None),
        # and then left as well
        (paused(20, moderators_lead=True), seen(20, moderator=26, asked=25), 41, goes_on(20)),
        # a host is back: the moderators lead no longer, unless a host said so, and may be asked again
        (ASKED, seen(6, asked=5), 6, EndLead()),
        (paused(20, moderators_lead=True), seen(26, asked=25), 26, EndLead()),
        (ChatState(moderators_lead=True, moderators_stay=True), seen(6, asked=5), 6, None),
        (paused(20), seen(26, asked=25), 31, ask(20)),
        # a deputy who was asked at the start left it paused
        (paused(20, moderators_lead=True), seen(moderator=20, asked=5), 24.9, None),
        (paused(20, moderators_lead=True), seen(moderator=20.1, asked=5), 25.1, goes_on(20)),
        (paused(20, moderators_lead=True), seen(moderator=20.5, asked=5), 25.5, None),
        # a moderator paused before the hour, and no host came
        (paused(-5), seen(moderator=-5), 4, None),
        (paused(-5), seen(moderator=-5), 5, NOBODY),
        (paused(-5, moderators_lead=True), seen(moderator=-5, asked=5), 10, goes_on(-5)),
        # too late for it
        (paused(50, moderators_lead=True), seen(50, asked=55), 60, None),
    ],
)
def test_the_decision(state: ChatState, noticed: LastSeen, minutes: float, expected: Decided) -> None:
    assert decided(state, noticed, minutes) == expected


@pytest.mark.parametrize("state", [ChatState(), paused(1), paused(1, moderators_lead=True)])
def test_nobody_is_asked_if_the_hosts_cannot_be_recognized(state: ChatState) -> None:
    assert decided(state, seen(), 30, UNKNOWN) is None
    assert decided(state, seen(), 30, msgspec.structs.replace(CHAT, hosts=())) is None
    assert decided(state, seen(linked=True), 30, UNKNOWN) is not None
    handed = msgspec.structs.replace(state, hosts=(("x", "77"),))
    assert decided(handed, seen(), 30, UNKNOWN) is not None


def test_a_chat_that_was_extended_is_still_on() -> None:
    assert decide(CHAT, ChatState(), seen(), at(62), absent=ABSENT, ends=at(65)) == NOBODY


def test_each_decision_comes_once() -> None:
    """Nobody comes at all, a moderator paused it, and each minute somebody looks."""
    state, noticed, found = paused(2), seen(moderator=2), list[tuple[int, Decided]]()
    for minute in range(-30, 70):
        one = decided(state, noticed, minute)
        if isinstance(one, AskModerators):
            state = msgspec.structs.replace(state, moderators_lead=True)
            noticed = msgspec.structs.replace(noticed, asked=at(minute))
        if isinstance(one, Resume):
            state = msgspec.structs.replace(state, paused_at=None)
        found += [(minute, one)] if one else []
    assert found == [(5, NOBODY), (10, goes_on(2))]


def test_the_texts() -> None:
    assert moderator_message(CHAT, NOBODY) == (
        "The host of our chat “Groups” has not been seen since it began at 20:00. You can lead now: `next`, `pause`, "
        "`resume`, `extend 5m` and `end` work for you, and `status` tells how it stands. If nobody does, it goes on by "
        "its timetable and closes itself."
    )
    assert moderator_message(CHAT, ask(20)).startswith(
        "Our chat “Groups” is paused since 20:20, and the host is silent. You can lead now: `next`, "
    )
    assert log_line(CHAT, NOBODY, 2) == "No host has been seen since the room opened. 2 moderators were asked to lead."
    assert log_line(CHAT, ask(20), 1) == (
        "It is paused since 20:20, and the host is silent. 1 moderator was asked to lead."
    )
    assert log_line(CHAT, NOBODY).endswith("No moderator could be told; it goes on by its timetable.")
    assert log_line(CHAT, goes_on(20)) == "Nobody ended the pause of 20:20, so it goes on by its timetable."
