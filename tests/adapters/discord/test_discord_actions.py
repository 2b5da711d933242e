"""What the bot does to what is there on the pretend Discord: its words change, a message goes, a person is silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.discord.platform import Discord
from adapters.discord.settings import DiscordSettings, traits_of
from bot.errors import PlatformError
from bot.messages import ActionKind, PlatformAction, Post
from tests.adapters.discord.workbench import A, Opened, post, truth
from tests.fakes.flat import flat
from tests.sims.simulator import Simulator


def action(kind: ActionKind, **more: Any) -> Post:  # noqa: ANN401 -- as in Measure
    return post(kind, "Nothing to say.", kind="measure", action=PlatformAction(kind=kind, **more))


async def refused(made: Discord, asked: Post) -> PlatformError:
    with pytest.raises(PlatformError) as error:
        await made.send(asked)
    assert error.value.permanent
    assert not error.value.lost
    return error.value


def test_what_can_be_done_is_what_the_settings_allow() -> None:
    plain = traits_of(flat(DiscordSettings, token="", guild=1, channel=2))
    assert (plain.features.edits, plain.features.private, plain.features.actions) == (True, True, frozenset())
    assert traits_of(flat(DiscordSettings, token="", guild=1, channel=2, delete=True)).features.actions == {"delete"}
    assert traits_of(flat(DiscordSettings, token="", guild=1, channel=2, timeouts=True)).features.actions == {
        "timeout",
        "release",
    }


# Words ----------------------------------------------------------------------------------------------------------


async def test_our_words_are_changed_in_place(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    first = await made.send(post())
    change = post("q1-2", "Q1. Why not, @everyone? <@1000>", edits=first.id)
    assert await made.find(change) is None
    for _ in range(2):
        receipt = await made.send(change)
        assert (receipt.id, receipt.url) == (first.id, first.url)
    (one,) = truth(sim)
    assert (one["content"], one["edited"], one["mentions"]) == ("Q1. Why not, @everyone? <@1000>", True, [])
    assert one["allowed_mentions"]["parse"] == []


async def test_our_words_are_found_in_a_thread_after_a_restart(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="chat")
    opening = await made.send(post("welcome", "Welcome", kind="welcome"))
    inside = await made.send(post(opening=opening.id))
    for key, known in (("a", opening.id), ("b", None)):
        fresh = await opened(sim, threads="chat")
        receipt = await fresh.send(post(key, f"Changed {key}", edits=inside.id, opening=known))
        assert receipt.url == inside.url
        assert truth(sim)[-1]["content"] == f"Changed {key}"


async def test_what_was_deleted_or_is_not_ours_is_not_changed(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim)
    first = await made.send(post())
    sim.tell("delete", id=first.id)
    assert "not on Discord any more" in str(await refused(made, post("a", "New", edits=first.id)))
    theirs = sim.tell("say", by=A, text="A1 mine")["id"]
    assert "not the bot's own" in str(await refused(made, post("b", "New", edits=theirs)))
    assert "not on Discord any more" in str(await refused(made, post("c", "New", edits="no number")))
    assert truth(sim)[-1]["content"] == "A1 mine"


# A message ------------------------------------------------------------------------------------------------------


async def test_a_message_is_deleted_and_a_second_time_is_harmless(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, delete=True)
    said = sim.tell("say", by=A, text="A1 too much")["id"]
    asked = action("delete", message=said)
    assert await made.find(asked) is None
    for _ in range(2):
        assert (await made.send(asked)).id == said
    assert truth(sim) == []
    assert [one["content"] for one in truth(sim, "deleted")] == ["A1 too much"]


async def test_a_message_in_a_thread_is_deleted_after_a_restart(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, threads="question")
    asked = await made.send(post())
    said = sim.tell("say", by=A, text="A1 too much", channel=int(asked.id))["id"]
    fresh = await opened(sim, delete=True, threads="question")
    await fresh.send(action("delete", message=said))
    assert [one["id"] for one in truth(sim)] == [asked.id]


async def test_deleting_needs_the_permission_and_the_setting(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, delete=True)
    said = sim.tell("say", by=A, text="A1 too much")["id"]
    sim.tell("deny", permissions=["MANAGE_MESSAGES"])
    assert "Manage Messages" in str(await refused(made, action("delete", message=said)))
    plain = await opened(sim, timeouts=True)
    assert "`delete`" in str(await refused(plain, action("delete", message=said)))
    assert sim.calls(f"DELETE /api/v10/channels/600/messages/{said}") == [
        f"DELETE /api/v10/channels/600/messages/{said}"
    ]
    assert [one["content"] for one in truth(sim)] == ["A1 too much"]


async def test_an_error_that_would_lose_the_channel_only_ends_the_action(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, delete=True)
    for asked in (action("delete", message="5"), post("a", "New", edits="5")):
        sim.fails("GET .*/threads/", "status", status=403, body='{"code": 50001, "message": "No"}')
        assert "View Channel" in str(await refused(made, asked))
    sim.fails("DELETE .*/messages/", "status", status=401, body="{}")
    with pytest.raises(PlatformError) as error:
        await made.send(action("delete", message="5"))
    assert error.value.lost


@pytest.mark.parametrize("kind", ["hide", "show"])
async def test_hiding_is_not_discords(sim: Simulator, opened: Opened, kind: ActionKind) -> None:
    made = await opened(sim, delete=True, timeouts=True)
    await refused(made, action(kind, message="5"))


# A person -------------------------------------------------------------------------------------------------------


def person(sim: Simulator, **more: Any) -> str:  # noqa: ANN401 -- as in the simulator
    id: str = sim.tell("person", by=A, **more)["id"]
    return id


def silent(sim: Simulator) -> datetime | None:
    """Until when A may not speak."""
    until = next(one["until"] for one in truth(sim, "people") if one["name"] == A)
    return datetime.fromisoformat(until) if until else None


async def test_a_person_is_silenced_until_then_and_may_speak_again(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, timeouts=True)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=10)
    quiet = action("timeout", person=person(sim), until=until)
    assert await made.find(quiet) is None
    for _ in range(2):
        assert (await made.send(quiet)).id == person(sim)
        assert silent(sim) == until
    for _ in range(2):
        await made.send(action("release", person=person(sim)))
        assert silent(sim) is None


async def test_nobody_is_silenced_longer_than_discord_lets_us_or_in_the_past(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, timeouts=True)
    now = datetime.now(UTC)
    await made.send(action("timeout", person=person(sim), until=now - timedelta(minutes=1)))
    assert silent(sim) is None
    await refused(made, action("timeout", person=person(sim)))
    await made.send(action("timeout", person=person(sim), until=now + timedelta(days=100)))
    ends = silent(sim)
    assert ends
    assert timedelta(days=27) < ends - now < timedelta(days=28)


async def test_silencing_needs_the_permission_and_a_higher_role(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, timeouts=True)
    quiet = action("timeout", person=person(sim), until=datetime.now(UTC) + timedelta(minutes=10))
    sim.tell("deny", permissions=["MODERATE_MEMBERS"])
    assert "Moderate Members" in str(await refused(made, quiet))
    sim.tell("deny", permissions=[])
    for more in ({"above": True}, {"permissions": ["ADMINISTRATOR"]}):
        person(sim, roles=[f"Pretend {more}"], **more)
        assert "drag it above theirs" in str(await refused(made, quiet))
    assert silent(sim) is None
    assert (await made.send(post())).id


async def test_who_left_the_server_is_not_silenced_and_may_speak(sim: Simulator, opened: Opened) -> None:
    made = await opened(sim, timeouts=True)
    until = datetime.now(UTC) + timedelta(minutes=10)
    assert "not on the server" in str(await refused(made, action("timeout", person="123", until=until)))
    assert (await made.send(action("release", person="123"))).id == "123"
    await refused(await opened(sim), action("release", person="123"))
