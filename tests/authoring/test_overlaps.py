"""Of many chats only those are looked at that may overlap with one, and none of these is missed."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec

from bot.authoring.overlaps import Neighbours, overlaps
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON


def test_the_neighbours_are_all_that_overlap() -> None:
    dice = random.Random(1)  # noqa: S311 -- no secret
    chats = [
        msgspec.structs.replace(
            a_chat(name=f"a/{number}", starts=NOON + timedelta(minutes=15 * dice.randrange(400))),
            length=timedelta(minutes=15 * dice.randint(1, 20)),
        )
        for number in range(150)
    ]
    near, at = Neighbours(chats), ("a.toml", 1, 1)
    told = [list(overlaps(one, near.of(one), ["room"], None, at)) for one in chats]
    assert told == [list(overlaps(one, chats, ["room"], None, at)) for one in chats]
    assert any(told)
    assert sum(len(near.of(one)) for one in chats) < len(chats) ** 2 / 4
