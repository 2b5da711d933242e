"""Rehearsals that the team starts: each a real process, which ends by itself, by a button, or with the bot."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest
from msgspec.structs import replace

from bot.authoring.folder_files import FolderFiles
from bot.errors import TeamError
from bot.ports.rehearsals import TeamRehearsal
from bot.scheduling.stored_files import StoredFiles
from bot.settings.settings import Settings
from bot.store.database import Database
from bot.team.files import TeamFiles
from bot.team.rehearsal_task import RehearsalTask
from bot.team.rehearsals import WORKER, RehearsalSetting, TeamRehearsals, _environment
from tests.fakes.chats import a_chat
from tests.fakes.clock import HandClock
from tests.team.at_work import NOW, SCRIPT, forked_worker, with_series

CHAT, OTHER, THIRD = "otalk/2026-12-01-home", "otalk/2026-12-08-away", "otalk/2026-12-15-back"
TEXT = 'title = "Going home"\nstarts = {}T20:00:00\nlength = "{}"\n[[questions]]\ntext = "Who goes home?"\n'


@pytest.fixture
def worker() -> tuple[str, ...]:
    """What starts a rehearsal: a fork, but where a test wants the one that the bot starts."""
    return forked_worker()


AS_THE_BOT_STARTS_IT = pytest.mark.parametrize("worker", [WORKER], ids=["anew"])


@pytest.fixture
async def made(
    tmp_path: Path, sqlite_url: str, worker: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TeamRehearsals]:
    """Rehearsals of three chats, whose folders are below `tmp_path`."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    schedules = with_series(tmp_path)
    for name in (CHAT, OTHER, THIRD):
        (schedules / f"{name}.toml").write_text(TEXT.format(name[6:16], "60m"))
    clock, database = HandClock(NOW), Database(sqlite_url)
    files = TeamFiles(FolderFiles(schedules, clock), StoredFiles(database, clock), {"room": "room"})
    setting = RehearsalSetting(settings=Settings().model_dump_json(), script=SCRIPT, worker=worker)
    rehearsals = TeamRehearsals(files, clock, setting)
    yield rehearsals
    await rehearsals.close()
    database.close()


async def begun(made: TeamRehearsals, chat: str = CHAT, speed: float = 60, *, pretend: bool = True) -> TeamRehearsal:
    started = await made.start(chat, speed=speed, pretend=pretend, by="Ada Pretend")
    found = await made.ready(started.id)
    assert found
    return found


def files(folder: Path) -> set[str]:
    return {path.as_posix() for path in folder.rglob("*") if path.is_file()}


async def text_of(address: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return await answer.text()


@AS_THE_BOT_STARTS_IT
async def test_a_rehearsal_is_served_by_a_process_of_its_own_and_marked(made: TeamRehearsals, tmp_path: Path) -> None:
    one = await begun(made)
    page = await text_of(one.room + one.path)
    assert "Going home" in page
    assert "Rehearsal</a>" in page
    before = files(tmp_path)
    assert any("rehearsal.db" in one for one in before)
    await made.stop(CHAT)
    assert made.of_chat(CHAT) is None
    assert await made.ready(one.id) is None
    left = {one for one in before if "/temporary/" not in one}
    assert files(tmp_path) == left, "nothing of it is left, and nothing else has changed"
    assert made.trouble(CHAT) == ""


async def test_the_session_that_was_chosen_is_rehearsed(made: TeamRehearsals, tmp_path: Path) -> None:
    sessions = '[[sessions]]\nstarts = 2026-12-02T20:00\ntimezone = "Australia/Sydney"\n'
    (tmp_path / f"{CHAT}.toml").write_text(TEXT.format("2026-12-01", "60m") + sessions)
    started = await made.start(CHAT, speed=60, pretend=False, by="Ada", session=f"{CHAT}.sydney")
    one = await made.ready(started.id)
    assert one
    assert "Sydney time" in await text_of(one.room + one.path)
    await made.stop(CHAT)
    with pytest.raises(TeamError, match="was removed"):
        await made.start(CHAT, speed=60, pretend=False, by="Ada", session=f"{CHAT}.paris")


async def test_pretend_participants_answer_if_they_are_wanted(made: TeamRehearsals) -> None:
    one, other = await asyncio.gather(begun(made, speed=600), begun(made, OTHER, speed=600, pretend=False))
    async with asyncio.timeout(120):
        while "Pretend participant A" not in await text_of(one.room + one.path):
            await asyncio.sleep(0.2)
        while "Who goes home?" not in (page := await text_of(other.room + other.path)):
            await asyncio.sleep(0.2)
    assert "Pretend participant" not in page


async def test_a_form_that_is_sent_twice_starts_one(made: TeamRehearsals) -> None:
    both = await asyncio.gather(*(made.start(CHAT, speed=60, pretend=True, by="Ada") for _ in range(2)))
    assert both[0].id == both[1].id


async def test_only_a_few_are_on_at_once(made: TeamRehearsals) -> None:
    await made.start(CHAT, speed=60, pretend=True, by="Ada")
    await made.start(OTHER, speed=60, pretend=True, by="Ada")
    with pytest.raises(TeamError, match="on already"):
        await made.start(THIRD, speed=60, pretend=True, by="Ada")


async def test_one_that_would_take_too_long_is_refused_with_the_speed_to_choose(
    made: TeamRehearsals, tmp_path: Path
) -> None:
    (tmp_path / f"{CHAT}.toml").write_text(TEXT.format("2026-12-01", "48h"))
    with pytest.raises(TeamError, match=r"would take 48h, and it may take two hours\. Let it go 24 times"):
        await made.start(CHAT, speed=1, pretend=True, by="Ada")


async def test_one_that_is_killed_says_so_and_can_be_started_again(made: TeamRehearsals) -> None:
    await begun(made)
    made._running[CHAT].process.kill()
    async with asyncio.timeout(60):
        while made.of_chat(CHAT):
            await asyncio.sleep(0.05)
    assert "ended too soon" in made.trouble(CHAT)
    await begun(made)
    assert made.trouble(CHAT) == ""


async def test_one_that_cannot_begin_says_so(
    made: TeamRehearsals, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made._setting = RehearsalSetting(settings="{}}", script=SCRIPT)
    started = await made.start(CHAT, speed=60, pretend=True, by="Ada")
    assert await made.ready(started.id) is None
    said = ""
    async with asyncio.timeout(60):
        while "team.rehearsal_failed" not in said:
            await asyncio.sleep(0.05)
            said += capsys.readouterr().out
    assert "ValidationError" in said
    assert "ended too soon" in made.trouble(CHAT)
    await made.close()
    assert files(tmp_path / "temporary") == set()


async def test_mistakes_in_the_script_are_named(made: TeamRehearsals, tmp_path: Path) -> None:
    (tmp_path / "script.toml").write_text("people = 3\n")
    made._setting = replace(made._setting, script=tmp_path / "script.toml")
    started = await made.start(CHAT, speed=60, pretend=True, by="Ada")
    await made.ready(started.id)
    async with asyncio.timeout(60):
        while made.of_chat(CHAT):
            await asyncio.sleep(0.05)
    assert "script.toml:1:" in made.trouble(CHAT)


async def test_a_bot_that_ends_takes_its_rehearsals_with_it(made: TeamRehearsals) -> None:
    await begun(made)
    process = made._running[CHAT].process
    assert process.stdin
    process.stdin.close()  # as the system does when the bot is killed
    async with asyncio.timeout(60):
        assert await process.wait() == 0


async def test_a_rehearsal_whose_bot_was_killed_ends_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "of-its-own"
    folder.mkdir()
    task = RehearsalTask(
        chat=a_chat(), settings=Settings().model_dump_json(), script="", speed=60, folder=str(folder), seconds=600
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.rehearsal.worker", stdin=pipe, stdout=pipe, env=_environment(), cwd=folder
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(msgspec.json.encode(task) + b"\n")
    async with asyncio.timeout(120):
        assert b'"room":"http://127.0.0.1:' in await process.stdout.readline()
        process.stdin.close()
        assert await process.wait() == 0
    assert files(tmp_path) == set()
