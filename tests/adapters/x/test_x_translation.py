"""What X tells and refuses, as recorded in shape, put into our words. No socket here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import tweepy
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from adapters.kit.errors import UnsentError
from adapters.kit.payloads import read_in_part
from adapters.x.errors import CallKind, DuplicateError, to_error
from adapters.x.matching import same_post, same_text
from adapters.x.payloads import DirectMessage, MediaObject, Tweet, exact_time, first_time, time_of
from adapters.x.settings import XSettings, traits_of
from adapters.x.translation import Me, to_author, to_command, to_events
from bot.errors import PlatformError
from bot.messages import AnyEvent, Author, Edited, Media, Message, Named, Post, Viewed
from tests.fakes.flat import flat

NOW = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
ME = Me(id="1000", handle="OTalk_")
TOLD = datetime(2026, 3, 3, 20, 12, tzinfo=UTC)


def id_at(at: datetime) -> str:
    """The first id of an instant, as X makes them today."""
    return str((round(at.timestamp() * 1000) - 1288834974657) << 22)


FIRST, BETWEEN, SECOND = (id_at(TOLD + timedelta(seconds=s)) for s in (0.25, 30, 67.5))


def told(**changes: object) -> dict[str, object]:
    """A reply to the bot, as the mentions timeline has it."""
    plain = {
        "id": FIRST,
        "text": "@OTalk_ @pretend_b A1 we use Teams &amp; phone calls, waiting &lt; 2 weeks #OTalk",
        "edit_history_tweet_ids": [FIRST],
        "author_id": "77",
        "created_at": "2026-03-03T20:12:00.000Z",
        "conversation_id": "2028920000000000000",
        "in_reply_to_user_id": "1000",
        "referenced_tweets": [{"type": "replied_to", "id": "2028925000000000000"}],
        "entities": {
            "mentions": [
                {"start": 0, "end": 7, "username": "OTalk_", "id": "1000"},
                {"start": 8, "end": 18, "username": "pretend_b", "id": "78"},
            ],
            "hashtags": [{"start": 70, "end": 76, "tag": "OTalk"}],
        },
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def events(**changes: object) -> tuple[AnyEvent, ...]:
    return to_events(told(**changes), place="x", me=ME, now=NOW)


def message(**changes: object) -> Message:
    (found,) = (one for one in events(**changes) if isinstance(one, Message))
    return found


def picture(**more: object) -> MediaObject:
    return MediaObject(**{"media_key": "3_1", "type": "photo", **more})  # type: ignore[arg-type]


# Posts ------------------------------------------------------------------------------------------------------------


def test_a_reply_is_a_message_that_calls_the_bot() -> None:
    assert message() == Message(
        place="x",
        id=FIRST,
        author=Author(id="77"),
        text="@OTalk_ @pretend_b A1 we use Teams & phone calls, waiting < 2 weeks #OTalk",
        at=TOLD + timedelta(seconds=0.25),
        reply_to="2028925000000000000",
        url=f"https://x.com/i/status/{FIRST}",
        conversation="2028920000000000000",
        mentions_bot=True,
    )


def test_where_id_and_time_disagree_the_time_is_right() -> None:
    assert message(id="17", edit_history_tweet_ids=["17"]).at == TOLD
    assert message(created_at="2026-03-03T20:11:58.000Z").at == TOLD - timedelta(seconds=2)


def test_an_entity_that_a_person_typed_stays_as_typed() -> None:
    assert message(text="&amp;lt; &amp;amp; &amp;copy;").text == "&lt; &amp; &copy;"


def test_handles_of_others_are_learnt_from_what_they_are_called_in_a_text() -> None:
    named = [one for one in events() if isinstance(one, Named)]
    assert [(one.author, one.at) for one in named] == [
        (Author(id="78", handle="@pretend_b"), TOLD + timedelta(seconds=0.25))
    ]


@pytest.mark.parametrize(
    ("changes", "mentions_bot"),
    [
        ({}, True),
        ({"in_reply_to_user_id": None}, True),
        ({"entities": None}, True),
        ({"entities": None, "in_reply_to_user_id": "78"}, False),
        ({"entities": {"mentions": [{"username": "otalk_"}]}, "in_reply_to_user_id": None}, True),
        ({"entities": {"mentions": [{"username": "pretend_b", "id": "78"}]}, "in_reply_to_user_id": None}, False),
    ],
)
def test_who_names_or_answers_the_bot_calls_it(changes: dict[str, object], mentions_bot: bool) -> None:  # noqa: FBT001 -- a column
    assert message(**changes).mentions_bot is mentions_bot


@pytest.mark.parametrize(
    ("known", "media"),
    [
        ((picture(alt_text="a mind map &amp; groups"),), Media(kind="picture", text="a mind map & groups")),
        ((picture(),), Media(kind="picture")),
        ((picture(type="video"),), Media(kind="video")),
        ((picture(type="animated_gif"),), Media(kind="picture")),
        ((), Media(kind="picture")),
    ],
)
def test_a_post_that_is_only_a_picture_has_no_words_but_its_description(
    known: tuple[MediaObject, ...], media: Media
) -> None:
    link = {"url": "https://t.co/a", "expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"}
    payload = told(text="https://t.co/a", entities={"urls": [link]}, attachments={"media_keys": ["3_1"]})
    (found,) = to_events(payload, place="x", me=ME, now=NOW, media=known)
    assert isinstance(found, Message)
    assert (found.text, found.media) == ("", (media,))


def test_a_poll_and_an_emptied_post_have_what_is_left() -> None:
    assert message(attachments={"poll_ids": ["5"]}).media == (Media(kind="poll"),)
    changes = {"id": SECOND, "edit_history_tweet_ids": [FIRST, SECOND], "text": "", "entities": {}}
    _, edit = events(**changes, attachments={"media_keys": ["3_1"]})
    assert isinstance(edit, Edited)
    assert (edit.text, edit.media) == ("", (Media(kind="picture"),))


def test_a_quotation_answers_nothing() -> None:
    assert message(referenced_tweets=[{"type": "quoted", "id": "5"}]).reply_to is None


@pytest.mark.parametrize(
    "changes",
    [{"author_id": "1000"}, {"referenced_tweets": [{"type": "retweeted", "id": "5"}]}],
    ids=["our own", "a repost"],
)
def test_own_posts_and_reposts_are_left_out(changes: dict[str, object]) -> None:
    assert events(**changes) == ()


def test_an_edited_post_is_the_first_with_the_newest_text_and_an_edit() -> None:
    heard = events(
        id=SECOND, edit_history_tweet_ids=[FIRST, SECOND], text="A1 corrected", created_at="2026-03-03T20:13:07.000Z"
    )
    first, edit = (one for one in heard if isinstance(one, Message | Edited))
    assert isinstance(first, Message)
    assert (first.id, first.text, first.at, first.changed) == (FIRST, "A1 corrected", time_of(FIRST), True)
    at = TOLD + timedelta(seconds=67.5)
    assert edit == Edited(place="x", id=FIRST, text="A1 corrected", media=(), at=at, version=SECOND)


def test_every_version_of_an_edited_post_is_known() -> None:
    history = {"edit_history_tweet_ids": [FIRST, BETWEEN, SECOND], "created_at": "2026-03-03T20:13:07.000Z"}
    assert message(id=SECOND, **history).versions == (BETWEEN, SECOND)
    edits = [one for one in events(id=SECOND, **history) if isinstance(one, Edited)]
    assert [(one.id, one.version, one.at) for one in edits] == [
        (FIRST, BETWEEN, time_of(BETWEEN)),
        (FIRST, SECOND, time_of(SECOND)),
    ]
    odd = {"edit_history_tweet_ids": [FIRST, "9" * 19, SECOND], "created_at": "2026-03-03T20:13:07.000Z"}
    assert [one.version for one in events(id=SECOND, **odd) if isinstance(one, Edited)] == [SECOND]


def test_a_quote_says_what_it_quotes() -> None:
    both = [{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": "6"}]
    assert (message(referenced_tweets=both).quotes, message(referenced_tweets=both).reply_to) == ("5", "6")
    assert message().quotes is None


def test_an_old_version_of_an_edited_post_is_no_edit() -> None:
    assert not message(edit_history_tweet_ids=[FIRST, SECOND]).changed
    assert not [one for one in events(edit_history_tweet_ids=[FIRST, SECOND]) if isinstance(one, Edited)]


def test_a_long_text_is_read_in_full() -> None:
    note = {"text": "long &amp; whole", "entities": {"mentions": [{"username": "pretend_c", "id": "79"}]}}
    heard = events(note_tweet=note, text="long…", in_reply_to_user_id=None)
    first, named = heard
    assert isinstance(first, Message)
    assert first.text == "long & whole"
    assert first.mentions_bot is False
    assert isinstance(named, Named)
    assert named.author.handle == "@pretend_c"


def test_a_quoted_text_is_not_in_a_quotation() -> None:
    quoted = links(("https://t.co/abcdefghij", "https://x.com/pretend_b/status/5"))
    said = message(
        text="@OTalk_ what about this? https://t.co/abcdefghij",
        referenced_tweets=[{"type": "quoted", "id": "5"}],
        entities=quoted,
    )
    assert said.text == "@OTalk_ what about this? https://x.com/pretend_b/status/5"


def test_views_are_told_only_where_they_are_wanted() -> None:
    shown = told(public_metrics={"impression_count": 41, "like_count": 2})
    assert not [one for one in to_events(shown, place="x", me=ME, now=NOW) if isinstance(one, Viewed)]
    found = [one for one in to_events(shown, place="x", me=ME, now=NOW, views=True) if isinstance(one, Viewed)]
    assert found == [Viewed(place="x", at=NOW, id=FIRST, views=41)]


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"id": FIRST}, {"id": "x", "text": "t", "author_id": "77"}])
def test_what_makes_no_sense_is_left_out(odd: object) -> None:
    assert to_events(odd, place="x", me=ME, now=NOW, views=True) == ()


@pytest.mark.parametrize(
    "part", ["entities", "referenced_tweets", "created_at", "conversation_id", "note_tweet", "public_metrics"]
)
@pytest.mark.parametrize("odd", [7, "odd", ["odd"], [None], {"mentions": 3}, {"text": None}])
def test_an_odd_part_costs_only_itself(part: str, odd: object) -> None:
    heard = message(**{part: odd})
    assert heard.id == FIRST
    assert heard.author.id == "77"
    assert heard.at == (NOW if part == "created_at" else TOLD + timedelta(seconds=0.25))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([FIRST, "1000", "77"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*told(), "username"]), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*told(), "note_tweet", "public_metrics"]), JSON))
def test_nothing_that_x_may_send_raises(changes: dict[str, object]) -> None:
    assert isinstance(to_events({**told(), **changes}, place="x", me=ME, now=NOW, views=True), tuple)


def test_an_account_is_an_author_with_followers_where_they_were_asked_for() -> None:
    shown: dict[str, object] = {"id": "77", "username": "pretend_a", "name": "Pretend participant A"}
    plain = Author(id="77", handle="@pretend_a", name="Pretend participant A")
    assert to_author(shown) == plain
    assert to_author({**shown, "public_metrics": {"followers_count": 120}}) == Author(
        id="77", handle="@pretend_a", name="Pretend participant A", followers=120
    )
    for odd in ("many", -1, 10**13):
        assert to_author({**shown, "public_metrics": {"followers_count": odd}}) == plain
    assert to_author({"id": "77"}) is None


# Ids --------------------------------------------------------------------------------------------------------------


@given(st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 -- a strategy's
def test_ids_and_times_agree_to_the_millisecond(at: datetime) -> None:
    assert abs(at - time_of(id_at(at))) <= timedelta(milliseconds=1)


@pytest.mark.parametrize("id", ["1", "77", "9" * 19, id_at(TOLD - timedelta(days=2))])
def test_an_id_that_tells_another_time_is_not_believed(id: str) -> None:
    assert message(id=id, edit_history_tweet_ids=[id]).at == TOLD
    assert message(id=id, edit_history_tweet_ids=[id], created_at=None).at == NOW
    (named,) = (one for one in events(id=id, edit_history_tweet_ids=[id]) if isinstance(one, Named))
    assert named.at == TOLD
    private = DirectMessage(id=id, event_type="MessageCreate", text="next", sender_id="77", created_at=TOLD)
    command = to_command(private, place="x", me=ME, now=NOW)
    assert command
    assert command.at == TOLD


@given(st.integers(0, 10**19 - 1), st.sampled_from([None, TOLD]))
def test_every_id_has_a_time(id: int, said: datetime | None) -> None:
    at = exact_time(str(id), said, NOW)
    assert abs(at - (said or NOW)) <= timedelta(minutes=1)


def test_a_new_id_is_believed_where_the_clock_agrees() -> None:
    fresh = id_at(NOW - timedelta(seconds=59))
    assert exact_time(fresh, None, NOW) == NOW - timedelta(seconds=59)
    assert exact_time(id_at(NOW - timedelta(seconds=61)), None, NOW) == NOW


def test_the_first_version_has_the_newest_ones_time_where_ids_tell_none() -> None:
    odd = Tweet(id="9", text="", created_at=TOLD, edit_history_tweet_ids=("7", "9"))
    assert first_time(odd, NOW) == TOLD
    sound = Tweet(id=SECOND, text="", created_at=TOLD + timedelta(seconds=67), edit_history_tweet_ids=(FIRST, SECOND))
    assert first_time(sound, NOW) == time_of(FIRST)
    mixed = Tweet(
        id=SECOND, text="", created_at=TOLD + timedelta(seconds=67), edit_history_tweet_ids=("9" * 19, SECOND)
    )
    assert first_time(mixed, NOW) == exact_time(SECOND, TOLD + timedelta(seconds=67), NOW)


# Our own posts ----------------------------------------------------------------------------------------------------


def post(text: str, **more: Any) -> Post:  # noqa: ANN401 -- fields of Post
    return Post(chat="c", key="q1", place="x", kind="question", text=text, nonce="n", due=NOW, **more)


def own(text: str, **more: object) -> Tweet:
    found = read_in_part(told(text=text, referenced_tweets=None, entities=None) | more, Tweet)
    assert found
    return found


def links(*pairs: tuple[str, str], **more: str) -> dict[str, object]:
    return {"urls": [{"start": 0, "end": 23, "url": short, "expanded_url": long, **more} for short, long in pairs]}


def test_a_text_is_known_again_with_entities_and_short_links() -> None:
    shown = own(
        "Q1. Tea &amp; cake? https://t.co/abcdefghij #OTalk",
        entities=links(("https://t.co/abcdefghij", "http://example.org/a")),
    )
    assert same_post(shown, post("Q1. Tea & cake?\nexample.org/a/ #OTalk"))
    assert not same_post(shown, post("Q1. Tea & cake? example.org/b #OTalk"))
    assert not same_post(shown, post("Q1. Tea & cake? #OTalk"))


def test_the_link_to_the_picture_is_no_part_of_the_text() -> None:
    address = "https://x.com/OTalk_/status/1/photo/1"
    shown = own("Q1. Why? https://t.co/abcdefghij", entities=links(("https://t.co/abcdefghij", address)))
    assert same_post(shown, post("Q1. Why?"))
    marked = links(("https://t.co/abcdefghij", "https://x.com/somewhere"), media_key="3_1")
    assert same_post(own("Q1. Why? https://t.co/abcdefghij", entities=marked), post("Q1. Why?"))


def test_the_same_text_elsewhere_in_the_conversation_is_another_post() -> None:
    reply = own("@pretend_a You are left out.", referenced_tweets=[{"type": "replied_to", "id": "5"}])
    assert same_post(reply, post("You are left out.", reply_to="5"))
    assert not same_post(reply, post("You are left out.", reply_to="6"))
    assert not same_post(reply, post("You are left out."))
    assert same_text(reply, post("You are left out."))


# Refusals ---------------------------------------------------------------------------------------------------------


def refused(
    status: int, words: str = "", kind: type[tweepy.HTTPException] | None = None, headers: dict[str, str] | None = None
) -> Exception:
    response: Any = SimpleNamespace(status=status, reason="", headers=CIMultiDict(headers or {}))
    kinds: dict[int, type[tweepy.HTTPException]] = {
        400: tweepy.BadRequest,
        401: tweepy.Unauthorized,
        403: tweepy.Forbidden,
        404: tweepy.NotFound,
        429: tweepy.TooManyRequests,
    }
    found = kind or kinds.get(status) or (tweepy.TwitterServerError if status >= 500 else tweepy.HTTPException)
    error: Exception = found(response, response_json={"detail": words} if words else {})
    return error


def page(status: int, headers: dict[str, str] | None = None) -> Exception:
    request: Any = SimpleNamespace(real_url="https://api.x.com/2/tweets")
    return aiohttp.ContentTypeError(request, (), status=status, message="html", headers=CIMultiDict(headers or {}))


def decision(error: Exception, *, posting: bool = True, call: CallKind = "post") -> tuple[str, PlatformError]:
    found = to_error(error, now=NOW, posting=posting, call=call)
    marks = ("lost", "permanent", "ambiguous")
    return "+".join(mark for mark in marks if getattr(found, mark)) or "again", found


SUSPENDED = "Your account is suspended and is not permitted to access this feature."
PERMISSIONS = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
NOT_ENGAGED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
BLOCKED = "You have been blocked from replying to this user."


@pytest.mark.parametrize(
    ("error", "answer", "remedy"),
    [
        (refused(401, "Unauthorized"), "lost+ambiguous", "consumer_key"),
        (refused(402, "Your enrolled account does not have any credits."), "lost+ambiguous", "Buy credits"),
        (refused(403, SUSPENDED), "lost", "Log in"),
        (refused(403, PERMISSIONS), "lost", "Read and write"),
        (refused(403, NOT_ENGAGED), "permanent", "mentioned it"),
        (refused(403, BLOCKED), "permanent", BLOCKED[:-1]),
        (refused(403, "You attempted to reply to a Tweet that is deleted or not visible to you."), "permanent", "gone"),
        (refused(403, "Something new"), "permanent", "Something new"),
        (refused(400, "The `ids` query parameter is wrong"), "permanent", "`ids`"),
        (refused(404, "Not Found"), "permanent", "404"),
        (refused(413), "permanent", "413"),
        (refused(429), "again", "too often"),
        (refused(429, "Usage cap exceeded: Monthly product cap"), "again", "usage cap"),
        (refused(500), "ambiguous", "500"),
        (refused(503, "Over capacity"), "ambiguous", "503"),
        (page(503), "ambiguous", "503"),
        (page(200), "ambiguous", "understand"),
        (page(403), "again", "api_url"),
        (page(302), "again", "api_url"),
        (refused(302), "again", "api_url"),
        (page(401), "lost+ambiguous", "consumer_key"),
        (page(407), "lost", "proxy"),
        (page(429), "again", "too often"),
        (TimeoutError(), "ambiguous", "in time"),
        (aiohttp.ServerTimeoutError(), "ambiguous", "in time"),
        (aiohttp.ServerDisconnectedError(), "ambiguous", "broke"),
        (aiohttp.ClientOSError(104, "Connection reset by peer"), "ambiguous", "broke"),
        (ConnectionResetError(104, "Connection reset by peer"), "ambiguous", "broke"),
        (UnsentError(), "again", "proxy"),
        (ValueError("not JSON"), "ambiguous", "understand"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_failure_carries_its_decision_and_its_remedy(error: Exception, answer: str, remedy: str) -> None:
    found, made = decision(error)
    assert (found, remedy in str(made)) == (answer, True)


@pytest.mark.parametrize(
    ("call", "error", "answer", "remedy"),
    [
        ("message", refused(403, PERMISSIONS), "permanent", "Direct message"),
        ("message", refused(403, "Forbidden"), "permanent", "dm.read"),
        ("message", refused(403), "permanent", "dm.write"),
        (
            "message",
            refused(403, "You do not have permission to DM one or more participants."),
            "permanent",
            "no direct",
        ),
        ("message", refused(403, "Something new"), "permanent", "Something new"),
        ("message", refused(403, SUSPENDED), "lost", "Log in"),
        ("message", refused(429), "again", "too often"),
        ("hide", refused(403, "You are not allowed to hide this reply."), "permanent", "own conversations"),
        ("hide", refused(403, PERMISSIONS), "lost", "Read and write"),
        ("hide", refused(404), "permanent", "gone"),
        ("hide", refused(400, "The id is wrong"), "permanent", "The id is wrong"),
    ],
)
def test_a_refusal_is_told_by_what_was_asked(call: CallKind, error: Exception, answer: str, remedy: str) -> None:
    found, made = decision(error, posting=False, call=call)
    assert (found, remedy in str(made)) == (answer, True)


@pytest.mark.parametrize("error", [refused(503), page(502), TimeoutError(), aiohttp.ServerDisconnectedError()])
def test_what_was_only_asked_is_never_ambiguous(error: Exception) -> None:
    assert decision(error, posting=False)[0] == "again"


def test_a_connection_that_was_never_made_is_not_ambiguous() -> None:
    key: Any = SimpleNamespace(host="api.x.com", port=443, ssl=True)
    assert decision(aiohttp.ClientConnectorError(key, OSError(111, "refused")))[0] == "again"


def test_a_text_that_x_has_is_told_from_other_refusals() -> None:
    found = to_error(refused(403, "You are not allowed to create a Tweet with duplicate content."), now=NOW)
    assert isinstance(found, DuplicateError)
    assert found.permanent


def test_too_many_requests_end_when_x_says_so() -> None:
    def asked(**headers: str) -> float | None:
        return decision(refused(429, headers={name.replace("_", "-"): value for name, value in headers.items()}))[
            1
        ].retry_after

    def reset(seconds: float) -> str:
        return str(int(NOW.timestamp() + seconds))

    assert asked(x_rate_limit_reset=reset(90)) == 90.0
    assert asked(x_rate_limit_reset=reset(900)) == 900.0
    assert asked(x_rate_limit_reset=reset(930), date=format_datetime(NOW + timedelta(seconds=40))) == 890.0
    assert asked(retry_after="30") == 30.0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-rate-limit-reset": "1"},
        {"x-rate-limit-reset": str(int(NOW.timestamp()))},
        {"x-rate-limit-reset": str(int(NOW.timestamp()) + 1000)},
        {"x-rate-limit-reset": str(int(NOW.timestamp()) * 1000)},
        {"x-rate-limit-reset": "soon"},
        {"x-rate-limit-reset": "-5"},
        {"retry-after": "86400"},
        {"retry-after": "inf"},
        {"retry-after": "nan"},
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [refused, page])
def test_too_many_requests_without_a_sensible_time_leave_it_to_us(
    kind: Callable[..., Exception], headers: dict[str, str]
) -> None:
    found, error = decision(kind(429, headers=headers))
    assert (found, error.retry_after) == ("again", None)


def test_xs_own_words_stay_on_one_short_line() -> None:
    said = str(decision(refused(400, "one\n\x1b[31mtwo " + "x" * 1000))[1])
    assert said.isprintable()
    assert len(said) < 300


# The account ------------------------------------------------------------------------------------------------------


def test_secrets_are_not_shown() -> None:
    secret: dict[str, Any] = dict.fromkeys(
        ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "user_token", "proxy"), "hush"
    )
    account = flat(XSettings, handle="@OTalk_", **secret)
    assert "hush" not in f"{account} {account!r} {account.__rich_repr__()}"
    assert "OTalk_" in repr(account)


def test_a_text_weighs_what_x_says() -> None:
    traits = traits_of(XSettings())
    measured = [traits.text.length(text) for text in ("abc", "https://example.org/a-rather-long-path", "😀", "日本")]
    assert measured == [3, 23, 2, 4]
    assert list(traits.text.links("see example.org and https://example.com/x")) == [
        "example.org",
        "https://example.com/x",
    ]


def test_a_link_is_what_makes_a_post_dear() -> None:
    price = traits_of(XSettings()).costs.price
    assert price
    assert (price("Q1. Why? #OTalk"), price("Q1. See example.org")) == (15_000, 200_000)


def test_the_sources_say_what_they_cost_and_how_far_they_reach() -> None:
    mentions, search, quotes = traits_of(flat(XSettings, mentions_every=12.0, search_every=90.0)).sources
    assert (mentions.name, mentions.micros, mentions.every, mentions.by_chat) == ("mentions", 1_000, 12.0, False)
    assert (search.name, search.micros, search.every, search.by_chat) == ("search", 5_000, 90.0, True)
    assert search.reach < 7 * 86400
    assert (quotes.name, quotes.micros, quotes.by_chat, quotes.own) == ("quotes", 5_000, True, True)


def test_missing_keys_are_named_unless_there_is_a_token() -> None:
    assert flat(XSettings, consumer_key="k", access_token="t").credentials.missing == (
        "consumer_secret",
        "access_token_secret",
    )
    assert flat(XSettings, user_token="t").credentials.missing == ()
