"""What people may call themselves in the room: in one alphabet, and not so that they look like whoever leads."""

# ruff: noqa: RUF001 -- look-alikes are the point

from __future__ import annotations

import pytest

from adapters.room.input_rules import InvalidInput, display_name
from bot.messages import Joined
from tests.adapters.conftest import KEY, Visitor
from tests.fakes.ports import FakeCore

LED = ("Hanna Host", "Pretend Moderator", "Сара")


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
def test_a_name_of_two_alphabets_is_refused_kindly(typed: str) -> None:
    with pytest.raises(InvalidInput, match="Please write your name in one alphabet"):
        display_name(typed, LED)


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
def test_a_name_that_looks_like_theirs_who_lead_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="people who run this chat"):
        display_name(typed, LED)


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
def test_a_name_in_any_one_alphabet_is_taken_as_it_is(typed: str) -> None:
    assert display_name(typed, (*LED, "🙃")) == typed


async def test_a_moderators_name_is_taken(core: FakeCore, visitor: Visitor) -> None:
    answer = await visitor.join("Pretend Moderator")
    assert answer.status == 400
    assert "people who run this chat" in await answer.text()
    assert core.events == []


@pytest.mark.usefixtures("leaders")
@pytest.mark.parametrize(("typed", "status"), [("Pretend Host", 303), ("Pretend Moderator", 400)])
async def test_whoever_has_a_link_may_join_under_their_own_name(
    core: FakeCore, visitor: Visitor, typed: str, status: int
) -> None:
    assert (await visitor.get(f"/host/{KEY}"))[0] == 200
    assert (await visitor.join(typed)).status == status
    assert [one.author.name for one in core.events if isinstance(one, Joined)] == [typed][: status == 303]
