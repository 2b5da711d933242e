"""Names and views that arrive after a message, and replies across places and in threads."""

from __future__ import annotations

import itertools

import msgspec

from bot.messages import AnyEvent, Author, Message, Named, Viewed
from bot.ports.views import MessageView
from bot.reporting.numbers import Numbers, count_numbers
from bot.reporting.record import record
from tests.reporting.sample_events import asked, at, chat, said, withdrew


def heard(*events: AnyEvent) -> dict[str, MessageView]:
    return {one.id: one for one in record(chat(), events).messages}


def tied(*events: AnyEvent) -> dict[str, tuple[str, str]]:
    return {id: (one.question, one.reason) for id, one in heard(*events).items()}


def stranger(id: str, who: str = "A") -> Message:
    """A message that came without a handle or a name."""
    return msgspec.structs.replace(said(id, minutes=12), author=Author(id=f"id-{who}"))


def named(who: str, handle: str, minutes: float, place: str = "x", followers: int | None = None) -> Named:
    author = Author(id=f"id-{who}", handle=handle, name=f"Pretend {who}", followers=followers)
    return Named(place=place, at=at(minutes), author=author)


def viewed(id: str, views: int, minutes: float, place: str = "x") -> Viewed:
    return Viewed(place=place, id=id, views=views, at=at(minutes))


def figures(*events: AnyEvent) -> Numbers:
    return count_numbers(record(chat(), events))


# Names -----------------------------------------------------------------------------------------------------


def test_the_latest_handle_is_shown() -> None:
    events: list[AnyEvent] = [stranger("1"), stranger("2", "B"), named("A", "@old", 60), named("A", "@new", 61)]
    for order in itertools.permutations(events):
        found = heard(*order)
        assert (found["1"].author.handle, found["1"].author.name) == ("@new", "Pretend A")
        assert found["2"].author.handle == ""


def test_an_account_has_one_handle_the_latest() -> None:
    assert heard(said("1"), named("A", "@later", 60))["1"].author.handle == "@later"
    renamed = Author(id="id-A", handle="@new")
    events: list[AnyEvent] = [said("1", minutes=5), said("2", minutes=6, author=renamed)]
    for order in itertools.permutations(events):
        found = heard(*order)
        assert [found[id].author.handle for id in "12"] == ["@new", "@new"]
        assert [found[id].author.name for id in "12"] == ["Pretend participant A"] * 2, "an empty name is no name"


def test_where_people_go_by_a_name_alone_each_message_keeps_its_own() -> None:
    alone = [said(str(n), minutes=n, author=Author(id="id-A", name=name)) for n, name in enumerate(["Kit", "Robin"])]
    found = heard(*alone, said("2", minutes=3))
    assert [(found[id].author.handle, found[id].author.name) for id in "012"] == [
        ("", "Kit"),
        ("", "Robin"),
        ("@pretend_A", "Pretend participant A"),
    ]


def test_a_name_on_another_place_belongs_to_another_person() -> None:
    assert heard(stranger("1"), named("A", "@there", 60, place="x2"))["1"].author.handle == ""


def test_followers_known_from_a_name_event_count() -> None:
    assert figures(stranger("1"), stranger("2"), named("A", "@a", 60, followers=100)).impressions == 200
    assert figures(stranger("1"), named("A", "@a", 60)).impressions is None


def test_a_later_handle_of_a_person_who_was_left_out_is_left_out_too() -> None:
    told = record(chat(), [stranger("1"), named("A", "@Gone", 60), withdrew("A")])
    assert (told.messages, ("x", "gone") in told.left_out_handles) == ((), True)


# Views -----------------------------------------------------------------------------------------------------


def test_the_latest_views_of_each_message_are_added_up() -> None:
    events: list[AnyEvent] = [
        said("1"),
        said("2", place="room"),
        said("3", minutes=80),
        viewed("1", 40, 60),
        viewed("1", 7, 20),
        viewed("3", 900, 81),
        viewed("4", 900, 20),
    ]
    for order in (events, events[::-1]):
        found = figures(*order)
        assert (found.views, found.places["x"].views) == (40, 40)
        assert found.places["room"].views is msgspec.UNSET


def test_views_may_decrease() -> None:
    assert figures(said("1"), viewed("1", 40, 20), viewed("1", 30, 60)).views == 30


def test_without_known_views_there_is_no_such_key() -> None:
    told = msgspec.json.decode(msgspec.json.encode(figures(said("1"), said("2", place="room"))))
    assert "views" not in told
    assert all("views" not in place for place in told["places"].values())
    told = msgspec.json.decode(msgspec.json.encode(figures(said("1"), viewed("1", 0, 20), said("2", place="room"))))
    assert (told["views"], told["places"]["x"]["views"], "views" in told["places"]["room"]) == (0, 0, False)


def test_views_of_unpublished_messages_do_not_count() -> None:
    assert figures(said("1"), viewed("1", 40, 20), withdrew("A")).views is msgspec.UNSET


# Replies ---------------------------------------------------------------------------------------------------


def test_a_reply_across_places_belongs_to_the_question_of_its_parent() -> None:
    there = asked("q1", 10), asked("q2", 20), said("1", minutes=25, reply_to="bot-q1")
    across = said("2", minutes=26, place="room", reply_to="1", reply_place="x")
    again = said("3", minutes=27, place="room", reply_to="bot-q1", reply_place="x")
    assert tied(*there, across, again) == {"1": ("q1", "reply"), "2": ("q1", "thread"), "3": ("q1", "reply")}


def test_an_id_from_another_place_is_not_taken_for_one_here() -> None:
    there = asked("q1", 10), asked("q2", 20), asked("q2", 20, place="room")
    assert tied(*there, said("1", minutes=25, place="room", reply_to="bot-q1"))["1"] == ("q2", "floor")


def test_messages_in_a_questions_thread_belong_to_it_at_any_depth() -> None:
    posts = asked("q1", 10), asked("q2", 20)
    lost = said("1", minutes=25, reply_to="never-heard", conversation="bot-q1")
    loose = said("2", "A3 yes", minutes=25, conversation="bot-q1")
    elsewhere = said("3", minutes=25, conversation="another")
    assert tied(*posts, lost, loose, elsewhere) == {
        "1": ("q1", "thread"),
        "2": ("q3", "mark"),
        "3": ("q2", "floor"),
    }


def test_a_reply_counts_before_the_thread_it_is_in() -> None:
    posts = asked("q1", 10), asked("q2", 20)
    assert tied(*posts, said("1", minutes=25, reply_to="bot-q2", conversation="bot-q1"))["1"] == ("q2", "reply")


def test_a_thread_of_the_whole_chat_belongs_to_no_question() -> None:
    posts = asked("welcome", 0), asked("q1", 10)
    assert tied(*posts, said("1", minutes=12, conversation="bot-welcome"))["1"] == ("q1", "floor")
