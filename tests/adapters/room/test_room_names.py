"""Display names in the room: one alphabet only, and none that looks like a host's or a moderator's."""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

import pytest

from adapters.room.input_rules import InvalidInput, display_name
from bot.messages import Joined
from tests.adapters.conftest import HOST_KEY, Client
from tests.fakes.ports import FakeCore

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


async def test_a_moderators_name_is_reserved(core: FakeCore, client: Client) -> None:
    answer = await client.join("Pretend Moderator")
    assert answer.status == 400
    assert "people who run this chat" in await answer.text()
    assert core.events == []


@pytest.mark.usefixtures("private_links")
@pytest.mark.parametrize(("typed", "status"), [("Pretend Host", 303), ("Pretend Moderator", 400)])
async def test_staff_may_join_under_their_own_name(core: FakeCore, client: Client, typed: str, status: int) -> None:
    assert (await client.get(f"/host/{HOST_KEY}"))[0] == 200
    assert (await client.join(typed)).status == status
    assert [one.author.name for one in core.events if isinstance(one, Joined)] == [typed][: status == 303]
