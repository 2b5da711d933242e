"""The page on which those who lead look a record over before it is published."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta

import pytest

from adapters.room.platform import Room
from adapters.room.review_page import chosen_commands, doubtful_messages
from bot.commands.kept_texts import StoredKeptTexts
from bot.messages import Author
from bot.ports.views import MessageView, PostView
from bot.store.database import Database
from tests.adapters.conftest import HOST_KEY, HOST_PATH, MODERATOR_KEY, Client
from tests.fakes.clock import NOON
from tests.fakes.ports import FakeCore

POSTS = [PostView(key=f"q{n}", kind="question", text=f"Q{n}", at=NOON + n * timedelta(minutes=10)) for n in (1, 2)]


def message(id: str, minutes: float, reason: str = "floor") -> MessageView:
    at = NOON + timedelta(minutes=minutes)
    return MessageView(
        place="x", id=id, author=Author(id=id), text=id, at=at, question="q2" if minutes >= 20 else "q1", reason=reason
    )


def test_a_message_is_doubtful_that_stands_soon_after_a_question_by_its_time_alone() -> None:
    said = [message("1", 11), message("2", 15), message("3", 21, "mark"), message("4", 22), message("5", 24)]
    assert [one.id for one in doubtful_messages(said, POSTS)] == ["1", "4"]


@pytest.mark.parametrize(
    ("fields", "commands"),
    [
        ({"token": "t", "say": "publish now", "file x/1": "q1"}, ["publish now"]),
        ({"file x/1": "q1", "file x/2": "", "file room/3": "out"}, ["file x/1 q1", "hide room/3"]),
        ({"held 3": "drop", "held 4": "approve", "held 5": "", "held 6": "end yes"}, ["drop 3", "approve 4"]),
    ],
)
def test_a_form_stands_for_the_commands_that_are_chosen_in_it(fields: dict[str, str], commands: list[str]) -> None:
    assert list(chosen_commands(fields)) == commands


@pytest.mark.usefixtures("private_links")
async def test_those_who_lead_correct_a_record_in_one_go(core: FakeCore, client: Client) -> None:
    path = f"{HOST_PATH}/review"
    assert (await client.get(path))[0] == 404
    await client.get(f"/host/{HOST_KEY}")
    core.add_message("7", "what I think")
    status, page = await client.get(path)
    assert status == 200
    assert "what I think" in page
    token = await client.token(path)
    sent = await client.send_form("host/review", token=token, **{"file x/7": "out", "held 3": "drop"})
    assert sent.status == 200
    assert [one.text for one in core.commands.received] == ["hide x/7", "drop 3"]


@pytest.mark.usefixtures("private_links")
async def test_a_command_of_any_length_or_with_control_characters_is_not_given(core: FakeCore, client: Client) -> None:
    await client.get(f"/host/{HOST_KEY}")
    for said in ("say " + "x" * 5000, "say \x00"):
        token = await client.token(f"{HOST_PATH}/review")
        assert (await client.send_form("host/review", token=token, say=said)).status == 200
    assert not core.commands.received


@pytest.mark.usefixtures("private_links")
async def test_moderators_are_not_offered_what_only_a_host_may(client: Client) -> None:
    await client.get(f"/host/{MODERATOR_KEY}")
    _, page = await client.get(f"{HOST_PATH}/review")
    assert "Messages that wait" in page
    assert "withhold" not in page


@pytest.mark.usefixtures("private_links")
async def test_choices_that_are_not_sent_yet_are_kept(
    core: FakeCore, open_room: Callable[..., Awaitable[Room]], new_client: Callable[[Room], Client], sqlite_url: str
) -> None:
    path = f"{HOST_PATH}/review"
    core.add_message("7", "what I think")
    with closing(Database(sqlite_url)) as database:
        client = new_client(await open_room(kept_texts=StoredKeptTexts(database, core.clock)))
        await client.get(f"/host/{HOST_KEY}")
        chosen = {"file x/7": "out", "held 1": "drop"}
        sent = {"token": await client.token(path), "form": "review", "fields": json.dumps(chosen)}
        assert (await client.send_form("host/kept", **sent)).status == 200
        page = (await client.get(path))[1]
        assert '<option value="out" selected>' in page
        assert '<option value="drop" selected>' in page
        await client.send_form("host/review", token=await client.token(path), **chosen)
        assert " selected>" not in (await client.get(path))[1]
