"""What the room's pages say of the plan, over a real socket: the next question, the closing, a chat that changed."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from bot.ports.views import SessionView
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, STARTS, FakeCore, chat_view


async def test_the_bar_names_the_next_question_or_the_closing(core: FakeCore, client: Client) -> None:
    next_at, closes_at = STARTS + timedelta(minutes=26), STARTS + timedelta(minutes=60)
    for posts, times, words in (
        ([], {"next_at": next_at}, "The first question comes at 20:26. Say hello meanwhile."),
        (core.bot_posts, {"next_at": next_at, "closes_at": closes_at}, "Question 1 of 6 · next 20:26"),
        (core.bot_posts, {"closes_at": closes_at}, "Question 1 of 6 · closing at 21:00"),
    ):
        core.bot_posts = posts
        core.add_chat(msgspec.structs.replace(chat_view(), **times))
        _, page = await client.get()
        bar = re.sub("<[^>]+>", "", page.partition('id="now"')[2].partition("</section>")[0])
        assert words in bar


async def test_a_chat_that_was_called_off_or_moved_says_so(core: FakeCore, client: Client) -> None:
    moved_from = STARTS - timedelta(days=7)
    for changes, words in (
        ({"called_off": True}, "This chat was broken off."),
        ({"called_off": True, "state": "coming"}, "This chat was called off."),
        ({"moved_from": moved_from, "state": "coming"}, "This chat was moved."),
    ):
        core.add_chat(msgspec.structs.replace(chat_view(), **changes))
        for path in (f"/{CHAT}", "/"):
            _, page = await client.get(path)
            assert words in page
            assert ("Called off</span>" in page) == ("called_off" in changes)
            assert ("Tuesday 6 October 2020, 20:00" in page) == ("moved_from" in changes)
    assert "<title>Coming:" in (await client.get())[1]


async def test_the_sessions_of_a_chat_are_linked_at_their_own_hours(core: FakeCore, client: Client) -> None:
    other = SessionView(chat=f"{CHAT}.sydney", starts=STARTS + timedelta(hours=13), timezone="Australia/Sydney")
    core.add_chat(msgspec.structs.replace(chat_view(), sessions=(other,)))
    _, page = await client.get()
    link = page.partition(f'<a href="/{CHAT}.sydney">')[2].partition("</a>")[0]
    assert re.sub("<[^>]+>", "", link) == "Wednesday 14 October 2020, 19:00, Sydney time (AEDT)"
