"""Getting in, posting, and what goes wrong on the pretend X, with the real tweepy and with plain requests."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import tweepy  # type: ignore[import-untyped, unused-ignore]
from oauthlib.oauth1 import Client as OAuthClient  # type: ignore[import-untyped, unused-ignore]
from tweepy.asynchronous import AsyncClient  # type: ignore[import-untyped, unused-ignore]
from yarl import URL

from tests.sims import x_client, x_faults
from tests.sims.simulator import Simulator, simulator
from tests.sims.simulator_server import EXCHANGES
from tests.sims.x_client import KEYS

Make = Callable[..., AsyncClient]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


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


# Who may ask ------------------------------------------------------------------------------------------------------


async def test_a_signature_is_really_verified(x: Simulator, client: Make) -> None:
    assert (await client(x).get_me())["data"] == {"id": "1000", "name": "OTalk", "username": "OTalk_"}
    for wrong in KEYS:
        await refused(client(x, **{wrong: "other"}).get_me(), tweepy.errors.Unauthorized)


async def test_what_is_signed_can_not_be_changed_or_sent_twice(x: Simulator, session: aiohttp.ClientSession) -> None:
    url = f"{x.address}/2/users/1000/mentions?" + urlencode({"max_results": 5, "start_time": "2026-01-01T00:00:00Z"})
    _, headers, _ = OAuthClient(*KEYS.values()).sign(url, "GET")
    statuses = []
    for asked in (url.replace("max_results=5", "max_results=6"), url, url):
        async with session.get(URL(asked, encoded=True), headers=headers) as answer:
            statuses.append(answer.status)
    assert statuses == [401, 200, 401]


async def test_a_token_gets_in_and_a_wrong_one_does_not(x: Simulator, session: aiohttp.ClientSession) -> None:
    for token, status in (("user-token", 200), ("other", 401)):
        async with session.get(f"{x.address}/2/users/me", headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == status


async def test_an_account_that_only_reads_or_is_suspended_can_not_post(x: Simulator, client: Make) -> None:
    x.tell("account", by="OTalk_", read_only=True)
    assert "oauth1 app permissions" in await refused(client(x).create_tweet(text="Hello"))
    await client(x).get_me()
    x.tell("account", by="OTalk_", suspended=True)
    assert "suspended" in await refused(client(x).get_me())
    assert x.ask("truth")["posts"] == []


# Posting ----------------------------------------------------------------------------------------------------------


async def test_a_post_gets_a_snowflake_and_is_charged(x: Simulator, client: Make) -> None:
    first = (await client(x).create_tweet(text="Question 1 & <more>"))["data"]
    second = (await client(x).create_tweet(text="See example.org", in_reply_to_tweet_id=first["id"]))["data"]
    assert first["text"] == "Question 1 &amp; &lt;more&gt;"
    assert first["edit_history_tweet_ids"] == [first["id"]]
    made = tweepy.Tweet(first | {"text": ""}).id >> 22
    assert abs(made + 1288834974657 - datetime.now(UTC).timestamp() * 1000) < 60_000
    assert int(second["id"]) > int(first["id"])
    truth = x.ask("truth")
    assert [(one["by"], one["text"], one["reply_to"]) for one in truth["posts"]] == [
        ("OTalk_", "Question 1 & <more>", None),
        ("OTalk_", "See example.org", first["id"]),
    ]
    assert [(one["what"], one["usd"]) for one in truth["charges"]] == [("post", 0.015), ("post with link", 0.2)]
    assert truth["spent_usd"] == 0.215


async def test_length_is_weighted(x: Simulator, client: Make) -> None:
    assert "weighs 282" in await refused(client(x).create_tweet(text="語" * 141), tweepy.errors.BadRequest)
    await client(x).create_tweet(text="語" * 140)
    await client(x).create_tweet(text="x" * 256 + " https://example.org/" + "y" * 200)


async def test_the_same_text_twice_is_refused(x: Simulator, client: Make) -> None:
    made = await client(x).create_tweet(text="Once")
    assert "duplicate content" in await refused(client(x).create_tweet(text="Once"))
    await client(x).delete_tweet(made["data"]["id"])
    await client(x).create_tweet(text="Once")


async def test_only_who_engaged_may_be_replied_to(x: Simulator, client: Make) -> None:
    stranger = x.tell("say", by="pretend_a", text="Something #OTalk")["id"]
    engaged = x.tell("say", by="pretend_b", text="Hello @OTalk_")["id"]
    assert "mentioned or otherwise engaged" in await refused(
        client(x).create_tweet(text="Thanks", in_reply_to_tweet_id=stranger)
    )
    await client(x).create_tweet(text="Thanks", in_reply_to_tweet_id=engaged)
    x.tell("delete", id=engaged)
    assert "deleted or not visible" in await refused(client(x).create_tweet(text="!", in_reply_to_tweet_id=engaged))


async def test_the_rule_on_replies_can_ask_for_the_very_post(client: Make) -> None:
    with simulator("x", reply_rule="post") as x:
        asked = (await client(x).create_tweet(text="Question"))["data"]["id"]
        x.tell("say", by="pretend_a", text="Hello @OTalk_")
        other = x.tell("say", by="pretend_a", text="Something else")["id"]
        await refused(client(x).create_tweet(text="Thanks", in_reply_to_tweet_id=other))
        answer = x.tell("say", by="pretend_a", text="An answer", reply_to=asked)["id"]
        await client(x).create_tweet(text="Thanks", in_reply_to_tweet_id=answer)


@pytest.mark.usefixtures("unrecorded")
async def test_strange_keys_are_refused(x: Simulator, session: aiohttp.ClientSession) -> None:
    bad: list[dict[str, Any]] = [{"text": "a", "colour": "red"}, {"text": "a", "reply": {}}, {"text": " "}, {"text": 1}]
    for body in bad:
        async with session.post(f"{x.address}/2/tweets", json=body) as answer:
            assert answer.status == 400
            assert (await answer.json())["type"].endswith("/invalid-request")
    assert x.ask("truth")["posts"] == []


@pytest.mark.parametrize("form", [True, False])
async def test_a_picture_and_its_description(
    x: Simulator, client: Make, session: aiohttp.ClientSession, *, form: bool
) -> None:
    told: dict[str, Any] = {"json": {"media": base64.b64encode(PICTURE).decode(), "media_category": "tweet_image"}}
    if form:
        data = aiohttp.FormData({"media_category": "tweet_image"})
        data.add_field("media", PICTURE, filename="a.png", content_type="image/png")
        told = {"data": data}
    async with session.post(f"{x.address}/2/media/upload", **told) as answer:
        media = (await answer.json())["data"]
    assert media["size"] == len(PICTURE)
    told = {"id": media["id"], "metadata": {"alt_text": {"text": "The answers as bars"}}}
    async with session.post(f"{x.address}/2/media/metadata", json=told) as answer:
        assert answer.status == 200
    post = (await client(x).create_tweet(text="Figures", media_ids=[media["id"]]))["data"]
    assert x.ask("truth")["posts"][0]["media"] == [{"id": media["id"], "alt": "The answers as bars"}]
    assert post["text"].startswith("Figures https://t.co/")
    asked = {"expansions": "attachments.media_keys", "media.fields": "alt_text"}
    async with session.get(f"{x.address}/2/tweets/{post['id']}", params=asked) as answer:
        assert (await answer.json())["includes"]["media"][0]["alt_text"] == "The answers as bars"


async def test_only_own_conversations_have_replies_to_hide(x: Simulator, client: Make) -> None:
    mine = (await client(x).create_tweet(text="Question"))["data"]["id"]
    reply = x.tell("say", by="pretend_a", text="Spam", reply_to=mine)["id"]
    other = x.tell("say", by="pretend_a", text="Spam @OTalk_")["id"]
    assert (await client(x).hide_reply(reply))["data"] == {"hidden": True}
    await refused(client(x).hide_reply(other))
    assert [one["id"] for one in x.ask("truth")["posts"] if one["hidden"]] == [reply]


# Limits, money and faults -----------------------------------------------------------------------------------------


async def test_a_limit_is_told_and_kept(session: aiohttp.ClientSession) -> None:
    with simulator("x", rate_limits={"mentions": 2}) as x:
        seen = []
        for _ in range(3):
            async with session.get(f"{x.address}/2/users/1000/mentions") as answer:
                seen.append((answer.status, answer.headers["x-rate-limit-remaining"]))
                assert answer.headers["x-rate-limit-limit"] == "2"
                assert 0 < int(answer.headers["x-rate-limit-reset"]) - datetime.now(UTC).timestamp() <= 901
        assert seen == [(200, "1"), (200, "0"), (429, "0")]
        x.tell("limits", mentions=5)
        async with session.get(f"{x.address}/2/users/1000/mentions") as answer:
            assert (answer.status, answer.headers["x-access-level"]) == (200, "read-write")


async def test_reads_are_charged_once_a_day(x: Simulator, client: Make) -> None:
    x.tell("say", by="pretend_a", text="@OTalk_ hello #otalk")
    x.tell("say", by="pretend_b", text="Hello #otalk")
    for _ in range(2):
        await client(x).get_users_mentions(1000)
        await client(x).search_recent_tweets("#otalk -@OTalk_", expansions="author_id")
    truth = x.ask("truth")
    assert sorted((one["what"], one["usd"]) for one in truth["charges"]) == [
        ("own read", 0.001),
        ("post read", 0.005),
        ("user read", 0.01),
    ]
    assert (truth["spent_usd"], truth["spent_usd_without_dedup"]) == (0.016, 0.032)
    assert truth["reads"]["search"] == {"requests": 2, "posts": 2, "users": 2}


async def test_money_runs_out(client: Make) -> None:
    with simulator("x", credit_usd=0.01) as x:
        await client(x).create_tweet(text="One")
        assert "any credits" in await refused(client(x).create_tweet(text="Two"), tweepy.errors.HTTPException)
        x.tell("credit", usd=None)
        await client(x).create_tweet(text="Two")


async def test_faults_by_name(x: Simulator, client: Make) -> None:
    x.fails("POST /2/tweets$", **x_faults.USAGE_CAP)
    with pytest.raises(tweepy.errors.TooManyRequests) as caught:
        await client(x).create_tweet(text="One")
    assert caught.value.reset_time is None
    x.fails("POST /2/tweets$", **x_faults.too_many(60))
    with pytest.raises(tweepy.errors.TooManyRequests) as caught:
        await client(x).create_tweet(text="One")
    assert caught.value.reset_time is not None
    x.fails("POST /2/tweets$", **x_faults.HTML_503)
    with pytest.raises(aiohttp.ContentTypeError):
        await client(x).create_tweet(text="One")
    x.fails("POST /2/tweets$", "lost")
    with pytest.raises(aiohttp.ClientError):
        await client(x).create_tweet(text="One")
    assert [one["text"] for one in x.ask("truth")["posts"]] == ["One"]
