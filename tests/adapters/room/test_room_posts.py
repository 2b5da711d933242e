"""What people do in the room, over a real socket: join, say, change, take back, leave, be left out."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from adapters.room import Room
from bot.messages import Deleted, Edited, Joined, Post, Withdrawn
from bot.ports.views import MessageView
from tests.adapters.conftest import Visitor
from tests.fakes.ports import CHAT, STARTS, FakeCore, chat_view

Visit = Callable[[Room], Visitor]


async def test_joining_is_heard_and_opens_the_answer_form(core: FakeCore, visitor: Visitor) -> None:
    answer = await visitor.join("  Pretend\u200b participant \u202e A ")
    assert (answer.status, answer.headers["location"]) == (303, f"/{CHAT}#answer")
    joined = core.events[-1]
    assert isinstance(joined, Joined)
    assert (joined.author.name, joined.chat, joined.place) == ("Pretend participant A", CHAT, "room")
    _, page = await visitor.get()
    assert 'name="text"' in page


async def test_an_answer_is_a_reply_to_the_question_on_the_floor(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    answer = await visitor.say(" A1 we use video\r\ncalls ", to="q1")
    message = core.said()[-1]
    assert (message.text, message.reply_to, message.chat) == ("A1 we use video\ncalls", "post-q1", CHAT)
    assert (message.at, message.author.handle, message.author.name) == (core.clock.now(), "", "Pretend participant A")
    assert answer.headers["location"] == f"/{CHAT}#m-room-{message.id}"
    _, page = await visitor.get()
    assert f'id="m-room-{message.id}"' in page
    assert f"/{CHAT}/edit/{message.id}" in page


async def test_an_answer_may_go_to_an_earlier_question_or_to_none(core: FakeCore, visitor: Visitor) -> None:
    core.ask("q2", "Q2. Which platforms? #OTalk")
    await visitor.join()
    for chosen, expected in (("q1", "post-q1"), ("q2", "post-q2"), ("general", None), ("q9", None)):
        await visitor.say("an answer", to=chosen)
        assert core.said()[-1].reply_to == expected


async def test_before_the_first_question_there_is_nothing_to_reply_to(core: FakeCore, visitor: Visitor) -> None:
    core.bot_posts.clear()
    await visitor.join()
    await visitor.say("Hello", to="general")
    assert core.said()[-1].reply_to is None


async def test_a_reply_to_a_person_names_their_message(core: FakeCore, visitor: Visitor) -> None:
    core.answer("7", "We use the telephone", name="Pretend participant B")
    await visitor.join()
    _, page = await visitor.get(f"/{CHAT}?reply=x/7")
    assert 'name="reply" value="x/7"' in page
    await visitor.say("How does that go?", reply="x/7", to="q1")
    assert core.said()[-1].reply_to == "7"
    _, page = await visitor.get()
    assert 'in reply to <a href="#m-x-7"><bdi>Pretend participant B</bdi></a>' in page


async def test_one_form_is_heard_once_however_often_it_is_sent(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    token = await visitor.token()
    answers = [await visitor.say(text, token=token) for text in ("once", "once", "something else")]
    assert [one.status for one in answers] == [303] * 3
    assert [one.text for one in core.said()] == ["once"]
    assert len({one.headers["location"] for one in answers}) == 1


async def test_joining_twice_with_one_form_is_one_person(core: FakeCore, visitor: Visitor) -> None:
    token = await visitor.token()
    for _ in range(2):
        async with visitor.session.post(
            f"{visitor.room.address}/{CHAT}/join",
            data={"name": "Pretend participant A", "token": token},
            headers={"Cookie": cookies(visitor)},
            allow_redirects=False,
        ) as answer:
            assert answer.status in {303, 403}
    assert len({one.author.id for one in core.events if isinstance(one, Joined)}) == 1


async def test_own_messages_can_be_changed_and_taken_back(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    await visitor.say("frist")
    own = core.said()[-1].id
    status, page = await visitor.get(f"/{CHAT}/edit/{own}")
    assert status == 200
    assert "frist" in page
    core.clock.move(minutes=1)
    answer = await visitor.post("edit", id=own, text="first")
    assert answer.headers["location"].endswith(f"#m-room-{own}")
    assert core.events[-1:] == [Edited(place="room", at=core.clock.now(), id=own, text="first")]
    _, page = await visitor.get()
    assert "edited" in page
    assert (await visitor.get(f"/{CHAT}/delete/{own}"))[0] == 200
    answer = await visitor.post("delete", id=own)
    assert answer.headers["location"] == f"/{CHAT}#q1"
    assert core.events[-1:] == [Deleted(place="room", at=core.clock.now(), id=own)]
    assert own not in (await visitor.get())[1]


async def test_nobody_changes_what_somebody_else_wrote(core: FakeCore, room: Room, visit: Visit) -> None:
    one, other = visit(room), visit(room)
    await one.join()
    await one.say("mine")
    await other.join("Pretend participant B")
    own, before = core.said()[-1].id, len(core.events)
    for deed in ("edit", "delete"):
        assert (await other.get(f"/{CHAT}/{deed}/{own}"))[0] == 403
        assert (await other.post(deed, id=own, text="theirs")).status == 403
        assert (await other.post(deed, id="nothing", text="theirs")).status == 404
    assert len(core.events) == before
    assert f"/{CHAT}/edit/{own}" in (await one.get())[1]


async def test_leaving_forgets_the_cookie_and_keeps_the_messages(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    await visitor.say("still here")
    answer = await visitor.post("leave")
    assert answer.status == 303
    status, page = await visitor.get()
    assert (status, "still here" in page, 'name="name"' in page) == (200, True, True)
    assert core.events[-1] is core.said()[-1]


async def test_being_left_out_is_explained_and_then_done(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    await visitor.say("never mind")
    person = core.said()[-1].author.id
    _, page = await visitor.get(f"/{CHAT}/out")
    assert "nothing that you wrote in this room will be in the transcript" in page
    await visitor.post("out")
    withdrawn = core.events[-1]
    assert isinstance(withdrawn, Withdrawn)
    assert withdrawn.author.id == person
    _, page = await visitor.get()
    assert "You are left out of the record" in page
    assert "never mind" not in page
    assert (await visitor.say("again")).status == 403
    await visitor.post("leave")
    await visitor.join("Pretend participant A")
    assert core.events[-1].author.id != person  # type: ignore[union-attr]


async def test_a_stranger_cannot_post_or_withdraw(core: FakeCore, visitor: Visitor) -> None:
    before = len(core.events)
    assert (await visitor.say("hello")).status == 403
    assert (await visitor.post("out")).status == 403
    assert len(core.events) == before


@pytest.mark.parametrize("minutes", [-31, 75, 10000])
async def test_posts_are_taken_only_while_the_chat_is_open(core: FakeCore, visitor: Visitor, minutes: int) -> None:
    await visitor.join()
    token, before = await visitor.token(), len(core.events)
    core.clock._now = STARTS
    core.clock.move(minutes=minutes)
    answer = await visitor.say("too late", token=token)
    assert answer.status == 403
    page = await answer.text()
    assert "not open for posts" in page
    assert "<p>too late</p>" in page
    assert len(core.events) == before


async def test_what_has_arrived_and_stands_nowhere_yet_is_not_sent_again(core: FakeCore, visitor: Visitor) -> None:
    async def nothing(*_: str) -> list[MessageView]:
        return []

    await visitor.join()
    token = await visitor.token()
    core.held.update(str(visitor.room._app.sessions._tokens.loads(token)[1]).split())
    core.withheld = nothing  # type: ignore[assignment, method-assign]
    answer = await visitor.say("something that is slow to arrive", token=token)
    assert answer.headers["location"] == f"/{CHAT}?received=1#answer"
    assert "Your message has arrived" in (await visitor.get(f"/{CHAT}?received=1"))[1]


async def test_a_store_that_fails_loses_no_text(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    token = await visitor.token()
    core.broken = True
    answer = await visitor.say("a long thought", token=token)
    page = await answer.text()
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "a long thought</textarea>" in page
    core.broken = False
    await visitor.say("a long thought", token=token)
    assert [one.text for one in core.said()] == ["a long thought"]


async def test_the_script_gets_its_message_and_a_new_form(core: FakeCore, visitor: Visitor) -> None:
    await visitor.join()
    token = await visitor.token()
    answer = await visitor.post("say", {"Accept": "application/json"}, text="quickly", to="q1", token=token)
    told = await answer.json()
    assert (answer.status, told["question"]) == (201, "q1")
    assert told["token"] != token
    assert f'id="m-room-{core.said()[-1].id}"' in told["html"]
    answer = await visitor.post("say", {"Accept": "application/json"}, text=" ", token=told["token"])
    assert (answer.status, "Please write something" in (await answer.json())["problem"]) == (400, True)


async def test_a_post_is_there_as_soon_as_it_is_receipted(core: FakeCore, room: Room) -> None:
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


async def test_a_long_chat_stays_a_small_page(core: FakeCore, visitor: Visitor) -> None:
    for number in range(350):
        core.clock.move(milliseconds=10)
        core.answer(str(number), f"answer number {number}.")
    _, page = await visitor.get()
    assert page.count('class="message"') == 100
    assert "Show earlier answers (250)" in page
    seen, link = [page.count("answer number 249.")], page
    while True:
        found = link.partition('class="more"><a href="')[2].partition('"')[0].replace("&amp;", "&")
        if not found:
            break
        _, link = await visitor.get(found)
        seen.append(link.count('class="message"'))
    assert seen == [0, 100, 100, 50]


async def test_the_front_page_lists_what_is_live_coming_and_past(core: FakeCore, visitor: Visitor) -> None:
    core.plan(chat_view("otalk/next", state="coming"))
    core.plan(chat_view("otalk/last", state="over"))
    _, page = await visitor.get("/")
    places = [page.index(words) for words in ("Live now", f'href="/{CHAT}"', "Coming up", "otalk/next", "Past chats")]
    assert places == sorted(places)


async def test_the_time_is_told_on_the_chats_own_clock(visitor: Visitor) -> None:
    _, page = await visitor.get()
    assert "Tuesday 13 October 2020, 20:00" in page
    assert "London time (BST)" in page
    assert 'datetime="2020-10-13T19:00:00Z"' in page


def cookies(visitor: Visitor) -> str:
    """What the visitor's browser would send."""
    return "; ".join(f"{one.key}={one.value}" for one in visitor.session.cookie_jar)
