"""A chat moves to another day: its reminders with it, and those are told who were told of the day before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.chat import Chat, DaysBefore
from bot.commands.grammar import command_types as types
from bot.commands.grammar.parser import parse
from tests.commands.running_bot import HELPER, RunningBot, a_chat_with_hosts, running_bot
from tests.fakes.clock import NOON, HandClock
from tests.fakes.platform import FakePlatform

TWO_HOURS = timedelta(hours=2)
EARLY = NOON - TWO_HOURS - timedelta(minutes=1)
WAS, NEW = "Tuesday 3 March 2026, 12:00 (Europe/London)", "Tuesday 31 March 2026, 12:00 (Europe/London)"
MOVED = (
    "Our chat has moved, from Tuesday 3 March, 12:00 to Tuesday 31 March, 12:00 (Europe/London): A plain chat. #plain"
)


def chat(**more: object) -> Chat:
    plain: dict[str, object] = {"reminders": (TWO_HOURS,), "announcement": DaysBefore(days=7)}
    return a_chat_with_hosts(**(plain | more))


def early(
    url: str,
    *,
    made: Chat | None = None,
    clock: HandClock | None = None,
    platforms: dict[str, FakePlatform] | None = None,
) -> AbstractAsyncContextManager[RunningBot]:
    return running_bot(url, chat=made or chat(), clock=clock or HandClock(EARLY), platforms=platforms)


@pytest.fixture
async def told(store_url: str) -> AsyncIterator[RunningBot]:
    """A bot that has reminded people in all places but the room, which was away."""
    async with early(store_url, made=chat(places=("x", "discord"))) as bot:
        await bot.advance(minutes=2)
        assert bot.posted_keys() == ["reminder-2h"]
        bot.chat = msgspec.structs.replace(bot.chat, places=())
        await bot.convenor.plan_sync.sync(bot.clock.now())
        yield bot


def moved(bot: RunningBot) -> dict[str, list[str]]:
    """What was posted in each place about a move."""
    return {
        name: [post.text for post in one.sent if post.key.startswith("moved-")] for name, one in bot.platforms.items()
    }


def starts(bot: RunningBot) -> datetime:
    return bot.convenor.live_chats.by_name["a/b"].chat.starts


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo("Europe/London"))  # type: ignore[misc,arg-type]


async def test_a_move_is_confirmed_in_words_and_told_where_people_had_been_told(told: RunningBot) -> None:
    asked = await told.command("move 31 March")
    assert asked.text == (
        f"Move it to {NEW}? It is on Tuesday 3 March. Whoever was told, in discord and x, is told again. "
        "Say `move 2026-03-31 12:00 yes`."
    )
    assert starts(told) == NOON
    assert asked.confirm
    done = await told.command(asked.confirm)
    assert (done.text, done.done) == (f"Moved to {NEW}. Told in discord and x.", True)
    assert moved(told) == {"room": [], "x": [MOVED], "discord": [MOVED]}
    assert starts(told) == local(2026, 3, 31, 12)
    view = (await told.dashboard()).chat_view
    assert (view.moved_from, view.revision) == (NOON, 1)


async def test_reminders_move_with_the_chat_at_the_hour_of_the_clock(told: RunningBot) -> None:
    await told.command("move 31 March 13:30 yes")
    assert told.due("announcement-1") == local(2026, 3, 24, 13, 30)
    assert told.due("reminder-2h-1") == local(2026, 3, 31, 11, 30)
    assert told.due("q1") == local(2026, 3, 31, 13, 40)
    assert {row.state for row in told.outbox_rows("announcement")} <= {"skipped"}
    await told.advance(minutes=3)
    assert moved(told)["x"] == [MOVED.replace("31 March, 12:00", "31 March, 13:30")]


async def test_undo_moves_it_back_and_tells_the_same_people(told: RunningBot) -> None:
    done = await told.command("move 31 March yes")
    assert done.undo
    back = await told.command(done.undo)
    assert back.text.endswith(f"Moved to {WAS}. Told in discord and x.")
    assert starts(told) == NOON
    assert [len(texts) for texts in moved(told).values()] == [0, 2, 2]
    assert told.due("q1") == NOON + timedelta(minutes=10)
    assert (await told.dashboard()).chat_view.moved_from is None


async def test_nobody_is_told_who_had_not_been_told(sqlite_url: str) -> None:
    async with early(sqlite_url) as bot:
        assert (await bot.command("move 2026-03-10 yes")).text.endswith("Nobody had been told.")
        await bot.advance(minutes=4)
        assert [bot.posted_keys(place) for place in bot.platforms] == [[], [], []]
        assert bot.due("reminder-2h") == NOON + timedelta(days=7) - TWO_HOURS


async def test_the_move_outlives_a_restart_and_an_edit_of_the_file_that_keeps_its_start(sqlite_url: str) -> None:
    clock = HandClock(EARLY)
    async with early(sqlite_url, clock=clock) as bot:
        await bot.command("move 2026-03-10 yes")
    reworded = chat(title="A plainer chat")
    async with early(sqlite_url, made=reworded, clock=clock, platforms=bot.platforms) as later:
        assert starts(later) == NOON + timedelta(days=7)
        assert later.convenor.live_chats.by_name["a/b"].chat.title == "A plainer chat"
        assert later.due("q1") == NOON + timedelta(days=7, minutes=10)
    async with early(sqlite_url, made=reworded, clock=clock, platforms=bot.platforms) as same:
        assert starts(same) == NOON + timedelta(days=7)


async def test_a_saved_file_moves_it_and_tells_those_who_were_told(told: RunningBot) -> None:
    days = timedelta(days=28)
    asked = tuple(msgspec.structs.replace(one, at=one.at + days) for one in told.chat.questions)
    told.chat = msgspec.structs.replace(told.chat, starts=told.chat.starts + days, questions=asked)
    await told.convenor.plan_sync.sync(told.clock.now())
    told.chat = msgspec.structs.replace(told.chat, title="A plain chat!")  # saved again before it is posted
    await told.convenor.plan_sync.sync(told.clock.now())
    await told.settle()
    # summer time began, so the same instant is an hour later by the clock
    text = MOVED.replace("31 March, 12:00", "31 March, 13:00")
    assert moved(told) == {"room": [], "x": [text], "discord": [text]}
    assert told.due("reminder-2h-1") == NOON + days - TWO_HOURS


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("move 2 March", "Tuesday 2 March 2027"),  # the next such day: nearly a year ahead
        ("move 2026-03-02", "has passed"),
        ("move 3 March 12:00", "already"),
        ("move Monday 31 March", "Tuesday 31 March 2026 is another day of the week"),
        ("move 30 February", "no such day"),
        ("move 29 March 1:30", "does not exist in Europe/London"),
        ("move 2027-12-01", "more than a year ahead"),
    ],
)
async def test_a_doubtful_day_is_asked_about(sqlite_url: str, words: str, why: str) -> None:
    async with early(sqlite_url) as bot:
        answer = await bot.command(words)
        assert why in answer.text
        assert not answer.done
        assert starts(bot) == NOON


async def test_a_chat_that_began_or_was_called_off_does_not_move(sqlite_url: str) -> None:
    async with running_bot(sqlite_url) as bot:
        assert "Only the host" in (await bot.command("move 10 March yes", HELPER)).text
        await bot.advance(minutes=6)
        assert (await bot.command("move 10 March yes")).text.startswith("It has begun")
        await bot.command("cancel yes")
        assert "called off for good" in (await bot.command("move 10 March yes")).text


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2026-11-24", types.Move(day=24, month=11, year=2026)),
        ("to Tuesday 24 November at 8pm", types.Move(day=24, month=11, weekday=1, clock=local(1, 1, 1, 20).time())),
        ("Nov 24th, 2026, 20:30 yes", None),
        (
            "24 nov 2026 20:30 yes",
            types.Move(day=24, month=11, year=2026, clock=local(1, 1, 1, 20, 30).time(), sure=True),
        ),
        ("24 November 20.30", types.Move(day=24, month=11, clock=local(1, 1, 1, 20, 30).time())),
        ("on November 24", types.Move(day=24, month=11)),
        ("2026-11-24T20:00", types.Move(day=24, month=11, year=2026, clock=local(1, 1, 1, 20).time())),
    ],
)
def test_a_day_is_read_as_people_write_it(words: str, meant: types.Move | None) -> None:
    found = parse(f"move {words}")
    if meant is not None:
        assert found == meant
    else:
        assert isinstance(found, types.Move)


@pytest.mark.parametrize("words", ["", "on", "11/12", "24", "next week", "24 November or so"])
def test_anything_else_is_no_day(words: str) -> None:
    assert isinstance(parse(f"move {words}"), types.Misunderstood)
