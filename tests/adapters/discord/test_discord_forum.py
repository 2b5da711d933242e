"""A forum of the pretend Discord as a place: one post for the chat, or one for each question."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import PlatformError
from bot.messages import Image, Message
from tests.adapters.discord.workbench import CHAT, PIXEL, A, B, Core, Opened, adapter, post, reading, truth, until
from tests.sims.simulator import Simulator


@pytest.fixture
def forum(all_words: Simulator) -> Simulator:
    all_words.tell("forum", tags=["chats", "other"])
    return all_words


def threads(sim: Simulator) -> dict[str, str]:
    """The posts of the forum: their titles by id."""
    return {one["id"]: one["name"] for one in truth(sim, "threads") if one["parent"] == "600"}


async def test_the_chat_is_one_post(forum: Simulator, opened: Opened) -> None:
    made = await opened(forum, message_content=True)
    first = await made.send(post("welcome", "Welcome to the chat #OTalk", kind="welcome"))
    rest = [await made.send(post(key, opening=first.id)) for key in ("q1", "q2")]
    assert threads(forum) == {first.id: "Welcome to the chat #OTalk"}
    assert [(one["channel"], one["content"]) for one in truth(forum)] == [
        (first.id, "Welcome to the chat #OTalk"),
        (first.id, "Q1. Why? #OTalk"),
        (first.id, "Q2. Why? #OTalk"),
    ]
    assert first.url == f"https://discord.com/channels/500/{first.id}/{first.id}"
    assert rest[0].url == f"https://discord.com/channels/500/{first.id}/{rest[0].id}"
    await until(lambda: [one["content"] for one in truth(forum) if one["pinned"]] == ["Q2. Why? #OTalk"])


async def test_each_question_is_a_post_of_its_own(forum: Simulator, opened: Opened) -> None:
    made = await opened(forum, message_content=True, forum="question")
    first = await made.send(post("welcome", "Welcome", kind="welcome"))
    long = "Q1. " + "why " * 60
    asked = await made.send(post(text=long, opening=first.id))
    await made.send(post("q1", "and the rest", part=2, nonce="n2", reply_to=asked.id, opening=first.id))
    again = await made.send(post("again", "Once more: Q1", kind="notice", repeats="q1", opening=first.id))
    second = await made.send(post("q2", opening=first.id))
    assert threads(forum) == {first.id: "Welcome", asked.id: long[:100].strip(), second.id: "Q2. Why? #OTalk"}
    where = {one["content"]: one["channel"] for one in truth(forum)}
    assert where["and the rest"] == asked.id
    assert where["Once more: Q1"] == first.id
    assert again.id != first.id
    assert not [one for one in truth(forum) if one["pinned"]]


@pytest.mark.parametrize("kind", ["chat", "question"])
async def test_what_people_write_in_our_posts_is_heard_and_nothing_else(
    forum: Simulator, opened: Opened, core: Core, kind: str
) -> None:
    made = await opened(forum, message_content=True, forum=kind)
    first = await made.send(post("welcome", "Welcome", kind="welcome"))
    asked = await made.send(post(opening=first.id))
    where = asked.id if kind == "question" else first.id
    theirs = forum.tell("forum_post", by=B, title="My own topic", text="Who has a wheelchair to give?")["id"]
    forum.tell("say", by=A, text="Me", channel=int(theirs))
    forum.tell("say", by=A, text="Because", channel=int(where))
    forum.tell("say", by=A, text="And this", channel=int(where), reply_to=asked.id)
    await until(lambda: len(core.texts) == 2)
    told = [(one.text, one.conversation, one.reply_to) for one in core.heard(Message)]
    assert told == [("Because", where, None), ("And this", where, asked.id)]
    again = await opened(forum, message_content=True, forum=kind)  # after a restart
    page = await again.read(reading(posts=(first.id, asked.id)))
    assert [one.text for one in page.events if isinstance(one, Message)] == ["Because", "And this"]
    said = [one.id for one in core.heard(Message)]
    forum.tell("delete", id=said[0])
    assert await again.find_deleted(tuple(said), CHAT) == (said[0],)


@pytest.mark.parametrize("kind", ["chat", "question"])
async def test_a_lost_answer_is_found_so_that_nothing_is_posted_twice(
    forum: Simulator, opened: Opened, kind: str, tmp_path: Path
) -> None:
    made = await opened(forum, message_content=True, forum=kind)
    (tmp_path / "one.png").write_bytes(PIXEL)
    welcome = post("welcome", "Welcome", kind="welcome", image=Image(path=str(tmp_path / "one.png"), alt="Grey"))
    assert await made.find(welcome) is None
    forum.fails("POST .*/threads$", "lost")
    with pytest.raises(PlatformError) as error:
        await made.send(welcome)
    assert error.value.ambiguous
    found = await made.find(welcome)
    assert found
    assert list(threads(forum)) == [found.id]
    assert truth(forum)[0]["attachments"] == [{"filename": "one.png", "description": "Grey"}]
    question = post(opening=found.id)
    forum.fails("POST .*/(threads|messages)$", "lost")
    with pytest.raises(PlatformError):
        await made.send(question)
    asked = await made.find(question)
    assert asked
    assert len(truth(forum)) == 2
    again = await opened(forum, message_content=True, forum=kind)  # after a restart
    assert await again.find(question) == asked
    assert (await again.send(post(edits=asked.id, text="Q1. Why then?", opening=found.id))).id == asked.id


async def test_a_post_that_takes_no_message_gives_way_to_a_new_one(
    forum: Simulator, opened: Opened, core: Core
) -> None:
    made = await opened(forum, message_content=True)
    first = await made.send(post("welcome", "Welcome", kind="welcome"))
    forum.tell("deny", permissions=["MANAGE_THREADS"])
    forum.tell("close_thread", id=int(first.id), archived=True, locked=True)
    sent = [await made.send(post(key, opening=first.id)) for key in ("q1", "q2")]
    assert list(threads(forum).values()) == ["Welcome", "Q1. Why? #OTalk"]
    assert [one["channel"] for one in truth(forum)] == [first.id, sent[0].id, sent[0].id]
    assert [await made.find(post(key, opening=first.id)) for key in ("q1", "q2")] == sent
    ((what, text, chat),) = core.concerns
    assert (what, chat) == ("thread", CHAT)
    assert "new post" in text


async def test_a_picture_that_may_not_go_leaves_its_description(
    forum: Simulator, opened: Opened, core: Core, tmp_path: Path
) -> None:
    made = await opened(forum, message_content=True)
    (tmp_path / "one.png").write_bytes(PIXEL)
    forum.tell("deny", permissions=["ATTACH_FILES"])
    await made.send(post(image=Image(path=str(tmp_path / "one.png"), alt="A grey square")))
    assert truth(forum)[0]["content"] == "Q1. Why? #OTalk\n[Picture: A grey square]"
    assert "Attach Files" in core.concerns[0][1]


async def test_a_forum_that_wants_a_tag_gets_its_first(all_words: Simulator, opened: Opened, core: Core) -> None:
    (tag, _) = all_words.tell("forum", tags=["chats", "other"], required=True)["tags"]
    made = await opened(all_words, message_content=True)
    await made.send(post())
    assert [one["tags"] for one in truth(all_words, "threads")] == [[tag]]
    (new,) = all_words.tell("forum", tags=["talks"], required=True)["tags"]
    await made.send(post("q2"))
    assert [one["tags"] for one in truth(all_words, "threads")] == [[tag], [new]]
    assert any("“talks”" in one.text for one in await adapter(all_words, core).diagnose())
    all_words.tell("forum", required=True)
    with pytest.raises(PlatformError, match="add one under Edit Channel") as error:
        await made.send(post("q3"))
    assert error.value.permanent
    wrong = [one for one in await adapter(all_words, core).diagnose() if one.level == "wrong"]
    assert ["wants a tag" in one.text and "Add a tag" in one.remedy for one in wrong] == [True]


async def test_a_doctor_finds_nothing_wrong_with_a_forum(forum: Simulator, core: Core) -> None:
    assert [one for one in await adapter(forum, core).diagnose() if one.level != "ok"] == []
    forum.tell("deny", permissions=["SEND_MESSAGES_IN_THREADS", "SEND_MESSAGES"])
    texts = [one.remedy for one in await adapter(forum, core).diagnose() if one.level == "wrong"]
    assert any("Send Messages in Threads" in text for text in texts)
