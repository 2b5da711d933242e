"""Participants in the room, over a real socket: join, post, edit, delete, leave, be left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from adapters.room.page_model import PageModel, split_into_sections
from adapters.room.platform import Room
from adapters.room.render import Renderer
from adapters.room.sessions import Sessions
from bot.messages import Deleted, Edited, Joined, Post, Withdrawn
from bot.ports.views import MessageView, PostView
from tests.adapters.conftest import Client
from tests.fakes.ports import CHAT, STARTS, FakeCore, author, chat_view

NewClient = Callable[[Room], Client]


async def test_joining_is_reported_and_shows_the_answer_form(core: FakeCore, client: Client) -> None:
    answer = await client.join("  Pretend\u200b participant \u202e A ")
    assert (answer.status, answer.headers["location"]) == (303, f"/{CHAT}#q1")
    joined = core.events[-1]
    assert isinstance(joined, Joined)
    assert (joined.author.name, joined.chat, joined.place) == ("Pretend participant A", CHAT, "room")
    _, page = await client.get()
    assert 'name="text"' in page


async def test_an_answer_is_a_reply_to_the_current_question(core: FakeCore, client: Client) -> None:
    await client.join()
    answer = await client.post(" A1 we use video\r\ncalls ", to="q1")
    message = core.heard()[-1]
    assert (message.text, message.reply_to, message.chat) == ("A1 we use video\ncalls", "post-q1", CHAT)
    assert (message.at, message.author.handle, message.author.name) == (core.clock.now(), "", "Pretend participant A")
    assert answer.headers["location"] == f"/{CHAT}?posted={message.id}#m-room-{message.id}"
    _, page = await client.get(f"/{CHAT}?posted={message.id}")
    assert f'Posted under Q1 · <a href="#m-room-{message.id}">See it</a>' in page
    assert f'id="m-room-{message.id}"' in page
    assert f"/{CHAT}/edit/{message.id}" in page


async def test_an_answer_may_go_to_an_earlier_question_or_to_none(core: FakeCore, client: Client) -> None:
    core.add_post("q2", "Q2. Which platforms? #OTalk")
    await client.join()
    for chosen, expected in (("q1", "post-q1"), ("q2", "post-q2"), ("general", None), ("q9", None)):
        await client.post("an answer", to=chosen)
        assert core.heard()[-1].reply_to == expected


async def test_before_the_first_question_there_is_nothing_to_reply_to(core: FakeCore, client: Client) -> None:
    core.bot_posts.clear()
    await client.join()
    await client.post("Hello", to="general")
    assert core.heard()[-1].reply_to is None


async def test_a_reply_to_a_participant_refers_to_their_message(core: FakeCore, client: Client) -> None:
    core.add_message("7", "We use the telephone", name="Pretend participant B")
    await client.join()
    _, page = await client.get(f"/{CHAT}?reply=x/7")
    assert 'name="reply" value="x/7"' in page
    await client.post("How does that go?", reply="x/7", to="q1")
    assert core.heard()[-1].reply_to == "7"
    _, page = await client.get()
    assert 'in reply to <a href="#m-x-7"><bdi>Pretend participant B</bdi></a>' in page


async def test_a_form_is_one_message_however_often_it_is_sent(core: FakeCore, client: Client) -> None:
    await client.join()
    token = await client.token()
    answers = [await client.post(text, token=token) for text in ("once", "once", "something else")]
    assert [one.status for one in answers] == [303] * 3
    assert [one.text for one in core.heard()] == ["once"]
    assert len({one.headers["location"] for one in answers}) == 1


async def test_joining_twice_with_one_form_is_one_session(core: FakeCore, client: Client) -> None:
    token = await client.token()
    for _ in range(2):
        async with client.session.post(
            f"{client.room.address}/{CHAT}/join",
            data={"name": "Pretend participant A", "token": token},
            headers={"Cookie": cookies(client)},
            allow_redirects=False,
        ) as answer:
            assert answer.status in {303, 403}
    assert len({one.author.id for one in core.events if isinstance(one, Joined)}) == 1


async def test_own_messages_can_be_edited_and_deleted(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("frist")
    own = core.heard()[-1].id
    status, page = await client.get(f"/{CHAT}/edit/{own}")
    assert status == 200
    assert "frist" in page
    core.clock.move(minutes=1)
    answer = await client.send_form("edit", id=own, text="first")
    assert answer.headers["location"].endswith(f"?own=changed#m-room-{own}")
    assert core.events[-1:] == [Edited(place="room", at=core.clock.now(), id=own, text="first")]
    _, page = await client.get(f"/{CHAT}?own=changed")
    assert "edited" in page
    assert "Your message was changed." in page
    assert (await client.get(f"/{CHAT}/delete/{own}"))[0] == 200
    answer = await client.send_form("delete", id=own)
    assert answer.headers["location"] == f"/{CHAT}?own=deleted#q1"
    assert "Your message was deleted." in (await client.get(f"/{CHAT}?own=deleted"))[1]
    assert core.events[-1:] == [Deleted(place="room", at=core.clock.now(), id=own)]
    assert own not in (await client.get())[1]


async def test_messages_of_others_cannot_be_edited_or_deleted(
    core: FakeCore, room: Room, new_client: NewClient
) -> None:
    one, other = new_client(room), new_client(room)
    await one.join()
    await one.post("mine")
    await other.join("Pretend participant B")
    own, before = core.heard()[-1].id, len(core.events)
    for action in ("edit", "delete"):
        assert (await other.get(f"/{CHAT}/{action}/{own}"))[0] == 403
        assert (await other.send_form(action, id=own, text="theirs")).status == 403
        assert (await other.send_form(action, id="nothing", text="theirs")).status == 404
    assert len(core.events) == before
    assert f"/{CHAT}/edit/{own}" in (await one.get())[1]


async def test_leaving_deletes_the_cookie_and_keeps_the_messages(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("still here")
    answer = await client.send_form("leave")
    assert answer.status == 303
    status, page = await client.get()
    assert (status, "still here" in page, 'name="name"' in page) == (200, True, True)
    assert core.events[-1] is core.heard()[-1]


async def test_being_left_out_is_explained_and_then_done(core: FakeCore, client: Client) -> None:
    await client.join()
    await client.post("never mind")
    person = core.heard()[-1].author.id
    _, page = await client.get(f"/{CHAT}/out")
    assert "nothing that you wrote in this room will be in the transcript" in page
    await client.send_form("out")
    withdrawn = core.events[-1]
    assert isinstance(withdrawn, Withdrawn)
    assert withdrawn.author.id == person
    _, page = await client.get()
    assert "You are left out of the record" in page
    assert "never mind" not in page
    assert (await client.post("again")).status == 403
    await client.send_form("leave")
    await client.join("Pretend participant A")
    assert core.events[-1].author.id != person  # type: ignore[union-attr]


async def test_posting_and_withdrawing_need_a_name(core: FakeCore, client: Client) -> None:
    before = len(core.events)
    assert (await client.post("hello")).status == 403
    assert (await client.send_form("out")).status == 403
    assert len(core.events) == before


@pytest.mark.parametrize("minutes", [-31, 75, 10000])
async def test_messages_are_accepted_only_while_the_chat_is_open(core: FakeCore, client: Client, minutes: int) -> None:
    await client.join()
    token, before = await client.token(), len(core.events)
    core.clock._now = STARTS
    core.clock.move(minutes=minutes)
    answer = await client.post("too late", token=token)
    assert answer.status == 403
    page = await answer.text()
    assert "not open for posts" in page
    assert "<p>too late</p>" in page
    assert len(core.events) == before


async def test_a_message_that_is_not_visible_yet_is_acknowledged(core: FakeCore, client: Client) -> None:
    async def nothing(*_: str) -> list[MessageView]:
        return []

    await client.join()
    token = await client.token()
    core.held.update(str(client.room._app.sessions._tokens.loads(token)[1]).split())
    core.withheld = nothing  # type: ignore[assignment, method-assign]
    answer = await client.post("something that is slow to arrive", token=token)
    assert re.fullmatch(rf"/{CHAT}\?posted=[\w-]+#answer", answer.headers["location"])
    assert "It has arrived." in (await client.get(answer.headers["location"]))[1]


async def test_whatever_is_wrong_with_a_form_the_text_comes_back(core: FakeCore, client: Client) -> None:
    await client.join()
    for fields in ({"token": "too old"}, {"reply": "x/9"}):
        core.unreadable = "reply" in fields
        token = await client.token()
        async with client.session.post(
            f"{client.room.address}/{CHAT}/say", data={"text": "a long <thought>", "token": token, **fields}
        ) as answer:
            assert answer.status == (503 if core.unreadable else 403)
            assert "a long &lt;thought&gt;</textarea>" in await answer.text()
    assert core.heard() == []


async def test_a_failing_store_loses_no_text(core: FakeCore, client: Client) -> None:
    await client.join()
    token = await client.token()
    core.broken = True
    answer = await client.post("a long thought", token=token)
    page = await answer.text()
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "a long thought</textarea>" in page
    core.broken = False
    await client.post("a long thought", token=token)
    assert [one.text for one in core.heard()] == ["a long thought"]


async def test_the_script_gets_its_message_and_a_new_token(core: FakeCore, client: Client) -> None:
    await client.join()
    token = await client.token()
    answer = await client.send_form("say", {"Accept": "application/json"}, text="quickly", to="q1", token=token)
    data = await answer.json()
    assert (answer.status, data["question"]) == (201, "q1")
    assert data["token"] != token
    assert f'id="m-room-{core.heard()[-1].id}"' in data["html"]
    answer = await client.send_form("say", {"Accept": "application/json"}, text=" ", token=data["token"])
    assert (answer.status, "Please write something" in (await answer.json())["problem"]) == (400, True)


async def test_sending_a_post_only_makes_its_receipt(core: FakeCore, room: Room) -> None:
    post = Post(chat=CHAT, key="q1", place="room", kind="question", text="Q1.", nonce="n1", due=STARTS)
    first, again, found = await room.send(post), await room.send(post), await room.find(post)
    assert first == again == found
    assert (first.id, first.url, first.at) == ("n1", f"{room.address}/{CHAT}#q1", core.clock.now())
    welcome = msgspec.structs.replace(post, kind="welcome", key="welcome", nonce="n2")
    assert (await room.send(welcome)).url == f"{room.address}/{CHAT}#p-n2"
    assert (room.traits.platform, room.traits.delivery.idempotent, room.traits.features.followers) == (
        "room",
        True,
        False,
    )


async def test_a_long_chat_stays_a_small_page(core: FakeCore, client: Client) -> None:
    for number in range(260):
        core.clock.move(seconds=number % 3 == 0)  # three in each second: X tells no more than seconds
        core.add_message(str(number), f"answer number {number}.")
    _, page = await client.get()
    assert "answer number 259." in page
    seen, link = set(re.findall(r"answer number (\d+)\.", page)), page
    assert 85 <= len(seen) <= 90
    pages = 0
    while found := re.search(r'class="more"><a data-earlier="q1" href="([^"]+)"', link):
        _, link = await client.get(found[1].replace("&amp;", "&"))
        now = set(re.findall(r"answer number (\d+)\.", link))
        assert not now & seen
        seen, pages = seen | now, pages + 1
    assert (pages, len(seen)) == (2, 260)


def test_the_first_view_of_3000_messages_is_small() -> None:
    at, text = STARTS, "As long an answer as people give in the room and on X, with a word on why and a link. " * 3
    posts = [PostView(key=f"q{n}", kind="question", text=f"Q{n}. {text}", at=at, id=f"post-q{n}") for n in range(1, 7)]
    said = {
        post.key: [
            MessageView(
                place="room", id=f"r{post.key}{n}", author=author(f"Pretend participant {n}"), text=text,
                at=at + timedelta(seconds=n), question=post.key, reason="reply", reply_to=post.id,
            )
            for n in range(100)
        ]
        for post in posts
    }  # fmt: skip
    sections = split_into_sections(posts, said, dict.fromkeys(said, 500))
    page = PageModel(chat_view=chat_view(), sections=sections, open=True)
    html = Renderer("room", Sessions("secret", secure=False)).conversation("fragment.html", page)
    assert len(html) < 140_000
    assert len(sections[-1].shown) == 45


async def test_a_reply_leads_to_a_message_that_is_too_old_to_be_shown(core: FakeCore, client: Client) -> None:
    for number in range(100):
        core.clock.move(seconds=1)
        core.add_message(str(number), f"answer number {number}.")
    core.add_message("200", "How did that start?", reply_to="3")
    _, page = await client.get()
    assert 'id="m-x-3"' not in page
    found = re.search(r'in reply to <a href="([^"]+)#m-x-3">', page)
    assert found
    _, older = await client.get(found[1].replace("&amp;", "&"))
    assert 'id="m-x-3"' in older
    assert 'id="m-x-4"' not in older


async def test_an_answer_to_a_question_that_was_not_asked_stands_under_the_one_before(
    core: FakeCore, client: Client
) -> None:
    core.questions = {"early": "q4"}
    core.add_message("early", "A4 I am ahead of you")
    _, page = await client.get()
    assert 'id="q4"' not in page
    assert "A4 I am ahead of you" in page.partition('id="q1"')[2]
    for number in (2, 3, 4):
        core.add_post(f"q{number}", f"Q{number}. And then? #OTalk")
    _, page = await client.get()
    assert "A4 I am ahead of you" in page.partition('id="q4"')[2]


async def test_the_index_lists_live_coming_and_past_chats(core: FakeCore, client: Client) -> None:
    core.add_chat(chat_view("otalk/next", state="coming"))
    core.add_chat(chat_view("otalk/last", state="over"))
    _, page = await client.get("/")
    places = [page.index(words) for words in ("Live now", f'href="/{CHAT}"', "Coming up", "otalk/next", "Past chats")]
    assert places == sorted(places)


async def test_times_are_in_the_time_zone_of_the_chat(client: Client) -> None:
    _, page = await client.get()
    assert "Tuesday 13 October 2020, 20:00" in page
    assert "London time (BST)" in page
    assert 'datetime="2020-10-13T19:00:00Z"' in page


def cookies(client: Client) -> str:
    """The cookies that a browser would send."""
    return "; ".join(f"{one.key}={one.value}" for one in client.session.cookie_jar)
