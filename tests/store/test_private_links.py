"""Private links of the room: a key gives access until it is revoked or the chat is long over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from bot.ports.commands import LinkAccess
from bot.store import chats, private_links
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
