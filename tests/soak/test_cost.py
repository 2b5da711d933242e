"""The cost of a chat with 300 answers on X, by our ledger and by the simulator's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from bot.chat import Chat, Programme, Question
from bot.clock import WallClock
from bot.messages import Author, Command, Message
from bot.settings.settings import Settings
from bot.store import chats, ledger, outbox_queries, place_status
from bot.store.database import Database
from bot.transfer import export_events
from bot.wiring.convenor import Convenor
from tests.fakes.chats import a_chat
from tests.sims.simulator import Simulator, simulator

ANSWERS, ADDRESSED, PEOPLE = 300, 270, 75
LENGTH = timedelta(minutes=10)
"""Longer than needed: the chat is ended once everything is posted. Posts and messages cost money, minutes don't."""


def chat_now() -> Chat:
    starts = datetime.now(UTC) + timedelta(seconds=1)
    questions = tuple(
        Question(key=f"q{n}", text=f"Question {n}?", at=starts + timedelta(seconds=1 + n)) for n in range(1, 7)
    )
    return msgspec.structs.replace(a_chat(starts=starts), length=LENGTH, questions=questions, hashtag="#cost")


def settings(url: str, sim: Simulator, **x: float) -> Settings:
    place = {
        "platform": "x",
        "handle": "@OTalk_",
        "consumer_key": "ck",
        "consumer_secret": "cs",
        "access_token": "1000-at",
        "access_token_secret": "ats",
        "api_url": sim.address,
        "mentions_every": "1s",
        "search_every": "2s",
    }
    hosting = {"open_after": "6s", "lead": "1s"}
    return Settings.model_validate({"store": {"url": url}, "hosting": hosting, "places": {"x": place | x}})


async def talk(sim: Simulator) -> None:
    """Nine of ten answers are replies to the current question; the others have only the hashtag."""
    while True:
        asked = [post["id"] for post in sim.ask("truth")["posts"] if post["text"].startswith("Q")]
        if asked:
            break
        await asyncio.sleep(0.1)
    for number in range(ANSWERS):
        by, text = f"pretend{number % PEOPLE}", f"A1 answer {number} #cost"
        more = {"reply_to": asked[0]} if number % 10 else {}
        await asyncio.to_thread(sim.tell, "say", by=by, text=text, **more)


async def run_chat(convenor: Convenor, sim: Simulator, chat: Chat) -> None:
    """Run the chat until the final sweep is done or the budget is used up."""
    async with convenor.running(), asyncio.timeout(300):
        await talk(sim)
        while await convenor.database.read(unsent_keys, chat.name) - {"closing"}:
            await asyncio.sleep(0.2)
        end = Command(
            place="shell",
            id="end",
            chat=chat.name,
            at=convenor.clock.now(),
            author=Author(id="1"),
            text="end yes",
            role="admin",
        )
        assert (await convenor.service.answer(end)).done
        while await convenor.database.read(unsent_keys, chat.name) or not await convenor.database.read(over, chat.name):
            await asyncio.sleep(0.2)


def unsent_keys(connection: Connection, chat: str) -> set[str]:
    """The keys of posts that are not sent yet."""
    return {one.post.key for one in outbox_queries.outbox_rows(connection, chat) if one.state != "sent"}


def over(connection: Connection, chat: str) -> bool:
    """Whether the final sweep is done, or the budget is used up."""
    return bool(place_status.concerns_since(connection, chat_now().starts - timedelta(days=1))) or (
        chats.get_fact(connection, f"swept x {chat}") is not None
    )


async def test_three_hundred_answers_cost_sixty_cents_and_are_all_stored(tmp_path: Path) -> None:
    url, chat = f"sqlite:///{tmp_path / 'store.db'}", chat_now()
    with simulator("x", visible_after=0.2) as sim:
        convenor = Convenor(settings(url, sim), clock=WallClock(), programme=lambda: Programme(chats=(chat,)))
        await run_chat(convenor, sim, chat)
        truth = sim.ask("truth")
    database = Database(url)
    try:
        spent = database.read_sync(ledger.get_spending, "x", chat.name, datetime.now(UTC))
        heard = {one.text for one in export_events(database, chat) if isinstance(one, Message)}
    finally:
        database.close()
    assert len(heard) == ANSWERS
    assert spent.month / 1e6 == round(truth["spent_usd"], 6)
    assert truth["spent_usd"] <= 0.60
    assert spent.chat / 1e6 > 0.50, "it must have been a whole chat"


async def test_at_the_cap_it_stops_reading_with_a_concern_and_goes_on_posting(tmp_path: Path) -> None:
    url, chat = f"sqlite:///{tmp_path / 'store.db'}", chat_now()
    with simulator("x", visible_after=0.2) as sim:
        convenor = Convenor(
            settings(url, sim, cap_per_chat=0.30), clock=WallClock(), programme=lambda: Programme(chats=(chat,))
        )
        await run_chat(convenor, sim, chat)
        truth = sim.ask("truth")
    database = Database(url)
    try:
        told = database.read_sync(place_status.concerns_since, datetime(2020, 1, 1, tzinfo=UTC))
        lines = database.read_sync(outbox_queries.outbox_rows, chat.name)
    finally:
        database.close()
    assert truth["spent_usd"] <= 0.30 + 0.01, "the cent is for asking who we are, which is no chat's"
    assert truth["spent_usd"] > 0.20
    assert {line.state for line in lines} == {"sent"}
    assert [one.key for one in told] == [f"x cap-chat {chat.name}"]
    assert "cap_per_chat" in told[0].text
