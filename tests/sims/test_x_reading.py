"""Reading the pretend X, with the real tweepy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import aiohttp
import pytest
import tweepy  # type: ignore[import-untyped, unused-ignore]
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped, unused-ignore]

from tests.sims import x_client
from tests.sims.simulator import Simulator, simulator
from tests.sims.simulator_server import EXCHANGES

Make = Callable[..., AsyncClient]


@pytest.fixture
def unrecorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """For requests that are wrong on purpose: nothing of them is held against the published contract."""
    monkeypatch.delenv(EXCHANGES, raising=False)


@pytest.fixture
def x() -> Iterator[Simulator]:
    with simulator("x", visible_after=0) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer user-token"}) as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession) -> Make:
    return partial(x_client.client, session)


async def refused(work: Awaitable[object], kind: type[tweepy.errors.HTTPException] = tweepy.errors.Forbidden) -> str:
    with pytest.raises(kind) as caught:
        await work
    return str(caught.value)


async def test_a_reply_to_the_bot_is_a_mention(x: Simulator, client: Make) -> None:
    asked = (await client(x).create_tweet(text="Question 1"))["data"]["id"]
    reply = x.tell("say", by="pretend_a", text="Rest & sleep", reply_to=asked)["id"]
    second = x.tell("say", by="pretend_b", text="I agree", reply_to=reply)["id"]
    fields = ["author_id", "conversation_id", "in_reply_to_user_id", "referenced_tweets", "entities"]
    found = await client(x).get_users_mentions(1000, tweet_fields=fields, user_auth=True)
    assert [one["id"] for one in found["data"]] == [second, reply]
    assert found["meta"] == {"newest_id": second, "oldest_id": reply, "result_count": 2}
    assert [one["text"] for one in found["data"]] == ["@pretend_a @OTalk_ I agree", "@OTalk_ Rest &amp; sleep"]
    first = found["data"][1]
    assert first["referenced_tweets"] == [{"type": "replied_to", "id": asked}]
    assert (first["conversation_id"], first["in_reply_to_user_id"]) == (asked, "1000")
    assert first["entities"]["mentions"] == [{"start": 0, "end": 7, "username": "OTalk_", "id": "1000"}]
    assert set(first) == {"id", "text", "edit_history_tweet_ids", *fields}


async def test_pages_stay_right_while_new_posts_arrive(x: Simulator, client: Make) -> None:
    said = [x.tell("say", by="pretend_a", text=f"@OTalk_ number {number}")["id"] for number in range(12)]
    got, token = [], None
    for pages in range(1, 4):
        found = await client(x).get_users_mentions(1000, max_results=5, pagination_token=token)
        got += [one["id"] for one in found["data"]]
        token = found["meta"].get("next_token")
        x.tell("say", by="pretend_a", text=f"@OTalk_ late {pages}")
    assert token is None
    assert got == said[::-1]
    newer = await client(x).get_users_mentions(1000, since_id=said[-1], max_results=100)
    assert newer["meta"]["result_count"] == 3
    both = await client(x).get_users_mentions(1000, since_id=said[3], until_id=said[6])
    assert [one["id"] for one in both["data"]] == [said[5], said[4]]
    assert "not valid" in await refused(
        client(x).get_users_mentions(1000, pagination_token="zzz"), tweepy.errors.BadRequest
    )


async def test_a_new_post_shows_up_late_but_can_be_looked_up(client: Make) -> None:
    with simulator("x", visible_after=0.4) as x:
        late = x.tell("say", by="pretend_a", text="@OTalk_ hello", visible_after=600)["id"]
        assert (await client(x).get_tweets([late]))["data"][0]["id"] == late
        empty = await client(x).get_users_mentions(1000)
        assert empty == {"meta": {"result_count": 0}}
        made = x.tell("say", by="pretend_a", text="@OTalk_ hello again")["id"]
        async with asyncio.timeout(60):
            while "data" not in (found := await client(x).get_users_mentions(1000)):
                await asyncio.sleep(0.02)
        assert found["data"][0]["id"] == made


async def test_the_search_reads_tags_words_and_names(x: Simulator, client: Make) -> None:
    plain = x.tell("say", by="pretend_a", text="Sleep matters #OTALK!")["id"]
    named = x.tell("say", by="pretend_b", text="@OTalk_ rest #otalk")["id"]
    x.tell("say", by="pretend_c", text="Another #otalking, and https://example.org/#otalk")
    await client(x).create_tweet(text="Welcome to #OTalk")

    async def ids(query: str) -> list[str]:
        found = await client(x).search_recent_tweets(query, max_results=10)
        return [one["id"] for one in found.get("data", [])]

    assert await ids("#otalk -from:OTalk_ -is:retweet") == [named, plain]
    assert await ids("#OTalk -@OTalk_ -from:otalk_ -is:retweet") == [plain]
    assert await ids("from:pretend_b rest") == [named]
    assert await ids('"sleep matters" #otalk') == [plain]
    for query in ("#otalk near:here", "-is:retweet", "#otalk OR rest", "x" * 513):
        assert "errors processing" in await refused(
            client(x).search_recent_tweets(query, max_results=10), tweepy.errors.BadRequest
        )


@pytest.mark.usefixtures("unrecorded")
async def test_bounds_are_kept(x: Simulator, client: Make) -> None:
    old = x.tell("say", by="pretend_a", text="#otalk @OTalk_", at=-8 * 86400)["id"]
    search = client(x).search_recent_tweets
    assert "between 10 and 100" in await refused(search("#otalk", max_results=9), tweepy.errors.BadRequest)
    assert "created after" in await refused(search("#otalk", since_id=old), tweepy.errors.BadRequest)
    early = datetime.now(UTC) - timedelta(days=8, minutes=1)  # before `old`, however slow the calls were
    assert "on or after" in await refused(search("#otalk", start_time=early), tweepy.errors.BadRequest)
    assert "prior to the request" in await refused(
        search("#otalk", end_time=datetime.now(UTC)), tweepy.errors.BadRequest
    )
    assert (await search("#otalk"))["meta"]["result_count"] == 0
    assert "between 5 and 100" in await refused(
        client(x).get_users_mentions(1000, max_results=4), tweepy.errors.BadRequest
    )
    assert (await client(x).get_users_mentions(1000, start_time=early))["meta"]["result_count"] == 1
    assert (await client(x).get_users_mentions(1000, end_time=early))["meta"]["result_count"] == 0


async def test_the_missing_and_the_protected_come_as_errors(x: Simulator, client: Make) -> None:
    there = x.tell("say", by="pretend_a", text="Hello @OTalk_")["id"]
    closed = x.tell("say", by="pretend_b", text="Secret @OTalk_", protected=True)["id"]
    gone = x.tell("say", by="pretend_c", text="Gone @OTalk_")["id"]
    x.tell("delete", id=gone)
    found = await client(x).get_tweets([there, closed, gone], expansions="author_id", user_fields="public_metrics")
    assert [one["id"] for one in found["data"]] == [there]
    assert [(one["resource_id"], one["type"].rpartition("/")[2]) for one in found["errors"]] == [
        (closed, "not-authorized-for-resource"),
        (gone, "resource-not-found"),
    ]
    assert [one["username"] for one in found["includes"]["users"]] == ["pretend_a"]
    assert [one["id"] for one in (await client(x).get_users_mentions(1000))["data"]] == [there]
    x.tell("protect", by="pretend_a")
    assert "data" not in await client(x).get_users_mentions(1000)
    users = await client(x).get_users(ids=["1000", "9"], user_fields="protected")
    assert (users["data"][0]["protected"], users["errors"][0]["resource_id"]) == (False, "9")
    assert (await client(x).get_user(username="PRETEND_A"))["data"]["name"] == "Pretend participant pretend_a"
    assert "data" not in await client(x).get_user(username="nobody")


async def test_of_somebody_who_is_suspended_nothing_comes_and_the_errors_say_so(x: Simulator, client: Make) -> None:
    there = x.tell("say", by="pretend_a", text="Hello @OTalk_")["id"]
    told = x.tell("say", by="pretend_b", text="Gone with me @OTalk_")
    x.tell("suspend", by="pretend_b")
    assert [one["id"] for one in (await client(x).get_users_mentions(1000))["data"]] == [there]
    (closed,) = (await client(x).get_tweets([told["id"]]))["errors"]
    assert (closed["type"].rpartition("/")[2], closed["title"]) == (
        "not-authorized-for-resource",
        "Authorization Error",
    )
    x.tell("suspend", by="pretend_b", says_so=True)
    barred = [
        *(await client(x).get_tweets([told["id"]]))["errors"],
        *(await client(x).get_users(ids=[told["user_id"]]))["errors"],
        *(await client(x).get_user(username="pretend_b"))["errors"],
        *(await client(x).get_users_tweets(told["user_id"]))["errors"],
    ]
    assert {(one["type"].rpartition("/")[2], one["title"]) for one in barred} == {("resource-not-found", "Forbidden")}
    assert all(one["detail"].startswith("User has been suspended: [") for one in barred)


async def test_an_edit_replaces_what_was_there(x: Simulator, client: Make) -> None:
    asked = (await client(x).create_tweet(text="Question"))["data"]["id"]
    old = x.tell("say", by="pretend_a", text="Frist", reply_to=asked)["id"]
    new = x.tell("edit", id=old, text="First")["id"]
    found = (await client(x).get_users_mentions(1000, since_id=old))["data"]
    assert [(one["id"], one["text"], one["edit_history_tweet_ids"]) for one in found] == [
        (new, "@OTalk_ First", [old, new])
    ]
    assert [one["text"] for one in x.ask("truth")["posts"]] == ["Question", "@OTalk_ First"]
    x.tell("delete", id=new)
    assert "data" not in await client(x).get_tweets([old, new])
    assert x.ask("truth")["deleted"] == [new]


async def test_own_posts_and_links_as_x_shows_them(x: Simulator, client: Make) -> None:
    text = "A & B: https://example.org/a?b=1 🙂 #OTalk"
    await client(x).create_tweet(text=text)
    found = (await client(x).get_users_tweets(1000, tweet_fields="entities", user_auth=True))["data"][0]
    for kind, shown in (("urls", "https://t.co/"), ("hashtags", "#OTalk")):
        one = found["entities"][kind][0]
        assert found["text"][one["start"] : one["end"]].startswith(shown)
    assert found["entities"]["urls"][0]["expanded_url"] == "https://example.org/a?b=1"
    long = x.tell("say", by="pretend_a", text="@OTalk_ " + "word " * 100)["id"]
    shown = (await client(x).get_tweets([long], tweet_fields="note_tweet"))["data"][0]
    assert shown["text"].endswith("…")
    assert shown["note_tweet"]["text"].count("word") == 100
