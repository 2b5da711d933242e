"""What every platform promises, over each adapter there is, on real sockets. A new one joins by a line in `grounds`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import PlatformError
from bot.messages import AnyEvent, Deleted, Edited, Image, Message
from bot.scheduling.post_text import split
from tests.contract.grounds import GROUNDS, Ground, a_post
from tests.setup.pixel import PIXEL

HOSTILE = {
    "right to left": "A1 \u202eenoyna olleh\u202c שלום",
    "nothing to see": "A1 zero\u200bwidth\u200djoined",
    "a family": "A1 👩‍👩‍👧‍👦 and 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "everyone": "A1 @everyone @here",
    "markdown": "A1 **bold** [a](http://example.org) `code` > quote",
    "html": "A1 <script>alert(1)</script> &amp; &lt;b&gt;",
}


@pytest_asyncio.fixture(params=GROUNDS)
async def shut(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    """A platform that is not open yet."""
    async with GROUNDS[request.param]() as ground:
        yield ground
        await ground.platform.close()


@pytest_asyncio.fixture
async def ground(shut: Ground) -> Ground:
    """One that is."""
    await shut.platform.open()
    return shut


async def until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.02)


async def found(ground: Ground, is_so: Callable[[list[AnyEvent]], bool], since: datetime) -> list[AnyEvent]:
    """What was heard or can be read, as soon as it has something."""
    async with asyncio.timeout(60):
        while not is_so(events := await ground.heard(since)):
            await asyncio.sleep(0.05)
    return events


def texts(events: list[AnyEvent]) -> dict[str, str]:
    """Messages by id, as they came first."""
    return {one.id: one.text for one in reversed(events) if isinstance(one, Message)}


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=30)


# Saying ----------------------------------------------------------------------------------------------------


async def test_a_post_gets_a_receipt_with_an_aware_time_and_an_address(ground: Ground) -> None:
    receipt = await ground.platform.send(a_post(ground))
    assert receipt.id
    assert receipt.at.tzinfo is not None
    assert receipt.url is not None
    assert receipt.url.startswith("http")
    assert ground.posted() == ["Q1. Why? #OTalk"] or not ground.fails


async def test_what_was_sent_is_found(ground: Ground) -> None:
    post = a_post(ground)
    receipt = await ground.platform.send(post)
    await asyncio.sleep(ground.platform.traits.delivery.visible_after)
    again = await ground.platform.find(post)
    assert again is not None
    assert again.id == receipt.id


async def test_what_was_never_sent_is_not_found(ground: Ground) -> None:
    if not ground.fails:
        pytest.skip("what is owed to the room is always there")
    assert await ground.platform.find(a_post(ground)) is None


async def test_the_parts_of_a_long_text_fit_and_hang_together(ground: Ground) -> None:
    traits = ground.platform.traits
    long = " ".join(f"This is sentence number {n} of a text that is too long." for n in range(60))
    before: str | None = None
    parts = split(long, traits.text.limit, traits.text.length)
    assert len(parts) > 1
    for number, part in enumerate(parts, 1):
        receipt = await ground.platform.send(
            a_post(ground, f"q1-{number}", part, part=number, reply_to=before, nonce=f"part-{number}")
        )
        before = receipt.id
    assert ground.posted() == list(parts) or not ground.fails


async def test_a_picture_goes_with_its_words(ground: Ground, tmp_path: Path) -> None:
    if not ground.fails:
        pytest.skip("the room's pages show the picture from the board; tests/adapters has that")
    path = tmp_path / "chart.png"
    path.write_bytes(PIXEL)
    await ground.platform.send(a_post(ground, image=Image(path=str(path), alt="A chart of three bars")))
    assert ground.pictures() == ["A chart of three bars"]


async def test_the_same_post_again_is_there_once(ground: Ground) -> None:
    post = a_post(ground)
    first = await ground.platform.send(post)
    await asyncio.sleep(ground.platform.traits.delivery.visible_after)
    again = await ground.platform.send(post)
    assert again.id == first.id
    assert len(ground.posted()) == 1 or not ground.fails


async def test_an_answer_that_was_lost_is_ambiguous_and_a_look_tells(ground: Ground) -> None:
    if not ground.fails:
        pytest.skip("the room's answers cannot be lost")
    ground.fail("lost", times=20)
    post = a_post(ground)
    with pytest.raises(PlatformError) as caught:
        await ground.platform.send(post)
    assert caught.value.ambiguous
    assert not caught.value.permanent
    ground.fail("lost", times=0)
    await asyncio.sleep(ground.platform.traits.delivery.visible_after)
    assert await ground.platform.find(post) is not None
    assert len(ground.posted()) == 1


async def test_a_platform_that_is_busy_is_no_reason_to_give_up(ground: Ground) -> None:
    if not ground.fails:
        pytest.skip("the room is never busy with itself")
    ground.fail("busy", times=20)
    post = a_post(ground)
    with pytest.raises((PlatformError, TimeoutError)) as caught:
        async with asyncio.timeout(3):  # some try again by themselves, as long as they may
            await ground.platform.send(post)
    if isinstance(caught.value, PlatformError):
        assert not caught.value.permanent
        assert not caught.value.lost
    assert ground.posted() == []
    ground.fail("busy", times=0)
    await ground.platform.send(post)
    assert len(ground.posted()) == 1


async def test_a_text_that_the_platform_refuses_is_final(ground: Ground) -> None:
    if not ground.fails:
        pytest.skip("the room takes whatever the core gives it")
    with pytest.raises(PlatformError) as caught:
        await ground.platform.send(a_post(ground, text="x" * 5000))
    assert caught.value.permanent
    assert not caught.value.lost
    assert "xxxx" not in str(caught.value)


# Hearing ---------------------------------------------------------------------------------------------------


async def test_who_answers_is_heard_with_what_they_reply_to(ground: Ground, since: datetime) -> None:
    asked = await ground.platform.send(a_post(ground))
    id = await ground.say("A1 We use the telephone", reply_to=asked.id)
    events = await found(ground, lambda events: id in texts(events), since)
    message = next(one for one in events if isinstance(one, Message) and one.id == id)
    assert "A1 We use the telephone" in message.text
    assert message.at.tzinfo is not None
    assert message.author.id
    assert message.reply_to == asked.id or not ground.fails


@pytest.mark.parametrize("kind", HOSTILE)
async def test_whatever_people_write_arrives_as_they_wrote_it(ground: Ground, kind: str, since: datetime) -> None:
    id = await ground.say(HOSTILE[kind])
    events = await found(ground, lambda events: id in texts(events), since)
    assert HOSTILE[kind] in texts(events)[id]


async def test_four_thousand_characters_arrive(ground: Ground, since: datetime) -> None:
    text = "A1 " + "word " * 798 + "the end"
    id = await ground.say(text)
    events = await found(ground, lambda events: id in texts(events), since)
    assert text in texts(events)[id]


async def test_a_change_is_followed(ground: Ground, since: datetime) -> None:
    id = await ground.say("A1 We used the telephone")
    await found(ground, lambda events: id in texts(events), since)
    await ground.edit(id, "A1 We use the telephone now")

    def followed(events: list[AnyEvent]) -> bool:
        return any(isinstance(one, Edited) and one.id == id and "now" in one.text for one in events)

    await found(ground, followed, since)


async def test_what_is_taken_back_is_noticed(ground: Ground, since: datetime) -> None:
    id = await ground.say("A1 Sorry")
    await found(ground, lambda events: id in texts(events), since)
    await ground.delete(id)

    async with asyncio.timeout(60):
        while not any(isinstance(one, Deleted) and one.id == id for one in ground.core.events):
            if id in await ground.platform.find_deleted([id], "a chat"):
                return
            await asyncio.sleep(0.05)


async def test_reading_goes_on_from_a_position_and_tells_nothing_older(ground: Ground, since: datetime) -> None:
    if not ground.platform.traits.sources:
        pytest.skip("what is said in the room is told at once and nowhere else")
    old = await ground.say("A1 The old one")
    message = next(
        one for one in await found(ground, lambda events: old in texts(events), since) if isinstance(one, Message)
    )
    await asyncio.sleep(1.1)  # X tells the time in whole seconds
    new = await ground.say("A1 The new one")
    position = message.at + timedelta(seconds=1)
    async with asyncio.timeout(60):
        while new not in texts(events := await ground.read(position)):
            await asyncio.sleep(0.05)
    assert old not in texts(events)


async def test_what_was_said_while_nobody_listened_is_read_afterwards(shut: Ground, since: datetime) -> None:
    if not shut.platform.traits.sources:
        pytest.skip("nobody can write in a room that is shut")
    missed = await shut.say("A1 Is anybody there?")
    await shut.platform.open()
    await found(shut, lambda events: missed in texts(events), since)
    assert None in shut.core.states, "it must say that it is back"


# Itself ----------------------------------------------------------------------------------------------------


async def test_traits_are_within_reason(shut: Ground) -> None:
    traits = shut.platform.traits
    assert traits.text.limit > 100
    assert traits.text.length("abc") == 3
    assert 0 < traits.delivery.timeout <= 60
    assert traits.delivery.visible_after >= 0
    assert traits.called


async def test_an_examination_changes_nothing_and_finds_nothing_wrong(shut: Ground) -> None:
    findings = await shut.platform.diagnose()
    assert findings
    assert [one for one in findings if one.level == "wrong"] == []
    assert shut.posted() == []


async def test_closing_twice_and_while_sending_is_harmless(ground: Ground) -> None:
    posts = [a_post(ground, f"q{n}", f"Q{n}. Why? #OTalk") for n in range(5)]
    sending = asyncio.gather(*(ground.platform.send(post) for post in posts), return_exceptions=True)
    await asyncio.sleep(0)
    await ground.platform.close()
    await ground.platform.close()
    for result in await asyncio.wait_for(sending, ground.platform.traits.delivery.timeout + 60):
        assert not isinstance(result, Exception) or isinstance(result, PlatformError)


async def test_closing_before_opening_is_harmless_and_it_opens_again(shut: Ground) -> None:
    await shut.platform.close()
    await shut.platform.open()
    await shut.platform.close()
    await shut.platform.open()
    assert (await shut.platform.send(a_post(shut))).id
