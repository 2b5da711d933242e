"""The host's page, over a real socket: what its forms ask of the desk, what it shows, and to whom."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.room import TRAITS, Room
from adapters.room.render import code_spans, highlights
from bot.messages import Post
from bot.ports.commands import Answer, LinkAccess
from tests.adapters.conftest import KEY, MODERATOR, Visitor, send, token
from tests.adapters.room.host_browser import HostBrowser
from tests.adapters.room.test_room_stream import Listener
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

Opened = Callable[..., Awaitable[Room]]
DATA = {"Accept": "application/json"}

pytestmark = pytest.mark.usefixtures("leaders")


# What is asked of the desk ---------------------------------------------------------------------------------


async def test_a_button_is_a_command_and_its_answer_stands_until_the_next(core: FakeCore, host: HostBrowser) -> None:
    core.commands.says["next"] = Answer(text="Q2 is asked now.\nQ3 at 20:31 & closing at 21:00.", done=True)
    assert await host.say("next") == "Q2 is asked now.\nQ3 at 20:31 & closing at 21:00."
    command = core.commands.asked[-1]
    assert (command.text, command.place, command.chat, command.role) == ("next", "room", CHAT, "host")
    assert (command.author.id, command.author.name, command.at) == ("link-bodega", "Pretend Host", core.clock.now())
    assert "Q2 is asked now." in await host.page()
    assert await host.say("pause") == "You said pause."
    assert "Q2 is asked now." not in await host.page()


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"say": " extend 5m "}, "extend 5m"),
        ({"do": "say", "text": "We begin\r\nagain", "place": ""}, "say We begin\nagain"),
        ({"do": "say", "text": "Only here", "place": "x"}, "say in x Only here"),
        ({"do": "at", "question": "q4", "clock": "20:45"}, "at q4 20:45"),
        ({"do": "skip", "question": "q4"}, "skip q4"),
        ({"do": "add", "text": "What else?"}, "add What else?"),
        ({"do": "edit", "question": "q2", "text": "Why?"}, "edit q2 Why?"),
        ({"do": "slow", "length": "30s"}, "slow 30s"),
        ({"do": "at", "question": "q4", "clock": ""}, "at q4"),
        ({"mute": "x/1"}, "mute x/Pretend participant A"),
        ({"mute": "x/41"}, "mute x/Pretend participant D"),
    ],
)
async def test_each_form_is_a_line_of_the_grammar(
    core: FakeCore, host: HostBrowser, fields: dict[str, str], line: str
) -> None:
    core.answer("1", "hello")
    await host.press(**fields)
    assert core.commands.asked[-1].text == line


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "type a command"),
        ({"say": "  "}, "type a command"),
        ({"do": "nonsense", "text": "hi"}, "type a command"),
        ({"say": "a" * 5000}, "5000 characters"),
        ({"say": "nul\0"}, "control character"),
        ({"mute": "x/nothing"}, "nobody to mute"),
        ({"mute": "\0/\0"}, "nobody to mute"),
    ],
)
async def test_what_is_no_command_is_answered_and_not_asked(
    core: FakeCore, host: HostBrowser, fields: dict[str, str], words: str
) -> None:
    assert words in await host.press(**fields)
    assert core.commands.asked == []


async def test_one_form_is_one_command_and_two_buttons_are_two(core: FakeCore, host: HostBrowser) -> None:
    given = await token(host)
    for say in ("next", "next", "pause", "next"):
        assert (await send(host, say=say, token=given))[0] == 303
    assert len(core.commands.done) == 2
    await host.say("next")
    assert len(core.commands.done) == 3


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"say": "mut @kate 10m", "typed": "yes"}, "mut @kate 10m"),
        ({"do": "say", "text": "a long thought", "place": "x"}, "say in x a long thought"),
        ({"do": "say", "text": "nul\0"}, "say nul\ufffd"),
        ({"say": "status", "typed": "yes"}, ""),
        ({"say": "approve 1"}, ""),
    ],
)
async def test_what_was_typed_and_not_done_is_not_lost(host: HostBrowser, fields: dict[str, str], kept: str) -> None:
    await host.press(**fields)
    assert f'dir="auto" value="{kept}"' in (await host.page()).replace("\0", "\ufffd")


async def test_what_was_done_is_not_kept(core: FakeCore, host: HostBrowser) -> None:
    core.commands.says["say hello"] = Answer(text="Said.", done=True)
    await host.say("say hello")
    assert 'dir="auto" value=""' in await host.page()


async def test_what_hurts_is_asked_once_more(core: FakeCore, host: HostBrowser) -> None:
    core.commands.says["end"] = Answer(text="Really close the chat?", confirm="end yes")
    assert await host.say("end") == "Really close the chat?"
    page = await host.page()
    assert 'name="say" value="end yes">Yes, do it<' in page
    assert await host.press(never="yes") == "Nothing was changed."
    assert 'value="end yes"' not in await host.page()
    await host.say("end")
    await host.say("end yes")
    assert [one.text for one in core.commands.asked] == ["end", "end", "end yes"]


async def test_a_script_gets_the_parts_with_a_new_token(host: HostBrowser) -> None:
    given = await token(host)
    status, parts = await send(host, DATA, say="next", token=given)
    assert (status, "You said next." in parts, "<main" in parts) == (200, True, False)
    assert 'id="console"' in parts
    assert given not in parts
    async with host._session.get(f"{host._page}/fragment") as answer:
        assert "You said next." in await answer.text()


async def test_a_form_needs_its_own_token_and_our_own_page(core: FakeCore, host: HostBrowser, visitor: Visitor) -> None:
    await visitor.join()
    own = await token(host)
    for given in ("", "nonsense", await visitor.token(), own[:-2] + "xx"):
        assert (await send(host, say="next", token=given))[0] == 403
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert (await send(host, headers, say="next", token=own))[0] == 403
    assert (await send(host, say="a" * 70_000, token=own))[0] == 413
    for deed in ("join", "leave", "out"):
        url = f"{visitor.room.address}/{CHAT}/{deed}"
        async with host._session.post(url, data={"token": own, "name": "Somebody"}) as answer:
            assert answer.status == 403
    assert core.commands.asked == []


async def test_a_token_of_one_link_is_nothing_with_another(core: FakeCore, room: Room, host: HostBrowser) -> None:
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR)
        assert (await send(moderator, say="next", token=await token(host)))[0] == 403
        await moderator.say("held")
    assert core.commands.asked[-1].role == "moderator"
    assert len(core.commands.asked) == 1


# What is shown ---------------------------------------------------------------------------------------------


async def test_the_page_has_all_there_is_to_see(host: HostBrowser) -> None:
    page = re.sub(r"\s+", " ", await host.page())
    for words in (
        "Next question",
        'value="extend 5m"',
        "Q1 is on. Q2 comes at 20:18.",
        'value="20:18" required',
        "<mark>client Pretend Person</mark>, born on <mark>3 March 1951</mark>",
        "it may give a date of birth; it may name a patient",
        "Who has tried a group by video?",
        'value="approve 1"',
        'value="drop 1"',
        "Connected, posts are waiting",
        "Lost: somebody has to see to it",
        "<strong>$0.42</strong> of $5.00 spent",
        'value="undo"',
        "Not done",
        "The conversation",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("changes", "there", "away"),
    [
        ({"paused": True}, ('value="resume"', "Paused"), ('value="pause"',)),
        ({"hold_all": True, "slow": 30}, ('value="hold off"', 'value="slow off"'), ('value="hold all"',)),
        ({"cancelled": True}, ("called off",), ('value="next"', 'value="end"')),
        (
            {"chat_view": chat_view(state="coming")},
            ('value="start now"', 'value="announce"'),
            ('value="next"', 'value="end"'),
        ),
        ({"chat_view": chat_view(state="over")}, ("This chat is over",), ('value="next"', "Move or skip")),
        ({"queue": (), "log": (), "steps": (), "places": ()}, ("Nothing waits.", "Nothing yet."), ("<mark>",)),
    ],
)
async def test_the_controls_follow_the_state(
    core: FakeCore, host: HostBrowser, changes: dict[str, Any], there: tuple[str, ...], away: tuple[str, ...]
) -> None:
    core.commands.dashboards[CHAT] = dashboard(**changes)
    page = await host.page()
    assert [words for words in there if words not in page] == []
    assert [words for words in away if words in page] == []


async def test_a_moderator_is_shown_only_what_they_may(room: Room) -> None:
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR)
        page = await moderator.page()
    assert 'value="next"' in page
    for words in ('value="end"', 'value="cancel"', 'value="announce"', 'id="saying"', 'id="do-add"', 'id="do-edit"'):
        assert words not in page


async def test_a_moderator_who_was_asked_to_lead_is_shown_what_a_host_may(core: FakeCore, room: Room) -> None:
    core.commands.dashboards[CHAT] = dashboard(deputised=True)
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR)
        page = await moderator.page()
    assert 'value="end"' in page


async def test_without_a_console_the_page_still_opens(core: FakeCore, host: HostBrowser) -> None:
    core.commands.dashboards.clear()
    assert "not here yet" in await host.page()


async def test_hostile_words_are_shown_harmlessly(core: FakeCore, host: HostBrowser) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    plain = dashboard()
    message = plain.queue[0].message
    core.commands.links[KEY] = LinkAccess(id="bodega", chat=CHAT, name=evil, role="host")
    spoilt = {"text": evil, "id": '"><script>', "place": '"x'}
    core.commands.dashboards[CHAT] = dashboard(
        standing=evil,
        queue=(
            replace(plain.queue[0], message=replace(message, **spoilt), reasons=(evil,), spans=((-5, 9), (4, 10**6))),
        ),
        places=(replace(plain.places[0], place='"x', called=evil, reason=evil),),
        log=(replace(plain.log[0], who=evil, text=evil, receipt=evil, place=evil),),
        steps=tuple(replace(one, text=evil, key=one.key + '"') for one in plain.steps),
    )
    core.answer("9", evil, name=evil)
    core.commands.says[evil] = Answer(text=evil, confirm=evil)
    await host.say(evil)
    page = await host.page()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_commands_in_an_answer_are_told_apart() -> None:
    assert code_spans("Say `end yes`.") == [("Say ", False), ("end yes", True), (".", False)]
    assert code_spans("odd ` tick") == [("odd ` tick", False)]
    assert code_spans("") == []


def test_marks_lie_within_the_text() -> None:
    assert highlights("abcdef", ((1, 3), (2, 4), (9, 12), (-3, 0))) == [("a", False), ("bcd", True), ("ef", False)]
    assert highlights("", ((0, 4),)) == []


# Live updates ----------------------------------------------------------------------------------------------


async def test_a_leader_is_told_that_something_stirred_and_others_are_not(
    core: FakeCore, room: Room, host: HostBrowser, visitor: Visitor
) -> None:
    seen = (await host.page()).partition('data-stamp="')[2].partition('"')[0]
    async with host._session.get(f"{host._page}/stream?seen={seen}") as mine:
        listener = Listener(mine)
        assert (await listener.next())[0] == "stirred"
        async with visitor.session.get(f"{room.address}/{CHAT}/stream?seen={seen}") as theirs:
            await theirs.content.readuntil(b"\n")
            core.wake("queue")
            assert (await listener.next())[0] == "stirred"
            core.answer("77", "something public")
            assert (await Listener(theirs).next())[0] == "heard"


# As a platform ---------------------------------------------------------------------------------------------


async def test_new_words_for_an_older_post_keep_its_id(core: FakeCore, room: Room) -> None:
    post = Post(
        chat=CHAT,
        key="q1",
        place="room",
        kind="question",
        text="Q1. Other words",
        nonce="n2",
        due=core.clock.now(),
        amends="n1",
    )
    assert TRAITS.features.edits
    assert TRAITS.features.actions == frozenset()
    assert (await room.send(post)).id == "n1"
