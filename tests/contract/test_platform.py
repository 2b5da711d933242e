"""The promises of every platform, over each adapter and real sockets. A new one joins by a line in `drivers`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from bot.clock import WallClock
from bot.errors import PlatformError
from bot.messages import AnyEvent, Deleted, Edited, Image, Message
from bot.ports.punctuality import Moment, limit_calls
from bot.scheduling.outbox import Outbox
from bot.scheduling.outbox_callbacks import OutboxCallbacks
from bot.scheduling.post_text import split
from bot.scheduling.stored_files import StoredFiles
from bot.store.database import Database
from bot.store.planned_posts import PlannedPost, save_plan
from tests.contract.drivers import DRIVERS, PlatformDriver, a_post
from tests.setup.pixel import PIXEL

HOSTILE = {
    "right to left": "A1 \u202eenoyna olleh\u202c שלום",
    "nothing to see": "A1 zero\u200bwidth\u200djoined",
    "a family": "A1 👩‍👩‍👧‍👦 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "everyone": "A1 @everyone @here",
    "markdown": "A1 **bold** [a](http://example.org) `code` > quote",
    "html": "A1 <script>alert(1)</script> &amp; &lt;b&gt;",
}


@pytest_asyncio.fixture(params=DRIVERS)
async def closed_driver(request: pytest.FixtureRequest) -> AsyncIterator[PlatformDriver]:
    """A platform that is not open yet."""
    async with DRIVERS[request.param]() as driver:
        yield driver
        await driver.platform.close()


@pytest_asyncio.fixture
async def driver(closed_driver: PlatformDriver) -> PlatformDriver:
    """One that is."""
    await closed_driver.platform.open()
    return closed_driver


async def until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.02)


async def found(driver: PlatformDriver, is_so: Callable[[list[AnyEvent]], bool], since: datetime) -> list[AnyEvent]:
    """What was heard or can be read, as soon as it has something."""
    async with asyncio.timeout(60):
        while not is_so(events := await driver.heard(since)):
            await asyncio.sleep(0.05)
    return events


def texts(events: list[AnyEvent]) -> dict[str, str]:
    """Messages by id, as they came first."""
    return {one.id: one.text for one in reversed(events) if isinstance(one, Message)}


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=30)


# Saying ----------------------------------------------------------------------------------------------------


async def test_a_post_gets_a_receipt_with_an_aware_time_and_an_address(driver: PlatformDriver) -> None:
    receipt = await driver.platform.send(a_post(driver))
    assert receipt.id
    assert receipt.at.tzinfo is not None
    assert receipt.url is not None
    assert receipt.url.startswith("http")
    assert driver.posted() == ["Q1. Why? #OTalk"] or not driver.fails


async def test_what_was_sent_is_found(driver: PlatformDriver) -> None:
    post = a_post(driver)
    receipt = await driver.platform.send(post)
    await asyncio.sleep(driver.platform.traits.delivery.visible_after)
    again = await driver.platform.find(post)
    assert again is not None
    assert again.id == receipt.id


async def test_what_was_never_sent_is_not_found(driver: PlatformDriver) -> None:
    if not driver.fails:
        pytest.skip("what is owed to the room is always there")
    assert await driver.platform.find(a_post(driver)) is None


async def test_the_parts_of_a_long_text_fit_and_hang_together(driver: PlatformDriver) -> None:
    traits = driver.platform.traits
    long = " ".join(f"This is sentence number {n} of a text that is too long." for n in range(60))
    before: str | None = None
    parts = split(long, traits.text.limit, traits.text.length)
    assert len(parts) > 1
    for number, part in enumerate(parts, 1):
        receipt = await driver.platform.send(
            a_post(driver, f"q1-{number}", part, part=number, reply_to=before, nonce=f"part-{number}")
        )
        before = receipt.id
    assert driver.posted() == list(parts) or not driver.fails


async def test_a_picture_goes_with_its_words(driver: PlatformDriver, tmp_path: Path) -> None:
    if not driver.fails:
        pytest.skip("the room's pages show the picture from the board; tests/adapters has that")
    path = tmp_path / "chart.png"
    path.write_bytes(PIXEL)
    await driver.platform.send(a_post(driver, image=Image(path=str(path), alt="A chart of three bars")))
    assert driver.pictures() == ["A chart of three bars"]


async def test_a_picture_that_one_machine_keeps_in_the_store_is_posted_by_another(
    driver: PlatformDriver, sqlite_url: str
) -> None:
    if not driver.fails:
        pytest.skip("as above")
    name, clock = "otalk/sleep", WallClock()
    with closing(Database(sqlite_url)) as one, closing(Database(sqlite_url)) as other:
        stored = StoredFiles(one, clock)
        stored.write(name, 'image = "chart.png"', expected="", by="Sam", pictures={"chart.png": PIXEL})
        image = Image(path=stored.pictures(name)["chart.png"], alt="A chart of three bars")
        post = msgspec.structs.replace(a_post(driver, image=image), due=clock.now())
        other.write_sync(save_plan, [PlannedPost(post=post, expires=post.due + timedelta(hours=1))])
        outbox = Outbox(
            other, {post.place: driver.platform}, clock=clock, lead=timedelta(seconds=1), callbacks=OutboxCallbacks()
        )
        await outbox.claim_due(clock.now())
        await outbox.stop()
    assert driver.pictures() == ["A chart of three bars"]


async def test_the_same_post_again_is_there_once(driver: PlatformDriver) -> None:
    post = a_post(driver)
    first = await driver.platform.send(post)
    await asyncio.sleep(driver.platform.traits.delivery.visible_after)
    again = await driver.platform.send(post)
    assert again.id == first.id
    assert len(driver.posted()) == 1 or not driver.fails


async def test_an_answer_that_was_lost_is_ambiguous_and_a_look_tells(driver: PlatformDriver) -> None:
    if not driver.fails:
        pytest.skip("the room's answers cannot be lost")
    driver.fail("lost", times=20)
    post = a_post(driver)
    with pytest.raises(PlatformError) as caught:
        await driver.platform.send(post)
    assert caught.value.ambiguous
    assert not caught.value.permanent
    driver.fail("lost", times=0)
    await asyncio.sleep(driver.platform.traits.delivery.visible_after)
    assert await driver.platform.find(post) is not None
    assert len(driver.posted()) == 1


async def test_a_platform_that_is_busy_is_no_reason_to_give_up(driver: PlatformDriver) -> None:
    if not driver.fails:
        pytest.skip("the room is never busy with itself")
    driver.fail("busy", times=20)
    post = a_post(driver)
    with pytest.raises((PlatformError, TimeoutError)) as caught:
        async with asyncio.timeout(3):  # some try again by themselves, as long as they may
            await driver.platform.send(post)
    if isinstance(caught.value, PlatformError):
        assert not caught.value.permanent
        assert not caught.value.lost
    assert driver.posted() == []
    driver.fail("busy", times=0)
    await driver.platform.send(post)
    assert len(driver.posted()) == 1


async def test_a_text_that_the_platform_refuses_is_final(driver: PlatformDriver) -> None:
    if not driver.fails:
        pytest.skip("the room takes whatever the core gives it")
    with pytest.raises(PlatformError) as caught:
        await driver.platform.send(a_post(driver, text="x" * 5000))
    assert caught.value.permanent
    assert not caught.value.lost
    assert "xxxx" not in str(caught.value)


# Hearing ---------------------------------------------------------------------------------------------------


async def test_who_answers_is_heard_with_what_they_reply_to(driver: PlatformDriver, since: datetime) -> None:
    asked = await driver.platform.send(a_post(driver))
    id = await driver.say("A1 We use the telephone", reply_to=asked.id)
    events = await found(driver, lambda events: id in texts(events), since)
    message = next(one for one in events if isinstance(one, Message) and one.id == id)
    assert "A1 We use the telephone" in message.text
    assert message.at.tzinfo is not None
    assert message.author.id
    assert message.reply_to == asked.id or not driver.fails


@pytest.mark.parametrize("kind", HOSTILE)
async def test_whatever_people_write_arrives_as_they_wrote_it(
    driver: PlatformDriver, kind: str, since: datetime
) -> None:
    id = await driver.say(HOSTILE[kind])
    events = await found(driver, lambda events: id in texts(events), since)
    assert HOSTILE[kind] in texts(events)[id]


async def test_four_thousand_characters_arrive(driver: PlatformDriver, since: datetime) -> None:
    text = "A1 " + "word " * 798 + "the end"
    id = await driver.say(text)
    events = await found(driver, lambda events: id in texts(events), since)
    assert text in texts(events)[id]


async def test_a_change_is_followed(driver: PlatformDriver, since: datetime) -> None:
    id = await driver.say("A1 We used the telephone")
    await found(driver, lambda events: id in texts(events), since)
    await driver.edit(id, "A1 We use the telephone now")

    def followed(events: list[AnyEvent]) -> bool:
        return any(isinstance(one, Edited) and one.id == id and "now" in one.text for one in events)

    await found(driver, followed, since)


async def test_what_is_taken_back_is_noticed(driver: PlatformDriver, since: datetime) -> None:
    id = await driver.say("A1 Sorry")
    await found(driver, lambda events: id in texts(events), since)
    await driver.delete(id)

    async with asyncio.timeout(60):
        while not any(isinstance(one, Deleted) and one.id == id for one in driver.core.events):
            if id in await driver.platform.find_deleted([id], "a chat"):
                return
            await asyncio.sleep(0.05)


async def test_what_became_of_messages_is_told_later(driver: PlatformDriver) -> None:
    """A record is followed by it: what is deleted there goes, and what was edited reads as it reads now."""
    if not driver.platform.traits.sources:
        pytest.skip("what is deleted in the room is gone at once: it is never asked")
    kept, edited, deleted = [await driver.say(f"A1 number {n}") for n in range(3)]
    await driver.edit(edited, "A1 better words")
    await driver.delete(deleted)
    await asyncio.sleep(driver.platform.traits.delivery.visible_after)
    found = await driver.platform.find_current([kept, edited, deleted], "a chat")
    assert (set(found.there), found.deleted, found.withheld) == ({kept, edited}, (deleted,), ())
    assert {one.id for one in found.edits} == {edited}
    assert all("better words" in one.text and one.at.tzinfo for one in found.edits)
    assert await driver.platform.find_deleted([kept, edited, deleted], "a chat") == (deleted,)


async def test_reading_goes_on_from_a_position_and_tells_nothing_older(driver: PlatformDriver, since: datetime) -> None:
    if not driver.platform.traits.sources:
        pytest.skip("what is said in the room is told at once and nowhere else")
    old = await driver.say("A1 The old one")
    message = next(
        one for one in await found(driver, lambda events: old in texts(events), since) if isinstance(one, Message)
    )
    await asyncio.sleep(1.1)  # X tells the time in whole seconds
    new = await driver.say("A1 The new one")
    position = message.at + timedelta(seconds=1)
    async with asyncio.timeout(60):
        while new not in texts(events := await driver.read(position)):
            await asyncio.sleep(0.05)
    assert old not in texts(events)


async def test_what_was_said_while_nobody_listened_is_read_afterwards(
    closed_driver: PlatformDriver, since: datetime
) -> None:
    if not closed_driver.platform.traits.sources:
        pytest.skip("nobody can write in a room that is shut")
    missed = await closed_driver.say("A1 Is anybody there?")
    await closed_driver.platform.open()
    await found(closed_driver, lambda events: missed in texts(events), since)
    assert None in closed_driver.core.states, "it must say that it is back"


# Itself ----------------------------------------------------------------------------------------------------


async def test_traits_are_within_reason(closed_driver: PlatformDriver) -> None:
    traits = closed_driver.platform.traits
    assert traits.text.limit > 100
    assert traits.text.length("abc") == 3
    assert 0 < traits.delivery.timeout <= 60
    assert traits.delivery.visible_after >= 0
    assert traits.called


async def test_an_examination_changes_nothing_and_finds_nothing_wrong(closed_driver: PlatformDriver) -> None:
    findings = await closed_driver.platform.diagnose()
    assert findings
    assert [one for one in findings if one.level == "wrong"] == []
    assert closed_driver.posted() == []


async def test_closing_twice_and_while_sending_is_harmless(driver: PlatformDriver) -> None:
    posts = [a_post(driver, f"q{n}", f"Q{n}. Why? #OTalk") for n in range(5)]
    sending = asyncio.gather(*(driver.platform.send(post) for post in posts), return_exceptions=True)
    await asyncio.sleep(0)
    await driver.platform.close()
    await driver.platform.close()
    for result in await asyncio.wait_for(sending, driver.platform.traits.delivery.timeout + 60):
        assert not isinstance(result, Exception) or isinstance(result, PlatformError)


async def test_closing_before_opening_is_harmless_and_it_opens_again(closed_driver: PlatformDriver) -> None:
    await closed_driver.platform.close()
    await closed_driver.platform.open()
    await closed_driver.platform.close()
    await closed_driver.platform.open()
    assert (await closed_driver.platform.send(a_post(closed_driver))).id


async def test_a_call_that_comes_too_late_to_its_socket_sends_nothing_and_may_be_tried_again(
    driver: PlatformDriver,
) -> None:
    if driver.platform.traits.delivery.idempotent:
        pytest.skip("twice is harmless here")

    async def send(since: Moment) -> str:
        limit_calls(since, 30.0)
        return (await driver.platform.send(a_post(driver))).id

    now = Moment.now()
    for late in (
        Moment(now.monotonic - 31, now.wall),
        Moment(now.monotonic, now.wall - 31),
    ):  # it stood still, or slept
        with pytest.raises(PlatformError) as refused:
            await asyncio.create_task(send(late))
        told = refused.value
        assert (told.ambiguous, told.permanent, told.lost) == (False, False, False)
    assert driver.posted() == []
    assert await asyncio.create_task(send(Moment.now()))
    assert len(driver.posted()) == 1
