"""Ids of people are made anew for each chat: nothing that is published ties two chats to one person."""

from __future__ import annotations

import random
import re
from io import BytesIO
from typing import Any

import msgspec
import pytest

from bot.messages import AnyEvent, Author, Command, Edited, Joined, Message, Named, Reaction, Repost, Withdrawn
from bot.messages.event_log import decode
from bot.messages.keyed_ids import logged_id, with_keyed_ids
from bot.reporting.files import prepare
from tests.reporting.sample_events import asked, at, chat

IDS = [f"80351110224678{number:03}" for number in range(12)]
"""Accounts on Discord, as their messages mention them; on the other places they are ids like any other."""

PLACES = ("discord", "x", "room")


def hour(dice: random.Random, name: str) -> list[AnyEvent]:
    """An hour of the same people under other names, who mention and answer each other."""

    def author(id: str) -> Author:
        return Author(id=id, name=f"{name} {IDS.index(id)}")

    events: list[AnyEvent] = [asked("q1", 10, place=place, id=f"{name}-q-{place}") for place in PLACES]
    for number in range(60):
        id, other, place = dice.choice(IDS), dice.choice(IDS), dice.choice(PLACES)
        text = dice.choice(("A1 yes", f"<@{other}> I agree", f"well, <@!{other}>!"))
        common: dict[str, Any] = {"place": place, "at": at(11 + number / 2)}
        message = Message(**common, id=f"{name}-{number}", author=author(id), text=text, names={f"<@{other}>": "@K"})
        others = (
            Edited(**common, id=message.id, text=f"{text} <@{id}>", names={f"<@{id}>": "@me"}),
            Reaction(**common, id=message.id, author=author(other), emoji="+"),
            Repost(**common, id=f"{name}-r{number}", author=author(id), of=message.id),
            Joined(**common, author=author(other)),
            Named(**common, author=author(id)),
            Withdrawn(**common, author=author(other)),
            Command(**common, id=f"{name}-c{number}", author=author(id), text=f"mute {place}/{other}", receipt=other),
        )
        events += [message, dice.choice(others)]
    return events


def outputs(name: str, events: list[AnyEvent]) -> str:
    """All files that are published of a chat."""
    written = BytesIO()
    for write in prepare(chat(name=f"pretend/{name}"), events).writers.values():
        write(written)
    return written.getvalue().decode()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("secret", [None, b"secret"])
def test_two_chats_of_the_same_people_have_no_common_id(seed: int, secret: bytes | None) -> None:
    dice, logs = random.Random(seed), {}  # noqa: S311 -- no secret
    for number, name in enumerate(("one", "two")):
        events = hour(dice, name)
        own = None if secret is None else secret + bytes([number])
        logs[name] = with_keyed_ids(events, own)
        assert not [id for id in IDS if id in repr(logs[name])]
    texts = [repr(log) + outputs(name, log) for name, log in logs.items()]
    keyed = [set(re.findall(r"p-[0-9a-f]{16}", text)) for text in texts]
    assert all(len(found) >= len(IDS) / 2 for found in keyed)
    assert not keyed[0] & keyed[1]
    assert not [id for id in IDS if any(id in text for text in texts)]


def test_the_published_log_and_the_exported_one_give_the_same_files_when_they_are_read_again() -> None:
    exported = with_keyed_ids(hour(random.Random(7), "one"), b"secret")  # noqa: S311 -- no secret
    first = outputs("one", exported)
    assert outputs("one", with_keyed_ids(exported, b"another secret")) == first
    log = BytesIO()
    prepare(chat(name="pretend/one"), exported).writers["events.jsonl"](log)
    again = prepare(chat(name="pretend/one"), decode(BytesIO(log.getvalue()), "log"))
    second = BytesIO()
    again.writers["transcript.json"](second)
    assert second.getvalue().decode() in first


def test_without_a_secret_neither_order_nor_repetition_makes_a_difference() -> None:
    events = hour(random.Random(8), "one")  # noqa: S311 -- no secret
    shuffled = [*events, *events[:20]]
    random.Random(9).shuffle(shuffled)  # noqa: S311 -- no secret
    assert outputs("one", shuffled) == outputs("one", events)


def test_within_a_chat_a_person_stays_one_person() -> None:
    message = Message(place="x", id="1", at=at(1), author=Author(id="77", handle="@pretend"), text="77 people")
    reaction = Reaction(place="x", id="1", at=at(2), author=Author(id="77"))
    found = with_keyed_ids([message, reaction], b"secret")
    assert {one.author.id for one in found if isinstance(one, Message | Reaction)} == {found[0].author.id}  # type: ignore[union-attr]
    assert found[0] == msgspec.structs.replace(message, author=found[0].author)  # type: ignore[union-attr]


def test_words_of_a_command_stay_words_though_somebody_has_one_as_an_id() -> None:
    host = Author(id="pretend", name="Host")
    said = Command(place="shell", id="c1", at=at(12), author=host, text="edit q2 Why pretend? Ask room/pretend")
    (found,) = with_keyed_ids([said], b"secret")
    assert isinstance(found, Command)
    assert found.text.startswith("edit q2 Why pretend? Ask room/p-")


def test_the_programs_own_log_has_another_id_in_each_chat() -> None:
    assert logged_id("77", "a/b") == logged_id("77", "a/b") != logged_id("77", "a/c")
