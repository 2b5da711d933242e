"""What every platform promises about people and messages: left out, held, muted, and the guard's hold.

The record follows at once; the platform does what it can, and the receipt says what that is.
"""

from __future__ import annotations

import pytest

from bot.store import moderation_queue
from tests.contract.house import until
from tests.contract.stages import HELPER, DiscordStage, RoomStage, Stage, XStage

pytestmark = pytest.mark.asyncio(loop_scope="module")

HIDDEN = {
    "room": "Only its author sees it there.",
    "x": "X is asked to hide it below our post.",
    "discord": "Discord itself keeps showing it.",
}
MUTED = {
    "room": "Nothing new of theirs is shown.",
    "x": "X cannot be told to: what they write stays visible there, and out of the transcript.",
    "discord": "Discord is asked to keep them silent until ",
}


def pointer(stage: Stage, id: str) -> str:
    return f"{stage.place}/{id}"


async def is_hidden(stage: Stage, id: str, *, hidden: bool) -> None:
    """What those who read along there see, as far as the platform lets us decide about it."""
    if isinstance(stage, XStage):
        await until(lambda: (id in stage.hidden()) == hidden, lambda: f"{id} hidden: {hidden}")
    elif isinstance(stage, DiscordStage):
        assert id in {one["id"] for one in stage.truth("messages")}
    elif isinstance(stage, RoomStage):
        row = stage.house.row("room", id)
        assert row is not None
        assert (row.text in await stage.page()) != hidden


async def test_a_message_is_left_out_and_taken_back(stage: Stage) -> None:
    said = await stage.say("We meet by video")
    await stage.house.recorded("We meet by video")
    answer = await stage.order("hide", way=stage.quiet, message=pointer(stage, said))
    assert answer.startswith("Left out of the transcript: the message by ")
    assert answer.endswith(HIDDEN[stage.place])
    await stage.house.recorded()
    await is_hidden(stage, said, hidden=True)
    assert "already; nothing changed" in await stage.order("hide", way=stage.quiet, message=pointer(stage, said))
    answer = await stage.order("show", way=stage.quiet, message=pointer(stage, said))
    assert answer.startswith("In the transcript: the message by ")
    await stage.house.recorded("We meet by video")
    await is_hidden(stage, said, hidden=False)
    assert "Taken back." in await stage.order("undo", way=stage.quiet)
    await stage.house.recorded()


async def test_who_leads_points_at_a_message_in_the_platform_s_own_way(stage: Stage) -> None:
    said = await stage.say("Point at this")
    await stage.pointed("hide", said)
    await stage.house.recorded()
    assert stage.house.log()[-1].outcome == "done"


async def test_a_message_waits_and_is_decided_by_its_number(stage: Stage) -> None:
    one, two = await stage.say("First of two"), await stage.say("Second of two")
    for said in (one, two):
        answer = await stage.order("hold", way=stage.quiet, by=HELPER, message=pointer(stage, said))
        assert answer.startswith("Waiting in the queue: the message by ")
    await stage.house.recorded()
    lines = (await stage.order("held", way=stage.quiet)).splitlines()
    assert [line[:3] for line in lines] == ["1. ", "2. ", "app"]
    assert "First of two (put here by a moderator)" in lines[0]
    answer = await stage.order("approve", way=stage.quiet, number="1")
    assert answer.endswith("1 waiting.")
    answer = await stage.order("drop", way=stage.quiet, by=HELPER, number="2")
    assert answer.endswith("Nothing else waits.")
    await stage.house.recorded("First of two")
    assert await stage.order("held", way=stage.quiet) == "Nothing waits."
    again = await stage.order("approve", way=stage.quiet, number="2")
    assert again.startswith("There is no 2 in the queue; it may be decided already.")


async def test_a_person_is_muted_and_heard_again(stage: Stage) -> None:
    person = stage.person(await stage.say("One"))
    await stage.house.recorded("One")
    answer = await stage.order("mute", way=stage.quiet, person=person, length="10m")
    assert " is muted for 10m. " in answer
    assert MUTED[stage.place] in answer
    if isinstance(stage, DiscordStage):
        await until(stage.silenced, lambda: "somebody is silenced")
    else:
        await stage.say("Two")
        await stage.house.recorded("One")
    answer = await stage.order("unmute", way=stage.quiet, person=person)
    assert " is heard again. " in answer
    if isinstance(stage, DiscordStage):
        await until(lambda: not stage.silenced(), lambda: "nobody is silenced")
    await stage.say("Three")
    await stage.house.recorded("One", "Three")


async def test_a_person_is_muted_by_the_handle(stage: Stage) -> None:
    if not isinstance(stage, XStage):
        pytest.skip("only there nobody comes with their handle, so that it has to be asked whose it is")
    handle = stage.handle(stage.named("guest"))
    unknown = await stage.order("mute", way=stage.quiet, person=handle)
    assert unknown == f"Nobody called {handle} has spoken in this chat."
    await stage.say("One")
    await stage.house.recorded("One")
    assert " is muted for 10m. " in await stage.order("mute", way=stage.quiet, person=handle, length="10m")
    await stage.say("Two")
    await stage.say("Three", who="somebody else")
    await stage.house.recorded("One", "Three")


async def test_a_person_is_kept_out_once_that_is_confirmed(stage: Stage) -> None:
    person = stage.person(await stage.say("One"))
    answer = await stage.order("ban", way=stage.quiet, person=person)
    assert answer.startswith("Really keep ")
    await stage.say("Two")
    await stage.house.recorded("One", "Two")
    line = answer.partition(" Say ")[2].removesuffix(".")
    assert " is kept out. " in await stage.confirm(line, way=stage.quiet)
    if isinstance(stage, DiscordStage):
        await until(stage.silenced, lambda: "somebody is silenced")
    else:
        await stage.say("Three")
    assert await stage.order("undo", way=stage.quiet) == "There is nothing to take back."
    await stage.house.recorded("One", "Two")
    assert " is heard again. " in await stage.order("unmute", way=stage.quiet, person=person)
    if isinstance(stage, DiscordStage):
        await until(lambda: not stage.silenced(), lambda: "nobody is silenced")
    await stage.say("Four")
    await stage.house.recorded("One", "Two", "Four")


async def test_those_who_lead_cannot_be_silenced(stage: Stage) -> None:
    if stage.place == "room":
        pytest.skip("who leads has a link there, and is nobody in the conversation")
    answer = await stage.order("mute", way=stage.quiet, person=f"{stage.place}/{stage.id_of('host')}")
    assert answer.endswith(" helps to lead this chat, and cannot be silenced here.")


async def test_slow_mode_and_looking_at_first_messages(stage: Stage) -> None:
    answer = await stage.order("slow", way=stage.quiet, length="60s")
    assert answer == "One message a person every 1m; more wait in the queue."
    await stage.say("Once")
    await stage.say("Too soon")
    await stage.house.recorded("Once")
    assert "sooner than slow mode allows" in await stage.order("held", way=stage.quiet)
    assert await stage.write("slow off", way=_words(stage)) == "No limit now."
    assert await stage.order("hold all", way=stage.quiet) == "First messages wait in the queue now."
    await stage.say("Hello, I am new", who="stranger")
    await stage.say("I am not")
    await stage.house.recorded("Once", "I am not")
    assert "the first message of somebody new" in await stage.order("held", way=stage.quiet)
    answer = await stage.order("hold off", way=stage.quiet)
    assert answer == "First messages count at once. held shows what waits."
    await stage.say("Me too", who="newcomer")
    await stage.house.recorded("Once", "I am not", "Me too")


def _words(stage: Stage) -> str:
    return "direct" if stage.quiet == "direct" else stage.ways[-1]


@pytest.mark.parametrize("decision", ["drop", "approve"])
async def test_what_the_guard_holds_is_told_only_to_whom_it_concerns_and_then_forgotten(
    stage: Stage, decision: str
) -> None:
    said = await stage.say("Ring me on 07700 900123 about her")
    house = stage.house
    row = house.row(stage.place, said)
    assert row is not None
    assert row.verdict == "hold"
    await house.recorded()
    if isinstance(stage, RoomStage):
        assert "Ring me on <mark>07700 900123</mark> about her" in await (await stage.leader()).page()
        assert "07700" not in await stage.page()
        mine = await stage.page("guest")
        assert "07700 900123" in mine
        assert "Only you see this" in mine
    if isinstance(stage, DiscordStage):
        told = await until(lambda: stage.letters(stage.named("guest")), lambda: "the author is told")
        assert told[0]["content"].startswith("Thank you for your message.")
        flagged = await until(
            lambda: [one for one in stage.letters("Pretend host") if "Message 1 waits for you" in one["content"]],
            lambda: "the host is told",
        )
        assert "characters 12 to 23 look like a phone number" in flagged[-1]["content"]
        assert "07700" not in flagged[-1]["content"]
    held = await stage.order("held", way=stage.quiet)
    before = len(stage.called)
    assert f"characters {12 + before} to {23 + before} look like a phone number" in held
    assert await stage.order(decision, way=stage.quiet, number="1")
    await house.recorded(*(["Ring me on 07700 900123 about her"] if decision == "approve" else []))
    assert house.convenor.database.read_sync(moderation_queue.queue_entries, house.chat.name) == []
    if stage.place == "x":
        assert await stage.answers() == []


async def test_other_words_get_another_number(stage: Stage) -> None:
    if isinstance(stage, XStage):
        pytest.skip("what is changed on X is another post")
    assert isinstance(stage, RoomStage | DiscordStage)
    said = await stage.say("Ring me on 07700 900123")
    assert (await stage.order("held", way=stage.quiet)).startswith("1. ")
    await stage.reword(said, "Ring me on 07700 900456, please")
    await stage.house.soon(
        lambda: _listed(stage, "2. "), lambda: "what was changed is listed with another number than before"
    )
    assert (await stage.order("approve", way=stage.quiet, number="1")).startswith("There is no 1 in the queue")
    await stage.house.recorded()
    await stage.order("approve", way=stage.quiet, number="2")
    await stage.house.recorded("Ring me on 07700 900456, please")


async def _listed(stage: Stage, beginning: str) -> bool:
    return (await stage.order("held", way=stage.quiet)).startswith(beginning)


async def test_of_what_was_decided_no_reason_is_left_in_the_store(stage: Stage) -> None:
    await stage.say("Ring me on 07700 900123 about her")
    if isinstance(stage, DiscordStage):
        await until(lambda: stage.letters(stage.named("guest")), lambda: "the author is told")
    await stage.order("held", way=stage.quiet)
    await stage.order("drop", way=stage.quiet, number="1")
    await stage.house.recorded()
    left = [row for row in stage.house.store().splitlines() if "phone" in row or "a patient is" in row]
    assert left == []
