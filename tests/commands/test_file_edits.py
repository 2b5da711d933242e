"""The chat file is edited while the chat is on and hosts give commands: both count, and nothing is asked twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from bot.chat import Chat, Question
from bot.scheduling.file_plans import plan_files
from bot.scheduling.plan_changes import PlanChange
from tests.commands.running_bot import RunningBot, a_chat_with_hosts, running_bot

A, B, C, D = (
    "Which groups do you run, and for whom?",
    "What gets in the way?",
    "Who pays for it where you work?",
    "What will you try next week?",
)
NEW = "Whatever else do you want to talk about tonight?"


@pytest.fixture
async def bot(sqlite_url: str) -> AsyncIterator[RunningBot]:
    chat = a_chat_with_hosts()
    questions = (
        msgspec.structs.replace(one, text=text) for one, text in zip(chat.questions, (A, B, C, D), strict=True)
    )
    async with running_bot(sqlite_url, chat=msgspec.structs.replace(chat, questions=tuple(questions))) as running:
        await running.advance(minutes=17)  # 12:12, after Q1
        yield running


async def edit(bot: RunningBot, *texts: str) -> None:
    """Save the chat file with these questions."""
    first = bot.chat.questions[0]
    questions = (
        Question(key=f"q{n}", text=text, at=first.at + n * (bot.at(5) - bot.at(0))) for n, text in enumerate(texts, 1)
    )
    bot.chat = msgspec.structs.replace(bot.chat, questions=tuple(questions))
    await bot.convenor.plan_sync.sync(bot.clock.now())
    await bot.settle()


def asked(bot: RunningBot, place: str = "discord") -> list[str]:
    """The questions as people saw them, in order."""
    sent = [post for post in bot.platforms[place].sent if post.kind == "question"]
    return [post.text.removesuffix(" #plain") for post in sent]


async def test_a_question_left_out_by_command_stays_out_and_one_added_comes_last(bot: RunningBot) -> None:
    await bot.command("skip q3")
    await bot.command("add And who pays?")
    await edit(bot, A, B, C, NEW, D)
    await bot.advance(minutes=60)
    assert asked(bot) == [f"Q1. {A}", f"Q2. {B}", f"Q4. {NEW}", f"Q5. {D}", "Q6. And who pays?"]


async def test_words_given_by_command_stay_while_the_file_keeps_its_own(bot: RunningBot) -> None:
    await bot.command("edit q3 Better words?")
    await edit(bot, A, C, B, D)
    await bot.command("edit q4 Other words for the last one?")
    await edit(bot, A, C, B, "What will you really try next week?")
    await bot.advance(minutes=60)
    assert asked(bot) == [f"Q1. {A}", "Q2. Better words?", f"Q3. {B}", "Q4. What will you really try next week?"]


async def test_a_file_that_is_as_it_was_undoes_no_command(sqlite_url: str) -> None:
    """Another process, or a new version, plans each file anew; a command may come while it does."""

    def planned(bot: RunningBot, chat: Chat) -> list[PlanChange]:
        places = {name: one.traits for name, one in bot.platforms.items()}
        chats, now, slack = {chat.name: chat}, bot.clock.now(), bot.at(15) - bot.at(0)
        database = bot.convenor.database
        changes, _ = database.write_sync(plan_files, chats, [], now, places=places, slack=slack, on=chats.keys())
        return changes

    async with running_bot(sqlite_url) as bot:
        assert planned(bot, bot.chat)
        await bot.command("at q2 12:25")
        assert not planned(bot, bot.chat)
        assert bot.due("q2") == bot.at(25)
        assert planned(bot, msgspec.structs.replace(bot.chat, title="Another title"))
        assert bot.due("q2") == bot.at(20)


async def test_a_pause_and_an_extension_last_through_an_edit(bot: RunningBot) -> None:
    await bot.command("pause")
    await bot.command("extend 10m")
    await edit(bot, A, NEW, C)
    await bot.advance(minutes=20)
    assert asked(bot) == [f"Q1. {A}"]
    await bot.command("resume")
    await bot.advance(minutes=60)
    assert asked(bot) == [f"Q1. {A}", f"Q2. {NEW}", f"Q3. {C}"]
    assert bot.due("closing") == bot.at(70)


async def test_next_asks_what_the_file_has_next(bot: RunningBot) -> None:
    await edit(bot, NEW, A, B, C, D)
    answer = await bot.command("next")
    assert (asked(bot)[-1], answer.text[:6]) == (f"Q2. {NEW}", "Q2 now")


async def test_a_change_before_other_numbers_cannot_be_taken_back(bot: RunningBot) -> None:
    await bot.command("edit q3 Better words?")
    await bot.command("skip q2")
    await edit(bot, A, D, B, C)
    told = [(await bot.command("undo")).text for _ in range(2)]
    assert "other numbers" in told[0]
    assert "left out meanwhile" in told[1]
    await bot.advance(minutes=60)
    assert asked(bot) == [f"Q1. {A}", f"Q2. {D}", "Q4. Better words?"]


async def test_undo_brings_a_question_back_in_the_words_of_the_file(bot: RunningBot) -> None:
    await bot.command("skip q2")
    await edit(bot, A, "What is in the way?", C, D)
    assert (await bot.command("undo")).done
    await bot.advance(minutes=60)
    assert asked(bot) == [f"Q1. {A}", "Q2. What is in the way?", f"Q3. {C}", f"Q4. {D}"]


async def test_the_hosts_page_says_what_became_of_the_file(bot: RunningBot) -> None:
    await edit(bot, "Which online groups do you run, and for whom?", C, B, D)
    [entry] = [one for one in (await bot.dashboard()).log if one.text == "the chat file was edited"]
    assert entry.receipt == (
        "Taken over from the chat file: Q3 comes as Q2; Q2 comes as Q3. "
        "Not taken over: Q1 is out already, in its old words, which `edit q1 …` changes; "
        "its times, for the chat is on: `at`, `next` and `extend` change them."
    )
    assert (await bot.command("status")).text.startswith("A plain chat: Q1 is on since 12:10.")


async def test_a_chat_that_a_file_moves_says_when_it_was_to_start(sqlite_url: str) -> None:
    async with running_bot(sqlite_url) as bot:
        first, conversation = bot.chat, bot.convenor.live_chats.by_name
        for later in (2, 3, 0):
            moved = bot.at(later * 60) - bot.at(0)
            questions = tuple(msgspec.structs.replace(one, at=one.at + moved) for one in first.questions)
            bot.chat = msgspec.structs.replace(first, starts=first.starts + moved, questions=questions)
            await bot.convenor.plan_sync.sync(bot.clock.now())
            live = conversation[first.name]
            assert (live.chat.starts, live.state.moved_from) == (bot.chat.starts, first.starts if later else None)
        assert (live.state.revision, live.state.changed_at) == (3, bot.clock.now())


async def test_calendars_take_over_what_changes_and_nothing_else(bot: RunningBot) -> None:
    live = bot.convenor.live_chats.by_name
    planned = live[bot.chat.name].state
    assert planned.changed_at is not None
    for command, revision in (("skip q2", 0), ("extend 5", 1), ("undo", 2), ("cancel yes", 3)):
        await bot.command(command)
        assert (command, live[bot.chat.name].state.revision) == (command, planned.revision + revision)
