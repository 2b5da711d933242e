"""Commands in the database: each waits once, and a waiting one can be withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from bot.messages import Author, Command
from bot.store import commands
from bot.store.database import Database
from tests.fakes.clock import NOON

SAID = Command(place="shell", id="1", author=Author(id="pretend"), text="next", chat="a/b", role="admin", at=NOON)


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    yield made
    made.close()


def test_a_waiting_command_is_withdrawn_once(store: Database) -> None:
    store.write_sync(commands.enqueue, [SAID, SAID])
    assert [one.command for one in store.read_sync(commands.waiting)] == [SAID]
    assert store.write_sync(commands.withdraw, "x", "1") is False
    assert store.write_sync(commands.withdraw, "shell", "1") is True
    assert store.write_sync(commands.withdraw, "shell", "1") is False
    assert store.read_sync(commands.waiting) == []
    found = store.read_sync(commands.find, "shell", "1")
    assert found
    assert (found.outcome, found.receipt) == ("late", "Nobody was there to carry it out, so it was withdrawn.")
    store.write_sync(commands.enqueue, [SAID])
    assert store.read_sync(commands.waiting) == [], "who had read that it waits does not carry it out after all"


def test_an_answered_command_stays(store: Database) -> None:
    store.write_sync(commands.enqueue, [SAID])
    done = msgspec.structs.replace(SAID, outcome="done", receipt="Q2 is out.")
    store.write_sync(commands.save_outcome, done, name="next")
    assert store.write_sync(commands.withdraw, "shell", "1") is False
    found = store.read_sync(commands.find, "shell", "1")
    assert found
    assert (found.outcome, found.receipt) == ("done", "Q2 is out.")
