"""Chat files on disk, edited, copied and renamed while the whole bot hosts their chat on Discord's simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.authoring.folder_files import FolderFiles
from bot.authoring.schedules import Schedules
from bot.clock import WallClock
from bot.settings.settings import Settings
from bot.store import commands, place_status
from bot.wiring.convenor import Convenor
from tests.contract.running_bot import Clock, until, within
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator
from tests.store.new_sqlite import new_sqlite

A, B, C, D = (
    "Which groups do you run, and for whom?",
    "What gets in the way?",
    "Who pays for it where you work?",
    "What will you try next week?",
)
NEW = "How do you measure whether it worked?"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("discord", intents_allowed=["message_content"]) as one:
        yield one


class Host:
    """A chat file in its folder, the bot that hosts it, and what people see in the channel."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self._sim, self.series = sim, folder / "schedules" / "s"
        self.series.mkdir(parents=True)
        self._begun = WallClock().now().replace(microsecond=0) - timedelta(seconds=2)
        settings = Settings.model_validate(
            {
                "site": {"folder": ""},
                "store": {"url": new_sqlite(folder)},
                "hosting": {"lead": "1s", "late": "30m", "absent": "3h"},
                "places": {"talk": settings_of("discord", sim.address, channel=600)},
            }
        )
        self.clock = Clock()
        programme = Schedules(FolderFiles(self.series.parent, self.clock), {"talk": "discord"}, self.clock)
        self.bot = Convenor(settings, clock=self.clock, programme=programme)

    def save(self, *texts: str, name: str = "c", title: str = "A pretend chat") -> None:
        """Save a chat file: Q1 comes at once, the others far apart."""
        head = f'title = "{title}"\nstarts = {self._begun:%Y-%m-%dT%H:%M:%S}\ntimezone = "UTC"\nlength = "2h"\n'
        head += 'first = "1s"\nevery = "15m"\n'
        file = head + "".join(f'[[questions]]\ntext = "{text}"\n' for text in texts)
        whole = self.series / f".{name}.part"
        whole.write_text(file, encoding="utf-8")
        whole.replace(self.series / f"{name}.toml")

    async def read(self) -> None:
        """The bot reads its files now."""
        await self.bot.plan_sync.sync(self.bot.clock.now())

    async def ask_the_rest(self, count: int) -> list[str]:
        """Ask question after question until so many are out, and then once more. What people saw."""
        while len(seen := self.questions()) < count:
            assert await self._command("next")
            await until(lambda: len(self.questions()) > len(seen), lambda: f"one more than {seen}")
        assert not await self._command("next")
        return self.questions()

    async def _command(self, text: str) -> bool:
        self.clock.skip(6)  # the same command at once would be a second person's
        own = commands.own_command("s/c", self.clock.now(), text)
        async with within(lambda: f"{text} is answered"):
            return (await self.bot.service.answer(own)).done

    def questions(self) -> list[str]:
        posts = self._sim.ask("truth")["messages"]
        return [one["content"] for one in posts if one["bot"] and one["content"].startswith("Q")]

    def concerns(self) -> list[str]:
        return [one.text for one in self.bot.database.read_sync(place_status.concerns_at, "schedules")]


@pytest.fixture
async def host(sim: Simulator, tmp_path: Path) -> AsyncIterator[Host]:
    """A chat that is on, Q1 is out."""
    host = Host(sim, tmp_path)
    host.save(A, B, C, D)
    async with host.bot.running():
        await until(host.questions, lambda: "the first question is out")
        yield host


@pytest.mark.parametrize(
    ("edited", "hour"),
    [
        pytest.param([A, C, D], [A, C, D], id="one is deleted"),
        pytest.param([B, A, C, D], [A, B, C, D], id="two change places"),
        pytest.param([NEW, A, B, C, D], [A, NEW, B, C, D], id="one is put before all"),
    ],
)
async def test_no_question_is_asked_twice_or_lost(host: Host, edited: list[str], hour: list[str]) -> None:
    host.save(*edited)
    await host.read()
    assert await host.ask_the_rest(len(hour)) == [f"Q{number}. {text}" for number, text in enumerate(hour, 1)]


async def test_a_copy_is_held_back_and_a_renamed_file_goes_on(host: Host) -> None:
    host.save(A, B, C, D, name="c copy", title="A pretend chat, mended")
    await host.read()
    await until(host.concerns, lambda: "a concern")
    assert "s/c copy.toml is not hosted: it looks like s/c.toml" in host.concerns()[0]
    (host.series / "c.toml").unlink()
    await host.read()
    await until(lambda: not host.concerns(), lambda: "the concern is over")
    assert await host.ask_the_rest(4) == [f"Q{number}. {text}" for number, text in enumerate((A, B, C, D), 1)]
