"""The order of writes, and the version of a database: migrated once, and opened without Alembic from then on."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, create_engine

from bot.errors import StoreError
from bot.listening.batch_writer import BatchWriter, RoleLookup
from bot.live.live_chats import LiveChat, LiveChats
from bot.messages import AnyEvent, Author, Edited, Message
from bot.moderation.decision_writer import PlaceCapabilities
from bot.store import chats, messages, migrations
from bot.store.calendar_hosts import calendar_host
from bot.store.database import Database
from bot.store.lanes import Lane, WriteQueue
from bot.store.upgrade import newest_version, version
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

MIGRATIONS = Path(migrations.__file__).parent

CALENDAR = "of the room"

OPENED = """
import sys
from bot.store.database import Database
Database(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def written(*lanes: Lane) -> list[str]:
    """The order in which writers have their turn that came one after the other, while another one was writing."""
    queue, order = WriteQueue(), list[str]()

    def work(lane: Lane, name: str) -> None:
        with queue.turn(lane, 60):
            order.append(name)

    with queue.turn("incoming", 60):
        threads = []
        for number, lane in enumerate(lanes, 1):
            threads.append(threading.Thread(target=work, args=(lane, f"{lane} {number}")))
            threads[-1].start()
            while queue.length < number:
                time.sleep(0)
        assert order == []
    for thread in threads:
        thread.join(60)
    return order


def test_writes_of_a_lane_are_first_come_first_served() -> None:
    assert written(*("outgoing",) * 20) == [f"outgoing {number}" for number in range(1, 21)]


def test_claims_come_before_outcomes_and_commands_then_events_then_the_pulse() -> None:
    assert written("pulse", "incoming", "outgoing", "claims") == ["claims 4", "outgoing 3", "incoming 2", "pulse 1"]


def test_the_least_urgent_write_gets_its_turn_too() -> None:
    order = written("pulse", *("claims",) * 20)
    assert order.index("pulse 1") == 8


def test_a_failed_write_lets_the_next_one_in() -> None:
    queue = WriteQueue()
    with suppress(ValueError), queue.turn("incoming", 60):
        raise ValueError
    with queue.turn("incoming", 60), pytest.raises(StoreError), queue.turn("claims", 0):
        raise AssertionError
    with queue.turn("pulse", 0):
        assert queue.length == 0


def test_a_migration_is_numbered_by_the_name_of_its_file() -> None:
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    modules = [import_module(f"bot.store.migrations.versions.{file.stem}") for file in files]
    revisions = [module.revision for module in modules]
    assert revisions == [file.stem.partition("_")[0] for file in files]
    assert [module.down_revision for module in modules] == [None, *revisions[:-1]]
    assert newest_version(MIGRATIONS) == revisions[-1]


def test_an_empty_database_gets_the_newest_version(empty_url: str) -> None:
    def known_to_alembic(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    with closing(Database(empty_url)) as database:
        assert database.read_sync(version) == database.read_sync(known_to_alembic) == newest_version(MIGRATIONS)


def test_messages_stored_before_references_were_are_answered_and_edited(empty_url: str) -> None:
    engine, config = create_engine(empty_url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        old = Table("messages", MetaData(), autoload_with=connection)
        row = {
            "place": "room",
            "id": "1",
            "chat": "a/b",
            "question": "q1",
            "reason": "floor",
            "at": 1,
            "author_id": "a",
        }
        connection.execute(old.insert(), row | {"author": '{"id":"a"}', "text": "We do", "gone": False})
    engine.dispose()
    live_chats, chat, hour = LiveChats(), a_chat(), timedelta(hours=1)
    live_chats.add(LiveChat(chat, ends=chat.ends, places=("room",), open_for=(hour, hour)))
    writer = BatchWriter(live_chats, policy=None, capabilities=PlaceCapabilities(), roles=RoleLookup())

    def heard(database: Database, event: AnyEvent) -> dict[str, str]:
        database.write_sync(writer.write, [event])
        found = database.write_sync(messages.get_rows, [("room", "1"), ("room", "2")])
        return {id: row.question for (_, id), row in found.items()}

    author, at = Author(id="b"), chat.ends - timedelta(minutes=1)
    with closing(Database(empty_url)) as database:
        reply = Message(place="room", id="2", author=author, text="We too", at=at, reply_to="1")
        assert heard(database, reply) == {"1": "q1", "2": "q1"}
        edit = Edited(place="room", id="1", text="A2 We do", at=at)
        assert heard(database, edit) == {"1": "q2", "2": "q2"}


def test_an_up_to_date_database_is_opened_without_alembic(store_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", OPENED, store_url], capture_output=True, text=True, check=True)  # noqa: S603 -- ours
    assert done.stdout.strip() == "False"


def test_calendars_of_a_new_store_have_one_lasting_end_of_uids(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        made = database.write_sync(calendar_host, CALENDAR, "old.example.org")
        assert uuid.UUID(made)
        database.write_sync(chats.save_plans, [(a_chat(), a_chat().ends, chats.ChatState(), None)])
        for calendar in (CALENDAR, "of another room"):
            assert database.write_sync(calendar_host, calendar, "") == made


def test_calendars_of_a_store_with_chats_keep_the_address_that_they_had(store_url: str) -> None:
    with closing(Database(store_url)) as database:
        database.write_sync(chats.save_plans, [(a_chat(), a_chat().ends, chats.ChatState(), None)])
        for address in ("old.example.org", "new.example.org"):
            assert database.write_sync(calendar_host, CALENDAR, address) == "old.example.org"


def test_a_read_holds_no_transaction_while_it_works(postgres_url: str) -> None:
    """A transaction would cost two round trips, and hold up what cleans the tables."""

    def state_of(connection: Connection, pid: int) -> object:
        return connection.exec_driver_sql("SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,)).scalar()

    def look(connection: Connection, other: Database) -> object:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        return other.read_sync(state_of, pid)

    with closing(Database(postgres_url)) as one, closing(Database(postgres_url)) as other:
        assert one.read_sync(look, other) == "idle"
        assert one.write_sync(look, other) == "idle in transaction"


def test_events_read_bit_by_bit_are_those_that_were_there_at_first(store_url: str) -> None:
    """Also where a read makes no transaction; and the next read sees what came meanwhile."""
    said = [Edited(place="x", at=NOON, id=str(number), text="words") for number in range(2500)]

    def first_then_rest(connection: Connection, other: Database) -> int:
        found = messages.chat_events(connection, "a/b")
        next(found)
        other.write_sync(messages.append_events, [("a/b", said[-1])])
        return 1 + len(list(found))

    with closing(Database(store_url)) as one, closing(Database(store_url)) as other:
        one.write_sync(messages.append_events, [("a/b", event) for event in said[:-1]])
        assert one.read_sync(first_then_rest, other) == 2499
        for database in (one, other):
            assert len(database.read_sync(lambda connection: list(messages.chat_events(connection, "a/b")))) == 2500
            assert len(database.write_sync(lambda connection: list(messages.chat_events(connection, "a/b")))) == 2500
