"""The X adapter against a pretend X over real sockets, which checks signatures, counts and charges as X does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adapters.x.platform import X
from adapters.x.settings import XSettings
from bot.errors import PlatformError
from bot.messages import AnyEvent, Author, Edited, Image, Media, Message, Named, Post, Receipt, Viewed
from bot.ports.inbound import Charge
from bot.ports.platform import CurrentMessages, Diagnosis, ReadRequest
from tests.fakes.flat import flat
from tests.fakes.ports import context
from tests.sims.simulator import Simulator, simulator
from tests.sims.x_faults import (
    CREDITS_DEPLETED,
    GONE,
    HTML_503,
    SUSPENDED,
    TOO_MANY,
    UNAUTHORIZED,
    USAGE_CAP,
    bad_request,
    too_many,
)

CHAT = "otalk/2026-03-03-tea"
SECRETS: dict[str, Any] = {
    "consumer_key": "ck",
    "consumer_secret": "cs",
    "access_token": "1000-at",
    "access_token_secret": "ats",
}
PNG = b"\x89PNG\r\n\x1a\n"


class Clock:
    """The machine's, and as wrong as a test wants it."""

    speed = 1.0
    wrong_by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.wrong_by

    async def sleep_until(self, at: datetime) -> None:
        raise NotImplementedError


class Listener:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.ups = 0
        self.charges: list[Charge] = []
        self.concerns: list[tuple[str, str, str | None]] = []

    async def hear(self, event: AnyEvent) -> None:
        raise NotImplementedError

    async def paid(self, *charges: Charge) -> None:
        self.charges += charges

    def up(self, account: str = "") -> None:
        del account
        self.ups += 1

    def concern(self, what: str, text: str, chat: str | None = None) -> None:
        self.concerns.append((what, text, chat))

    def down(self, error: PlatformError) -> None:
        raise NotImplementedError

    def settled(self, what: str) -> None:
        raise AssertionError(what)

    def may_post(self, error: PlatformError | None) -> None:
        raise AssertionError(error)

    def bill(self) -> list[tuple[str, int]]:
        return [(one.what, one.micros) for one in self.charges]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("x", visible_after=0.0) as running:
        yield running


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def clock() -> Clock:
    return Clock()


Made = Callable[..., X]


@pytest.fixture
async def make(sim: Simulator, listener: Listener, clock: Clock) -> AsyncIterator[Made]:
    """Makes adapters that are not open yet, and closes them afterwards."""
    made: list[X] = []

    def one(**changes: Any) -> X:  # noqa: ANN401 -- settings of Account
        account = flat(XSettings, **({"handle": "@OTalk_", "api_url": sim.address, **SECRETS} | changes))
        made.append(X(context("x", clock, listener), account))
        return made[-1]

    yield one
    for each in made:
        await each.close()


@pytest.fixture
async def x(make: Made, listener: Listener) -> X:
    """An open one, with nothing on the bill yet."""
    opened = make()
    await opened.open()
    listener.charges.clear()
    return opened


def a_post(text: str = "Q1. Why? #OTalk", **more: Any) -> Post:  # noqa: ANN401 -- fields of Post
    plain: dict[str, Any] = {"chat": CHAT, "key": "q1", "place": "x", "kind": "question", "nonce": "n"}
    plain["due"] = datetime.now(UTC)
    return Post(text=text, **(plain | more))


def a_reading(source: str, **more: Any) -> ReadRequest:  # noqa: ANN401 -- fields of Reading
    plain: dict[str, Any] = {
        "since": datetime.now(UTC) - timedelta(minutes=10),
        "limit": 100,
        "chat": CHAT,
        "hashtag": "#OTalk",
    }
    return ReadRequest(source=source, **(plain | more))


async def heard(x: X, source: str, **more: Any) -> list[AnyEvent]:  # noqa: ANN401 -- fields of Reading
    return list((await x.read(a_reading(source, **more))).events)


def texts(events: list[AnyEvent]) -> list[str]:
    return [one.text for one in events if isinstance(one, Message)]


ME = json.dumps({"data": {"id": "1000", "username": "OTalk_", "name": "OTalk"}})


@contextlib.asynccontextmanager
async def parrot(
    match: str = "$^", status: int = 200, body: str = "", headers: dict[str, str] | None = None, kind: str = "status"
) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that says one thing wherever the path matches, else who we are; and what it was asked.

    Odd answers come from here, not from the pretend X: that one is held to what X publishes.
    """
    assert kind == "status"
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(f"{request.headers['Host']} {request.raw_path} {request.headers.get('Cookie', '')}".strip())
        if not re.search(match, request.path):
            return web.Response(text=ME, content_type="application/json", headers={"Set-Cookie": "guest_id=1"})
        sort = "text/html" if body.startswith("<") else "application/json"
        return web.Response(status=status, body=body.encode(), headers={"Content-Type": sort, **(headers or {})})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}", seen
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def repeating(match: str, **said: Any) -> AsyncIterator[tuple[X, list[str]]]:  # noqa: ANN401 -- as in parrot
    """An open adapter before a parrot."""
    async with parrot(match, **said) as (host, seen):
        x = X(context("x", Clock(), Listener()), flat(XSettings, api_url=f"http://{host}", **SECRETS))
        await x.open()
        seen.clear()
        yield x, seen
        await x.close()


def truth(sim: Simulator) -> list[dict[str, Any]]:
    posts: list[dict[str, Any]] = sim.ask("truth")["posts"]
    return posts


def marks(error: PlatformError) -> str:
    return "+".join(mark for mark in ("lost", "permanent", "ambiguous") if getattr(error, mark)) or "again"


# Opening and closing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [{}, {**dict.fromkeys(SECRETS, ""), "user_token": "user-token"}], ids=["1.0a", "2.0"])
async def test_it_gets_in_says_so_and_posts_with_either_kind_of_key(
    make: Made, listener: Listener, sim: Simulator, keys: dict[str, str]
) -> None:
    x = make(**keys)
    await x.open()
    assert listener.ups == 1
    assert listener.bill() == [("user read", 10_000)]
    await x.send(a_post("Q1. Why: tea & cake? 100% #Ergothérapie"))
    assert await heard(x, "search", hashtag="#Ergothérapie") == []
    sim.tell("say", by="pretend_a", text="A1 because #Ergothérapie")
    assert texts(await heard(x, "search", hashtag="#Ergothérapie")) == ["A1 because #Ergothérapie"]


async def test_without_keys_nobody_is_asked(make: Made, sim: Simulator, listener: Listener) -> None:
    with pytest.raises(PlatformError, match="set consumer_secret, or user_token") as caught:
        await make(consumer_secret="").open()
    assert caught.value.lost
    assert (sim.calls(), listener.ups) == ([], 0)


@pytest.mark.parametrize("address", ["", "x.com", "ftp://x.com", "http://", "http://[bad"])
async def test_an_address_that_is_none_is_named(listener: Listener, clock: Clock, address: str) -> None:
    x = X(context("x", clock, listener), flat(XSettings, api_url=address, **SECRETS))
    with pytest.raises(PlatformError, match="api_url must read like") as caught:
        await x.open()
    assert caught.value.lost


async def test_it_opens_after_it_could_not(make: Made, sim: Simulator, listener: Listener) -> None:
    x = make()
    sim.tell("account", by="OTalk_", suspended=True)
    with pytest.raises(PlatformError) as caught:
        await x.open()
    assert (marks(caught.value), listener.ups) == ("lost", 0)
    with pytest.raises(PlatformError, match="not connected"):
        await x.send(a_post())
    sim.tell("account", by="OTalk_", suspended=False)
    await x.open()
    await x.open()
    await x.send(a_post())
    assert listener.ups == 2


async def test_closing_breaks_off_what_is_under_way(x: X, sim: Simulator) -> None:
    sim.fails("POST /2/tweets", kind="slow", seconds=600)
    sending = asyncio.create_task(x.send(a_post()))
    while not sim.calls("POST /2/tweets"):
        await asyncio.sleep(0.01)
    await x.close()
    await x.close()
    with pytest.raises(PlatformError) as caught:
        await asyncio.wait_for(sending, 60)
    assert caught.value.ambiguous
    with pytest.raises(PlatformError, match="not connected") as caught:
        await x.find(a_post())
    assert not caught.value.ambiguous


async def test_closing_before_opening_is_harmless(listener: Listener, clock: Clock) -> None:
    x = X(context("x", clock, listener), XSettings())
    await x.close()
    await x.close()


# Posting ----------------------------------------------------------------------------------------------------------


async def test_a_post_has_an_address_and_a_price(x: X, sim: Simulator, listener: Listener) -> None:
    receipt = await x.send(a_post())
    (there,) = truth(sim)
    assert there["text"] == "Q1. Why? #OTalk"
    assert receipt.id == there["id"]
    assert receipt.url == f"https://x.com/OTalk_/status/{receipt.id}"
    assert abs(receipt.at.timestamp() - there["at"]) < 0.01
    (charge,) = listener.charges
    assert (charge.what, charge.micros, charge.resource, charge.chat) == ("post", 15_000, receipt.id, CHAT)
    await x.send(a_post("Q2. example.org says so #OTalk"))
    assert listener.charges[-1].micros == 200_000


async def test_a_reply_hangs_under_what_it_answers(x: X, sim: Simulator) -> None:
    first = await x.send(a_post("Q1. A long one"))
    await x.send(a_post("and its second part", reply_to=first.id, part=2))
    assert truth(sim)[1]["reply_to"] == first.id


async def test_nobody_is_answered_who_did_not_call(x: X, sim: Simulator) -> None:
    stranger = sim.tell("say", by="pretend_a", text="I like tea")
    with pytest.raises(PlatformError, match="only those who mentioned it") as caught:
        await x.send(a_post("Thank you", reply_to=stranger["id"]))
    assert marks(caught.value) == "permanent"


async def test_a_picture_comes_with_its_words(x: X, sim: Simulator, listener: Listener, tmp_path: Path) -> None:
    picture = tmp_path / "big.png"
    picture.write_bytes(PNG + bytes(2 * 2**20))
    post = a_post(image=Image(path=str(picture), alt="A chart of teas. " * 100))
    receipt = await x.send(post)
    (there,) = truth(sim)
    assert there["media"][0]["alt"] == ("A chart of teas. " * 100)[:1000]
    assert listener.bill() == [("media metadata", 5_000), ("post", 15_000)]
    assert await x.find(post) == receipt


@pytest.mark.parametrize(("name", "why"), [("gone.png", "cannot be read"), ("film.mp4", "PNG, JPEG or WebP")])
async def test_a_picture_that_cannot_be_had_costs_no_question_and_is_named(
    x: X, sim: Simulator, listener: Listener, tmp_path: Path, name: str, why: str
) -> None:
    await x.send(a_post(image=Image(path=str(tmp_path / name), alt="Tea")))
    assert [(one["text"], one["media"]) for one in truth(sim)] == [("Q1. Why? #OTalk", [])]
    ((what, said_of_it, chat),) = listener.concerns
    assert (what, chat) == ("picture-q1", CHAT)
    assert re.match(f"Q1: .*without it.*{name}.*{why}", said_of_it)


LONG_ALT = "A chart of teas. " * 50 + "The end of it."


@pytest.mark.parametrize(
    ("refused", "there", "told"),
    [
        ({"alt": [""]}, [None], "without; say in a post"),
        ({"alt": ["The end"]}, [LONG_ALT[:400]], "its end is missing"),
        ({"upload": [""]}, [], "without it"),
    ],
    ids=["alternative text", "a long alternative text", "picture"],
)
async def test_what_x_refuses_of_a_picture_costs_no_question(
    x: X, sim: Simulator, listener: Listener, tmp_path: Path, refused: dict[str, list[str]], there: list[str], told: str
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    sim.tell("refuse", **refused)
    post = a_post(image=Image(path=str(tmp_path / "a.png"), alt=LONG_ALT))
    receipt = await x.send(post)
    (posted,) = truth(sim)
    assert [one["alt"] for one in posted["media"]] == there
    ((_, text, _),) = listener.concerns
    assert told in text
    assert "HTTP 400" in text
    assert await x.find(post) == receipt


async def test_a_post_that_is_refused_with_its_picture_is_tried_without(
    x: X, sim: Simulator, listener: Listener, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    sim.fails("POST /2/tweets$", **bad_request("Your media IDs are invalid."))
    await x.send(a_post(image=Image(path=str(tmp_path / "a.png"), alt="Tea")))
    assert [one["media"] for one in truth(sim)] == [[]]
    assert "media IDs are invalid" in listener.concerns[0][1]
    sim.fails("POST /2/tweets$", **bad_request("It is too long."), times=2)
    with pytest.raises(PlatformError, match="too long") as caught:
        await x.send(a_post("Q2. And how? #OTalk", image=Image(path=str(tmp_path / "a.png"), alt="Tea")))
    assert (marks(caught.value), caught.value.too_long, caught.value.code) == ("permanent", True, "400/invalid-request")
    assert len(listener.concerns) == 1, "only what went out is told of"


async def test_a_picture_that_cannot_be_sent_just_now_is_waited_for_a_little(
    x: X, sim: Simulator, listener: Listener, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    image = Image(path=str(tmp_path / "a.png"), alt="Tea")
    sim.fails("POST /2/media/upload", **HTML_503, times=2)
    with pytest.raises(PlatformError) as caught:
        await x.send(a_post(image=image))
    assert (marks(caught.value), truth(sim)) == ("again", [])
    await x.send(a_post(image=image, due=datetime.now(UTC) - timedelta(seconds=31)))
    assert [one["media"] for one in truth(sim)] == [[]]
    assert len(listener.concerns) == 1


@pytest.mark.parametrize("call", ["upload", "metadata"])
@pytest.mark.parametrize("fault", [CREDITS_DEPLETED, UNAUTHORIZED], ids=["402", "401"])
async def test_a_picture_for_which_the_keys_do_not_hold_is_waited_for_a_little(
    x: X, sim: Simulator, listener: Listener, tmp_path: Path, call: str, fault: dict[str, Any]
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    image = Image(path=str(tmp_path / "a.png"), alt="Tea")
    sim.fails(f"POST /2/media/{call}", **fault, times=2)
    with pytest.raises(PlatformError) as caught:
        await x.send(a_post(image=image))
    assert (marks(caught.value), truth(sim)) == ("lost", [])
    await x.send(a_post(image=image, due=datetime.now(UTC) - timedelta(seconds=31)))
    assert (len(truth(sim)), len(listener.concerns)) == (1, 1)


async def test_a_picture_that_would_be_late_or_hangs_is_left_out(
    make: Made, sim: Simulator, listener: Listener, tmp_path: Path
) -> None:
    x = make(timeout=12.0)
    await x.open()
    (tmp_path / "a.png").write_bytes(PNG)
    image = Image(path=str(tmp_path / "a.png"), alt="Tea")
    sim.fails("POST /2/media/upload", **too_many(600))
    await x.send(a_post(image=image))
    sim.fails("POST /2/media/upload", "late", seconds=600.0)
    begun = time.monotonic()
    await x.send(a_post("Q2. And how? #OTalk", image=image, due=datetime.now(UTC) - timedelta(seconds=31)))
    assert time.monotonic() - begun < x.traits.delivery.timeout, "the core would take it for unanswered"
    assert [one["media"] for one in truth(sim)] == [[], []]
    assert ["without it" in text for _, text, _ in listener.concerns] == [True, True]


async def test_a_picture_that_is_lost_on_the_way_leaves_no_doubt_about_the_post(
    x: X, sim: Simulator, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    sim.fails("POST /2/media/upload", kind="lost")
    with pytest.raises(PlatformError) as caught:
        await x.send(a_post(image=Image(path=str(tmp_path / "a.png"), alt="Tea")))
    assert marks(caught.value) == "again"


# Answers that never came --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        ({"kind": "lost"}, 1),
        ({"kind": "refused"}, 0),
        ({"kind": "late", "seconds": 600.0}, 1),
        (HTML_503, 0),
    ],
    ids=["lost", "broken", "late", "a page"],
)
async def test_an_answer_that_never_came_is_ambiguous_and_a_look_decides(
    make: Made, sim: Simulator, fault: dict[str, Any], there: int
) -> None:
    x = make(timeout=3.0)
    await x.open()
    sim.fails("POST /2/tweets", **fault)
    post = a_post("Q1. See https://example.org/tea & cake #OTalk")
    with pytest.raises(PlatformError) as caught:
        await x.send(post)
    assert marks(caught.value) == "ambiguous"
    found = await x.find(post)
    assert [one["id"] for one in truth(sim)] == ([found.id] if found else [])
    assert len(truth(sim)) == there


async def test_a_request_that_never_left_is_not_ambiguous(listener: Listener, clock: Clock) -> None:
    with simulator("x") as sim:
        x = X(context("x", clock, listener), flat(XSettings, api_url=sim.address, **SECRETS))
        await x.open()
    with pytest.raises(PlatformError, match="cannot be reached"):
        await x.find(a_post())  # notices that the connection from before is closed
    with pytest.raises(PlatformError, match="cannot be reached") as caught:
        await x.send(a_post())
    assert marks(caught.value) == "again"
    await x.close()


@pytest.mark.parametrize(
    ("fault", "answer", "remedy"),
    [
        (CREDITS_DEPLETED, "lost+ambiguous", "Buy credits"),
        (UNAUTHORIZED, "lost+ambiguous", "consumer_key"),
        (SUSPENDED, "lost", "Log in"),
        (USAGE_CAP, "again", "usage cap"),
        (TOO_MANY, "again", "too often"),
        ({**HTML_503, "status": 408}, "ambiguous", "HTTP 408"),
        ({**bad_request("Request timeout"), "status": 408}, "ambiguous", "HTTP 408"),
        ({**TOO_MANY, "headers": {"x-rate-limit-reset": "soon"}}, "again", "too often"),
        ({"status": 404, "body": '{"detail": "Not Found"}'}, "permanent", "404.*Not Found"),
        ({"status": 404}, "again", "api_url"),
        ({"status": 403, "body": "<html>proxy</html>"}, "again", "api_url"),
        ({"status": 302, "headers": {"Location": "/2/users/me"}}, "again", "api_url"),
    ],
    ids=[
        "402",
        "401",
        "suspended",
        "capped",
        "too often",
        "a page of a machine that waited too long",
        "408",
        "too often, oddly",
        "404",
        "nothing",
        "a proxy's page",
        "elsewhere",
    ],
)
async def test_refusals_say_what_to_do(fault: dict[str, Any], answer: str, remedy: str) -> None:
    async with repeating("/2/tweets", **fault) as (x, seen):
        with pytest.raises(PlatformError, match=remedy) as caught:
            await x.send(a_post())
    assert marks(caught.value) == answer
    assert len(seen) == 1


@pytest.mark.parametrize("body", ["[]", "7", '{"errors": 7}', '{"errors": [null]}', '{"detail": {}}', "{", "[" * 9999])
async def test_a_refusal_in_an_odd_shape_is_still_a_refusal(body: str) -> None:
    async with repeating("/2/tweets", status=403, body=body) as (x, _):
        with pytest.raises(PlatformError) as caught:
            await x.send(a_post())
    assert marks(caught.value) == "again"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"data": {"id": 7}}', "[3", "[" * 9999, "<html>", "\x00"])
async def test_a_receipt_that_makes_no_sense_is_ambiguous(body: str) -> None:
    async with repeating("/2/tweets", status=201, body=body) as (x, _):
        with pytest.raises(PlatformError) as caught:
            await x.send(a_post())
    assert marks(caught.value) == "ambiguous"


async def test_keys_that_may_only_read_are_told_from_other_refusals(x: X, sim: Simulator) -> None:
    sim.tell("account", by="OTalk_", read_only=True)
    with pytest.raises(PlatformError, match="Read and write") as caught:
        await x.send(a_post())
    assert marks(caught.value) == "lost"


async def test_too_fast_is_over_when_x_says(x: X, sim: Simulator) -> None:
    sim.fails("POST /2/tweets", **too_many(40))
    with pytest.raises(PlatformError) as caught:
        await x.send(a_post())
    assert caught.value.retry_after is not None
    assert 38 < caught.value.retry_after < 43
    sim.fails("GET", **USAGE_CAP)
    with pytest.raises(PlatformError) as caught:
        await heard(x, "mentions")
    assert caught.value.retry_after is None, "X has not said when, so the wait grows from seconds"


# Said already -------------------------------------------------------------------------------------------------------


async def test_the_same_post_again_gives_the_same_receipt(x: X, sim: Simulator) -> None:
    post = a_post()
    assert await x.send(post) == await x.send(post)
    assert len(truth(sim)) == 1


async def test_an_older_post_with_the_same_text_asks_for_other_words(x: X, sim: Simulator) -> None:
    sim.tell("say", by="OTalk_", text="Welcome! #OTalk", at=-7200)
    said = datetime.now(UTC) - timedelta(hours=2)
    with pytest.raises(PlatformError, match=f"{said:%d %B %Y}.*Change the wording") as caught:
        await x.send(a_post("Welcome! #OTalk"))
    assert marks(caught.value) == "permanent"


async def test_a_text_that_x_has_but_does_not_show_stays_ambiguous() -> None:
    with simulator("x", visible_after=60.0) as sim:
        x = X(context("x", Clock(), Listener()), flat(XSettings, api_url=sim.address, **SECRETS))
        await x.open()
        await x.send(a_post())
        with pytest.raises(PlatformError, match="does not show it yet") as caught:
            await x.send(a_post())
        assert marks(caught.value) == "ambiguous"
        sim.fails("GET", **USAGE_CAP)
        with pytest.raises(PlatformError, match="does not show it yet") as caught:
            await x.send(a_post())
        assert marks(caught.value) == "ambiguous"
        await x.close()


# Looking for our own posts ------------------------------------------------------------------------------------------


async def test_what_was_posted_is_found_whatever_x_makes_of_it(x: X) -> None:
    sent = await x.send(a_post('Q1. <Tea> & "cake":\n\n  see HTTPS://example.org/a/  and example.com  #OTalk'))
    found = await x.find(a_post('Q1. <Tea> & "cake":\n\n  see HTTPS://example.org/a/  and example.com  #OTalk'))
    assert found == sent
    assert await x.find(a_post("Q1. <Tea> #OTalk")) is None


async def test_a_reply_is_found_under_its_own_post_only(x: X, sim: Simulator) -> None:
    ids = [sim.tell("say", by=name, text="@OTalk_ leave me out")["id"] for name in ("pretend_a", "pretend_b")]
    sent = await x.send(a_post("You are left out. 1", reply_to=ids[0]))
    assert await x.find(a_post("You are left out. 1", reply_to=ids[0])) == sent
    assert await x.find(a_post("You are left out. 1", reply_to=ids[1])) is None
    assert await x.find(a_post("You are left out. 1")) is None


async def test_older_posts_are_not_looked_at_and_not_paid_for(x: X, sim: Simulator, listener: Listener) -> None:
    sim.tell("say", by="OTalk_", text="Q1. Why? #OTalk", at=-90)
    assert await x.find(a_post()) is None
    assert listener.charges == []
    sim.tell("say", by="OTalk_", text="Q1. Why? #OTalk", at=-20)
    assert await x.find(a_post())
    assert listener.bill() == [("own post read", 1_000)]


async def test_it_looks_on_through_the_pages(x: X, sim: Simulator) -> None:
    first = sim.tell("say", by="OTalk_", text="Q1. Why? #OTalk", at=-30)
    for number in range(101):
        sim.tell("say", by="OTalk_", text=f"number {number}", at=-20)
    found = await x.find(a_post())
    assert found is not None
    assert found.id == first["id"]
    assert len(sim.calls("/2/users/1000/tweets")) == 2


# Reading ------------------------------------------------------------------------------------------------------------


async def test_mentions_are_read_in_pages_and_paid_for_as_x_does(x: X, sim: Simulator, listener: Listener) -> None:
    asked = await x.send(a_post())
    listener.charges.clear()
    for number in range(7):
        sim.tell("say", by=f"pretend_{number}", text=f"A1 {number} & more", reply_to=asked.id)
    reading = a_reading("mentions", limit=5)
    first = await x.read(reading)
    assert first.more
    second = await x.read(a_reading("mentions", limit=5, since=reading.since, more=first.more))
    assert second.more is None
    found = [one for one in (*first.events, *second.events) if isinstance(one, Message)]
    assert sorted(one.text for one in found) == [f"@OTalk_ A1 {number} & more" for number in range(7)]
    assert {(one.reply_to, one.conversation, one.mentions_bot) for one in found} == {(asked.id, asked.id, True)}
    assert {one.resource for one in listener.charges} == {one.id for one in found}
    assert listener.bill() == [("own mention read", 1_000)] * 7
    assert {one.chat for one in listener.charges} == {CHAT}


async def test_pictures_come_with_their_descriptions_and_are_paid_for(x: X, sim: Simulator, listener: Listener) -> None:
    sim.tell("say", by="pretend_a", text="@OTalk_", pictures=["a mind map & groups", None])
    sim.tell("say", by="pretend_b", text="#OTalk", pictures=["tea"])
    listener.charges.clear()
    (one,) = [event for event in await heard(x, "mentions") if isinstance(event, Message)]
    assert (one.text, one.media) == (
        "@OTalk_",
        (Media(kind="picture", text="a mind map & groups"), Media(kind="picture")),
    )
    assert listener.bill() == [("own mention read", 1_000), ("media read", 5_000), ("media read", 5_000)]
    (two,) = [event for event in await heard(x, "search") if isinstance(event, Message)]
    assert (two.text, two.media) == ("#OTalk", (Media(kind="picture", text="tea"),))
    assert listener.bill()[3:] == [("post read", 5_000), ("media read", 5_000)]
    assert len([one for one in sim.ask("truth")["charges"] if one["what"] == "media read"]) == 3


async def test_the_search_finds_only_what_does_not_mention_the_bot(x: X, sim: Simulator, listener: Listener) -> None:
    sent = await x.send(a_post())
    listener.charges.clear()
    sim.tell("say", by="pretend_a", text="A1 tea #otalk")
    sim.tell("say", by="pretend_b", text="A1 cake #OTalk", reply_to=sent.id)
    sim.tell("say", by="pretend_c", text="A1 no tag")
    assert texts(await heard(x, "search")) == ["A1 tea #otalk"]
    assert listener.bill() == [("post read", 5_000)]
    assert texts(await heard(x, "search", since=datetime.now(UTC) - timedelta(days=30))) == ["A1 tea #otalk"]
    assert await heard(x, "search", hashtag="") == []


async def test_protected_and_deleted_posts_do_not_come(x: X, sim: Simulator) -> None:
    sim.tell("say", by="pretend_a", text="@OTalk_ hidden", protected=True)
    gone = sim.tell("say", by="pretend_b", text="@OTalk_ gone")
    sim.tell("delete", id=gone["id"])
    assert await heard(x, "mentions") == []


async def test_an_edit_is_heard_with_the_id_the_post_has_had(x: X, sim: Simulator) -> None:
    first = sim.tell("say", by="pretend_a", text="@OTalk_ A1 tee")
    before = await heard(x, "mentions")
    sim.tell("edit", id=first["id"], text="@OTalk_ A1 tea")
    after = await heard(x, "mentions")
    assert texts(before) == ["@OTalk_ A1 tee"]
    assert [(type(one), one.id, one.text) for one in after if isinstance(one, Message | Edited)] == [
        (Message, first["id"], "@OTalk_ A1 tea"),
        (Edited, first["id"], "@OTalk_ A1 tea"),
    ]


async def test_a_quote_and_every_version_of_an_edited_post_are_known(x: X, sim: Simulator) -> None:
    asked = sim.tell("say", by="OTalk_", text="Q1. Who helps?")
    first = sim.tell("say", by="pretend_a", text="@OTalk_ A1 tee")
    second = sim.tell("edit", id=first["id"], text="@OTalk_ A1 tea")
    sim.tell("edit", id=second["id"], text="@OTalk_ A1 green tea")
    sim.tell("say", by="pretend_b", text="@OTalk_ our team", quote_of=asked["id"])
    said = {one.id: one for one in await heard(x, "mentions") if isinstance(one, Message)}
    assert [one.quotes for one in said.values() if one.text.endswith("our team")] == [asked["id"]]
    assert len(said[first["id"]].versions) == 2
    assert said[first["id"]].versions[0] == second["id"]


async def test_reading_again_tells_the_same(x: X, sim: Simulator) -> None:
    sim.tell("say", by="pretend_b", text="hello")
    sim.tell("say", by="pretend_a", text="@OTalk_ and @pretend_b: A1 tea")
    first = await heard(x, "mentions")
    assert [type(one) for one in first] == [Message, Named]
    assert await heard(x, "mentions") == first


async def test_views_come_where_they_are_wanted(make: Made, sim: Simulator) -> None:
    x = make(views=True)
    await x.open()
    sim.tell("say", by="pretend_a", text="@OTalk_ A1 tea")
    assert [type(one) for one in await heard(x, "mentions")] == [Message, Viewed]


@pytest.mark.parametrize(
    "body", ["null", "[]", '{"data": 7}', '{"data": [7, null, {}]}', '{"meta": 3}', "", "{", '{"data": {"id": "1"}}']
)
async def test_whatever_comes_instead_of_a_page_is_a_page_or_one_kind_of_error(body: str) -> None:
    async with repeating("/mentions", body=body) as (x, seen):
        with contextlib.suppress(PlatformError):
            assert await heard(x, "mentions") == []
    assert len(seen) == 1


async def test_ids_that_tell_no_time_cost_no_post_and_no_time(listener: Listener, clock: Clock) -> None:
    with simulator("x", visible_after=0.0, counted_ids=True) as sim:
        x = X(context("x", clock, listener), flat(XSettings, api_url=sim.address, **SECRETS))
        await x.open()
        post = a_post()
        receipt = await x.send(post)
        sim.tell("say", by="pretend_a", text="an hour ago #OTalk", at=-3600)
        sim.tell("say", by="pretend_b", text="A1 tea", reply_to=receipt.id, at=-30)
        sim.tell("say", by="pretend_c", text="A1 cake #OTalk", at=-20)
        found = await x.find(post)
        (answer,) = (one for one in await heard(x, "mentions") if isinstance(one, Message))
        (tagged,) = (one for one in await heard(x, "search") if isinstance(one, Message))
        there = {one["id"]: one["at"] for one in truth(sim)}
        assert found is not None
        assert found.id == receipt.id
        for one in (receipt, found, answer, tagged):
            assert abs(one.at.timestamp() - there[one.id]) < 60
        assert answer.at.timestamp() == int(there[answer.id])
        await x.close()


async def test_quotes_of_our_newest_posts_are_found_post_by_post(x: X, sim: Simulator, listener: Listener) -> None:
    ids = [(await x.send(a_post(f"Q{number}. Why? #OTalk"))).id for number in range(1, 15)]
    listener.charges.clear()
    for number, id in enumerate(ids):
        sim.tell("say", by="pretend_a", text=f"A{number + 1} this", quote_of=id)
    for number in range(12):
        sim.tell("say", by=f"pretend_{number}", text=f"Yes {number}", quote_of=ids[-1])
    sim.tell("say", by="pretend_b", text="An old one", quote_of=ids[-1], at=-7200)
    found: list[AnyEvent] = []
    more: str | None = None
    for _ in range(20):
        page = await x.read(a_reading("quotes", limit=10, posts=tuple(ids), more=more))
        found += page.events
        more = page.more
        if more is None:
            break
    assert set(texts(found)) == {f"A{n} this" for n in range(3, 15)} | {f"Yes {n}" for n in range(12)}
    assert len(sim.calls("quote_tweets")) == 13, "twelve posts, one of them in two pages"
    assert set(listener.bill()) == {("post read", 5_000)}
    assert await heard(x, "quotes") == []


async def test_where_x_offers_no_quotes_it_is_asked_seldom(listener: Listener, clock: Clock) -> None:
    with simulator("x", visible_after=0.0, quotes=False) as sim:
        x = X(context("x", clock, listener), flat(XSettings, api_url=sim.address, **SECRETS))
        await x.open()
        first = (await x.send(a_post())).id
        for _ in range(2):
            assert await heard(x, "quotes", posts=(first,)) == []
        assert len(sim.calls("quote_tweets")) == 1
        clock.wrong_by = timedelta(minutes=16)
        assert await heard(x, "quotes", posts=(first,)) == []
        assert len(sim.calls("quote_tweets")) == 2
        await x.close()


async def test_a_post_that_is_gone_hides_no_quotes_of_the_others(x: X, sim: Simulator) -> None:
    first, second = [(await x.send(a_post(f"Q{number}. Why? #OTalk"))).id for number in (1, 2)]
    sim.tell("say", by="pretend_a", text="A1 this", quote_of=first)
    sim.fails("quote_tweets", **GONE)
    page = await x.read(a_reading("quotes", posts=(first, second)))
    assert page.events == ()
    assert page.more is not None, "the newest post was asked about, and is gone"
    assert texts([*(await x.read(a_reading("quotes", posts=(first, second), more=page.more))).events]) == ["A1 this"]


@pytest.mark.parametrize(
    "fault", [CREDITS_DEPLETED, UNAUTHORIZED, TOO_MANY, HTML_503], ids=["402", "401", "429", "503"]
)
async def test_quotes_that_cannot_be_read_say_nothing_about_the_account(
    x: X, sim: Simulator, clock: Clock, fault: dict[str, Any]
) -> None:
    first = (await x.send(a_post())).id
    sim.tell("say", by="pretend_a", text="A1 this", quote_of=first)
    sim.fails("quote_tweets", **fault)
    assert await heard(x, "quotes", posts=(first,)) == []
    clock.wrong_by = timedelta(minutes=16)
    since = datetime.now(UTC) - timedelta(minutes=10)
    assert texts(await heard(x, "quotes", posts=(first,), since=since)) == ["A1 this"]


async def searched(sim: Simulator, listener: Listener, clock: Clock, minutes: float) -> tuple[X, list[str]]:
    """What a search finds at once, and again so much later, while a mention arrived."""
    x = X(context("x", clock, listener), flat(XSettings, api_url=sim.address, **SECRETS))
    await x.open()
    first = texts(await heard(x, "search"))
    sim.tell("say", by="pretend_a", text="@OTalk_ A1 tea #OTalk")
    sim.tell("say", by="pretend_b", text="A1 cake #OTalk")
    await heard(x, "mentions")
    clock.wrong_by = timedelta(minutes=minutes)
    since = datetime.now(UTC) - timedelta(minutes=10)
    return x, [*first, *texts(await heard(x, "search", since=since))]


async def test_a_search_that_stays_empty_while_mentions_arrive_is_made_plainer_once(
    listener: Listener, clock: Clock
) -> None:
    with simulator("x", visible_after=0.0, blind_search=True) as sim:
        x, found = await searched(sim, listener, clock, minutes=3.5)
        assert set(found) == {"@OTalk_ A1 tea #OTalk", "A1 cake #OTalk"}
        calls = len(sim.calls("search"))
        sim.tell("say", by="pretend_c", text="A1 scones #OTalk")
        assert "A1 scones #OTalk" in texts(await heard(x, "search"))
        assert len(sim.calls("search")) == calls + 1, "the plainer query is kept"
        await x.close()


async def test_a_search_that_is_only_quiet_stays_as_it_is(listener: Listener, clock: Clock) -> None:
    with simulator("x", visible_after=0.0, blind_search=True) as sim:
        x, found = await searched(sim, listener, clock, minutes=2.5)
        assert found == [], "it was not empty for long"
        await x.close()
    clock.wrong_by = timedelta(0)
    with simulator("x", visible_after=0.0) as sim:
        x = X(context("x", clock, listener), flat(XSettings, api_url=sim.address, **SECRETS))
        await x.open()
        assert await heard(x, "search") == []
        sim.tell("say", by="pretend_a", text="@OTalk_ A1 tea #OTalk")
        await heard(x, "mentions")
        for minutes in (4, 8):
            clock.wrong_by = timedelta(minutes=minutes)
            await heard(x, "search", since=datetime.now(UTC) - timedelta(minutes=10))
        assert len(sim.calls("search")) == 4, "the plainer query found no more, so it was tried once"
        await x.close()


async def test_a_search_that_is_refused_is_made_plainer_for_as_long_as_it_is(x: X, sim: Simulator) -> None:
    for number in range(12):
        sim.tell("say", by="pretend_b", text=f"A1 cake {number} #OTalk")
    sim.fails("GET /2/tweets/search/recent", **bad_request("The operator is not available."))
    first = await x.read(a_reading("search", limit=10))
    rest = await x.read(a_reading("search", limit=10, more=first.more))
    assert len(texts([*first.events, *rest.events])) == 12, "the second page is of the same query"
    sim.fails("GET /2/tweets/search/recent", **bad_request("It is not available at all."), times=2)
    with pytest.raises(PlatformError, match="not available at all"):
        await heard(x, "search")
    assert len(await heard(x, "search")) == 12
    assert len(sim.calls("search")) == 6


# Names, and what is gone --------------------------------------------------------------------------------------------


async def test_names_are_asked_for_by_id(x: X, make: Made, sim: Simulator, listener: Listener) -> None:
    who = sim.tell("say", by="pretend_a", text="hello", name="Pretend participant A", followers=120)["user_id"]
    plain = Author(id=who, handle="@pretend_a", name="Pretend participant A")
    assert await x.find_names([who, "999999", "not an id", who], CHAT) == (plain,)
    assert listener.bill() == [("user read", 10_000)]
    assert await x.find_names(["not an id"], CHAT) == ()
    counting = make(followers=True)
    await counting.open()
    (found,) = await counting.find_names([who], CHAT)
    assert found.followers == 120


async def test_what_is_deleted_or_protected_is_gone_and_what_is_edited_is_not(
    x: X, sim: Simulator, listener: Listener
) -> None:
    ids = [sim.tell("say", by=f"pretend_{name}", text="@OTalk_ tea")["id"] for name in "abcd"]
    sim.tell("delete", id=ids[1])
    sim.tell("protect", by="pretend_c")
    sim.tell("edit", id=ids[3], text="@OTalk_ cake")
    assert set(await x.find_deleted([*ids, "1"], CHAT)) == {ids[1], ids[2], "1"}
    assert listener.bill() == [("post read", 5_000)] * 2
    assert await x.find_deleted(ids[:1], CHAT) == ()
    assert await x.find_deleted([], CHAT) == ()


async def test_a_post_that_takes_back_its_mention_and_its_hashtag_is_gone(
    x: X, sim: Simulator, listener: Listener
) -> None:
    texts = ["@OTalk_ A1 one", "@OTalk_ A1 two", "A1 three #OTalk", "A1 four #OTalk", "@OTalk_ A1 five"]
    ids = [sim.tell("say", by=f"pretend_{n}", text=text)["id"] for n, text in enumerate(texts)]
    for id, text in zip(ids, ["for others", "@OTalk_ better", "for others", "better #otalk"], strict=False):
        sim.tell("edit", id=id, text=text)
    assert await x.find_deleted(ids, CHAT) == (), "before it knows the hashtag it looks at no edits"
    await heard(x, "search")
    listener.charges.clear()
    assert set(await x.find_deleted(ids, CHAT)) == {ids[0], ids[2]}
    assert listener.bill() == [("post read", 5_000)] * (5 + 4)


async def test_what_became_of_posts_is_told_apart(x: X, sim: Simulator, listener: Listener) -> None:
    ids = [sim.tell("say", by=f"pretend_{name}", text="@OTalk_ tea &amp; cake")["id"] for name in "abcd"]
    sim.tell("delete", id=ids[1])
    sim.tell("protect", by="pretend_c")
    newest = sim.tell("edit", id=ids[3], text="@OTalk_ cake")["id"]
    listener.charges.clear()
    found = await x.find_current([*ids, "not an id"], CHAT)
    assert (found.there, found.deleted, found.withheld) == ((ids[0], ids[3]), (ids[1],), (ids[2],))
    assert [(one.id, one.text, one.version, one.media) for one in found.edits] == [
        (ids[3], "@OTalk_ cake", newest, None)
    ]
    assert listener.bill() == [("post read", 5_000)] * 3, "the newest version costs as much again"
    sim.tell("protect", by="pretend_c", protected=False)
    assert (await x.find_current(ids[2:3], CHAT)).there == (ids[2],)
    assert await x.find_current(["not an id"], CHAT) == CurrentMessages()


async def test_posts_of_somebody_who_is_suspended_are_withheld_and_come_back_with_them(x: X, sim: Simulator) -> None:
    ids = [sim.tell("say", by=f"pretend_{name}", text="@OTalk_ tea")["id"] for name in "abc"]
    sim.tell("suspend", by="pretend_b")
    sim.tell("suspend", by="pretend_c", says_so=True)
    found = await x.find_current(ids, CHAT)
    assert (found.there, found.deleted, found.withheld) == ((ids[0],), (), (ids[1], ids[2]))
    assert set(await x.find_deleted(ids, CHAT)) == {ids[1], ids[2]}
    sim.tell("suspend", by="pretend_c", suspended=False)
    assert (await x.find_current(ids, CHAT)).there == (ids[0], ids[2])


async def test_an_edit_found_later_is_the_same_event_as_one_heard_before(x: X, sim: Simulator) -> None:
    id = sim.tell("say", by="pretend_a", text="@OTalk_ tea")["id"]
    sim.tell("edit", id=id, text="@OTalk_ cake")
    page = await x.read(a_reading("mentions", limit=10))
    heard_before = [one for one in page.events if isinstance(one, Edited)]
    (found,) = (await x.find_current([id], CHAT)).edits
    assert [one.identity for one in heard_before] == [found.identity]


async def test_a_problem_of_another_kind_says_nothing_about_a_post() -> None:
    kinds = {"5": "resource-unavailable", "6": "field-unauthorized", "7": "resource-not-found"}
    errors = [
        {"title": "No", "type": f"https://api.twitter.com/2/problems/{kind}", "resource_id": id, "value": id}
        for id, kind in kinds.items()
    ]
    async with repeating("/2/tweets", body=json.dumps({"errors": errors})) as (x, _):
        found = await x.find_current(["5", "6", "7", "8"], CHAT)
        assert found == CurrentMessages(deleted=("7",), withheld=("5",))


async def test_a_lookup_that_says_nothing_is_an_error() -> None:
    async with repeating("/2/tweets", body="{}") as (x, _):
        with pytest.raises(PlatformError, match="does not say"):
            await x.find_current(["5"], CHAT)


async def test_the_newest_version_stands_for_the_first() -> None:
    newest = {"id": "6", "text": "", "edit_history_tweet_ids": ["5", "6"]}
    async with repeating("/2/tweets", body=json.dumps({"data": [newest]})) as (x, _):
        assert await x.find_deleted(["5", "7"], CHAT) == ("7",)


async def test_an_answer_that_says_nothing_makes_nothing_gone() -> None:
    async with repeating("/2/tweets", body="{}") as (x, _):
        with pytest.raises(PlatformError, match="does not say"):
            await x.find_deleted(["5"], CHAT)


# The examination ----------------------------------------------------------------------------------------------------


def said(findings: tuple[Diagnosis, ...], level: str) -> str:
    return " ".join(f"{one.text} {one.remedy}" for one in findings if one.level == level)


async def test_a_sound_account_has_nothing_wrong(make: Made, sim: Simulator) -> None:
    findings = await make().diagnose()
    assert (said(findings, "wrong"), said(findings, "doubt")) == ("", "")
    assert "Automated" in said(findings, "ok")
    assert sim.calls() == ["GET /2/users/me"]


@pytest.mark.parametrize(
    ("changes", "wrong_by", "level", "words"),
    [
        ({"consumer_key": ""}, 0, "wrong", "consumer_key"),
        ({"access_token_secret": "other"}, 0, "wrong", "does not accept"),
        ({"api_url": "http://127.0.0.1:1"}, 0, "doubt", "cannot be reached"),
        ({"api_url": "nonsense"}, 0, "wrong", "api_url"),
        ({"proxy": "nonsense"}, 0, "wrong", "proxy"),
        ({"handle": "@Another"}, 0, "doubt", "@OTalk_, the setting handle says @Another"),
        ({"handle": ""}, 0, "doubt", 'Set handle = "@OTalk_"'),
        ({"user_token": "user-token"}, 0, "doubt", "two hours"),
        ({}, 100, "doubt", "clock"),
        ({}, -400, "wrong", "NTP"),
        ({"access_token_secret": "other"}, -400, "wrong", "NTP"),
    ],
)
async def test_an_examination_says_what_is_wrong(
    make: Made, clock: Clock, changes: dict[str, str], wrong_by: int, level: str, words: str
) -> None:
    clock.wrong_by = timedelta(seconds=wrong_by)
    assert words in said(await make(**changes).diagnose(), level)


async def test_an_examination_notices_keys_that_may_only_read(make: Made, sim: Simulator) -> None:
    sim.tell("account", by="OTalk_", read_only=True)
    assert "Read and write" in said(await make().diagnose(), "wrong")


async def test_a_count_of_readings_with_odd_days_is_read_in_part() -> None:
    """X's own examples have numbers as text."""
    days = [
        {"date": "2026-03-01T00:00:00.000Z", "usage": "7"},
        {"date": "2026-03-02T00:00:00.000Z", "usage": 8},
        {"date": "2026-03-03T00:00:00.000Z", "usage": None},
        {"usage": 9},
        None,
    ]
    body = json.dumps({"data": {"daily_project_usage": {"usage": days}}})
    async with repeating("/2/usage/tweets", body=body) as (x, _):
        count = await x.count_reads(7)
    assert count.by_day == {date(2026, 3, 1): 7, date(2026, 3, 2): 8}
    for odd in ("", "[]", "{}", '{"data": 7}', '{"data": {"daily_project_usage": null}}'):
        async with repeating("/2/usage/tweets", body=odd) as (x, _):
            with pytest.raises(PlatformError):
                await x.count_reads(7)


# The way there ------------------------------------------------------------------------------------------------------


async def test_everything_goes_to_the_address_that_was_set_path_and_all(make: Made) -> None:
    async with parrot() as (host, seen):
        x = make(api_url=f"http://{host}/behind/a/path/")
        await x.open()
        await x.open()
        await x.close()
    assert seen == [f"{host} /behind/a/path/2/users/me"] * 2


async def test_everything_goes_through_the_proxy_that_was_set(make: Made) -> None:
    async with parrot() as (host, seen):
        x = make(api_url="http://x.invalid", proxy=f"http://{host}")
        await x.open()
        await x.close()
    assert seen == ["x.invalid http://x.invalid/2/users/me"]


async def test_neither_keys_nor_texts_are_logged(make: Made, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    x = make()
    await x.open()
    await x.send(a_post("Q1. A text that nobody logs"))
    told = " ".join(one.getMessage() for one in caplog.records)
    assert "nobody logs" not in told
    assert "oauth_" not in told


async def test_a_receipt_is_what_the_port_promises(x: X) -> None:
    receipt = await x.send(a_post())
    assert isinstance(receipt, Receipt)
    assert receipt.at.tzinfo is not None
