"""Two processes on one store: the first executes a command, and the other gets its receipt."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.commands import execution
from bot.commands.context import CommandEnvironment, ResolvedCommand
from bot.commands.execution import ExecutedCommand
from bot.commands.grammar.parser import parse
from bot.messages import Author, Command
from bot.scheduling import planning
from bot.scheduling.timeline import all_slots
from bot.store import chats, commands, planned_posts
from bot.store.database import Database
from bot.transfer import export_events
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.fakes.platform import flat_traits

TRAITS = flat_traits(platform="fake", limit=500)
ENVIRONMENT = CommandEnvironment(
    places={"x": TRAITS, "room": TRAITS}, slack=timedelta(minutes=15), role=lambda *_: "participant"
)
NOW = NOON + timedelta(minutes=1)


@pytest.fixture
def stores(store_url: str) -> Iterator[tuple[Database, Database]]:
    """Each with threads and connections of its own, as two processes have."""
    first, second = Database(store_url), Database(store_url)
    chat = a_chat()
    first.write_sync(chats.save_chat, chat, chat.ends)
    yield first, second
    first.close()
    second.close()


def a_command(id: str, text: str = "extend 1m", place: str = "shell") -> Command:
    author = Author(id="pretend")
    return Command(place=place, id=id, author=author, text=text, chat="a/b", role="admin", at=NOW)


def execute(connection: Connection, command: Command, met: threading.Barrier) -> ExecutedCommand:
    """Execute in a transaction, on PostgreSQL only when the other one has begun too."""
    if connection.dialect.name == "postgresql":
        met.wait(60)  # SQLite lets only one of them begin
    resolved = ResolvedCommand(command=command, parsed=parse(command.text), role="admin")
    return execution.execute(connection, ENVIRONMENT, resolved, NOW)


def at_once(stores: tuple[Database, Database], *given: Command) -> list[ExecutedCommand]:
    """Both processes execute one command each, at the same instant."""
    met, found = threading.Barrier(2), list[ExecutedCommand]()

    def work(store: Database, one: Command) -> None:
        found.append(store.write_sync(execute, one, met))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(stores, given, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(found) == len(stores)
    return found


@pytest.mark.parametrize("waits", [True, False], ids=["it waits", "it is new"])
def test_both_take_the_same_command_and_it_is_executed_once(
    stores: tuple[Database, Database],
    waits: bool,  # noqa: FBT001 -- pytest's
) -> None:
    for number in range(1, 21):
        command = a_command(f"c{number}")
        if waits:
            stores[0].write_sync(commands.enqueue, [command])
        done = at_once(stores, command, command)
        assert sorted(one.repeated for one in done) == [False, True]
        assert len({one.result.receipt for one in done}) == 1
        found = stores[0].read_sync(chats.find, "a/b")
        assert found
        assert found.ends == a_chat().ends + timedelta(minutes=number)
    assert len([one for one in export_events(stores[0], a_chat()) if isinstance(one, Command)]) == 20
    assert stores[0].read_sync(commands.waiting) == []


def test_two_commands_at_the_same_instant_both_count(stores: tuple[Database, Database]) -> None:
    for number in range(1, 21):
        done = at_once(stores, a_command(f"a{number}"), a_command(f"b{number}", place="room"))
        assert not any(one.repeated for one in done)
        found = stores[0].read_sync(chats.find, "a/b")
        assert found
        assert found.ends == a_chat().ends + timedelta(minutes=2 * number)


def test_next_from_both_moves_one_question(stores: tuple[Database, Database]) -> None:
    chat = a_chat()
    stores[0].write_sync(
        planned_posts.save_plan,
        planning.plan_posts(chat, all_slots(chat), ENVIRONMENT.places, ends=chat.ends, slack=ENVIRONMENT.slack),
    )
    done = at_once(stores, a_command("a", "next"), a_command("b", "next", place="room"))
    assert sorted(one.result.outcome for one in done) == ["done", "refused"]
