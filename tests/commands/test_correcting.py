"""A running bot, the commands that correct its record, and their undo: the live pages and the record say the same."""

from __future__ import annotations

import msgspec

from bot import transfer
from bot.messages import Author
from bot.reporting.record import Record, record
from tests.commands.running_bot import GUEST, HELPER, RunningBot, running_bot

OTHER = Author(id="5", handle="@pretend_other", name="Pretend other")


def told(bot: RunningBot) -> Record:
    """The record as it would be published now."""
    return record(bot.chat, transfer.export_events(bot.convenor.database, bot.chat))


async def shown(bot: RunningBot) -> dict[str, str]:
    """The messages on the live page by id, each with its question; and it agrees with the record."""
    live = {one.id: one.question for one in await bot.convenor.conversation("room").messages("a/b")}
    assert live == {one.id: one.question for one in told(bot).messages}
    counts = await bot.convenor.conversation("room").counts("a/b")
    assert {key: count for key, count in counts.items() if count} == {
        question: list(live.values()).count(question) for question in live.values()
    }
    return live


async def test_a_message_is_filed_elsewhere_with_the_replies_to_it_and_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        said = await bot.message("We use paper")
        reply = await bot.message("So do we", OTHER, reply_to=said)
        assert await shown(bot) == {said: "q2", reply: "q2"}
        answer = await bot.command(f"file x/{said} q1", HELPER)
        assert (answer.text, answer.done) == (
            "Now under Q1: the message by @pretend_guest. Replies to it go along.",
            True,
        )
        assert await shown(bot) == {said: "q1", reply: "q1"}
        assert (await bot.command(f"file x/{said} q1")).text == "It is under Q1 already; nothing changed."
        assert (await bot.command(f"file x/{said} q9")).text == "There is no Q9 in this chat; it has Q1 to Q4."
        assert (await bot.command(f"file x/{said} before")).done
        assert (await bot.command("undo")).text.endswith("Taken back.")
        assert await shown(bot) == {said: "q1", reply: "q1"}
        assert (await bot.command("undo")).done
        assert await shown(bot) == {said: "q2", reply: "q2"}
        later = await bot.message("And we", OTHER, reply_to=reply)
        assert (await shown(bot))[later] == "q2"


async def test_corrections_hold_after_a_restart_when_the_chat_is_long_over(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        said = await bot.message("We use paper")
        reply = await bot.message("So do we", OTHER, reply_to=said)
        clock, platforms = bot.clock, bot.platforms
        await bot.advance(minutes=60)
    clock.move(seconds=90 * 86400)
    async with running_bot(store_url, clock=clock, platforms=platforms) as later:
        assert (await later.command(f"file x/{said} q1", place="room", chat="a/b")).done
        assert await shown(later) == {said: "q1", reply: "q1"}


async def test_what_was_said_on_two_places_counts_once(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        first = await bot.message("We use paper")
        again = await bot.message("We use paper", msgspec.structs.replace(GUEST, id="9"), place="discord")
        merge = f"merge discord/{again} into x/{first}"
        assert (await bot.command(merge)).text == "Counted once now: what @pretend_guest said on x stays."
        assert await shown(bot) == {first: "q2"}
        assert (await bot.command(merge)).text == "These two are one already; nothing changed."
        assert (await bot.command(f"unmerge discord/{again}")).done
        assert await shown(bot) == {first: "q2", again: "q2"}
        assert (await bot.command("undo")).done
        assert await shown(bot) == {first: "q2"}


async def test_two_peoples_messages_are_merged_only_when_that_is_confirmed(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        first, other = await bot.message("We use paper"), await bot.message("We use paper", OTHER)
        asked = await bot.command(f"merge x/{other} into x/{first}")
        assert asked.text.startswith("These are by @pretend_other and @pretend_guest. Count them once all the same?")
        assert len(await shown(bot)) == 2
        assert (await bot.command(asked.confirm or "")).done
        assert await shown(bot) == {first: "q2"}


async def test_highlights_are_marked_and_only_what_is_in_the_transcript(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        said, hidden = await bot.message("We use paper"), await bot.message("Nonsense", OTHER)
        await bot.command(f"hide x/{hidden}")
        assert (await bot.command(f"highlight x/{said}", HELPER)).done
        assert not (await bot.command(f"highlight x/{hidden}")).done
        assert told(bot).highlights == (("x", said),)
        (message,) = await bot.convenor.conversation("room").messages("a/b")
        assert message.highlighted
        assert (await bot.command(f"highlight x/{said}")).text == "It is a highlight already; nothing changed."
        assert (await bot.command(f"unhighlight x/{said}")).done
        assert told(bot).highlights == ()
        assert (await bot.command("undo")).done
        assert told(bot).highlights == (("x", said),)


async def test_the_host_writes_the_summary_changes_it_and_takes_it_away(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        assert (await bot.command("summary # Paper\n\nMost *use* it.", HELPER)).text.startswith("Only the host")
        assert (await bot.command("summary # Paper\n\nMost *use* it.")).text == "The summary has 5 words now."
        assert (told(bot).summary, (await bot.dashboard()).summary) == ("# Paper\n\nMost *use* it.",) * 2
        assert (await bot.command("summary Paper.")).done
        assert (await bot.command("summary off")).done
        assert told(bot).summary is None
        assert (await bot.command("undo")).text.endswith("Taken back. The summary has 1 word.")
        assert told(bot).summary == "Paper."


async def test_a_correction_given_twice_is_carried_out_once_also_after_the_clock_was_set_back(store_url: str) -> None:
    async with running_bot(store_url) as bot:
        await bot.advance(minutes=26)
        said = await bot.message("We use paper")
        for _ in range(2):
            assert (await bot.command(f"file x/{said} q1", id="same")).done
        bot.clock.move(seconds=-30)
        assert (await bot.command("undo")).done
        assert await shown(bot) == {said: "q2"}
