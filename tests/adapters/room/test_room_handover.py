"""Handing over the lead from the host's page: to somebody in the room, with their own session, or by a link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from adapters.room.platform import Room
from bot.errors import PlatformError
from bot.messages import Author, Joined
from bot.ports.commands import Answer
from bot.ports.views import PersonView
from tests.adapters.conftest import HOST_PATH, MODERATOR_KEY, Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

pytestmark = pytest.mark.usefixtures("private_links")


async def joined(core: FakeCore, client: Client, name: str = "Cas Pretend") -> Author:
    """A person who joined with a client."""
    await client.join(name)
    return next(one.author for one in reversed(core.events) if isinstance(one, Joined))


def person(author: Author, core: FakeCore, place: str = "room") -> PersonView:
    return PersonView(place=place, called="the web room", author=author, at=core.clock.now())


async def test_whoever_is_handed_the_lead_has_the_controls_at_once_and_without_a_link(
    core: FakeCore, room: Room, client: Client, new_client: Callable[[Room], Client]
) -> None:
    cas, other = await joined(core, client), new_client(room)
    await other.join("Pretend participant B")
    assert (await client.get(HOST_PATH))[0] == 404
    core.commands.links.leads.add(cas.id)
    core.add_chat(replace(chat_view(), leaders=(("room", cas.id), ("x", "5"))))
    _, page = await client.get()
    assert "To the controls of this chat" in page
    mine = re.search(r'data-me="(\w+)"', page)
    told = re.search(r'id="lead-on"[^>]* data-to="([\w ]+)" hidden', page)
    assert mine
    assert told
    assert told[1] == mine[1], "other pages, which have the same words, don't show them"
    status, page = await client.get(HOST_PATH)
    assert status == 200
    assert "You lead this chat as <bdi" in page
    assert "Sign out" not in page
    answer = await client.send_form("host", token=await client.token(HOST_PATH), say="next")
    assert answer.status == 303
    command = core.commands.received[-1]
    assert (command.text, command.author.id, command.author.name) == ("next", cas.id, "Cas Pretend")
    assert command.role == "participant", "the core knows by itself who was handed the lead"
    assert (await other.get(HOST_PATH))[0] == 404
    assert (await other.send_form("host", say="next")).status == 404


async def test_whoever_was_handed_the_lead_has_a_host_s_badge_as_long_as_they_have_it(
    core: FakeCore, client: Client
) -> None:
    core.add_message("7", "Good evening", name="Cas Pretend")
    badges = []
    for leaders in ((), (("x", "Cas Pretend"),), ()):
        core.add_chat(replace(chat_view(), leaders=leaders))
        _, page = await client.get()
        badges.append(">Host</span>" in page)
    assert badges == [False, True, False]


async def test_the_controls_go_with_the_lead(core: FakeCore, room: Room, client: Client) -> None:
    cas = await joined(core, client)
    core.commands.links.leads.add(cas.id)
    token = await client.token(HOST_PATH)
    async with client.session.get(f"{room.address}{HOST_PATH}/stream") as stream:
        await stream.content.readuntil(b"\n")
        core.commands.links.leads.clear()
        async with asyncio.timeout(60):
            await stream.content.read()
    refused = await client.send_form("host", token=token, say="next")
    assert (refused.status, "The lead was taken back" in await refused.text()) == (404, True)
    assert "The lead was taken back" in (await client.get(HOST_PATH))[1]
    assert core.commands.received == []


async def test_the_page_lists_who_is_there_and_hands_over_by_a_button(core: FakeCore, host: HostBrowser) -> None:
    core.commands.links.there = (
        person(Author(id="r1", name="Cas Pretend"), core),
        person(Author(id="r2", name="Same"), core),
        person(Author(id="r3", name="Same"), core),
    )
    page = await host.page("/over")
    assert "r1" not in re.findall(r'value="([^"]*)"', page)
    ids = re.findall(r'name="to" value="(\w+)"', page)
    assert len(ids) == 3
    await host.press(to=ids[0])
    await host.press(to=ids[2])
    assert [one.text for one in core.commands.received] == ['handover "Cas Pretend"', "handover room/r3"]
    assert "not there any more" in await host.press(to="nobody")


async def test_a_link_to_pass_on_is_shown_once(core: FakeCore, host: HostBrowser, room: Room) -> None:
    core.commands.answers["handover \"Kate 'K'\" by link"] = Answer(text="Made.", done=True, link="/host/secret-key")
    assert await host.press(**{"pass": ' Kate "K" '}) == "Made."
    assert f'value="{room.address}/host/secret-key" readonly' in await host.page()
    await host.command("status")
    assert "secret-key" not in await host.page()


async def test_moderators_hand_nothing_over(core: FakeCore, room: Room) -> None:
    core.commands.dashboards[CHAT] = dashboard()
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR_KEY)
        assert "/host/over" not in await moderator.page()
        with pytest.raises(PlatformError, match="404"):
            await moderator.page("/over")
        core.commands.dashboards[CHAT] = dashboard(moderators_lead=True)
        assert "/host/over" in await moderator.page(), "unless they lead themselves"
        assert "Hand over the lead" in await moderator.page("/over")
