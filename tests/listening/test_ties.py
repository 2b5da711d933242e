"""The live board ties messages across places and in threads as the record does."""

from __future__ import annotations

import msgspec

from bot.messages import Message, Posted
from bot.reporting.record import record
from bot.store import incoming
from tests.fakes.chats import a_chat
from tests.fakes.clock import HandClock
from tests.fakes.platform import FakePlatform
from tests.listening.hearing import at, hearing, said

POSTS = [
    Posted(place=place, id=f"{place}-{key}", key=key, kind="question", at=at(minutes), chat="a/b")
    for place in ("x", "room")
    for key, minutes in (("q1", 10), ("q2", 20))
]


def also(id: str, *, place: str = "x", minutes: float = 25, **more: object) -> Message:
    return msgspec.structs.replace(said(id, place=place, minutes=minutes), **more)


async def test_the_board_and_the_record_agree_across_places_and_in_threads(store_url: str) -> None:
    clock = HandClock(at(26))
    platforms = {place: FakePlatform(clock) for place in ("x", "room")}
    async with hearing(store_url, platforms=platforms, clock=clock) as here:
        for post in POSTS:
            here.floors.say(post)
        for message in (
            also("1", reply_to="x-q1"),
            also("2", place="room", reply_to="1", reply_place="x"),
            also("3", place="room", reply_to="x-q1", reply_place="x"),
            also("4", reply_to="never-heard", conversation="x-q1"),
            also("5", conversation="x-q1", text="A2 yes"),
            also("6", reply_to="x-q2", conversation="x-q1"),
            also("7", place="room", reply_to="1"),
            also("8", minutes=300, conversation="x-q1"),
        ):
            await here.inbox.hear(message)
        found = here.database.run(incoming.heard, "a/b", "q1", None, 100)
        live = {one.id: one.reason for one in found}
        assert live == {"1": "reply", "2": "thread", "3": "reply", "4": "thread", "5": "thread", "8": "thread"}
        told = record(a_chat(), [*here.log(), *POSTS])
        assert {one.id: one.reason for one in told.messages if one.question == "q1"} == live
