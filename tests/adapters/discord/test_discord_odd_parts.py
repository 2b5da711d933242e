"""One odd part of an event on Discord never discards its siblings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.discord.location import Location
from adapters.discord.translation import to_events
from bot.messages import Deleted, Edited, Media, Message, Reaction
from tests.adapters.odd_parts import broken, has_contracts, problems
from tests.fakes.clock import NOON

LOCATION = Location(place="discord", guild=500, channel=600, me=1000, ranks={"5": "host"})
ID = "1478000000000000001"
AT = datetime(2026, 3, 3, 12, 5, 0, 123000, tzinfo=UTC)


def user(id: str, name: str) -> dict[str, Any]:
    plain = {
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "bot": False,
        "banner": None,
        "primary_guild": None,
    }
    return {"id": id, "username": name, "global_name": "Pretend participant A", **plain, "accent_color": None}


MESSAGE: dict[str, Any] = {
    "id": ID,
    "channel_id": "600",
    "author": user("77", "pretend.a"),
    "content": "<@1000> <@78> A1 we use Teams",
    "timestamp": "2026-03-03T12:05:00.123000+00:00",
    "edited_timestamp": None,
    "type": 19,
    "flags": 0,
    "mentions": [user("1000", "convenor"), user("78", "pretend.b")],
    "mention_roles": [],
    "mention_everyone": False,
    "attachments": [
        {
            "id": "6",
            "filename": "a.png",
            "size": 9,
            "url": "https://example.org/a.png",
            "proxy_url": "https://example.org/a.png",
            "content_type": "image/png",
            "description": "a mind map",
        }
    ],
    "embeds": [],
    "components": [],
    "sticker_items": [{"id": "7", "name": "Wave", "format_type": 1}],
    "message_reference": {"type": 0, "message_id": "9", "channel_id": "600", "guild_id": "500"},
    "pinned": False,
    "tts": False,
}
GATEWAY = {**MESSAGE, "guild_id": "500", "member": {"nick": None, "roles": ["5"], "mute": False, "deaf": False}}
NEEDED = {("id",), ("channel_id",), ("author",), ("author", "id"), ("type",), ("author", "bot")}
"""Without these nobody could say which message it is, who wrote it, or whether a person did."""


@pytest.mark.skipif(not has_contracts(), reason="the published contracts (shared/specs) are not on this machine")
def test_the_sample_is_as_discord_publishes_it() -> None:
    assert problems("discord", "/api/v10/channels/600/messages", [MESSAGE]) == []


def heard(payload: object) -> Message | None:
    events = to_events("MESSAGE_CREATE", payload, location=LOCATION, now=NOON)
    return next((one for one in events if isinstance(one, Message)), None)


def test_a_message_with_one_odd_part_is_heard_with_the_rest() -> None:
    whole = heard(GATEWAY)
    assert whole
    assert whole.media == (Media(kind="picture", text="a mind map"), Media(kind="sticker", text="Wave"))
    count = 0
    for path, payload in broken(GATEWAY):
        found = heard(payload)
        if path in NEEDED or path == ("message_reference", "type"):
            continue
        assert found, path
        count += 1
        assert found.mentions_bot, path
        assert found.text == whole.text or path[0] == "content", path
        assert found.reply_to == whole.reply_to or path[0] == "message_reference", path
        assert found.media[-1:] == whole.media[-1:] or path[0] == "sticker_items", path
        assert found.role == "host" or path[0] == "member", path
        assert abs(found.at - AT).days < 2, path
        assert found.author.id == "77", path
    assert count > 300


def test_an_edit_with_one_odd_part_is_followed() -> None:
    edited = {**GATEWAY, "edited_timestamp": "2026-03-03T12:06:00+00:00", "content": "A1 other words"}
    for path, payload in broken(edited):
        if path[0] in {"id", "content", "edited_timestamp", "type"} or path == ("author", "bot"):
            continue
        found = to_events("MESSAGE_UPDATE", payload, location=LOCATION, now=NOON)
        if path == ("message_reference", "type"):
            continue
        assert [one.text for one in found if isinstance(one, Edited)] == ["A1 other words"], path
    (undated,) = to_events("MESSAGE_UPDATE", {**edited, "edited_timestamp": "soon"}, location=LOCATION, now=NOON)
    assert undated.at == NOON, "it was edited, whenever"


def test_a_reaction_with_an_odd_emoji_is_heard() -> None:
    payload = {"user_id": "77", "message_id": ID, "channel_id": "600", "emoji": {"id": None, "name": "👍"}}
    for path, odd in broken(payload):
        found = to_events("MESSAGE_REACTION_ADD", odd, location=LOCATION, now=NOON)
        assert path[0] in {"user_id", "message_id"} or [type(one) for one in found] == [Reaction], path


def test_of_many_deletions_an_odd_one_costs_only_itself() -> None:
    found = to_events("MESSAGE_DELETE_BULK", {"ids": ["1", None, "3"], "guild_id": 5}, location=LOCATION, now=NOON)
    assert [one.id for one in found if isinstance(one, Deleted)] == ["1", "3"]


def test_the_names_of_odd_parts_are_told() -> None:
    names: list[str] = []
    payload = {**GATEWAY, "mentions": [None, user("1000", "convenor")], "flags": "odd", "new": 1}
    events = to_events("MESSAGE_CREATE", payload, location=LOCATION, now=NOON, note=names.append)
    assert len(events) == 1
    assert sorted(names) == ["flags", "mentions"]
