"""The commands as Discord shows them, made from the grammar's table and read back into its words. Pure."""

from __future__ import annotations

import pytest

from adapters.discord import record_commands, slash_commands
from adapters.discord.payloads import InteractionData, Option
from adapters.discord.rest import Json
from bot.commands.grammar.catalogue import COMMANDS
from bot.commands.grammar.command_types import Misunderstood
from bot.commands.grammar.parser import parse
from bot.live.consent import privacy_request
from bot.ports.commands import CommandInfo

OFFERS = COMMANDS
FILLED: dict[str, str] = {
    "question": "q4",
    "length": "5m",
    "clock": "20:45",
    "date": "2026-11-24",
    "text": "What would you change?",
    "place": "room",
    "message": "https://discord.com/channels/500/600/1478000000000000001",
    "original": "x/1029",
    "person": "<@77>",
    "number": "3",
    "topic": "extend",
}


def groups() -> dict[str, list[Json]]:
    return {
        one["name"]: one["options"] for one in slash_commands.menu(OFFERS) if one["type"] == slash_commands.CHAT_INPUT
    }


def given(slug: str, values: dict[str, str]) -> InteractionData:
    options = tuple(Option(name=name, type=3, value=value) for name, value in values.items())
    return InteractionData(name="chat", type=1, options=(Option(name=slug, type=1, options=options),))


LINK = FILLED["message"]


def record(name: str, message: str = "") -> InteractionData:
    options = (Option(name="message", type=3, value=message),) if message else ()
    return InteractionData(name="record", type=1, options=(Option(name=name, type=1, options=options),))


def test_every_offer_is_there_once_and_discord_takes_no_more_than_25() -> None:
    told = [one["name"] for name in ("chat", "moderate") for one in groups()[name]]
    assert sorted(told) == sorted(one.slug for one in OFFERS)
    assert list(groups()) == ["convenor", "chat", "moderate", "record"]
    assert all(len(options) <= 25 for options in groups().values())


def test_what_is_asked_most_is_under_chat() -> None:
    by_name = {one["name"] for one in groups()["chat"]}
    assert {"next", "back", "pause", "extend", "say", "status", "help", "undo"} <= by_name
    assert {"hide", "mute", "held", "approve", "hold", "hold-all"} <= {one["name"] for one in groups()["moderate"]}


def test_what_everybody_may_ask_is_under_a_command_that_everybody_sees() -> None:
    assert {one["name"] for one in groups()["convenor"]} == {"status", "help"}
    seen = {one["name"]: one["default_member_permissions"] for one in slash_commands.menu(OFFERS)}
    assert seen == {
        "convenor": None,
        "chat": slash_commands.MANAGE_EVENTS,
        "moderate": slash_commands.MANAGE_MESSAGES,
        **dict.fromkeys(slash_commands.MENU_ENTRIES, slash_commands.MANAGE_MESSAGES),
        **dict.fromkeys(("record", "Leave this out")),
    }


def test_a_person_is_chosen_from_the_members_or_named_elsewhere() -> None:
    (mute,) = [one for one in groups()["moderate"] if one["name"] == "mute"]
    shown = [(one["name"], one["type"], one["required"], one.get("autocomplete")) for one in mute["options"]]
    assert shown == [("person", 6, False, None), ("elsewhere", 3, False, True), ("length", 3, False, True)]


def test_a_field_that_is_typed_into_is_told_by_its_kind() -> None:
    typing = Option(name="elsewhere", type=3, value="@ka", focused=True)
    data = InteractionData(name="moderate", options=(Option(name="mute", type=1, options=(typing,)),))
    assert slash_commands.focused_field(data) == ("person", "@ka")


def test_fields_are_text_with_what_must_be_filled_in_first() -> None:
    (say,) = [one for one in groups()["chat"] if one["name"] == "say"]
    shown = [(one["name"], one["type"], one["required"], one["autocomplete"]) for one in say["options"]]
    assert shown == [("text", 3, True, False), ("place", 3, False, True)]


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.slug)
def test_what_is_filled_in_is_read_by_the_grammar(spec: CommandInfo) -> None:
    values: dict[str, str] = {one.kind: FILLED[one.kind] for one in reversed(spec.takes)}
    line = slash_commands.command_text(given(spec.slug, values), catalogue=OFFERS, place="discord")
    read = parse(line, places=("room", "discord"))
    assert not isinstance(read, Misunderstood)
    assert read == parse(spec.line(values), places=("room", "discord"))
    assert type(read).__name__.lower() == spec.name.replace(" ", "").replace("holdoff", "holdall")


def test_without_offers_only_the_menu_of_a_message_is_left_and_what_is_about_the_record() -> None:
    left = {one["name"] for one in slash_commands.menu(())}
    assert left == {*slash_commands.MENU_ENTRIES, "record", "Leave this out"}
    only = CommandInfo(name="status", help="How it goes. " * 20)
    (chat, *_) = slash_commands.menu((only,))
    assert len(chat["options"][0]["description"]) == slash_commands.LONGEST_TEXT


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (InteractionData(), ""),
        (InteractionData(name="chat", options=(Option(name="next", type=3, value="x"),)), ""),
        (given("dance", {"how": "slowly"}), "dance slowly"),
        (given("skip", {"question": "q4\nend yes"}), "skip q4 end yes"),
        (InteractionData(name="Mute author", type=3, target_id="5"), "mute"),
        (InteractionData(name="Leave this out", type=3, target_id="5"), "leave this out"),
        (InteractionData(name="Something old", type=3, target_id="5"), "Something old discord/5"),
    ],
)
def test_whatever_comes_is_some_words(data: InteractionData, text: str) -> None:
    assert slash_commands.command_text(data, catalogue=OFFERS, place="discord") == text
    assert slash_commands.focused_field(data) is None


@pytest.mark.parametrize(
    ("data", "text", "about"),
    [
        (record("leave-me-out"), "leave me out", None),
        (record("put-me-back"), "put me back", None),
        (record("include-me"), "include me", None),
        (record("leave-this-out", LINK), "leave this out", "discord/1478000000000000001"),
        (record("put-this-back", "1478000000000000001"), "put this back", "discord/1478000000000000001"),
        (record("put-this-back", "the last one"), "put this back", None),
        (InteractionData(name="Leave this out", type=3, target_id="5"), "leave this out", "discord/5"),
        (given("hide", {"message": LINK}), f"hide {LINK}", None),
    ],
)
def test_what_people_decide_about_the_record_are_the_words_that_they_could_write(
    data: InteractionData, text: str, about: str | None
) -> None:
    assert slash_commands.command_text(data, catalogue=OFFERS, place="discord") == text
    assert record_commands.about(data, "discord") == about
    assert (privacy_request(text) is not None) == (data.name != "chat")


def test_each_choice_about_the_record_is_offered() -> None:
    offered = next(one for one in record_commands.commands() if one["name"] == "record")["options"]
    words = [one["name"].replace("-", " ") for one in offered]
    assert "include me" in words, "the only way on Discord to be in a record of those who said yes, without a post"
    assert None not in map(privacy_request, words)
