"""One odd answer of X's does not silence a chat there: a whole bot on the simulator, over real sockets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import structlog

from bot import status
from tests.contract.running_bot import RunningBot, running_bot, until
from tests.contract.settings import settings_of
from tests.sims.simulator import Simulator, simulator
from tests.sims.x_faults import CREDITS_DEPLETED, TOO_MANY, UNAUTHORIZED, bad_request

pytestmark = pytest.mark.asyncio(loop_scope="module")

POST, SEARCH, ME = "POST /2/tweets$", "GET /2/tweets/search/recent", "GET /2/users/me"


class Hosted:
    """A chat on X alone whose first question is out."""

    def __init__(self, bot: RunningBot, sim: Simulator) -> None:
        self.bot, self.sim = bot, sim

    async def next(self) -> None:
        """The next question, so long after the one before that it is no double click."""
        self.bot.clock.skip(6)
        await self.bot.tell("next", role="admin")

    def posted(self, key: str) -> list[str]:
        """What X has of a question."""
        number = key.removeprefix("q")
        posts: list[dict[str, Any]] = self.sim.ask("truth")["posts"]
        return [one["text"] for one in posts if one["text"].startswith(f"Q{number}. ") and self.bot.tag in one["text"]]

    def state(self) -> str:
        return self.bot.convenor.monitor.statuses()["x"].state

    def saved(self) -> tuple[str, list[str]]:
        """The place's state and its concerns, as `convenor status` has them; none of an earlier chat's."""
        report = status.places_report(self.bot.convenor.database, self.bot.clock.now())
        mine = [one.text for one in report.concerns if one.chat in (None, self.bot.chat.name)]
        return report.statuses[0].state, mine


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hosted]:
    limits = dict.fromkeys(("mentions", "search", "post", "posts_of", "me"), 1_000_000)
    with simulator("x", visible_after=0.2, rate_limits=limits) as sim:
        places = {"x": settings_of("x", sim.address, direct=False, search_every="0.5s", mentions_every="0.5s")}
        bot = RunningBot(tmp_path_factory.mktemp("bot"), places, {}, {})
        async with running_bot(bot):
            yield Hosted(bot, sim)


@pytest_asyncio.fixture(loop_scope="module")
async def chat(running: Hosted) -> AsyncIterator[Hosted]:
    running.sim.tell("faults", faults=[])
    await running.bot.begin("asked")
    yield running
    running.sim.tell("faults", faults=[])
    running.sim.tell("refuse")
    await until(lambda: running.state() == "connected", lambda: f"X works again: {running.saved()}")
    await running.bot.end()


async def test_too_often_once_without_a_time_costs_a_question_seconds(chat: Hosted) -> None:
    chat.sim.fails(POST, **TOO_MANY)
    with structlog.testing.capture_logs() as logs:
        await chat.next()
        await chat.bot.out("q2")
    assert chat.posted("q2") == ["Q2. What helps (2)? " + chat.bot.tag]
    assert [one["code"] for one in logs if one["event"] == "outbox.refused"] == ["429"]
    states = [one["state"] for one in logs if one["event"] == "place_status.changed"]
    assert states == ["down", "connected"]
    told = [one["what"] for one in logs if one["event"] == "place_status.concern"]
    assert len(told) <= 1, "it may be over before it is written"


async def test_while_posts_wait_status_says_so_and_a_reading_that_works_does_not_hide_it(chat: Hosted) -> None:
    chat.sim.fails(POST, **TOO_MANY, times=3)
    await chat.next()
    state, concerns = await until(lambda: chat.saved()[1] and chat.saved(), lambda: "a concern")
    assert (state, len(concerns)) == ("down", 1)
    assert concerns[0].startswith("Posts to X wait")
    looks = len(chat.sim.calls("mentions"))
    await until(lambda: len(chat.sim.calls("mentions")) > looks + 1, lambda: "mentions are read meanwhile")
    if not chat.posted("q2"):
        assert chat.state() == "down"
    await chat.bot.out("q2")
    await until(lambda: chat.saved() == ("connected", []), lambda: f"it is over: {chat.saved()}")
    assert len(chat.posted("q2")) == 1


async def test_too_often_on_the_search_loses_no_answer(chat: Hosted) -> None:
    chat.sim.fails(SEARCH, **TOO_MANY, times=2)
    for number in range(7):
        chat.sim.tell("say", by=f"pretend_{number}", text=f"A1 number {number} {chat.bot.tag}")
    wanted = {f"A1 number {number} {chat.bot.tag}" for number in range(7)}
    heard: set[str] = set()

    async def all_heard() -> bool:
        heard.update(await chat.bot.record())
        return wanted <= heard

    await chat.bot.soon(all_heard, lambda: f"all are heard: {wanted - heard}")


@pytest.mark.parametrize("fault", [CREDITS_DEPLETED, UNAUTHORIZED], ids=["402", "401"])
async def test_after_one_refusal_of_the_account_the_next_question_is_tried_when_it_is_due(
    chat: Hosted, fault: dict[str, Any]
) -> None:
    chat.sim.fails(POST, **fault)
    await chat.next()
    await until(lambda: chat.state() == "lost", lambda: "it is lost")
    calls = len(chat.sim.calls())
    await chat.next()
    await chat.bot.out("q2")
    await chat.bot.out("q3")
    assert (len(chat.posted("q2")), len(chat.posted("q3"))) == (1, 1)
    since = [one for one in chat.sim.calls()[calls:] if not re.search("mentions|search|quote", one)]
    assert since == [ME, "GET /2/users/1000/tweets", "POST /2/tweets", "POST /2/tweets"], "one look in between"


async def test_a_search_that_is_refused_is_told_for_as_long_as_it_is(chat: Hosted) -> None:
    chat.sim.fails(SEARCH, **bad_request("No search for you."), times=1000)
    await until(lambda: chat.saved()[1], lambda: "it is told")
    looks = len(chat.sim.calls("mentions"))
    while len(chat.sim.calls("mentions")) < looks + 3:
        state, (told,) = chat.saved()
        assert (state, "No search for you" in told) == ("connected", True)
        await asyncio.sleep(0.05)
    chat.sim.tell("faults", faults=[])
    await until(lambda: chat.saved() == ("connected", []), lambda: f"it is over: {chat.saved()}")


@pytest.mark.parametrize("fault", [CREDITS_DEPLETED, UNAUTHORIZED], ids=["402", "401"])
async def test_a_refusal_of_a_search_keeps_no_question_back(chat: Hosted, fault: dict[str, Any]) -> None:
    chat.sim.fails(SEARCH, **fault, times=99)  # the last readings of the chats before may get some
    longest_pause = 60  # seconds; a search that failed before may still wait for so long
    await until(lambda: chat.state() == "lost", lambda: "it is lost", 2 * longest_pause)
    chat.sim.tell("faults", faults=[])
    await chat.next()
    await chat.bot.out("q2")
    assert len(chat.posted("q2")) == 1


LONG = (
    "How do people join your groups who have never used a computer, whose families are far away, and for whom a "
    "screen is one more thing in the way? Think of those whom you have not seen since the spring. {middle} "
    "And what would you tell a service that begins with it tomorrow, with nobody to ask and no money to spend on it? "
    "Tell us what you would leave out, and what you would never do without again, whatever it costs in time and talk."
)
MIDDLE = (
    "What helped them most, was it a person, a leaflet, a telephone call or a visit at the door, and who had the time "
    "for it? Which of these would you keep when the groups meet in the same room again, and which would you drop? "
)


async def ask_at_length(chat: Hosted) -> list[str]:
    """Ask the long question next; returns what X has of it once nothing is left to send."""
    chat.bot.clock.skip(6)
    await chat.bot.tell(f"edit q2 {LONG.format(middle=MIDDLE)}", role="admin")
    await chat.next()
    await until(
        lambda: all(one.state in ("sent", "failed", "skipped") for one in chat.bot.lines("q2")),
        lambda: f"it is settled: {[(one.post.part, one.state, one.error) for one in chat.bot.lines('q2')]}",
    )
    ids = [one.receipt for one in chat.bot.lines("q2") if one.receipt]
    posts: list[dict[str, Any]] = chat.sim.ask("truth")["posts"]
    return [one["text"] for one in posts if one["id"] in ids]


async def test_a_long_question_whose_middle_is_refused_has_no_tail_and_the_host_is_told(chat: Hosted) -> None:
    chat.sim.tell("refuse", post=["telephone call", "same room"])
    with structlog.testing.capture_logs() as logs:
        parts = await ask_at_length(chat)
        (told,) = await until(lambda: chat.saved()[1], lambda: "the host is told")
    assert len(parts) == 1
    assert parts[0].startswith("Q2. How do people join")
    assert told.startswith("Q2 did not go out on X: X does not take this request (HTTP 400)")
    dashboard = await chat.bot.convenor.service.dashboard(chat.bot.chat.name)
    assert dashboard
    assert dashboard.concerns == (told,)
    assert {one["code"] for one in logs if one["event"] == "outbox.refused"} == {"400/invalid-request"}
    chat.sim.tell("refuse")
    await chat.next()
    await chat.bot.out("q3")


async def test_a_long_question_whose_middle_may_be_too_long_is_cut_again(chat: Hosted) -> None:
    chat.sim.tell("refuse", longest=200)
    parts = await ask_at_length(chat)
    assert " ".join(" ".join(parts).split()) == " ".join(f"Q2. {LONG.format(middle=MIDDLE)} {chat.bot.tag}".split())
    assert [one.state for one in chat.bot.lines("q2")] == ["sent"] * len(parts)
    assert chat.saved()[1] == []
