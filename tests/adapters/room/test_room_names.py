"""Display names in the room: one alphabet only, and none that looks like a host's or a moderator's."""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.room.input_rules import InvalidInput, display_name
from adapters.room.platform import Room
from bot.messages import Joined
from bot.ports.commands import LinkAccess
from bot.ports.community import Community
from tests.adapters.conftest import HOST_KEY, Client
from tests.fakes.ports import CHAT, FakeCore

RESERVED = ("Hanna Host", "Pretend Moderator", "Сара")


@pytest.mark.parametrize(
    "typed",
    [
        "Наnna Host",
        "Hanna Ηost",
        "Convenоr",
        "Prеtend Person",
        "Hannա",
        "Anna Анна",
        "Ꮋanna",
    ],
)
def test_a_name_in_two_alphabets_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="Please write your name in one alphabet"):
        display_name(typed, RESERVED)


@pytest.mark.parametrize(
    "typed",
    [
        "Admin",
        "ADMINISTRATOR",
        "team",
        "Adm1n",
        "Host.",
        "T e a m",
        "hanna-host",
        "Hänna Höst",
        "pretend moderator",
        "Ｐｒｅｔｅｎｄ Ｍｏｄｅｒａｔｏｒ",
        "Ноѕт",
        "Аԁміп",
        "ТЕАМ",
        "Сопѵепог",
        "ΗΟΣΤ",
        "Ηοςτ",
        "ᴛᴇᴀᴍ",
        "Capa",
    ],
)
def test_a_name_that_looks_reserved_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="people who run this chat"):
        display_name(typed, RESERVED)


@pytest.mark.parametrize(
    "typed",
    [
        "Convenor (host)",
        "Moderator Team",
        "Kate (Host)",
        "Kate, host",
        "Kate - co-host",
        "KateHost",
        "Host Kate",
        "H o s t",
        "Kate H.O.S.T.",
        "h0st kate",
        "Kate M0derat0r",
        "Kate Moderater",
        "katemoderator",
        "Convenerbot",
        "Convenor2",
        "CONVEN0R BOT",
        "OTalk Team",
        "#OTalk Official",
        "The OTalk chat bot",
        "Support Team",
        "Staff",
        "Official 2",
        "Verified",
        "Hana Host",
        "Hanna Hosst",
        "Dr Hanna Host",
        "Hanna Host (OT)",
        "Host, Hanna",
        "Hanna  H\u00f6st 2",
        "Pretend Moderatör",
        "Jane Smith",
        "Jane Smyth",
        "Smith Jane",
        "Kirsty",
        "Kirsty 2",
        "kirsti",
    ],
)
def test_a_name_that_reads_like_staff_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="people who run this chat"):
        display_name(typed, (*RESERVED, "Jane Smith", "Kirsty"), about="#OTalk")


@pytest.mark.parametrize("typed", ["Kate ✓", "✅ Kate", "Kate 🛡️", "Kate ⭐", "Kate [OT]", "Kate®", "[✓] Kate"])
def test_a_name_with_what_looks_like_a_badge_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="look like a badge"):
        display_name(typed, RESERVED)


@pytest.mark.parametrize(
    "typed",
    [
        "Staff nurse A",
        "Support worker in Leeds",
        "OT Team Leeds",
        "Team leader B",
        "Jane Smithson",
        "Jane Doe",
        "John Smith",
        "Kirsty B",
        "Ghostwriter",
        "Hostel worker",
        "Moderate Jo",
        "Adam in Wales",
        "Maria (student)",
        "Talk to me",
        "Pretend participant A",
        "Dr No",
        "OT",
        "42",
        "Chairman Mo",
    ],
)
def test_a_name_that_only_shares_a_word_is_accepted(typed: str) -> None:
    assert display_name(typed, ("Jane Smith", "Kirsty"), about="#OTalk") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "Анна Ивановна",
        "Ελένη",
        "Արամ",
        "田中 Anna",
        "مريم",
        "अनु",
        "José",
        "Hanna",
        "Hostess",
        "Teamwork 2",
        "🙂",
        "Łucja Ørsted",
    ],
)
def test_a_name_in_any_one_alphabet_is_accepted_unchanged(typed: str) -> None:
    assert display_name(typed, (*RESERVED, "🙃")) == typed


async def test_an_office_of_the_series_or_the_community_is_reserved(
    core: FakeCore, open_room: Callable[..., Awaitable[Room]], new_client: Callable[[Room], Client]
) -> None:
    client = new_client(await open_room(community=Community(name="Pretend Therapists")))
    for typed in ("otalk support", "OTalk", "Pretend Therapists", "Pretend Therapists Team", "The Therapists' Bot"):
        assert (await client.join(typed)).status == 400
    assert (await client.join("A therapist in a team")).status == 303
    assert [one.author.name for one in core.events if isinstance(one, Joined)] == ["A therapist in a team"]


async def test_a_moderators_name_is_reserved(core: FakeCore, client: Client) -> None:
    answer = await client.join("Pretend Moderator")
    assert answer.status == 400
    assert "people who run this chat" in await answer.text()
    assert core.events == []


@pytest.mark.usefixtures("private_links")
async def test_the_name_on_a_link_is_reserved(core: FakeCore, client: Client) -> None:
    core.commands.links["k"] = LinkAccess(id="k", chat=CHAT, name="Kirsty Pretend", role="moderator")
    assert (await client.join("Kirsty Pretend (OT)")).status == 400
    assert core.events == []


@pytest.mark.usefixtures("private_links")
@pytest.mark.parametrize(("typed", "status"), [("Pretend Host", 303), ("Pretend Moderator", 400)])
async def test_staff_may_join_under_their_own_name(core: FakeCore, client: Client, typed: str, status: int) -> None:
    assert (await client.get(f"/host/{HOST_KEY}"))[0] == 200
    assert (await client.join(typed)).status == status
    assert [one.author.name for one in core.events if isinstance(one, Joined)] == [typed][: status == 303]
