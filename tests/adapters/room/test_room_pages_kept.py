"""What the room keeps of a page: it is always what the store says, and nothing of one reader gets to another."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace

from adapters.room import chat_pages
from adapters.room.chat_pages import ChatPages
from adapters.room.page_model import PageModel, diff
from adapters.room.platform import Room
from adapters.room.render import Renderer
from adapters.room.section_cache import EVERYBODY, ReaderKind, SectionCache
from adapters.room.sessions import Sessions
from benchmarks.pretend import STARTS, chat, posted
from bot.listening.conversation import StoredConversation
from bot.listening.inbox import Inbox
from bot.live.live_chats import LiveChat, LiveChats
from bot.live.notifications import Notifications
from bot.messages import AnyEvent, Author, Deleted, Edited, Message, MessageDecision, Verdict, Withdrawn
from bot.ports.views import MessageView
from bot.store import chats
from bot.store.database import Database
from tests.adapters.conftest import Client
from tests.adapters.room.host_browser import HostBrowser
from tests.fakes.clock import HandClock
from tests.fakes.ports import CHAT, FakeCore

NewClient = Callable[[Room], Client]
VERDICTS: tuple[Verdict, ...] = ("keep", "hold", "drop")
OWN_LINK = re.compile(r'data-for="own" href="/[^"]+/edit/([^"]+)">')


def own_links(page: str) -> set[str]:
    """The messages that the page lets its reader edit."""
    return set(OWN_LINK.findall(page))


async def test_own_links_and_controls_get_to_nobody_else(
    core: FakeCore, room: Room, new_client: NewClient, host: HostBrowser
) -> None:
    first, second, reader = new_client(room), new_client(room), new_client(room)
    await first.join("Pretend participant A")
    await second.join("Pretend participant B")
    for client in (first, second, first):
        await client.post("A1 one of my messages")
    of_a = {one.id for one in core.heard() if one.author.name == "Pretend participant A"}
    of_b = {one.id for one in core.heard() if one.author.name == "Pretend participant B"}
    for _ in range(2):  # what was kept the first time is used the second time
        assert own_links((await first.get())[1]) == of_a
        assert "data-about" in await host.page()
        assert own_links((await second.get())[1]) == of_b
        for path in (f"/{CHAT}", f"/{CHAT}/fragment"):
            _, page = await reader.get(path)
            assert own_links(page) == set()
            assert page.count('class="message"') == 3
            assert 'value="hide ' not in page
            assert re.search(r'data-for="joined"[^>]* hidden>', page)
            assert not re.search(r'data-for="joined"[^>]*#answer">', page)
    assert 'value="hide ' not in (await first.get())[1]


async def test_a_reply_is_rendered_anew_when_its_parent_goes(core: FakeCore, client: Client) -> None:
    core.add_message("1", "the first", name="Pretend participant C")
    core.add_post("q2", "Q2. And now? #OTalk")
    core.add_message("2", "A2 as said above", reply_to="1")
    assert "in reply to" in (await client.get())[1]
    core.add_event(Deleted(place="x", at=core.clock.now(), id="1"))
    assert "in reply to" not in (await client.get())[1]


class StoredChat:
    """A chat in a real store, with random events by five people."""

    def __init__(self, database: Database) -> None:
        self.chat, self.dice = chat(), random.Random(11)  # noqa: S311 -- no secret
        database.write_sync(chats.save_chat, self.chat, self.chat.ends)
        self.live_chats, self.notifications = LiveChats(), Notifications()
        hour = timedelta(hours=1)
        live = LiveChat(self.chat, ends=self.chat.ends, places=("room",), open_for=(hour, hour))
        self.live_chats.add(live)
        for post in posted(self.chat):
            self.live_chats.add_post(post)
        self.inbox = Inbox(database, self.live_chats, self.notifications)
        self.clock = HandClock(STARTS + timedelta(minutes=50))
        self.conversation = StoredConversation(
            "room", live_chats=self.live_chats, notifications=self.notifications, database=database, clock=self.clock
        )
        self.said: list[str] = []

    def fresh_pages(self) -> ChatPages:
        """Pages of which nothing was read yet."""
        return ChatPages(self.conversation, self.clock)

    def event(self) -> AnyEvent:
        """The next event."""
        number, at = len(self.said), STARTS + timedelta(seconds=self.dice.randrange(3000))
        kind = self.dice.choice(
            ["message"] * 5 + ["edited", "edited", "deleted", "ruled"] + ["withdrawn"] * (number > 60)
        )
        known = self.dice.choice(self.said) if self.said else ""
        if kind == "edited" and known:
            return Edited(place="room", at=at, id=known, text=f"A{self.dice.randrange(1, 7)} changed")
        if kind == "deleted" and known:
            return Deleted(place="room", at=at, id=known)
        if kind == "ruled" and known:
            return MessageDecision(
                place="room", at=at, id=known, verdict=self.dice.choice(VERDICTS), chat=self.chat.name
            )
        who = Author(id=f"p{number % 5}", name=f"Pretend participant {number % 5}")
        if kind == "withdrawn":
            return Withdrawn(place="room", at=at, author=who)
        self.said.append(f"m{number}")
        later = self.dice.random() < 0.2  # the message that it replies to is yet to come
        parent = f"m{number + 1}" if later else known
        mark = f"A{self.dice.randrange(1, 7)} " if self.dice.random() < 0.5 else ""
        return Message(
            place="room",
            at=at,
            id=f"m{number}",
            author=who,
            text=f"{mark}number {number}",
            reply_to=parent if self.dice.random() < 0.5 and parent != f"m{number}" else None,
            chat=self.chat.name,
        )


async def test_the_page_is_what_the_store_says_after_each_event_and_is_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_pages, "MAX_AGE", 3600.0)  # it must not depend on age
    database = Database(f"sqlite:///{tmp_path / 'store.db'}")
    stored = StoredChat(database)
    await stored.inbox.open()
    sessions = Sessions("a secret", secure=False)
    kept_html, public_id = Renderer("room", sessions)._sections, sessions.public_id("p1", "a/b")
    writing, pages = asyncio.create_task(stored.inbox.run()), stored.fresh_pages()
    kept: PageModel | None = None
    for _ in range(120):
        others = [asyncio.create_task(pages.read(stored.chat.name)) for _ in range(2)]
        await stored.inbox.hear(stored.event())
        before = kept
        kept, fresh = await pages.read(stored.chat.name), await stored.fresh_pages().read(stored.chat.name)
        assert kept is not None
        assert fresh is not None
        assert kept == fresh
        if before is not None:  # what has not changed is the same value, and to compare with it is the same
            assert diff(before, kept) == diff(before, fresh)
            known = {(one.id, one.question): one for part in before.sections for one in part.messages}
            now = [one for part in kept.sections for one in part.messages]
            assert all(one is known[one.id, one.question] for one in now if one in known.values())
        for reader in (("", EVERYBODY), (public_id, ReaderKind(joined=True))):
            assert kept_html.conversation(kept, *reader) == SectionCache(kept_html._macros).conversation(kept, *reader)
        assert await pages.read(stored.chat.name) is kept
        await asyncio.gather(*others)
    assert kept is not None
    assert sum(len(part.messages) for part in kept.sections) > 10
    keys, read = ("q1", "q2", "before"), stored.conversation
    together = await read.newest(stored.chat.name, keys, 5)
    assert together == {one: await read.messages(stored.chat.name, question=one, limit=5) for one in keys}
    assert await read.newest("a/chat-of-which-nobody-knows", keys) == {}
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    database.close()


async def test_a_store_that_fails_is_told_to_all_who_wait_and_asked_again(core: FakeCore, client: Client) -> None:
    core.add_message("1", "said before")
    core.unreadable = True
    assert {one[0] for one in await asyncio.gather(*(client.get() for _ in range(5)))} == {503}
    core.unreadable = False
    status, page = await client.get()
    assert status == 200
    assert "said before" in page


async def test_whoever_connects_again_gets_what_was_missed_and_no_more(core: FakeCore, client: Client) -> None:
    _, page = await client.get()
    seen = page.partition('data-stamp="')[2].partition('"')[0]
    url = f"{client.room.address}/{CHAT}/stream?seen={seen}"
    async with client.session.get(url, timeout=aiohttp.ClientTimeout(120)) as kept_open:
        await kept_open.content.readuntil(b"\n")
        for id in ("1", "2", "3"):
            core.add_message(id, f"number {id} of three")
            await kept_open.content.readuntil(f"number {id} of three".encode())
            await kept_open.content.readuntil(b"\r\n\r\n")
        async with client.session.get(url) as again:
            got = await again.content.readuntil(b"number 3 of three")
            assert [got.count(f"number {id} of".encode()) for id in ("1", "2", "3")] == [1, 1, 1]
            assert b"event: again" not in got
        async with client.session.get(url, headers={"Last-Event-ID": "of another time"}) as again:
            assert b"number" not in await again.content.readuntil(b"event: again")


async def test_a_request_in_the_moment_in_which_a_reading_ends_gets_the_next_one(core: FakeCore) -> None:
    pages = ChatPages(core, core.clock)

    async def read_after_a_change() -> PageModel | None:
        await asyncio.sleep(0)  # the first reading has begun, and ends before this goes on
        core.add_message("1", "said just now")
        return await pages.read(CHAT)

    _, page = await asyncio.gather(pages.read(CHAT), read_after_a_change())
    assert page is not None
    assert ("x", "1") in {ident for part in page.sections for ident in part.by_ident}


def test_a_person_has_another_public_id_in_the_pages_of_each_chat() -> None:
    sessions = Sessions("a secret", secure=False)
    author = Author(id="p1", name="Pretend A")
    message = MessageView(place="room", id="m1", author=author, text="Hello", at=STARTS, question="q1", reason="floor")
    ids = {Renderer("room", sessions)._public_id(message, chat) for chat in ("a/b", "a/c")}
    assert len(ids) == 2
    assert "p1" not in ids


async def test_the_sessions_of_a_chat_name_each_other(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    house = StoredChat(database)
    first = house.chat
    there = {"session": "sydney", "sessions": 2, "timezone": "Australia/Sydney", "starts": STARTS + timedelta(hours=13)}
    for one in (replace(first, sessions=2), replace(first, name=f"{first.name}.sydney", **there)):
        hour = timedelta(hours=1)
        house.live_chats.add(LiveChat(one, ends=one.ends, places=("room",), open_for=(hour, hour)))
    view = await house.conversation.chat_view(first.name)
    other = await house.conversation.chat_view(f"{first.name}.sydney")
    assert view
    assert other
    assert [one.chat for one in view.sessions] == [f"{first.name}.sydney"]
    assert [(one.chat, one.timezone) for one in other.sessions] == [(first.name, first.timezone)]
    database.close()
