"""Whoever waits for a row has locked none that comes later: else two transactions could wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, select, text, update

from bot.chat import FileVersion
from bot.commands.context import CommandContext, CommandEnvironment
from bot.commands.grammar.moderation_types import MessageReference
from bot.commands.grammar.record_types import Merge
from bot.commands.handlers import corrections
from bot.erasure.table_erasure import Changes, write_changes
from bot.listening.attributor import Attributor
from bot.live.live_chats import LiveChats
from bot.messages import Author, Deleted, Edited, Named, Post
from bot.ports.inbound import Charge
from bot.scheduling.late_plans import move_late
from bot.scheduling.plan_changes import write_removals
from bot.store import (
    author_choices,
    chat_files,
    chat_pictures,
    chats,
    claims,
    due_posts,
    ledger,
    messages,
    moderation_queue,
    outbox,
    outbox_queries,
    people,
    place_status,
    planned_posts,
    post_parts,
    retention,
    shared_files,
)
from bot.store.commands import own_command
from bot.store.database import Database
from bot.store.due_posts import ClaimTimes
from bot.store.erasures import ErasureReceipt
from bot.store.message_rows import MessageRow
from bot.store.message_schema import events as event_table
from bot.store.message_schema import messages as message_table
from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.place_status import PlaceStatus
from bot.store.planned_posts import PlannedPost
from bot.store.post_states import State
from bot.store.schema import outbox as outbox_table
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.fakes.platform import flat_traits

SECOND = timedelta(seconds=1)
HOUR = 3600 * SECOND

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

Stores = tuple[Database, Database]
Query = Callable[[Connection], object]


@pytest.fixture
def stores(postgres_url: str) -> Iterator[Stores]:
    """Each with threads and connections of its own, as two processes have."""
    with closing(Database(postgres_url)) as first, closing(Database(postgres_url)) as second:
        yield first, second


def waits_first(stores: Stores, hold: Query, query: Query, free: Query) -> None:
    """While one process has what `hold` takes, another waits for it with a `query`, and `free` waits for nothing."""
    first, second = stores

    with ThreadPoolExecutor(1) as thread:

        def look(connection: Connection) -> Future[object]:
            hold(connection)
            other = thread.submit(second.write_sync, query)
            while not connection.scalar(WAITING):
                assert not other.done(), "it does not need the first one"
            free(connection)
            return other

        first.write_sync(look).result()


def row(table: Table, **key: object) -> Query:
    """Locks a row of a table, and waits for nobody."""
    here = [table.c[name] == value for name, value in key.items()]
    return lambda link: link.execute(select(table).where(*here).with_for_update(nowait=True)).one()


# Posts -------------------------------------------------------------------------------------------------------


def a_post(key: str, **other: Any) -> PlannedPost:  # noqa: ANN401 -- a post's own values
    values: dict[str, Any] = {"place": "x", "kind": "question", "text": "Why?", "due": NOON, "part": 1, **other}
    nonce = planned_posts.nonce("a/b", key, values["place"], values["part"])
    return PlannedPost(post=Post(chat="a/b", key=key, nonce=nonce, **values), expires=values["due"] + HOUR)


def two_posts(store: Database, **other: Any) -> list[int]:  # noqa: ANN401 -- a post's own values
    """Two posts, the second of which comes first by all but its id, in its table as well. Returns their ids."""
    store.write_sync(planned_posts.save_plan, [a_post("held-b", **other)])
    store.write_sync(planned_posts.save_plan, [a_post("held-a", **{"due": NOON - SECOND, **other})])
    with_key = select(outbox_table.c.id).order_by(outbox_table.c.id)
    ids = list(store.read_sync(lambda link: link.scalars(with_key)))
    touch = update(outbox_table).where(outbox_table.c.id == ids[0]).values(error=None)
    store.write_sync(lambda link: link.execute(touch))
    return ids


LATE = NOON + 2 * HOUR
PLAN = [a_post("held-a", due=LATE), a_post("held-b", due=LATE)]

POSTS: dict[str, Query] = {
    "skip expired": lambda link: outbox_queries.skip_expired(link, LATE),
    "skip those not in the plan": lambda link: planned_posts.skip_unplanned(link, "a/b", ()),
    "pause": lambda link: planned_posts.pause_posts(link, "a/b", ["held-a", "held-b"]),
    "skip the rest": lambda link: planned_posts.skip_rest(link, "a/b", ()),
    "delete": lambda link: planned_posts.delete_posts(link, "a/b", "held-%"),
    "remove a chat": lambda link: chats.remove_chat(link, "a/b"),
}
"""What is done by those who have not locked the chat, or not all of the rows before."""


@pytest.mark.parametrize("name", POSTS)
def test_posts_are_locked_in_the_order_of_their_ids(stores: Stores, name: str) -> None:
    one, two = two_posts(stores[0])
    waits_first(stores, row(outbox_table, id=one), POSTS[name], row(outbox_table, id=two))


def test_questions_that_were_passed_over_are_locked_in_the_order_of_their_ids(stores: Stores) -> None:
    one, two = two_posts(stores[0])
    for key, to in (("q3", "x"), ("q3", "discord")):
        stores[0].write_sync(planned_posts.save_plan, [a_post(key, place=to, due=NOON + SECOND)])
    sent = update(outbox_table).where(outbox_table.c.place == "discord").values(state="sent")
    stores[0].write_sync(lambda link: link.execute(sent))

    def skip(link: Connection) -> object:
        return outbox_queries.skip_superseded(link, ["x"], NOON + SECOND, NOON + SECOND)

    waits_first(stores, row(outbox_table, id=one), skip, row(outbox_table, id=two))


def test_receipts_are_locked_in_the_order_of_their_ids(stores: Stores) -> None:
    messages_there(stores[0], ("x", "5"))
    one, two = two_posts(stores[0], kind="receipt", reply_to="5", to="7")
    for query in (
        lambda link: people.silence_people(link, [("x", "7")]),
        lambda link: retention.expire_private_posts(link, LATE),
    ):
        waits_first(stores, row(outbox_table, id=one), query, row(outbox_table, id=two))


def test_later_parts_are_locked_in_the_order_of_their_ids(stores: Stores) -> None:
    for part in (1, 3, 2):
        stores[0].write_sync(planned_posts.save_plan, [a_post("q1", part=part)])
    touch = update(outbox_table).where(outbox_table.c.id == 2).values(error=None)
    stores[0].write_sync(lambda link: link.execute(touch))

    def skip(link: Connection) -> None:
        post_parts.skip_later_parts(link, [1])

    waits_first(stores, row(outbox_table, id=2), skip, row(outbox_table, id=3))


def test_a_command_has_the_posts_of_the_plan_before_it_plans_them_anew(stores: Stores) -> None:
    """So it can't wait for somebody who skips or confirms them. It plans by place, and they came in another order."""
    one, two = two_posts(stores[0])

    def command(link: Connection) -> None:
        claims.give_back(link, "a/b")
        planned_posts.save_plan(link, PLAN)

    waits_first(stores, row(outbox_table, id=one), command, row(outbox_table, id=two))


def test_a_chat_that_is_late_has_its_posts_before_they_are_moved(stores: Stores) -> None:
    chat = a_chat()
    stores[0].write_sync(chats.save_chat, chat, chat.ends)
    stores[0].write_sync(planned_posts.save_plan, [a_post("q2", due=NOON + 20 * 60 * SECOND)])
    stores[0].write_sync(planned_posts.save_plan, [a_post("q1", due=NOON + 10 * 60 * SECOND)])

    def move(link: Connection) -> object:
        now = NOON + 30 * 60 * SECOND
        moved = move_late(link, "a/b", now, places={"x": flat_traits()}, late=SECOND, slack=HOUR)
        assert moved is not None
        return moved

    waits_first(stores, row(outbox_table, id=1), move, row(outbox_table, id=2))


def test_who_saves_outcomes_waits_for_no_other_claim(stores: Stores) -> None:
    """Two processes that were cut off from the store say so of their posts, and would give back each other's."""
    first, second = stores
    two_posts(first, kind="receipt")
    early = {"now": NOON - 10 * SECOND, "until": NOON, "lease": 10 * SECOND, "patience": 300 * SECOND}
    claimed = first.write_sync(outbox.claim, "x", holder=first.process, **early)  # type: ignore[arg-type]
    items = sorted(claimed, key=lambda item: item.id)
    assert len(items) == 2

    def save(link: Connection, item: ClaimedPost) -> object:
        times = ClaimTimes(now=NOON, until=NOON, patience=SECOND, unconfirmed=NOON + HOUR)
        return due_posts.claim_due(link, {}, times, holder="h", busy=(), outcomes=[outcome(item, "retry")])

    def look(connection: Connection) -> None:
        outbox.save_outcomes(connection, [outcome(items[0], "retry")])
        with ThreadPoolExecutor(1) as thread:
            thread.submit(second.write_sync, save, items[1]).result()

    first.write_sync(look)


def outcome(item: ClaimedPost, to: State) -> PostOutcome:
    return PostOutcome(id=item.id, claim=item.claim, state=to, next_at=NOON, attempts=1)


def test_a_chat_that_is_removed_has_its_posts_before_they_are_skipped(stores: Stores) -> None:
    chat = a_chat()
    stores[0].write_sync(chats.save_chat, chat, chat.ends)
    one, two = two_posts(stores[0], kind="receipt")
    planned = update(outbox_table).where(outbox_table.c.id == two).values(kind="question")
    stores[0].write_sync(lambda link: link.execute(planned))

    def remove(link: Connection) -> object:
        removed = write_removals(link, [(chat, {})], ["a/b"], NOON)
        assert removed.removed
        return removed

    waits_first(stores, row(outbox_table, id=one), remove, row(outbox_table, id=two))


# Messages ----------------------------------------------------------------------------------------------------


def a_message(place: str, id: str, author: str = "7", reply_to: str | None = None) -> MessageRow:
    return MessageRow(
        place=place, id=id, chat="a/b", question="q1", reason="floor", at=NOON, author=Author(id=author, handle="@a"),
        text="words", reply_to=reply_to, reply_place=None, url=None,
    )  # fmt: skip


def messages_there(store: Database, *idents: tuple[str, str], by: dict[str, str] | None = None) -> None:
    for place, id in idents:
        store.write_sync(messages.save_rows, [a_message(place, id, (by or {}).get(id, "7"))], [])


MESSAGES: dict[str, Query] = {
    "read": lambda link: messages.get_rows(link, [("room", "2"), ("room", "1")]),
    "leave": lambda link: messages.exclude_people(link, [("room", "b"), ("room", "a")]),
    "come back": lambda link: author_choices.include_people(link, [("room", "b"), ("room", "a")]),
    "put back": lambda link: author_choices.put_back(link, [("room", "2"), ("room", "1")]),
    "rename": lambda link: people.rename(link, [("room", Author(id=one, handle="@c"), NOON) for one in "ba"]),
    "name": lambda link: people.save_names(
        link, [Named(place="room", at=NOON, author=Author(id=one, handle="@c")) for one in "ba"]
    ),
    "blank": lambda link: retention.blank(link, "a/b", [], {("room", "2"), ("room", "1")}, NOON),
    "keep only": lambda link: retention.keep_only(
        link, "a/b", [], what="events", shown=frozenset(), account=str, now=NOON
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_locked_in_the_order_of_their_ids(stores: Stores, name: str) -> None:
    messages_there(stores[0], ("room", "2"), ("room", "1"), by={"1": "a", "2": "b"})
    gone = update(message_table).values(gone=name in {"come back", "put back"})
    stores[0].write_sync(lambda link: link.execute(gone))
    one, two = (row(message_table, place="room", id=id) for id in "12")
    waits_first(stores, one, MESSAGES[name], two)


LEAVING: dict[str, Query] = {
    "leave": lambda link: messages.exclude_people(link, [("room", "a")]),
    "come back": lambda link: author_choices.include_people(link, [("room", "a")]),
}


@pytest.mark.parametrize("name", LEAVING)
def test_all_messages_of_a_person_are_locked_in_the_order_of_their_ids(stores: Stores, name: str) -> None:
    messages_there(stores[0], ("room", "2"), ("room", "1"), by={"1": "a", "2": "a"})
    gone = update(message_table).values(gone=name == "come back")
    stores[0].write_sync(lambda link: link.execute(gone))
    one, two = (row(message_table, place="room", id=id) for id in "12")
    waits_first(stores, one, LEAVING[name], two)


def test_what_is_erased_is_locked_in_the_order_of_the_others(stores: Stores) -> None:
    """First messages, as by whoever hears of one; and of each table all rows, whether they are changed or deleted."""
    messages_there(stores[0], ("room", "2"), ("room", "1"))
    one, two = two_posts(stores[0])
    stores[0].write_sync(messages.append_events, [("a/b", Deleted(place="room", id="1", at=NOON))])
    [seq] = stores[0].read_sync(lambda link: list(link.scalars(select(event_table.c.seq))))
    changes = Changes(
        stamp=(),
        deleted={"events": [(seq,)], "messages": [("room", "2")], "outbox": [(two,)]},
        changed={"messages": [(("room", "1"), {"text": ""})], "outbox": [((one,), {"text": ""})]},
        stand_ins=(),
        chats=frozenset(),
        waits=False,
    )

    def erase(link: Connection) -> object:
        return write_changes(link, changes, "1", ErasureReceipt())

    first, later = (row(message_table, place="room", id=id) for id in "12")
    waits_first(stores, first, erase, lambda link: (later(link), row(event_table, seq=seq)(link)))


def test_messages_of_several_places_are_locked_in_one_order(stores: Stores) -> None:
    idents = [("x", "1"), ("room", "1")]
    messages_there(stores[0], *idents)
    x, room = (row(message_table, place=place, id="1") for place, _ in idents)
    waits_first(stores, room, lambda link: messages.get_rows(link, idents), x)


def test_messages_that_a_host_counts_once_are_locked_in_one_order(stores: Stores) -> None:
    messages_there(stores[0], ("room", "2"), ("room", "1"))
    environment = CommandEnvironment(places={"room": flat_traits()}, slack=HOUR, role=lambda *_: "host")
    stored = chats.StoredChat(chat=a_chat(), ends=NOON + HOUR)
    context = CommandContext(
        environment=environment,
        command=own_command("a/b", NOON, "merge"),
        role="host",
        now=NOON,
        stored=stored,
        outbox_rows=(),
    )
    copy, original = (MessageReference(place="room", id=id) for id in "21")
    merge = Merge(message=copy, original=original)
    one, two = (row(message_table, place="room", id=id) for id in "12")
    waits_first(stores, one, lambda link: corrections.merge(link, context, merge), two)


def test_a_message_is_not_locked_before_an_earlier_one_to_which_it_refers(stores: Stores) -> None:
    """One person edits it at one machine, while another edits the one above at another."""
    stores[0].write_sync(messages.save_rows, [a_message("room", "1"), a_message("room", "2", reply_to="1")], [])
    edited = Edited(place="room", id="2", at=NOON, text="Other words.")
    one, two = (row(message_table, place="room", id=id) for id in "12")
    waits_first(stores, one, lambda link: Attributor(LiveChats()).prepare(link, [edited]), two)


# Other tables ------------------------------------------------------------------------------------------------


def statuses(link: Connection, *names: str) -> None:
    place_status.save_statuses(link, [PlaceStatus(place=one, state="connected", since=NOON) for one in names])


def charges(link: Connection, *names: str) -> None:
    ledger.add_charges(link, [("x", Charge(what="post", resource=one, at=NOON, micros=1)) for one in names])


def numbers(link: Connection, *names: str) -> None:
    found = [moderation_queue.QueuedMessage(chat=one, place="x", id=one, at=NOON) for one in names]
    moderation_queue.enqueue_all(link, found)


OTHERS: dict[str, Callable[..., object]] = {
    "positions": lambda link, *names: messages.save_positions(link, dict.fromkeys(names, "1")),
    "statuses": statuses,
    "charges": charges,
    "numbers": numbers,
    "files": lambda link, *names: chat_files.save_files(
        link, [FileVersion(state="1", chat=a_chat(name=one)) for one in names]
    ),
    "shared files": lambda link, *names: shared_files.publish(link, "here", [a_chat(name=one) for one in names], ()),
    "pictures": lambda link, *names: chat_pictures.put(link, "a/b", {one: one.encode() for one in names}),
}


@pytest.mark.parametrize("name", OTHERS)
def test_rows_are_written_in_the_order_of_their_keys(stores: Stores, name: str) -> None:
    write = OTHERS[name]

    def free(link: Connection) -> None:
        link.execute(text("SET LOCAL lock_timeout = '100ms'"))
        write(link, "2")

    waits_first(stores, lambda link: write(link, "1"), lambda link: write(link, "2", "1"), free)
