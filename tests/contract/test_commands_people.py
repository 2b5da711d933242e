"""What every platform promises about people and messages: left out, held, muted, and the guard's hold.

The record follows at once; the platform does what it can, and the receipt says what that is.
"""

from __future__ import annotations

import pytest

from bot.store import moderation_queue
from tests.contract.command_drivers import HELPER, CommandDriver, DiscordCommands, RoomCommands, XCommands
from tests.contract.running_bot import until

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


def pointer(driver: CommandDriver, id: str) -> str:
    return f"{driver.place}/{id}"


async def is_hidden(driver: CommandDriver, id: str, *, hidden: bool) -> None:
    """What those who read along there see, as far as the platform lets us decide about it."""
    if isinstance(driver, XCommands):
        await until(lambda: (id in driver.hidden()) == hidden, lambda: f"{id} hidden: {hidden}")
    elif isinstance(driver, DiscordCommands):
        assert id in {one["id"] for one in driver.truth("messages")}
    elif isinstance(driver, RoomCommands):
        row = driver.bot.row("room", id)
        assert row is not None
        assert (row.text in await driver.page()) != hidden


async def test_a_message_is_left_out_and_taken_back(driver: CommandDriver) -> None:
    said = await driver.say("We meet by video")
    await driver.bot.recorded("We meet by video")
    answer = await driver.order("hide", way=driver.quiet, message=pointer(driver, said))
    assert answer.startswith("Left out of the transcript: the message by ")
    assert answer.endswith(HIDDEN[driver.place])
    await driver.bot.recorded()
    await is_hidden(driver, said, hidden=True)
    assert "already; nothing changed" in await driver.order("hide", way=driver.quiet, message=pointer(driver, said))
    answer = await driver.order("show", way=driver.quiet, message=pointer(driver, said))
    assert answer.startswith("In the transcript: the message by ")
    await driver.bot.recorded("We meet by video")
    await is_hidden(driver, said, hidden=False)
    assert "Taken back." in await driver.order("undo", way=driver.quiet)
    await driver.bot.recorded()


async def test_who_leads_points_at_a_message_in_the_platform_s_own_way(driver: CommandDriver) -> None:
    said = await driver.say("Point at this")
    await driver.pointed("hide", said)
    await driver.bot.recorded()
    assert driver.bot.log()[-1].outcome == "done"


async def test_a_message_waits_and_is_decided_by_its_number(driver: CommandDriver) -> None:
    one, two = await driver.say("First of two"), await driver.say("Second of two")
    for said in (one, two):
        answer = await driver.order("hold", way=driver.quiet, by=HELPER, message=pointer(driver, said))
        assert answer.startswith("Waiting in the queue: the message by ")
    await driver.bot.recorded()
    lines = (await driver.order("held", way=driver.quiet)).splitlines()
    assert [line[:3] for line in lines] == ["1. ", "2. ", "app"]
    assert "First of two (put here by a moderator)" in lines[0]
    answer = await driver.order("approve", way=driver.quiet, number="1")
    assert answer.endswith("1 waiting.")
    answer = await driver.order("drop", way=driver.quiet, by=HELPER, number="2")
    assert answer.endswith("Nothing else waits.")
    await driver.bot.recorded("First of two")
    assert await driver.order("held", way=driver.quiet) == "Nothing waits."
    again = await driver.order("approve", way=driver.quiet, number="2")
    assert again.startswith("There is no 2 in the queue; it may be decided already.")


async def test_a_person_is_muted_and_heard_again(driver: CommandDriver) -> None:
    person = driver.person(await driver.say("One"))
    await driver.bot.recorded("One")
    answer = await driver.order("mute", way=driver.quiet, person=person, length="10m")
    assert " is muted for 10m. " in answer
    assert MUTED[driver.place] in answer
    if isinstance(driver, DiscordCommands):
        await until(driver.silenced, lambda: "a person is silenced")
    else:
        await driver.say("Two")
        await driver.bot.recorded("One")
    answer = await driver.order("unmute", way=driver.quiet, person=person)
    assert " is heard again. " in answer
    if isinstance(driver, DiscordCommands):
        await until(lambda: not driver.silenced(), lambda: "nobody is silenced")
    await driver.say("Three")
    await driver.bot.recorded("One", "Three")


async def test_a_person_is_muted_by_the_handle(driver: CommandDriver) -> None:
    if not isinstance(driver, XCommands):
        pytest.skip("only there nobody comes with their handle, so that it has to be asked whose it is")
    handle = driver.handle(driver.named("guest"))
    unknown = await driver.order("mute", way=driver.quiet, person=handle)
    assert unknown == f"Nobody called {handle} has spoken in this chat."
    await driver.say("One")
    await driver.bot.recorded("One")
    assert " is muted for 10m. " in await driver.order("mute", way=driver.quiet, person=handle, length="10m")
    await driver.say("Two")
    await driver.say("Three", who="somebody else")
    await driver.bot.recorded("One", "Three")


async def test_a_person_is_kept_out_once_that_is_confirmed(driver: CommandDriver) -> None:
    person = driver.person(await driver.say("One"))
    answer = await driver.order("ban", way=driver.quiet, person=person)
    assert answer.startswith("Really keep ")
    await driver.say("Two")
    await driver.bot.recorded("One", "Two")
    line = answer.partition(" Say ")[2].removesuffix(".") or f"ban {person} yes"  # a page has a button for it
    assert " is kept out. " in await driver.confirm(line, way=driver.quiet)
    if isinstance(driver, DiscordCommands):
        await until(driver.silenced, lambda: "a person is silenced")
    else:
        await driver.say("Three")
    assert await driver.order("undo", way=driver.quiet) == "There is nothing to take back."
    await driver.bot.recorded("One", "Two")
    assert " is heard again. " in await driver.order("unmute", way=driver.quiet, person=person)
    if isinstance(driver, DiscordCommands):
        await until(lambda: not driver.silenced(), lambda: "nobody is silenced")
    await driver.say("Four")
    await driver.bot.recorded("One", "Two", "Four")


async def test_those_who_lead_cannot_be_silenced(driver: CommandDriver) -> None:
    if driver.place == "room":
        pytest.skip("who leads has a link there, and is nobody in the conversation")
    answer = await driver.order("mute", way=driver.quiet, person=f"{driver.place}/{driver.id_of('host')}")
    assert answer.endswith(" helps to lead this chat, and cannot be silenced here.")


async def test_somebody_muted_who_comes_again_without_a_cookie_waits_for_a_moderator(driver: CommandDriver) -> None:
    if driver.place != "room":
        pytest.skip("elsewhere people have accounts")
    troll = driver.person(await driver.say("Nonsense", who="guest"))
    await driver.say("Sense", who="colleague")
    await driver.order("mute", way=driver.quiet, person=troll)
    await driver.say("More nonsense", who="somebody else")
    await driver.say("More sense", who="colleague")
    await driver.bot.recorded("Nonsense", "Sense", "More sense")
    assert "on the network of somebody muted" in await driver.order("held", way=driver.quiet)


async def test_slow_mode_and_looking_at_first_messages(driver: CommandDriver) -> None:
    answer = await driver.order("slow", way=driver.quiet, length="60s")
    assert answer == "One message a person every 1m; more wait in the queue."
    await driver.say("Once")
    await driver.say("Too soon")
    await driver.bot.recorded("Once")
    assert "sooner than slow mode allows" in await driver.order("held", way=driver.quiet)
    assert await driver.write("slow off", way=_words(driver)) == "No limit now."
    assert await driver.order("hold all", way=driver.quiet) == "First messages wait in the queue now."
    await driver.say("Hello, I am new", who="stranger")
    await driver.say("I am not")
    await driver.bot.recorded("Once", "I am not")
    assert "the first message of somebody new" in await driver.order("held", way=driver.quiet)
    answer = await driver.order("hold off", way=driver.quiet)
    assert answer == "First messages count at once. held shows what waits."
    await driver.say("Me too", who="newcomer")
    await driver.bot.recorded("Once", "I am not", "Me too")


def _words(driver: CommandDriver) -> str:
    return "direct" if driver.quiet == "direct" else driver.ways[-1]


@pytest.mark.parametrize("decision", ["drop", "approve"])
async def test_what_the_guard_holds_is_told_only_to_whom_it_concerns_and_then_forgotten(
    driver: CommandDriver, decision: str
) -> None:
    said = await driver.say("Ring me on 07700 900123 about her")
    bot = driver.bot
    row = bot.row(driver.place, said)
    assert row is not None
    assert row.verdict == "hold"
    await bot.recorded()
    if isinstance(driver, RoomCommands):
        assert "Ring me on <mark>07700 900123 <span" in await (await driver.leader()).page()
        assert "07700" not in await driver.page()
        mine = await driver.page("guest")
        assert "07700 900123" in mine
        assert "Only you see this" in mine
    if isinstance(driver, DiscordCommands):
        told = await until(lambda: driver.direct_messages(driver.named("guest")), lambda: "the author is told")
        assert told[0]["content"].startswith("Thank you for your message.")
        flagged = await until(
            lambda: [
                one for one in driver.direct_messages("Pretend host") if "Message 1 waits for you" in one["content"]
            ],
            lambda: "the host is told",
        )
        assert "a part of it looks like a phone number" in flagged[-1]["content"]
        assert "07700" not in flagged[-1]["content"]
    held = await driver.order("held", way=driver.quiet)
    assert "a part of it looks like a phone number" in held
    answer = await driver.order(decision, way=driver.quiet, number="1")
    if decision == "approve":
        assert answer.startswith("That may tell who a patient is: a part of it looks like a phone number.")
        await bot.recorded()
        await driver.confirm("approve 1 yes", way=driver.quiet)
    await bot.recorded(*(["Ring me on 07700 900123 about her"] if decision == "approve" else []))
    assert bot.convenor.database.read_sync(moderation_queue.queue_entries, bot.chat.name) == []
    if driver.place == "x":
        assert await driver.answers() == []


async def test_other_words_get_another_number(driver: CommandDriver) -> None:
    if isinstance(driver, XCommands):
        pytest.skip("what is changed on X is another post")
    assert isinstance(driver, RoomCommands | DiscordCommands)
    said = await driver.say("Ring me on 07700 900123")
    assert (await driver.order("held", way=driver.quiet)).startswith("1. ")
    await driver.reword(said, "Ring me on 07700 900456, please")
    await driver.bot.soon(
        lambda: _listed(driver, "2. "), lambda: "what was changed is listed with another number than before"
    )
    assert (await driver.order("approve", way=driver.quiet, number="1")).startswith("There is no 1 in the queue")
    await driver.bot.recorded()
    await driver.order("approve", way=driver.quiet, number="2")
    await driver.confirm("approve 2 yes", way=driver.quiet)
    await driver.bot.recorded("Ring me on 07700 900456, please")


async def _listed(driver: CommandDriver, beginning: str) -> bool:
    return (await driver.order("held", way=driver.quiet)).startswith(beginning)


async def test_of_what_was_decided_no_reason_is_left_in_the_store(driver: CommandDriver) -> None:
    await driver.say("Ring me on 07700 900123 about her")
    if isinstance(driver, DiscordCommands):
        await until(lambda: driver.direct_messages(driver.named("guest")), lambda: "the author is told")
    await driver.order("held", way=driver.quiet)
    await driver.order("drop", way=driver.quiet, number="1")
    await driver.bot.recorded()
    left = [row for row in driver.bot.store().splitlines() if "phone" in row or "a patient is" in row]
    assert left == []


async def test_people_decide_about_the_record_and_are_told_so_themselves(driver: CommandDriver) -> None:
    """In the same plain words everywhere. The last of them is carried out once they have said it again."""
    said = await driver.say("We meet in the garden")
    await driver.bot.recorded("We meet in the garden")
    told = await driver.asked("Please leave this out.", said)
    assert "Done: that post will not be in our transcript." in told
    assert "put this back" in told
    await driver.bot.recorded()
    assert "Done: that post is in our transcript again." in await driver.asked("put this back", said)
    await driver.bot.recorded("We meet in the garden")
    told = await driver.asked("Leave me out!")
    assert 'Done: nothing of yours will be in our transcript. "put me back" undoes that.' in told
    await driver.bot.recorded()
    if driver.place != "room":  # where the page has a button for it by now
        assert "Done: what you write here is in our transcript" in await driver.asked("put me back")
        await driver.bot.recorded("We meet in the garden")
    told = await driver.asked("What do you hold on me?")
    assert f"contract/{driver.bot.number}: " in told
    assert " message" in told
    assert 'for good, if you write "forget me yes"' in await driver.asked("please forget me")
    assert driver.bot.row(driver.place, said) is not None
    assert "rased" in await driver.asked("Yes, forget me")
    await until(lambda: driver.bot.row(driver.place, said) is None, lambda: "it is erased")
    await driver.bot.recorded()
