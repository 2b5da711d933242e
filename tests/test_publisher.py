"""The running bot publishes a chat when it is due, once, and its files follow what changes later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.messages import AnyEvent, Author, Named, Returned, Withdrawn
from bot.ports.views import Dashboard
from bot.reporting.imprint import Imprint
from bot.store import people
from bot.store.database import Database
from bot.transfer import import_events
from bot.wiring.convenor import Convenor
from bot.wiring.published_folder import PublishedFolder
from tests.commands.running_bot import GUEST, RunningBot, running_bot
from tests.fakes.chats import a_chat


def publisher_into(convenor: Convenor, folder: Path) -> None:
    """The publisher writes into a folder, as after a start: it knows nothing of what it wrote before."""
    _, clock, database, _, _ = convenor.afterwards._foundation
    convenor.afterwards.publisher._folder = PublishedFolder(folder, database, clock, Imprint)


async def over(bot: RunningBot, hours: float) -> None:
    """The chat begins, and so many hours pass."""
    await bot.advance(minutes=16)
    await bot.message("A1 we use Teams")
    bot.clock.move(seconds=hours * 3600)
    await bot.convenor.afterwards.publisher.run_once(bot.clock.now())


async def until(bot: RunningBot, fulfilled: Callable[[Dashboard], bool]) -> Dashboard:
    async with asyncio.timeout(120):
        while True:
            await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
            await bot.settle()
            found = await bot.dashboard()
            if fulfilled(found):
                return found


async def test_a_chat_is_published_after_two_days_and_its_files_are_written_first(
    store_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "published"
    async with running_bot(store_url) as bot:
        publisher_into(bot.convenor, folder)
        await over(bot, 48.5)
        assert (await bot.dashboard()).chat_view.publication.phase == "waiting"
        assert not folder.exists()
        bot.clock.move(seconds=3600)
        found = await until(bot, lambda one: one.chat_view.publication.phase == "published")
        assert found.chat_view.publication.since == bot.clock.now()
        page = (folder / bot.chat.name / "transcript.html").read_text(encoding="utf-8")
        assert "we use Teams" in page
        assert "This is a draft" not in page
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        assert [one.command.text for one in bot.stored_commands()].count("publish") == 1
        # somebody thinks better of it, later still
        await bot.command("leave me out", GUEST, place="x")
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        page = (folder / bot.chat.name / "transcript.html").read_text(encoding="utf-8")
        assert "we use Teams" not in page
        # a change that a crash kept from the files is in them after the next start
        (folder / bot.chat.name / "transcript.html").write_text("we use Teams", encoding="utf-8")
        publisher_into(bot.convenor, folder)
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        page = (folder / bot.chat.name / "transcript.html").read_text(encoding="utf-8")
        assert "we use Teams" not in page
        # a crash left files that were complete, and the host takes it back, and thinks better of that
        left = folder / bot.chat.name / ".written-0123"
        left.mkdir()
        (left / "transcript.md").write_text("we use Teams", encoding="utf-8")
        for command, there in (("withhold", False), ("undo", True)):
            await bot.command(command)
            await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
            assert (folder / bot.chat.name / "transcript.html").exists() == there
            assert any(one.is_file() for one in folder.rglob("*")) == there


async def test_the_files_follow_what_another_process_imports_also_while_no_bot_runs(
    store_url: str, tmp_path: Path
) -> None:
    def imported(event: AnyEvent) -> None:
        database = Database(store_url)  # `convenor import` opens a store of its own
        import_events(database, bot.chat, [event])
        database.close()

    async def is_shown() -> bool:
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        return "we use Teams" in page.read_text(encoding="utf-8")

    page = tmp_path / "published" / a_chat().name / "transcript.html"
    async with running_bot(store_url) as bot:
        publisher_into(bot.convenor, tmp_path / "published")
        await over(bot, 50)
        await until(bot, lambda one: one.chat_view.publication.phase == "published")
        for days in (0, 40):  # soon after the publication, and long after it
            bot.clock.move(seconds=days * 86400)
            for event, shown in ((Withdrawn, False), (Returned, True), (Withdrawn, False), (Returned, True)):
                if days and shown:
                    publisher_into(bot.convenor, tmp_path / "published")  # a bot starts
                    assert await is_shown() != shown
                await asyncio.to_thread(imported, event(place="x", at=bot.clock.now(), author=GUEST))
                if days and not shown:
                    publisher_into(bot.convenor, tmp_path / "published")  # it starts only now
                assert await is_shown() == shown
                bot.clock.move(seconds=60)
        written = page.stat().st_mtime_ns
        publisher_into(bot.convenor, tmp_path / "published")
        assert await is_shown()
        assert page.stat().st_mtime_ns == written  # nothing changed: nothing is written


async def test_the_files_follow_names_that_become_known_later_and_a_chat_that_is_long_published_comes_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "published"
    page = folder / a_chat().name / "transcript.html"
    async with running_bot(sqlite_url) as bot:
        publisher_into(bot.convenor, folder)
        await bot.advance(minutes=16)
        await bot.message("A1 so do we", Author(id="5577"))
        await over(bot, 50)
        await until(bot, lambda one: one.chat_view.publication.phase == "published")
        named = Named(place="x", at=bot.clock.now(), author=Author(id="5577", handle="@pretend_late"))
        await bot.convenor.database.write("incoming", people.save_names, [named])
        bot.clock.move(seconds=600)
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        assert "@pretend_late" in page.read_text(encoding="utf-8")
        for days, command, there in ((40, "withhold", False), (0, "undo", True)):
            bot.clock.move(seconds=days * 86400)
            await bot.command(command)
            publisher_into(bot.convenor, folder)  # a bot starts
            await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
            assert page.exists() == there


async def test_a_chat_of_long_ago_gets_no_files_in_a_new_folder(sqlite_url: str, tmp_path: Path) -> None:
    async with running_bot(sqlite_url) as bot:
        await over(bot, 50)
        await until(bot, lambda one: one.chat_view.publication.phase == "published")
        bot.clock.move(seconds=40 * 86400)
        publisher_into(bot.convenor, tmp_path / "published")
        await bot.convenor.afterwards.publisher.run_once(bot.clock.now())
        assert not (tmp_path / "published").exists()


async def test_what_cannot_be_written_is_not_published_and_those_who_lead_are_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    def is_told(found: Dashboard) -> bool:
        return any("could not be published" in one for one in found.concerns)

    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    async with running_bot(sqlite_url) as bot:
        publisher_into(bot.convenor, tmp_path / "file")
        await over(bot, 50)
        found = await until(bot, is_told)
        assert found.chat_view.publication.phase == "waiting"
        publisher_into(bot.convenor, tmp_path / "folder")
        bot.clock.move(seconds=600)
        await until(bot, lambda one: one.chat_view.publication.phase == "published" and not is_told(one))
