"""What Discord tells and what it means, on samples in the shape that Discord sends them. Nothing is connected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.discord.location import Location
from adapters.discord.settings import DiscordSettings, traits_of
from adapters.discord.translation import to_events, to_messages
from bot.messages import AnyEvent, Author, Deleted, Edited, Media, Message, Reaction
from tests.fakes.clock import NOON
from tests.fakes.flat import flat

LOCATION = Location(place="discord", guild=500, channel=600, me=1000)
AT = datetime(2026, 3, 3, 12, 5, 0, 123000, tzinfo=UTC)


def user(**more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    plain: dict[str, Any] = {
        "id": "77",
        "username": "pretend.a",
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "bot": False,
    }
    return {**plain, "global_name": "Pretend participant A", **more}


def said(**more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    plain: dict[str, Any] = {
        "id": "1478000000000000001",
        "channel_id": "600",
        "guild_id": "500",
        "author": user(),
        "member": {"nick": None, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "mute": False, "deaf": False},
        "content": "A1 we use Teams #OTalk",
        "timestamp": "2026-03-03T12:05:00.123000+00:00",
        "edited_timestamp": None,
        "type": 0,
        "flags": 0,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "tts": False,
    }
    return {**plain, **more}


def heard(kind: str, payload: object) -> tuple[AnyEvent, ...]:
    return to_events(kind, payload, location=LOCATION, now=NOON)


def message(**more: Any) -> Message:  # noqa: ANN401 -- JSON
    (told,) = heard("MESSAGE_CREATE", said(**more))
    assert isinstance(told, Message)
    return told


# What is heard --------------------------------------------------------------------------------------------------


def test_a_message_is_told_whole() -> None:
    assert message() == Message(
        place="discord",
        at=AT,
        id="1478000000000000001",
        author=Author(id="77", handle="@pretend.a", name="Pretend participant A"),
        text="A1 we use Teams #OTalk",
        url="https://discord.com/channels/500/600/1478000000000000001",
    )


def test_the_text_is_unchanged() -> None:
    text = "  A1 <@1000> &amp; <b>é</b> 👩🏽‍⚕️\n\n> quoted  "
    assert message(content=text).text == text


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([], "participant"),
        (["1", "x"], "participant"),
        (["5"], "moderator"),
        (["5", "6"], "host"),
        (["7", "6"], "admin"),
    ],
)
def test_a_role_is_the_highest_by_id(roles: list[str], role: str) -> None:
    server = flat(DiscordSettings, token="", guild=500, channel=600, moderators=(5, 7), hosts=(6, 7), admins=(7,))
    location = Location(place="discord", guild=500, channel=600, me=1000, ranks=server.roles.ranks)
    payload = said(member={"roles": roles})
    (told,) = to_events("MESSAGE_CREATE", payload, location=location, now=NOON)
    assert isinstance(told, Message)
    assert told.role == role
    assert message(member={"roles": roles}).role == "participant"


def test_a_name_in_the_server_comes_first() -> None:
    assert message(member={"nick": "Called A here"}).author.name == "Called A here"
    assert message(author=user(global_name=None)).author.name == "pretend.a"


def test_a_reply_names_what_it_answers() -> None:
    assert message(type=19, message_reference={"type": 0, "message_id": "9", "channel_id": "600"}).reply_to == "9"


def test_what_is_in_a_thread_hangs_under_it() -> None:
    told = message(channel_id="700")
    assert (told.conversation, told.url) == ("700", "https://discord.com/channels/500/700/1478000000000000001")
    assert message().conversation is None


@pytest.mark.parametrize(
    ("text", "mentions_bot"), [("<@1000> status", True), ("<@!1000> status", True), ("<@10> hi", False)]
)
def test_the_bots_name_in_the_text_is_a_mention(text: str, mentions_bot: bool) -> None:  # noqa: FBT001 -- a column
    assert message(content=text).mentions_bot is mentions_bot


def test_a_reply_that_pings_the_bot_is_a_mention() -> None:
    assert message(content="stop", mentions=[user(id="1000")]).mentions_bot
    assert not message(content="stop", mentions=[user(id="77")]).mentions_bot


@pytest.mark.parametrize(
    "more",
    [
        {"content": ""},
        {"author": user(bot=True)},
        {"webhook_id": "5"},
        {"type": 6},
        {"type": 18},
        {"type": 20},
        {"type": 21},
        {"message_reference": {"type": 7, "message_id": "9", "channel_id": "600"}},
    ],
)
def test_what_no_person_wrote_is_not_told(more: dict[str, Any]) -> None:
    assert heard("MESSAGE_CREATE", said(**more)) == ()
    assert to_messages(said(**more), location=LOCATION) == ()


def test_an_edit_is_told_when_the_text_was_edited() -> None:
    edited = said(content="A1 better", edited_timestamp="2026-03-03T12:06:00+00:00")
    at = datetime(2026, 3, 3, 12, 6, tzinfo=UTC)
    assert heard("MESSAGE_UPDATE", edited) == (
        Edited(place="discord", at=at, id="1478000000000000001", text="A1 better", media=()),
    )
    partly = {"id": "1", "content": "A1 better", "edited_timestamp": "2026-03-03T12:06:00+00:00"}
    assert heard("MESSAGE_UPDATE", partly) == (Edited(place="discord", at=at, id="1", text="A1 better"),)


@pytest.mark.parametrize(
    "payload",
    [
        said(),  # a link's preview was added, or it was pinned
        {"id": "1", "channel_id": "600", "embeds": []},
        {"id": "1", "channel_id": "600", "edited_timestamp": "2026-03-03T12:06:00+00:00"},
        said(author=user(bot=True), edited_timestamp="2026-03-03T12:06:00+00:00"),
    ],
)
def test_an_update_without_a_new_text_is_not_told(payload: dict[str, Any]) -> None:
    assert heard("MESSAGE_UPDATE", payload) == ()


EDITED = "2026-03-03T12:06:00+00:00"
PICTURE = {"id": "5", "filename": "a.png", "content_type": "image/png", "description": "a mind map"}
TO_US = {"content": "<@1000> A1", "mentions": [user(id="1000")]}


def test_an_emptied_message_keeps_its_picture_and_no_words() -> None:
    payload = said(content="", attachments=[PICTURE], edited_timestamp=EDITED)
    (edit,) = heard("MESSAGE_UPDATE", payload)
    assert isinstance(edit, Edited)
    assert (edit.text, edit.media) == ("", (Media(kind="picture", text="a mind map"),))
    first, again = to_messages(payload, location=LOCATION)
    assert isinstance(first, Message)
    assert (first.text, first.changed, again) == ("", True, edit)


def test_of_a_message_that_no_longer_mentions_the_bot_nothing_is_left_where_only_the_mention_let_it_in() -> None:
    location = Location(place="discord", guild=500, channel=600, me=1000, hears_all=False)
    for more in ({}, {"sticker_items": [{"id": "1", "name": "Wave", "format_type": 1}]}):
        payload = said(content="", edited_timestamp=EDITED, **more)
        nothing = Edited(
            place="discord", at=datetime(2026, 3, 3, 12, 6, tzinfo=UTC), id=payload["id"], text="", media=()
        )
        assert to_events("MESSAGE_UPDATE", payload, location=location, now=NOON) == (nothing,)
        assert to_messages(payload, location=location) == (nothing,)
    (edit,) = to_events("MESSAGE_UPDATE", said(**TO_US, edited_timestamp=EDITED), location=location, now=NOON)
    assert isinstance(edit, Edited)
    assert edit.text == "<@1000> A1"


def test_what_discord_hides_is_not_emptied() -> None:
    location = Location(place="discord", guild=500, channel=600, me=1000, hears_all=False)
    hidden = said(content="")
    for kind in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        assert to_events(kind, hidden, location=location, now=NOON) == ()
    assert to_messages(hidden, location=location) == ()
    sticker = said(content="", sticker_items=[{"id": "1", "name": "Wave", "format_type": 1}])
    assert to_messages(sticker, location=location) == (), "it is not for us, though Discord shows it"


@pytest.mark.parametrize(
    ("more", "media"),
    [
        ({"attachments": [PICTURE]}, Media(kind="picture", text="a mind map")),
        ({"attachments": [{"id": "1", "filename": "patient-a.pdf"}]}, Media(kind="file")),
        ({"attachments": [{"id": "1", "filename": "x", "width": 5}]}, Media(kind="picture")),
        ({"attachments": [{"id": "1", "filename": "x.webm"}]}, Media(kind="video")),
        ({"attachments": [{"id": "1", "content_type": "audio/mpeg; x=y"}]}, Media(kind="audio")),
        ({"attachments": [{"id": "1", "content_type": "audio/ogg"}], "flags": 1 << 13}, Media(kind="voice")),
        ({"sticker_items": [{"id": "1", "name": "Wave", "format_type": 1}]}, Media(kind="sticker", text="Wave")),
        ({"poll": {"question": {"text": "Which day?"}, "answers": []}}, Media(kind="poll", text="Which day?")),
        ({"message_reference": {"type": 1, "message_id": "9"}, "message_snapshots": []}, Media(kind="forward")),
    ],
)
def test_a_message_without_words_is_heard_with_what_it_has(more: dict[str, Any], media: Media) -> None:
    told = message(**{"content": "", **more})
    assert (told.text, told.media, told.reply_to) == ("", (media,), None)


def test_a_forward_says_nothing_of_its_own() -> None:
    told = message(content="!end yes", message_reference={"type": 1, "message_id": "9"})
    assert (told.text, told.media) == ("", (Media(kind="forward"),))


def test_names_come_along_for_what_is_mentioned_by_id() -> None:
    names = {"<#100>": "#general", "<@&77>": "@Moderators"}
    payload = said(content="<@77> <@!78> <#100> <@&77> <@&78> <@1>", mentions=[user(), user(id="78", username="b")])
    (told,) = to_events("MESSAGE_CREATE", payload, location=LOCATION, now=NOON, name_of=names.get)
    assert isinstance(told, Message)
    assert told.names == {"<@77>": "@pretend.a", "<@78>": "@b", "<#100>": "#general", "<@&77>": "@Moderators"}
    assert message(mentions=[user()]).names == {}, "a reply mentions without an id in the text"


def test_deletions_are_told_one_by_one() -> None:
    one = heard("MESSAGE_DELETE", {"id": "1", "channel_id": "600", "guild_id": "500"})
    many = heard("MESSAGE_DELETE_BULK", {"ids": ["2", "3"], "channel_id": "600", "guild_id": "500"})
    assert one + many == tuple(Deleted(place="discord", at=NOON, id=id) for id in "123")


def test_a_reaction_is_told_with_who_and_what() -> None:
    payload = {
        "user_id": "77",
        "message_id": "1",
        "channel_id": "600",
        "guild_id": "500",
        "emoji": {"id": None, "name": "👍"},
        "member": {"user": user(), "nick": "Called A here", "roles": []},
        "burst": False,
        "type": 0,
    }
    (told,) = heard("MESSAGE_REACTION_ADD", payload)
    assert isinstance(told, Reaction)
    assert (told.id, told.emoji, told.author.name, told.at) == ("1", "👍", "Called A here", NOON)
    (own,) = heard("MESSAGE_REACTION_ADD", payload | {"emoji": {"id": "5", "name": "otalk"}, "member": None})
    assert isinstance(own, Reaction)
    assert (own.emoji, own.author.id) == (":otalk:", "77")
    assert heard("MESSAGE_REACTION_ADD", payload | {"user_id": "1000", "member": None}) == ()


def test_the_history_tells_the_edit_as_well() -> None:
    told = to_messages(said(edited_timestamp="2026-03-03T12:06:00+00:00"), location=LOCATION)
    assert [type(one) for one in told] == [Message, Edited]
    assert [type(one) for one in to_messages(said(), location=LOCATION)] == [Message]


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "no",
        {},
        {"id": 1},
        said(id=""),
        said(author=None),
        said(content=5),
        said(id="x", timestamp="yesterday"),
        said(author=user(username="x" * 5, id="")),
    ],
)
@pytest.mark.parametrize(
    "kind",
    ["MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "TYPING_START", "NEW_ONE"],
)
def test_what_is_malformed_is_nothing(kind: str, payload: object) -> None:
    assert heard(kind, payload) == ()
    assert to_messages(payload, location=LOCATION) == ()


@pytest.mark.parametrize("payload", [None, [], {}, {"id": 1}, {"id": ""}, {"ids": "12"}, {"ids": [None]}, {"ids": 5}])
@pytest.mark.parametrize("kind", ["MESSAGE_DELETE", "MESSAGE_DELETE_BULK"])
def test_a_malformed_deletion_deletes_nothing(kind: str, payload: object) -> None:
    assert heard(kind, payload) == ()


# The settings ---------------------------------------------------------------------------------------------------


def test_neither_the_token_nor_the_proxy_is_shown() -> None:
    server = flat(DiscordSettings, token="secret-token", guild=500, channel=600, proxy="http://me:hush@proxy:3128")
    shown: list[Callable[[object], str]] = [repr, str]
    assert not any(secret in show(server) for show in shown for secret in ("secret-token", "hush"))


def test_the_traits_say_what_the_settings_say() -> None:
    traits = traits_of(
        flat(DiscordSettings, token="t", guild=1, channel=2, timeout=7.0, visible_after=3.0, calendar=False)
    )
    assert (traits.platform, traits.called, traits.text.limit) == ("discord", "Discord", 2000)
    assert (
        traits.delivery.timeout,
        traits.delivery.visible_after,
        traits.features.calendar,
        traits.features.receipts,
    ) == (7.0, 3.0, False, True)
    (source,) = traits.sources
    assert (source.name, source.every, source.micros, source.page) == ("history", None, 0, (1, 100))
    assert source.overlap == 3600, "what was edited during a gap may be older than it"
    assert not traits.delivery.idempotent
