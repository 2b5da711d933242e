"""The host's page, over a real socket: the commands of its forms, what it shows, and to whom."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.room.app_context import LastAnswer
from adapters.room.host_view import WayBack, way_back
from adapters.room.platform import Room
from adapters.room.render import code_spans, highlights
from adapters.room.settings import TRAITS
from bot.commands.kept_texts import StoredKeptTexts
from bot.messages import Post
from bot.ports.commands import Answer, LinkAccess
from bot.ports.views import PlaceView, TextMark
from bot.store.database import Database
from tests.adapters.conftest import HOST_KEY, MODERATOR_KEY, Client
from tests.adapters.room.host_browser import HostBrowser
from tests.adapters.room.test_room_stream import EventReader
from tests.fakes.ports import CHAT, FakeCore, chat_view, dashboard

Opened = Callable[..., Awaitable[Room]]
DATA = {"Accept": "application/json"}

pytestmark = pytest.mark.usefixtures("private_links")


# Within reach of a thumb -----------------------------------------------------------------------------------


async def test_the_next_question_stands_beside_its_button(core: FakeCore, host: HostBrowser) -> None:
    assert re.search(
        r"Next: Q2 at <time[^>]*>20:18</time></span>\s*<a[^>]*>Which platforms do you use", await host.page()
    )
    core.commands.dashboards[CHAT] = dashboard(paused=True)
    assert "Next: Q2, once you go on" in await host.page()
    steps = tuple(one for one in dashboard().steps if one.state != "coming")
    core.commands.dashboards[CHAT] = dashboard(steps=steps)
    page = await host.page()
    assert "No question is left" in page
    assert 'value="next"' not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, 'Leading: <bdi class="name">Pretend Host</bdi>, <bdi class="name">Cas Pretend</bdi> (handed over).'),
        ({"moderators_lead": True}, "The moderators were asked to lead, until a host is back."),
        ({"moderators_lead": True, "moderators_stay": True}, "The moderators may lead, too."),
    ],
)
async def test_the_page_says_who_leads(core: FakeCore, host: HostBrowser, changes: dict[str, Any], words: str) -> None:
    core.commands.dashboards[CHAT] = dashboard(**changes)
    assert words in await host.page()


async def test_the_safe_choice_is_the_prominent_one_where_a_patient_may_be_named(
    core: FakeCore, host: HostBrowser
) -> None:
    choices = r'class="(\w+)" name="say" value="(drop|approve) 1">(Leave out|Approve…?)<'
    assert re.findall(choices, await host.page()) == [("solid", "drop", "Leave out"), ("quiet", "approve", "Approve…")]
    (held,) = dashboard().queue
    core.commands.dashboards[CHAT] = dashboard(queue=(replace(held, patient=False, marks=()),))
    assert re.findall(choices, await host.page()) == [("quiet", "drop", "Leave out"), ("quiet", "approve", "Approve")]
    core.commands.answers["approve 1"] = Answer(text="Sure? Say `approve 1 yes`.", confirm="approve 1 yes")
    core.commands.dashboards[CHAT] = dashboard()
    assert await host.press(say="approve 1") == "Sure?"
    sure = (await host.page()).partition('id="sure"')[2].partition('id="console"')[0]
    assert "<mark>" in sure, "the words that are asked about stand beside the buttons"
    assert re.findall(r'<button form="lead" class="(\w+)" name="(\w+)"', sure)[:2] == [
        ("solid", "never"),
        ("grave", "say"),
    ]


def test_the_way_back_stands_for_half_a_minute_after_a_change() -> None:
    board = dashboard()
    at = board.log[0].at
    mine = LastAnswer(text="5 minutes more.", at=at, done=True, undo="undo 17")
    after = [(way_back(board, mine, at + timedelta(seconds=s)) is not None) for s in (0, 29, 30)]
    assert after == [True, True, False]
    found = way_back(board, mine, at + timedelta(seconds=20))
    assert found == WayBack(command="undo 17", what="extend 5m", seconds=10)
    theirs = way_back(board, replace(mine, undo="undo 3"), at)
    assert theirs
    assert (theirs.command, theirs.by) == ("undo 17", "Pretend Host")
    assert way_back(dashboard(log=()), mine, at) is None
    fast = way_back(board, mine, at + timedelta(seconds=100), speed=10)
    assert fast
    assert fast.seconds == 20


# Commands --------------------------------------------------------------------------------------------------


async def test_a_button_gives_a_command_and_its_answer_is_shown_until_the_next(
    core: FakeCore, host: HostBrowser
) -> None:
    core.commands.answers["next"] = Answer(text="Q2 is asked now.\nQ3 at 20:31 & closing at 21:00.", done=True)
    assert await host.command("next") == "Q2 is asked now.\nQ3 at 20:31 & closing at 21:00."
    command = core.commands.received[-1]
    assert (command.text, command.place, command.chat, command.role) == ("next", "room", CHAT, "host")
    assert (command.author.id, command.author.name, command.at) == ("link-bodega", "Pretend Host", core.clock.now())
    assert "Q2 is asked now." in await host.page()
    assert await host.command("pause") == "You said pause."
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
async def test_each_form_gives_a_command_in_words(
    core: FakeCore, host: HostBrowser, fields: dict[str, str], line: str
) -> None:
    core.add_message("1", "hello")
    await host.press(**fields)
    assert core.commands.received[-1].text == line


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
async def test_an_invalid_form_is_answered_without_a_command(
    core: FakeCore, host: HostBrowser, fields: dict[str, str], words: str
) -> None:
    assert words in await host.press(**fields)
    assert core.commands.received == []


async def test_a_form_sent_twice_is_one_command_and_two_buttons_are_two(core: FakeCore, host: HostBrowser) -> None:
    given = await host.token()
    for say in ("next", "next", "pause", "next"):
        assert (await host.send(say=say, token=given))[0] == 303
    assert len(core.commands.carried_out) == 2
    await host.command("next")
    assert len(core.commands.carried_out) == 3


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
async def test_a_typed_command_that_is_refused_stays_in_the_field(
    host: HostBrowser, fields: dict[str, str], kept: str
) -> None:
    await host.press(**fields)
    assert f'dir="auto" value="{kept}"' in (await host.page()).replace("\0", "\ufffd")


async def test_a_command_that_was_carried_out_leaves_the_field_empty(core: FakeCore, host: HostBrowser) -> None:
    core.commands.answers["say hello"] = Answer(text="Said.", done=True)
    await host.command("say hello")
    assert 'dir="auto" value=""' in await host.page()


async def test_a_destructive_command_has_to_be_confirmed(core: FakeCore, host: HostBrowser) -> None:
    core.commands.answers["end"] = Answer(text="Really close the chat?", confirm="end yes")
    assert await host.command("end") == "Really close the chat?"
    page = await host.page()
    assert 'name="say" value="end yes">Yes, do it<' in page
    assert await host.press(never="yes") == "Nothing was changed."
    assert 'value="end yes"' not in await host.page()
    await host.command("end")
    await host.command("end yes")
    assert [one.text for one in core.commands.received] == ["end", "end", "end yes"]


async def test_a_script_gets_the_fragment_with_a_new_token(host: HostBrowser) -> None:
    given = await host.token()
    status, parts = await host.send(DATA, say="next", token=given)
    assert (status, "You said next." in parts, "<main" in parts) == (200, True, False)
    assert 'id="console"' in parts
    assert given not in parts
    async with host.session.get(f"{host.url}/fragment") as answer:
        assert "You said next." in await answer.text()


async def test_a_form_needs_its_own_token_and_our_own_origin(core: FakeCore, host: HostBrowser, client: Client) -> None:
    await client.join()
    own = await host.token()
    for given in ("", "nonsense", await client.token(), own[:-2] + "xx"):
        assert (await host.send(say="next", token=given))[0] == 403
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert (await host.send(headers, say="next", token=own))[0] == 403
    assert (await host.send(say="a" * 70_000, token=own))[0] == 413
    for action in ("join", "leave", "out"):
        url = f"{client.room.address}/{CHAT}/{action}"
        async with host.session.post(url, data={"token": own, "name": "Somebody"}) as answer:
            assert answer.status == 403
    assert core.commands.received == []


async def test_a_token_of_one_link_is_refused_with_another(core: FakeCore, room: Room, host: HostBrowser) -> None:
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR_KEY)
        assert (await moderator.send(say="next", token=await host.token()))[0] == 403
        await moderator.command("held")
    assert core.commands.received[-1].role == "moderator"
    assert len(core.commands.received) == 1


# The dashboard ---------------------------------------------------------------------------------------------


async def test_a_place_that_only_posts_says_so(core: FakeCore, host: HostBrowser) -> None:
    reason = "Discord's gateway cannot be reached."
    place = PlaceView(place="discord", called="Discord", state="posting", reason=reason)
    core.commands.dashboards[CHAT] = dashboard(places=(place,))
    page = await host.page()
    assert "Posting, not hearing" in page
    assert "Discord&#39;s gateway cannot be reached." in page


async def test_the_page_shows_the_whole_dashboard(host: HostBrowser) -> None:
    page = re.sub(r"\s+", " ", await host.page())
    for words in (
        "Next question",
        'value="extend 5m"',
        "Q1 is on. Q2 comes at 20:18.",
        'value="20:18" required',
        "<mark>client Pretend Person ",
        "looks like </span>a date of birth</span></mark>, enjoys",
        "It may tell who a patient is; many messages in a short time",
        "Who has tried a group by video?",
        'value="approve 1"',
        'value="drop 1"',
        "Connected, posts are waiting",
        "Lost: somebody has to see to it",
        "<strong>$0.42</strong> of $5.00 spent",
        'value="undo 17"',
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


async def test_a_moderator_sees_only_the_controls_they_may_use(room: Room) -> None:
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR_KEY)
        page = await moderator.page()
    assert 'value="next"' in page
    for words in ('value="end"', 'value="cancel"', 'value="announce"', 'id="saying"', 'id="do-add"', 'id="do-edit"'):
        assert words not in page


async def test_a_deputy_sees_the_controls_of_a_host(core: FakeCore, room: Room) -> None:
    core.commands.dashboards[CHAT] = dashboard(moderators_lead=True)
    async with HostBrowser(room.address) as moderator:
        await moderator.enter(MODERATOR_KEY)
        page = await moderator.page()
    assert 'value="end"' in page


async def test_without_a_dashboard_the_page_still_opens(core: FakeCore, host: HostBrowser) -> None:
    core.commands.dashboards.clear()
    assert "not here yet" in await host.page()


async def test_hostile_text_is_escaped(core: FakeCore, host: HostBrowser) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    plain = dashboard()
    message = plain.queue[0].message
    core.commands.links[HOST_KEY] = LinkAccess(id="bodega", chat=CHAT, name=evil, role="host")
    spoilt = {"text": evil, "id": '"><script>', "place": '"x'}
    core.commands.dashboards[CHAT] = dashboard(
        plan_summary=evil,
        queue=(
            replace(
                plain.queue[0],
                message=replace(message, **spoilt),
                reasons=(evil,),
                marks=(TextMark(start=-5, end=9, what=evil), TextMark(start=4, end=10**6, what="x")),
            ),
        ),
        places=(replace(plain.places[0], place='"x', called=evil, reason=evil),),
        log=(replace(plain.log[0], who=evil, text=evil, receipt=evil, place=evil),),
        steps=tuple(replace(one, text=evil, key=one.key + '"') for one in plain.steps),
    )
    core.add_message("9", evil, name=evil)
    core.commands.answers[evil] = Answer(text=evil, confirm=evil)
    await host.command(evil)
    page = await host.page()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_commands_quoted_in_an_answer_are_marked() -> None:
    assert code_spans("Say `end yes`.") == [("Say ", False), ("end yes", True), (".", False)]
    assert code_spans("odd ` tick") == [("odd ` tick", False)]
    assert code_spans("") == []


def test_highlights_stay_within_the_text() -> None:
    marks = [
        TextMark(start=a, end=b, what=what) for a, b, what in ((1, 3, "x"), (2, 4, "y"), (9, 12, "z"), (-3, 0, "z"))
    ]
    assert highlights("abcdef", marks) == [("a", ""), ("b", "x"), ("c", "x, y"), ("d", "y"), ("ef", "")]
    assert highlights("", marks) == []


# Live updates ----------------------------------------------------------------------------------------------


async def test_only_hosts_are_told_that_the_dashboard_changed(
    core: FakeCore, room: Room, host: HostBrowser, client: Client
) -> None:
    seen = (await host.page()).partition('data-stamp="')[2].partition('"')[0]
    async with host.session.get(f"{host.url}/stream?seen={seen}") as mine:
        events = EventReader(mine)
        assert (await events.next())[0] == "stirred"
        async with client.session.get(f"{room.address}/{CHAT}/stream?seen={seen}") as theirs:
            await theirs.content.readuntil(b"\n")
            core.wake_up("queue")
            assert (await events.next())[0] == "stirred"
            core.add_message("77", "something public")
            assert (await EventReader(theirs).next())[0] == "heard"


# As a platform ---------------------------------------------------------------------------------------------


async def test_an_edited_post_keeps_its_id(core: FakeCore, room: Room) -> None:
    post = Post(
        chat=CHAT,
        key="q1",
        place="room",
        kind="question",
        text="Q1. Other words",
        nonce="n2",
        due=core.clock.now(),
        edits="n1",
    )
    assert TRAITS.features.edits
    assert TRAITS.features.actions == frozenset()
    assert (await room.send(post)).id == "n1"


# Half-written forms ----------------------------------------------------------------------------------------


@pytest.fixture
async def lasting(core: FakeCore, open_room: Opened, sqlite_url: str) -> AsyncIterator[Opened]:
    """Opens rooms on one store, as a bot that is started again does."""
    with closing(Database(sqlite_url)) as database:
        kept = StoredKeptTexts(database, core.clock)

        async def opened(**settings: Any) -> Room:  # noqa: ANN401 -- as in RoomSettings
            return await open_room(kept_texts=kept, **settings)

        yield opened


async def keep(host: HostBrowser, form: str, revision: int = 0, /, **fields: str) -> tuple[int, dict[str, Any]]:
    """Keep a form as our script does."""
    sent = {"token": await host.token(), "form": form, "revision": str(revision), "fields": json.dumps(fields)}
    async with host.session.post(f"{host.url}/kept", data=sent, headers=DATA) as answer:
        return answer.status, await answer.json()


async def test_half_written_forms_are_there_after_a_restart_and_on_another_device(
    core: FakeCore, lasting: Opened
) -> None:
    core.commands.dashboards[CHAT] = dashboard(steps=dashboard().steps)
    async with HostBrowser((await lasting()).address) as host:
        await host.enter(HOST_KEY)
        for form, fields in (
            ("say", {"text": "Half a <thought>", "place": "x"}),
            ("edit", {"text": "Other words", "question": "q3"}),
            ("summary", {"text": "What we"}),
            ("line", {"say": "extend 7m"}),
        ):
            assert (await keep(host, form, **fields))[0] == 200
    again = await lasting()
    async with HostBrowser(again.address) as second, HostBrowser(again.address) as moderator:
        await second.enter(HOST_KEY)
        page = await second.page()
        assert "Half a &lt;thought&gt;</textarea>" in page
        assert '<option value="x" selected>' in page
        assert "Other words</textarea>" in page
        assert 'value="extend 7m"' in page
        assert '<option value="q3" selected>' in page
        await moderator.enter(MODERATOR_KEY)
        assert "Half a" not in await moderator.page()


async def test_a_form_that_was_carried_out_is_kept_no_more_and_a_refused_one_is(
    core: FakeCore, lasting: Opened
) -> None:
    async with HostBrowser((await lasting()).address) as host:
        await host.enter(HOST_KEY)
        core.commands.answers["say Half a thought"] = Answer(text="No.")
        await host.press(do="say", text="Half a thought", place="")
        assert "Half a thought</textarea>" in await host.page()
        core.commands.answers["say Half a thought"] = Answer(text="Said.", done=True)
        await host.press(do="say", text="Half a thought", place="")
        assert "Half a thought</textarea>" not in await host.page()


async def test_of_two_devices_the_second_is_given_what_the_first_wrote(lasting: Opened) -> None:
    async with HostBrowser((await lasting()).address) as host:
        await host.enter(HOST_KEY)
        revision = (await keep(host, "summary", text="One"))[1]["revision"]
        status, told = await keep(host, "summary", text="Two")
        assert (status, told["revision"], told["text"]) == (409, revision, "One")
        assert "another device" in told["problem"]
        assert (await keep(host, "summary", revision, text="Two"))[0] == 200
        assert (await keep(host, "summary", revision + 1, text=" "))[1] == {"revision": 0}
        assert "Two</textarea>" not in await host.page()


@pytest.mark.parametrize(
    ("form", "fields"), [("nonsense", '{"text": "a"}'), ("say", "[1]"), ("say", "{"), ("say", '{"text": 1}')]
)
async def test_nothing_else_can_be_kept(lasting: Opened, form: str, fields: str) -> None:
    async with HostBrowser((await lasting()).address) as host:
        await host.enter(HOST_KEY)
        sent = {"token": await host.token(), "form": form, "fields": fields}
        async with host.session.post(f"{host.url}/kept", data=sent, headers=DATA) as answer:
            assert answer.status == 400
