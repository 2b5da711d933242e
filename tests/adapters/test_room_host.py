"""The host's page, over a real socket: the private link, what its forms ask of the desk, and who is turned away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from adapters.room import TRAITS, Room
from adapters.room.leader import Leader
from adapters.room.render import marked
from bot.desk import Answer, Pass
from bot.errors import PlatformError
from bot.messages import Deleted, Edited, Post
from tests.adapters.conftest import Visitor
from tests.adapters.test_room_stream import Listener
from tests.fakes.ports import CHAT, FakeCore, console, sheet

Visit = Callable[[Room], Visitor]
Opened = Callable[..., Awaitable[Room]]

KEY = "a-key_that-was-never.used~anywhere-else"
MODERATOR = "another-key"
HOST = f"/{CHAT}/host"
DATA = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def leaders(core: FakeCore) -> None:
    """A host and a moderator with links, and a console."""
    core.desk.passes[KEY] = Pass(id="bodega", chat=CHAT, name="Pretend Host", role="host")
    core.desk.passes[MODERATOR] = Pass(id="mirafu", chat=CHAT, name="Pretend Moderator", role="moderator")
    core.desk.consoles[CHAT] = console()


@pytest.fixture
async def host(room: Room) -> AsyncIterator[Leader]:
    """Whoever opened the host's link."""
    async with Leader(room.address) as host:
        await host.enter(KEY)
        yield host


async def token(host: Leader) -> str:
    found = re.search(r'name="token" value="([^"]+)"', await host.page())
    assert found
    return found[1]


async def send(host: Leader, headers: dict[str, str] | None = None, /, **fields: str) -> tuple[int, str]:
    """Send the form as it is given, wherever it leads."""
    async with host._session.post(host._page, data=fields, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


# The link --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "name", "secure"),
    [("", "convenor-lead", False), ("https://chat.example.org", "__Secure-convenor-lead", True)],
)
async def test_the_key_leaves_the_address_for_a_cookie(
    open_room: Opened,
    public: str,
    name: str,
    secure: bool,  # noqa: FBT001 -- a column
) -> None:
    room = await open_room(public_url=public)
    async with aiohttp.ClientSession() as session:
        for method in ("HEAD", "GET", "GET"):
            url = f"{room.address}/host/{KEY}"
            async with session.request(method, url, allow_redirects=False) as answer:
                cookie = answer.headers["set-cookie"]
                assert (answer.status, answer.headers["location"]) == (303, HOST)
            assert cookie.startswith(f"{name}={KEY};")
            assert all(one in cookie for one in ("HttpOnly", "SameSite=lax", f"Path=/{CHAT};", "Max-Age=1814400"))
            assert ("Secure" in cookie) is secure


@pytest.mark.parametrize(
    "key",
    [
        "unknown",
        "",
        "a/b",
        "%00",
        "%2e%2e%2f",
        "x" * 201,
        "x" * 8000,
        "<script>",
        "%F0%9F%98%80",
        "a;b",
        '"',
        "a b",
    ],
)
async def test_a_bad_link_is_answered_kindly_and_alike(room: Room, key: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
        page = await answer.text()
        assert (answer.status, "set-cookie" in answer.headers) == (404, False)
    assert "ask whoever runs the chat for a new one" in page
    assert key not in page or key in {"", "..", '"', "a b", "unknown"}


async def test_an_unknown_and_a_revoked_link_are_told_in_the_same_words(core: FakeCore, room: Room) -> None:
    pages = []
    del core.desk.passes[KEY]
    for key in (KEY, "never-was"):
        async with aiohttp.ClientSession() as session, session.get(f"{room.address}/host/{key}") as answer:
            pages.append(await answer.text())
    assert pages[0] == pages[1]
    assert KEY not in pages[0]


async def test_too_many_bad_links_are_slowed_down_and_good_ones_go_on(core: FakeCore, room: Room, host: Leader) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(25):
            async with session.get(f"{room.address}/host/guess-{number}") as answer:
                statuses.append(answer.status)
        assert statuses == [404] * 20 + [429] * 5
        cookies = {"convenor-lead": "guess-with-a-cookie"}
        async with session.get(room.address + HOST, cookies=cookies) as answer:
            assert answer.status == 429
            assert int(answer.headers["retry-after"]) > 0
    assert len([key for key in core.desk.tried if key.startswith("guess")]) == 20
    assert "Lead the chat" in await host.page()


async def test_revoking_works_at_once(core: FakeCore, room: Room, host: Leader) -> None:
    given = await token(host)
    del core.desk.passes[KEY]
    with pytest.raises(PlatformError, match="404"):
        await host.page()
    asked = len(core.desk.asked)
    assert (await send(host, say="next", token=given))[0] == 404
    for path in ("/fragment", "/stream"):
        async with host._session.get(f"{room.address}{HOST}{path}") as answer:
            assert answer.status == 404
    form = {"token": given, "text": "hi"}
    async with host._session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        assert answer.status == 403
    assert len(core.desk.asked) == asked
    assert core.said() == []


async def test_a_stranger_sees_none_of_it(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    for path in (HOST, f"{HOST}/fragment", f"{HOST}/stream"):
        status, page = await visitor.get(path)
        assert (status, "Pretend Person" in page) == (404, False)
    assert (await visitor.post("host", say="next")).status == 404
    for path in (f"/{CHAT}", f"/{CHAT}/fragment"):
        _, page = await visitor.get(path)
        assert not any(words in page for words in ("Pretend Person", "Moderate", "wait", "/host"))
    assert core.desk.asked == []


@pytest.mark.parametrize("path", ["/no/chat/host", "/otalk/%00/host", "/no/chat/host/fragment", "/no/chat/host/stream"])
async def test_an_unknown_chat_is_no_chat(room: Room, path: str) -> None:
    cookies = {"convenor-lead": KEY}
    async with aiohttp.ClientSession(cookies=cookies) as session:
        async with session.get(room.address + path) as answer:
            assert answer.status == 404
        async with session.post(room.address + path, data={"say": "next"}) as answer:
            assert answer.status in {404, 405}


async def test_two_links_to_two_chats_stand_side_by_side(core: FakeCore, room: Room, host: Leader) -> None:
    other = "otalk/other"
    core.plan(sheet(other))
    core.desk.passes["second"] = Pass(id="second", chat=other, name="Pretend Second", role="host")
    first = host._page
    await host.enter("second")
    assert "Pretend Second" in await host.page()
    host._page = first
    assert "Pretend Second" not in await host.page()
    cookies = {"convenor-lead": "second"}
    async with aiohttp.ClientSession(cookies=cookies) as session, session.get(room.address + HOST) as answer:
        assert answer.status == 404


async def test_no_log_has_the_key(room: Room, host: Leader, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def burst(_: str) -> None:
        raise ZeroDivisionError

    room._hall.desk.console = burst  # type: ignore[assignment, method-assign]
    async with host._session.get(host._page) as answer:
        page = await answer.text()
    assert answer.status == 500
    await host.enter(KEY)
    assert any(one.exc_info for one in caplog.records)
    assert KEY not in caplog.text
    assert KEY not in page


# What is asked of the desk ---------------------------------------------------------------------------------


async def test_a_button_is_a_command_and_its_answer_stands_until_the_next(core: FakeCore, host: Leader) -> None:
    core.desk.says["next"] = Answer(text="Q2 is asked now.\nQ3 at 20:31 & closing at 21:00.", done=True)
    assert await host.say("next") == "Q2 is asked now.\nQ3 at 20:31 & closing at 21:00."
    command = core.desk.asked[-1]
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
    core: FakeCore, host: Leader, fields: dict[str, str], line: str
) -> None:
    core.answer("1", "hello")
    await host.press(**fields)
    assert core.desk.asked[-1].text == line


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
    core: FakeCore, host: Leader, fields: dict[str, str], words: str
) -> None:
    assert words in await host.press(**fields)
    assert core.desk.asked == []


async def test_one_form_is_one_command_and_two_buttons_are_two(core: FakeCore, host: Leader) -> None:
    given = await token(host)
    for say in ("next", "next", "pause", "next"):
        assert (await send(host, say=say, token=given))[0] == 303
    assert len(core.desk.done) == 2
    await host.say("next")
    assert len(core.desk.done) == 3


async def test_a_refusal_is_an_answer_and_what_was_typed_is_not_lost(core: FakeCore, host: Leader) -> None:
    assert await host.say("say in nowhere: a long thought") == "You said say in nowhere: a long thought."
    assert 'dir="auto" value="say in nowhere: a long thought"' in await host.page()
    core.desk.says["say hello"] = Answer(text="Said.", done=True)
    await host.say("say hello")
    assert 'dir="auto" value=""' in await host.page()


async def test_what_hurts_is_asked_once_more(core: FakeCore, host: Leader) -> None:
    core.desk.says["end"] = Answer(text="Really close the chat?", confirm="end yes")
    assert await host.say("end") == "Really close the chat?"
    page = await host.page()
    assert 'name="say" value="end yes">Yes, do it<' in page
    assert await host.press(never="yes") == "Nothing was changed."
    assert 'value="end yes"' not in await host.page()
    await host.say("end")
    await host.say("end yes")
    assert [one.text for one in core.desk.asked] == ["end", "end", "end yes"]


async def test_a_script_gets_the_parts_with_a_new_token(host: Leader) -> None:
    given = await token(host)
    status, parts = await send(host, DATA, say="next", token=given)
    assert (status, "You said next." in parts, "<main" in parts) == (200, True, False)
    assert 'id="console"' in parts
    assert given not in parts
    async with host._session.get(f"{host._page}/fragment") as answer:
        assert "You said next." in await answer.text()


async def test_a_form_needs_its_own_token_and_our_own_page(core: FakeCore, host: Leader, visitor: Visitor) -> None:
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
    assert core.desk.asked == []


async def test_a_token_of_one_link_is_nothing_with_another(core: FakeCore, room: Room, host: Leader) -> None:
    async with Leader(room.address) as moderator:
        await moderator.enter(MODERATOR)
        assert (await send(moderator, say="next", token=await token(host)))[0] == 403
        await moderator.say("held")
    assert core.desk.asked[-1].role == "moderator"
    assert len(core.desk.asked) == 1


# What is shown ---------------------------------------------------------------------------------------------


async def test_the_page_has_all_there_is_to_see(host: Leader) -> None:
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
        ({"sheet": sheet(state="coming")}, ('value="start now"', 'value="announce"'), ('value="next"', 'value="end"')),
        ({"sheet": sheet(state="over")}, ("This chat is over",), ('value="next"', "Move or skip")),
        ({"queue": (), "log": (), "steps": (), "places": ()}, ("Nothing waits.", "Nothing yet."), ("<mark>",)),
    ],
)
async def test_the_controls_follow_the_state(
    core: FakeCore, host: Leader, changes: dict[str, Any], there: tuple[str, ...], away: tuple[str, ...]
) -> None:
    core.desk.consoles[CHAT] = console(**changes)
    page = await host.page()
    assert [words for words in there if words not in page] == []
    assert [words for words in away if words in page] == []


async def test_a_moderator_is_shown_only_what_they_may(room: Room) -> None:
    async with Leader(room.address) as moderator:
        await moderator.enter(MODERATOR)
        page = await moderator.page()
    assert 'value="next"' in page
    for words in ('value="end"', 'value="cancel"', 'value="announce"', 'id="saying"', 'id="do-add"', 'id="do-edit"'):
        assert words not in page


async def test_without_a_console_the_page_still_opens(core: FakeCore, host: Leader) -> None:
    core.desk.consoles.clear()
    assert "not here yet" in await host.page()


async def test_hostile_words_are_shown_harmlessly(core: FakeCore, host: Leader) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    plain = console()
    message = plain.queue[0].message
    core.desk.passes[KEY] = Pass(id="bodega", chat=CHAT, name=evil, role="host")
    spoilt = {"text": evil, "id": '"><script>', "place": '"x'}
    core.desk.consoles[CHAT] = console(
        standing=evil,
        queue=(
            replace(plain.queue[0], message=replace(message, **spoilt), reasons=(evil,), spans=((-5, 9), (4, 10**6))),
        ),
        places=(replace(plain.places[0], place='"x', called=evil, reason=evil),),
        log=(replace(plain.log[0], who=evil, text=evil, receipt=evil, place=evil),),
        steps=tuple(replace(one, text=evil, key=one.key + '"') for one in plain.steps),
    )
    core.answer("9", evil, name=evil)
    core.desk.says[evil] = Answer(text=evil, confirm=evil)
    await host.say(evil)
    page = await host.page()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_marks_lie_within_the_text() -> None:
    assert marked("abcdef", ((1, 3), (2, 4), (9, 12), (-3, 0))) == [("a", False), ("bcd", True), ("ef", False)]
    assert marked("", ((0, 4),)) == []


# The leader as a participant -------------------------------------------------------------------------------


async def test_a_host_speaks_under_the_name_of_the_link(
    core: FakeCore, room: Room, host: Leader, visitor: Visitor
) -> None:
    id = await host.post("Good evening")
    said = core.said()[-1]
    assert (said.author.id, said.author.name, said.chat) == ("link-bodega", "Pretend Host", CHAT)
    _, page = await visitor.get()
    assert '<span class="badge ours">Host</span>' in page
    assert "link-bodega" not in page
    async with host._session.get(f"{room.address}/{CHAT}/edit/{id}") as answer:
        assert f'href="{HOST}#m-room-{id}"' in await answer.text()
    form = {"token": await token(host), "id": id, "text": "Good evening, all"}
    async with host._session.post(f"{room.address}/{CHAT}/edit", data=form, allow_redirects=False) as answer:
        assert answer.headers["location"] == f"{HOST}#m-room-{id}"
    assert [one.text for one in core.events if isinstance(one, Edited)] == ["Good evening, all"]
    form = {"token": await token(host), "id": id}
    async with host._session.post(f"{room.address}/{CHAT}/delete", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    assert isinstance(core.events[-1], Deleted)


async def test_a_host_cannot_change_what_others_wrote(
    core: FakeCore, room: Room, host: Leader, visitor: Visitor
) -> None:
    await visitor.join()
    await visitor.say("mine")
    form = {"token": await token(host), "id": core.said()[-1].id, "text": "not yours"}
    async with host._session.post(f"{room.address}/{CHAT}/edit", data=form) as answer:
        assert answer.status == 403


async def test_a_message_that_is_refused_comes_back_on_the_host_s_page(
    core: FakeCore, room: Room, host: Leader
) -> None:
    form = {"token": await token(host), "text": "a" * 4001, "to": "q1", "reply": ""}
    async with host._session.post(f"{room.address}/{CHAT}/say", data=form) as answer:
        page = await answer.text()
    assert (answer.status, "4001" in page, "Lead the chat" in page) == (400, True, True)
    assert core.said() == []


# Live updates ----------------------------------------------------------------------------------------------


async def test_a_leader_is_told_that_something_stirred_and_others_are_not(
    core: FakeCore, room: Room, host: Leader, visitor: Visitor
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
    assert TRAITS.edits
    assert TRAITS.deeds == frozenset()
    assert (await room.send(post)).id == "n1"
