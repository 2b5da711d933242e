"""Private links of the room: a key gives access until it is revoked or the chat is long over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, text

from bot.ports.commands import LinkAccess
from bot.store import chats, link_sessions, private_links, schema
from bot.store.database import Database
from bot.store.private_links import PrivateLink
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON

DAY = timedelta(days=1)
CHAT = a_chat()


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    made = Database(store_url)
    made.write_sync(chats.save_chat, CHAT, CHAT.ends)
    yield made
    made.close()


def made(store: Database, name: str = "Pretend host", role: private_links.LinkRole = "host") -> tuple[str, str]:
    return store.write_sync(private_links.create_link, chat=CHAT.name, name=name, role=role, now=NOON)


def test_a_key_gives_the_access_that_it_was_created_for(store: Database) -> None:
    id, key = made(store)
    other, another = made(store, "Pretend moderator", "moderator")
    host = LinkAccess(id=id, chat="a/b", name="Pretend host", role="host")
    assert store.read_sync(private_links.find_by_key, key, NOON) == host
    assert store.read_sync(private_links.find_by_key, another, NOON) == LinkAccess(
        id=other, chat="a/b", name="Pretend moderator", role="moderator"
    )
    assert private_links.link_path(key) == f"/host/{key}"
    assert len(key) >= 43
    assert re.fullmatch(r"[a-z]{6}", id)


@pytest.mark.parametrize("key", ["", "x", "\udcff", "\x00", "' OR 1=1", "a" * 100_000])
def test_no_other_key_gives_access(store: Database, key: str) -> None:
    id, _ = made(store)
    assert store.read_sync(private_links.find_by_key, key, NOON) is None
    assert store.read_sync(private_links.find_by_key, id, NOON) is None, "the id may be shown, so it opens nothing"


def test_the_key_is_not_in_the_database(store: Database) -> None:
    def everything(connection: Connection) -> str:
        return repr(connection.execute(text("SELECT * FROM links")).all())

    _, key = made(store)
    assert "Pretend host" in store.read_sync(everything)
    assert key not in store.read_sync(everything)


def test_one_link_or_all_are_revoked(store: Database) -> None:
    (one, first), (two, second), (_, third) = made(store), made(store, "Two"), made(store, "Three")
    listed = store.read_sync(private_links.active_links, CHAT.name)
    assert PrivateLink(id=one, name="Pretend host", role="host", made=NOON) in listed
    assert [link.id for link in listed] == sorted(link.id for link in listed), "those of one moment by their id"
    assert store.write_sync(private_links.revoke_links, "other/chat", one, NOON) == 0
    assert store.write_sync(private_links.revoke_links, CHAT.name, one, NOON) == 1
    assert store.write_sync(private_links.revoke_links, CHAT.name, one, NOON) == 0
    assert store.read_sync(private_links.find_by_key, first, NOON) is None
    assert {link.id for link in store.read_sync(private_links.active_links, CHAT.name)} >= {two}
    assert store.read_sync(private_links.find_by_key, second, NOON)
    assert store.write_sync(private_links.revoke_links, CHAT.name, None, NOON) == 2
    assert [store.read_sync(private_links.find_by_key, key, NOON) for key in (first, second, third)] == [
        None,
        None,
        None,
    ]
    assert store.read_sync(private_links.active_links, CHAT.name) == []


def test_links_expire(store: Database) -> None:
    _, key = made(store)
    assert store.read_sync(private_links.find_by_key, key, NOON - 30 * DAY)
    assert store.read_sync(private_links.find_by_key, key, NOON + private_links.VALID_FOR - timedelta(seconds=1))
    assert store.read_sync(private_links.find_by_key, key, NOON + private_links.VALID_FOR) is None


def test_without_its_chat_a_link_gives_no_access(store: Database) -> None:
    _, key = made(store)
    store.write_sync(chats.remove_chat, CHAT.name)
    assert store.read_sync(private_links.find_by_key, key, NOON) is None


def test_a_link_to_a_series_is_valid_for_a_year_and_needs_no_chat(store: Database) -> None:
    def create(connection: Connection) -> str:
        given = {"chat": "a", "name": "Pretend team", "role": "moderator", "kind": "series", "now": NOON}
        return private_links.create_link(connection, **given)[1]  # type: ignore[arg-type]

    key = store.write_sync(create)
    found = store.read_sync(private_links.find_by_key, key, NOON + 399 * DAY)
    assert found is not None
    assert (found.chat, found.series) == ("", "a")
    assert [found.is_to(chat) for chat in ("a/b", "a/other", "ab/c", "a", "")] == [True, True, False, False, False]
    assert store.read_sync(private_links.find_by_key, key, NOON + 400 * DAY) is None


# Sessions -------------------------------------------------------------------------------------------------


def begun(store: Database, key: str, now: datetime = NOON) -> str:
    found = store.write_sync(link_sessions.begin, key, now)
    assert found is not None
    return found[0]


def resumed(store: Database, token: str, now: datetime) -> LinkAccess | None:
    found = store.read_sync(link_sessions.resume, token, now)
    return found.access if found else None


def test_a_session_lasts_hours_after_its_last_use_and_a_day_in_all(store: Database) -> None:
    _, key = made(store)
    token, other = begun(store, key), begun(store, key)
    assert token not in {other, key}
    hour, now = timedelta(hours=1), NOON
    assert resumed(store, other, NOON + 8 * hour) is None
    while now < NOON + 21 * hour:
        now += 7 * hour
        assert resumed(store, token, now)
        store.write_sync(link_sessions.renew, token, now)
    assert resumed(store, token, NOON + 24 * hour) is None
    assert resumed(store, key, NOON) is None
    begun(store, key, NOON + 25 * hour)
    assert store.read_sync(lambda connection: len(connection.execute(select(schema.link_sessions)).all())) == 1


def test_use_is_noted_every_few_minutes_only(store: Database) -> None:
    token = begun(store, made(store)[1])
    for minutes, due in ((4, False), (5, True)):
        found = store.read_sync(link_sessions.resume, token, NOON + timedelta(minutes=minutes))
        assert found is not None
        assert found.is_due is due


def test_sessions_end_with_their_link_and_by_signing_out(store: Database) -> None:
    (id, key), (_, another) = made(store), made(store, "Two")
    first, second, third = begun(store, key), begun(store, another), begun(store, another)
    store.write_sync(private_links.revoke_links, CHAT.name, id, NOON)
    store.write_sync(link_sessions.end, third)
    assert store.read_sync(link_sessions.lasting, {first, second, third, "x"}, NOON) == {second}
    assert [resumed(store, one, NOON) is not None for one in (first, second, third)] == [False, True, False]
    assert store.write_sync(link_sessions.begin, key, NOON) is None


def test_all_sessions_of_a_link_end_at_once_and_no_other(store: Database) -> None:
    (_, key), (_, another) = made(store), made(store, "Two")
    first, second, other = begun(store, key), begun(store, key), begun(store, another)
    for _ in range(2):
        store.write_sync(link_sessions.end_all, first)
        assert store.read_sync(link_sessions.lasting, {first, second, other}, NOON) == {other}
    assert store.write_sync(link_sessions.begin, key, NOON) is not None, "the link itself opens again"


def test_neither_key_nor_token_is_in_the_database(store: Database) -> None:
    _, key = made(store)
    token = begun(store, key)

    def everything(connection: Connection) -> str:
        return repr([connection.execute(select(table)).all() for table in (schema.links, schema.link_sessions)])

    assert key not in store.read_sync(everything)
    assert token not in store.read_sync(everything)
