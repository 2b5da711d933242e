"""A whole bot on three places: what people say reads the same everywhere, and what they take back is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.reporting.files import write
from bot.store import people
from bot.wiring.adapters import address, builders
from tests.contract.running_bot import RunningBot, running_bot, until
from tests.contract.settings import settings_of
from tests.sims.simulator import simulator

A = "Pretend participant A"
PICTURE = {"filename": "map.png", "content_type": "image/png", "description": "a mind map of groups"}
NUMBER = "943 476 5919"
"""An NHS number that nobody has."""


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.listening.poller._TICK", timedelta(seconds=0.1))


@pytest.mark.usefixtures("_quick")
async def test_what_people_say_reads_the_same_and_what_they_take_back_is_gone(tmp_path: Path) -> None:
    with simulator("discord", intents_allowed=["message_content"]) as talk, simulator("x", visible_after=0) as x:
        places = {
            "room": settings_of("room"),
            "talk": settings_of("discord", talk.address),
            "x": settings_of("x", x.address, direct=False),
        }
        async with running_bot(RunningBot(tmp_path, places, {}, {}, dict(builders()))) as bot:
            await bot.begin("asked")
            wanted = {"picture: a mind map of groups", "sticker: Wave", "voice note", "poll: Which day?"}
            talk.tell("say", by=A, attachments=[PICTURE])
            talk.tell("say", by=A, stickers=["Wave"])
            talk.tell("say", by=A, flags=1 << 13, attachments=[{"filename": "v.ogg", "content_type": "audio/ogg"}])
            talk.tell("say", by=A, poll="Which day?")
            b = talk.tell("person", by="Pretend participant B")["id"]
            words = talk.tell("say", by=A, text=f"**A1** <@{b}> ||secret words|| in <#601>", attachments=[PICTURE])[
                "id"
            ]
            read = "A1 @pretend.participant.b [spoiler: secret words] in #other\npicture: a mind map of groups"
            x.tell("say", by="pretend_c", text="@OTalk_", pictures=["tea & cake"])
            held = talk.tell("say", by=A, text=f"secret words {NUMBER}", attachments=[PICTURE])["id"]
            await recorded(bot, wanted | {read, "@OTalk_\npicture: tea & cake"})
            await until(lambda: (row := bot.row("talk", held)) and row.verdict == "hold", lambda: "it is held")
            assert bot.convenor.database.read_sync(people.counts_by_place, bot.chat.name) == {
                "talk": (1, 5),
                "x": (1, 1),
            }, "one message is one post on each"

            for id in (words, held):
                talk.tell("edit", id=id, text="")
            await recorded(bot, wanted | {"@OTalk_\npicture: tea & cake"})
            await until(
                lambda: (row := bot.row("talk", held)) and row.text == "picture: a mind map of groups",
                lambda: "no words are left in the queue",
            )
            assert (await bot.tell("held", role="admin")).text.count("picture: a mind map of groups") == 1
            assert "secret words" not in (await bot.tell("held", role="admin")).text
            assert "secret words" not in await page(bot)
            assert "picture: a mind map of groups" in await page(bot)
            files = write(tmp_path / "out", bot.chat, bot.events())
            for path in (files.html, files.markdown, files.transcript, files.events):
                text = path.read_text(encoding="utf-8")
                assert "secret" not in text, path.name
                assert "mind map" in text, path.name
            await bot.end()


async def recorded(bot: RunningBot, texts: set[str]) -> None:
    """Until just these texts are in the record."""
    last: list[str] = []

    async def so() -> bool:
        last[:] = await bot.record()
        return set(last) == texts

    await bot.soon(so, lambda: f"the record is {texts}, it is {last}")


async def page(bot: RunningBot) -> str:
    """The chat's page in the room."""
    url = f"{address(bot.convenor.places['room'])}/{bot.chat.name}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()
