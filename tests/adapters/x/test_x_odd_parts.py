"""One odd part of a post on X never discards its siblings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from adapters.kit.odd_parts import OddParts
from adapters.kit.payloads import read_in_part
from adapters.x.payloads import Includes, Response, Tweet
from adapters.x.translation import Me, to_events
from bot.messages import Media, Message, Named
from tests.adapters.odd_parts import broken, has_contracts, problems
from tests.fakes.clock import HandClock

NOW = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
ME = Me(id="1000", handle="OTalk_")
ID = "2028926384075702272"
POST = {
    "id": ID,
    "text": "@OTalk_ @pretend_b A1 see https://t.co/a and https://t.co/b",
    "edit_history_tweet_ids": [ID],
    "author_id": "77",
    "created_at": "2026-03-03T20:12:00.000Z",
    "conversation_id": "2028920000000000000",
    "in_reply_to_user_id": "78",
    "referenced_tweets": [{"type": "replied_to", "id": "2028925000000000000"}, {"type": "quoted", "id": "5"}],
    "entities": {
        "mentions": [
            {"start": 0, "end": 7, "username": "OTalk_", "id": "1000"},
            {"start": 8, "end": 18, "username": "pretend_b", "id": "78"},
        ],
        "urls": [
            {"start": 26, "end": 40, "url": "https://t.co/a", "expanded_url": "https://example.org/a"},
            {"start": 45, "end": 59, "url": "https://t.co/b", "expanded_url": "https://example.org/b"},
        ],
    },
    "attachments": {"media_keys": ["3_1", "3_2"]},
}
PICTURES = [
    {"media_key": "3_1", "type": "photo", "alt_text": "a mind map"},
    {"media_key": "3_2", "type": "photo", "alt_text": "a second one"},
]
NEEDED = {("id",), ("author_id",)}


def heard(post: object, pictures: object = PICTURES) -> Message | None:
    includes = read_in_part({"media": pictures}, Includes)
    assert includes
    events = to_events(post, place="x", me=ME, now=NOW, media=includes.media)
    return next((one for one in events if isinstance(one, Message)), None)


@pytest.mark.skipif(not has_contracts(), reason="the published contracts (shared/specs) are not on this machine")
def test_the_sample_is_as_x_publishes_it() -> None:
    answer = {"data": [POST], "includes": {"media": PICTURES}, "meta": {"result_count": 1}}
    assert problems("x", "/2/users/1000/mentions", answer) == []


def test_a_post_with_one_odd_part_is_heard_with_the_rest() -> None:
    whole = heard(POST)
    assert whole
    count = 0
    for path, payload in broken(POST):
        found = heard(payload)
        if path in NEEDED:
            continue
        assert found, path
        count += 1
        gone = path in {("entities",), ("entities", "mentions"), ("entities", "mentions", 0)}
        assert found.mentions_bot or gone, path
        if path[0] != "text":
            assert found.text.startswith("@OTalk_ @pretend_b A1 see "), path
        assert found.reply_to == whole.reply_to or path[0] == "referenced_tweets", path
        assert found.media == whole.media or path[0] == "attachments", path
    assert count > 200


def test_an_odd_link_costs_only_itself() -> None:
    odd: tuple[object, ...] = (None, 7, [])
    for value in odd:
        links = [
            {"url": "https://t.co/a", "expanded_url": value},
            {"url": "https://t.co/b", "expanded_url": "https://b"},
        ]
        entities = {**POST["entities"], "urls": links}  # type: ignore[dict-item]
        found = to_events({**POST, "entities": entities}, place="x", me=ME, now=NOW)
        assert isinstance(found[0], Message)
        assert found[0].text == "@OTalk_ @pretend_b A1 see https://t.co/a and https://b"
        assert found[0].mentions_bot
        assert any(isinstance(one, Named) for one in found)


def test_mentions_that_cannot_be_read_are_looked_for_in_the_text() -> None:
    found = heard({**POST, "entities": None})
    assert found
    assert found.mentions_bot
    without = {name: value for name, value in POST.items() if name != "entities"}
    assert (one := heard(without))
    assert not one.mentions_bot, "X does not say so"


def test_an_odd_picture_costs_its_description_only() -> None:
    for _, pictures in broken(PICTURES[:1]):
        found = heard(POST, [*pictures, PICTURES[1]] if isinstance(pictures, list) else [])
        assert found
        assert found.text.startswith("@OTalk_")
        assert found.media[1] == Media(kind="picture", text="a second one")


def test_an_odd_envelope_costs_no_posts() -> None:
    answer = {"data": [POST, 7], "meta": None, "includes": {"media": [None, PICTURES[0]]}, "errors": "odd"}
    names: list[str] = []
    found = read_in_part(answer, Response, names.append)
    assert found
    assert [heard(one) is not None for one in found.entries] == [True, False]
    assert [one.media_key for one in found.includes.media] == ["3_1"]
    assert sorted(names) == ["errors", "includes.media", "meta"]


def test_the_names_of_odd_parts_are_counted_and_never_their_values() -> None:
    clock = HandClock()
    odd = OddParts("x", clock)
    payload = {**POST, "entities": {"mentions": [{"username": "se cret"}], "urls": [None]}}
    with capture_logs() as log:
        for _ in range(3):
            read_in_part(payload, Tweet, odd.note)
        assert [(one["part"], one["count"]) for one in log] == [("entities.mentions.username", 1), ("entities.urls", 1)]
        odd.close()
        odd.close()
    assert [(one["part"], one["count"]) for one in log[2:]] == [("entities.mentions.username", 2), ("entities.urls", 2)]
    assert "se cret" not in repr(log)
