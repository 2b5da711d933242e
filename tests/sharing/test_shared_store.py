"""What several processes on one PostgreSQL owe each other: claims, the duty, files and news of changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import Connection, select, text

from bot.chat import Chat, Programme
from bot.commands.link_openings import LinkOpenings
from bot.errors import SetupError
from bot.listening.batch_writer import BatchWriter, RoleLookup
from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChats
from bot.live.notifications import Notifications
from bot.live.process_duties import Duties
from bot.messages import Author, Message, Post
from bot.moderation.decision_writer import PlaceCapabilities
from bot.scheduling.programmes import SharedProgramme
from bot.store import (
    chats,
    claims,
    leases,
    message_schema,
    messages,
    outbox,
    outbox_queries,
    person_rows,
    planned_posts,
)
from bot.store.change_feed import ChangeFeed
from bot.store.database import Database
from bot.store.message_rows import MessageRow
from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.post_states import State
from bot.store.schema import outbox as outbox_table
from bot.wiring.only_run import only_run
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    """Each with threads and connections of its own, as two processes have."""
    with closing(Database(postgres_url)) as first, closing(Database(postgres_url)) as second:
        yield first, second


def plan(store: Database, key: str = "q1") -> None:
    nonce = planned_posts.nonce("a/b", key, "x", 1)
    post = Post(chat="a/b", key=key, place="x", kind="question", text="Why?", nonce=nonce, due=NOON)
    store.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=NOON + 3600 * SECOND)])


def claim(store: Database) -> list[ClaimedPost]:
    early = {"now": NOON - 10 * SECOND, "until": NOON, "lease": 10 * SECOND, "patience": 300 * SECOND}
    return store.write_sync(outbox.claim, "x", holder=store.process, **early)  # type: ignore[arg-type]


def confirm(store: Database, item: ClaimedPost, lease: timedelta = 60 * SECOND) -> bool:
    return bool(store.write_sync(claims.confirm, item.claim or "", [item.id], lease))


def look_up(store: Database) -> list[ClaimedPost]:
    late = NOON + 60 * SECOND
    return store.write_sync(outbox.claim_ambiguous, "x", now=late, lease=SECOND, busy=[], holder=store.process)


def state(store: Database) -> str:
    return store.read_sync(outbox_queries.outbox_rows)[0].state


def outcome(item: ClaimedPost, to: State) -> PostOutcome:
    receipt = "r" if to == "sent" else None
    return PostOutcome(id=item.id, claim=item.claim, state=to, next_at=NOON, attempts=1, receipt=receipt, sent_at=NOON)


def test_a_command_gives_back_what_another_process_has_claimed_ahead(stores: tuple[Database, Database]) -> None:
    first, second = stores
    plan(first)
    [item] = claim(first)
    second.write_sync(claims.give_back, "a/b")
    assert state(first) == "planned"
    assert not confirm(first, item), "it must not be sent"
    [again] = claim(second)
    first.write_sync(outbox.save_outcomes, [outcome(item, "planned")])
    assert state(first) == "sending", "what the first still says of it counts no more"
    assert confirm(second, again)


def claimed_notices(store: Database) -> list[ClaimedPost]:
    """Two posts that are claimed together. The second is due first, and is first in its table."""
    for key, due in (("one", NOON), ("two", NOON - SECOND)):
        nonce = planned_posts.nonce("a/b", key, "x", 1)
        post = Post(chat="a/b", key=key, place="x", kind="receipt", text="Done.", nonce=nonce, due=due)
        store.write_sync(planned_posts.save_plan, [planned_posts.PlannedPost(post=post, expires=NOON + 3600 * SECOND)])
    found = sorted(claim(store), key=lambda item: item.id)
    assert [item.post.key for item in found] == ["one", "two"]
    return found


WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

LOCKING: dict[str, Callable[[Connection, list[ClaimedPost]], object]] = {
    "confirm": lambda link, items: claims.confirm(link, items[0].claim or "", [item.id for item in items], SECOND),
    "give back": lambda link, _: claims.give_back(link, "a/b"),
    "plan": lambda link, _: outbox_queries.rows_by_chat(link, ["a/b"], lock=True),
}


@pytest.mark.parametrize("name", LOCKING)
def test_whoever_waits_for_a_post_has_not_locked_a_later_one(stores: tuple[Database, Database], name: str) -> None:
    """Otherwise two processes could wait for each other, and a host's command would be refused."""
    first, second = stores
    items = claimed_notices(first)
    rows = [select(outbox_table.c.id).where(outbox_table.c.id == item.id) for item in items]

    with ThreadPoolExecutor(1) as thread:

        def look(connection: Connection) -> Future[object]:
            connection.execute(rows[0].with_for_update())
            other = thread.submit(second.write_sync, LOCKING[name], items)
            while not connection.scalar(WAITING):
                assert not other.done(), "it does not need the first post"
            connection.execute(rows[1].with_for_update(nowait=True))
            return other

        first.write_sync(look).result()


def test_who_gives_claims_back_has_the_chat_first(stores: tuple[Database, Database]) -> None:
    """So it cannot wait for the chat of somebody who plans it, and who waits for a post that is given back."""
    first, second = stores
    chat = a_chat(name="a/b")
    first.write_sync(chats.save_chat, chat, chat.ends)
    claimed_notices(first)

    with ThreadPoolExecutor(1) as thread:

        def look(connection: Connection) -> Future[None]:
            assert chats.find(connection, "a/b")
            other = thread.submit(second.write_sync, claims.give_back, "a/b")
            while not connection.scalar(WAITING):
                assert not other.done(), "it does not wait for the chat"
            connection.execute(select(outbox_table.c.id).with_for_update(nowait=True))
            return other

        first.write_sync(look).result()


def test_whoever_was_refused_because_two_waited_for_each_other_tries_again(stores: tuple[Database, Database]) -> None:
    """So nobody is told that something could not be stored, whatever two processes do at once."""
    first, second = stores

    def both(connection: Connection, one: str, other: str) -> None:
        chats.set_fact(connection, one, "second")
        chats.set_fact(connection, other, "second")

    others: list[Future[None]] = []
    with ThreadPoolExecutor(1) as thread:

        def look(connection: Connection) -> None:
            chats.set_fact(connection, "a", "first")
            if not others:  # not again, where this is the one that was refused
                others.append(thread.submit(second.write_sync, both, "b", "a"))
                while not connection.scalar(WAITING):
                    assert not others[0].done()
            chats.set_fact(connection, "b", "first")  # each waits for the other until one of them is refused

        first.write_sync(look)
        others[0].result()
    assert len({first.read_sync(chats.get_fact, key) for key in "ab"}) == 1, "one after the other"


async def test_a_message_that_two_processes_hear_at_once_is_stored_once_and_refused_to_neither(
    stores: tuple[Database, Database],
) -> None:
    first, second = stores
    author = Author(id="7", name="Pretend participant A")
    message = Message(place="room", id="1", author=author, text="Words.", at=NOON, chat="a/b")
    inbox = Inbox(second, LiveChats(), Notifications())
    running = asyncio.create_task(inbox.run())
    writer = BatchWriter(LiveChats(), policy=None, capabilities=PlaceCapabilities(), roles=RoleLookup())
    loop = asyncio.get_running_loop()

    def hear(connection: Connection) -> asyncio.Future[None]:
        writer.write(connection, [message])
        other = asyncio.run_coroutine_threadsafe(inbox.hear(message), loop)
        while not connection.scalar(WAITING):
            assert not other.done()
        return asyncio.wrap_future(other, loop=loop)

    await (await first.write("incoming", hear))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(first.read_sync(messages.get_rows, [("room", "1")])) == 1


RENEWING: dict[str, Callable[[Connection, str], object]] = {
    "given up": lambda link, holder: leases.renew(link, holder, SECOND, ["a"], given_up=["b"]),
    "taken reluctantly": lambda link, holder: leases.renew(link, holder, SECOND, ["b"], reluctantly=["a"]),
    "ended": leases.end,
}


@pytest.mark.parametrize("name", RENEWING)
def test_whoever_waits_for_a_lease_has_not_locked_a_later_one(stores: tuple[Database, Database], name: str) -> None:
    """Otherwise a process that gives a duty up and one that renews its own could wait for each other."""
    first, second = stores
    for duty in ("b", "a"):
        second.write_sync(leases.renew, second.process, SECOND, [duty])
    rows = [select(leases.leases.c.name).where(leases.leases.c.name == one) for one in ("a", "b")]

    with ThreadPoolExecutor(1) as thread:

        def look(connection: Connection) -> Future[object]:
            connection.execute(rows[0].with_for_update())
            other = thread.submit(second.write_sync, RENEWING[name], second.process)
            while not connection.scalar(WAITING):
                assert not other.done(), "it does not need the first one"
            connection.execute(rows[1].with_for_update(nowait=True))
            return other

        first.write_sync(look).result()


async def test_a_lease_whose_giving_up_was_lost_is_not_renewed(stores: tuple[Database, Database]) -> None:
    first, second = stores
    now = [first.write_sync(leases.renew, first.process, SECOND, ["x"])]
    now += [first.write_sync(leases.renew, first.process, 60 * SECOND, [], reluctantly=["x"])]
    assert [one.mine & {"x"} for one in now] == [{"x"}, frozenset()]
    async with asyncio.timeout(30):
        while "x" not in second.write_sync(leases.renew, second.process, SECOND, ["x"]).mine:
            await asyncio.sleep(0.05)


def test_what_was_confirmed_is_neither_given_back_nor_looked_up_by_others(stores: tuple[Database, Database]) -> None:
    first, second = stores
    plan(first)
    [item] = claim(first)
    assert confirm(first, item)
    second.write_sync(claims.give_back, "a/b")
    second.write_sync(claims.give_back_overdue, NOON + 3600 * SECOND)
    assert (state(first), look_up(second)) == ("sending", []), "however far ahead its clock is"
    first.write_sync(outbox.save_outcomes, [outcome(item, "sent")])
    assert state(second) == "sent"


def test_a_process_that_stood_still_can_say_only_that_it_was_sent(stores: tuple[Database, Database]) -> None:
    first, second = stores
    plan(first)
    [item] = claim(first)
    assert confirm(first, item, lease=timedelta(0))
    [found] = look_up(second)
    second.write_sync(outbox.save_outcomes, [outcome(found, "retry")])
    first.write_sync(outbox.save_outcomes, [outcome(item, "failed")])
    assert state(first) == "retry"
    first.write_sync(outbox.save_outcomes, [outcome(item, "sent")])
    assert state(first) == "sent"


async def test_one_process_has_the_duty_and_another_takes_it_when_it_is_given_up_or_not_renewed(
    stores: tuple[Database, Database],
) -> None:
    first, second = (Duties(one, ["x"]) for one in stores)
    for one in (first, second):
        await one.renew()
    assert (duties(first), duties(second)) == ("plans listens", "")
    await first.end()
    await second.renew()
    await first.renew()
    assert (duties(first), duties(second)) == ("", "plans listens")
    await stores[0].write("pulse", lambda connection: connection.execute(text("UPDATE leases SET until = 0")))
    await first.renew()
    await second.renew()
    assert (duties(first), duties(second)) == ("plans listens", "")
    assert (first.term, second.term) == (2, 1)
    assert [one.read_sync(leases.plans, one.process) for one in stores] == [True, False]
    alive = text("SELECT count(*) FROM leases WHERE name LIKE 'alive %'")
    for days, left in ((0, 2), (2, 0)):
        await passed(stores[0], days * 86400)
        await stores[0].write("pulse", leases.forget_dead)
        assert await stores[0].read(lambda connection: connection.scalar(alive)) == left


async def test_a_process_that_cannot_reach_a_platform_leaves_listening_there_to_another(
    stores: tuple[Database, Database],
) -> None:
    first, second = (Duties(one, ["x", "discord"]) for one in stores)
    first.reachable = lambda platform: platform != "x"
    for _ in range(7):
        await first.renew()
    assert first.listens("x"), "there is nobody else"
    for _ in range(7):
        await second.renew()
        await first.renew()
    await second.renew()
    assert (first.plans, first.listens("x"), first.listens("discord")) == (True, False, True)
    assert (second.plans, second.listens("x"), second.listens("discord")) == (False, True, False)

    second.reachable = first.reachable  # an outage for all
    for _ in range(7):
        await second.renew()
        await first.renew()
    assert not first.listens("x"), "it is left to others for a while, if they want it"
    assert not second.listens("x")
    await passed(stores[0], 5)
    await first.renew()
    assert first.listens("x"), "nobody wants it"
    for _ in range(7):
        await second.renew()
        await first.renew()
    assert first.listens("x"), "it does not go around"


async def passed(store: Database, seconds: int) -> None:
    """As if so many seconds later, for the leases that are over."""
    later = text("UPDATE leases SET until = until - :by")
    await store.write("pulse", lambda connection: connection.execute(later, {"by": seconds * 1_000_000}))


def duties(one: Duties) -> str:
    return " ".join(what for what, mine in {"plans": one.plans, "listens": one.listens("x")}.items() if mine)


def named(name: str, title: str = "A chat") -> Chat:
    return msgspec.structs.replace(a_chat(), name=name, title=title)


def test_each_machine_plans_the_files_of_all_and_removes_only_its_own(stores: tuple[Database, Database]) -> None:
    folders: list[list[Chat]] = [[named("a/one")], [named("a/two")]]
    invalid = [frozenset[str]()]
    first = SharedProgramme(stores[0], lambda: Programme(chats=tuple(folders[0]), invalid=invalid[0]), "first")
    second = SharedProgramme(stores[1], lambda: Programme(chats=tuple(folders[1])), "second")

    def seen(programme: SharedProgramme) -> dict[str, str]:
        return {one.name: one.title for one in programme().chats}

    second()
    assert seen(first) == seen(second) == {"a/one": "A chat", "a/two": "A chat"}
    folders[0] = [named("a/one"), named("a/two", "Written last")]
    assert seen(first) == seen(second) == {"a/one": "A chat", "a/two": "Written last"}
    folders[0], invalid[0] = [named("a/two", "Written last")], frozenset({"a/one"})
    first()
    assert seen(second) == {"a/one": "A chat", "a/two": "Written last"}, "a file with a mistake is still there"
    folders[0], invalid[0] = [], frozenset()
    first()
    assert seen(second) == {"a/two": "A chat"}, "the second's own file is still there"
    restarted = SharedProgramme(stores[1], lambda: Programme(chats=()), "second")
    assert seen(restarted) == {}


Told = list[tuple[Database, str, str]]


@asynccontextmanager
async def all_told(stores: tuple[Database, Database]) -> AsyncIterator[Told]:
    """What each process is told of the other, from the start of the block."""
    heard: Told = []
    feeds = [
        ChangeFeed(one, lambda kind, which, one=one: heard.append((one, kind, which)), lambda: None)  # type: ignore[misc]
        for one in stores
    ]
    tasks = [asyncio.create_task(one.run()) for one in feeds]
    async with asyncio.timeout(60):
        for one in feeds:
            await one.listening.wait()
        yield heard
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_told(heard: Told, number: int) -> None:
    while len(heard) < number:
        await asyncio.sleep(0.01)


async def test_a_change_is_told_to_every_other_process(stores: tuple[Database, Database]) -> None:
    async with all_told(stores) as heard:
        chat = a_chat()
        await stores[0].write("outgoing", chats.save_chat, chat, chat.ends)
        await asyncio.to_thread(plan, stores[0])
        await until_told(heard, 2)
    assert heard == [(stores[1], "chats", chat.name), (stores[1], "due", "x")]


async def test_a_message_that_is_erased_is_told_to_every_other_process(stores: tuple[Database, Database]) -> None:
    said = {"place": "x", "id": "1", "chat": "a/b", "question": "q1", "reason": "floor", "at": NOON}
    row = MessageRow(**said, author=None, text="", reply_to=None, reply_place=None, url=None)  # type: ignore[arg-type]
    await stores[0].write("incoming", messages.save_rows, [row], [])
    async with all_told(stores) as heard:
        await stores[0].write("incoming", person_rows.delete_rows, message_schema.messages, [("x", "1")])
        await until_told(heard, 1)
    assert heard == [(stores[1], "messages", "a/b")]


def test_on_sqlite_a_second_run_is_refused_plainly_until_the_first_has_ended(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        with (
            only_run(database.file),
            pytest.raises(SetupError, match="Another `convenor run` uses the store"),
            only_run(database.file),
        ):
            pass
        with only_run(database.file):
            pass


async def test_a_host_who_looks_on_by_way_of_another_process_is_not_absent(stores: tuple[Database, Database]) -> None:
    first, second = map(LinkOpenings, stores)
    await first.note("a/b", "host", NOON)
    assert await second.last("a/b") == {"host": NOON}
