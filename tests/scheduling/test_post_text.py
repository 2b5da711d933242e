"""What each place really says: within its limits, with one link at most, and no text twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest

from bot import wording
from bot.chat import Chat, Question, Slot
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.scheduling.post_text import PostText, post_texts
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.fakes.platform import flat_traits


def links(text: str) -> list[str]:
    return re.findall(r"https://\S+", text)


X = flat_traits(platform="x", limit=280, links=links, most_links=1, unrepeated=True)
ROOM = flat_traits(platform="room", limit=2000)


def said(chat: Chat, places: Mapping[str, Traits] | None = None, place: str = "x") -> dict[str, PostText]:
    found = post_texts(chat, timeline.all_slots(chat), places or {"x": X})
    return {saying.slot.key: saying for saying in found[place]}


def text(saying: PostText) -> str:
    [only] = saying.parts
    return only


def with_links(*keys: str) -> Chat:
    """A chat whose host put a link of its own into each of these."""
    chat = a_chat()
    asked = tuple(_linked(one) if one.key in keys else one for one in chat.questions)
    words = {
        key: f"Words for {key} https://example.org/{key}" for key in ("welcome", "rules", "closing") if key in keys
    }
    return msgspec.structs.replace(chat, questions=asked, **words)


def _linked(question: Question) -> Question:
    return msgspec.structs.replace(question, text=f"See https://example.org/{question.key} and https://example.org")


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        ((), []),
        (("welcome",), ["welcome"]),
        (("welcome", "closing"), ["welcome"]),
        (("welcome", "q2"), ["q2"]),
        (("welcome", "q3", "q2"), ["q2"]),
    ],
)
def test_one_post_of_a_chat_may_have_a_link_and_questions_come_first(keys: tuple[str, ...], kept: list[str]) -> None:
    found = said(with_links(*keys))
    assert [key for key, saying in found.items() if links(text(saying))] == kept
    assert {key for key, saying in found.items() if saying.doubt} == {*keys} - {*kept}
    assert all(saying.doubt in ("", "links") for saying in found.values())


def test_a_link_is_taken_out_whole_and_nothing_else() -> None:
    chat = msgspec.structs.replace(
        with_links("q1"), closing="Read https://example.org and https://example.org/more. Bye!"
    )
    assert text(said(chat)["closing"]).startswith("Read and Bye!")


def test_elsewhere_links_are_free() -> None:
    found = said(with_links("welcome", "q2"), {"x": X, "room": ROOM}, "room")
    assert [key for key, saying in found.items() if links(text(saying))] == ["welcome", "q2"]
    assert not any(saying.doubt for saying in found.values())


def test_what_was_said_before_counts_for_the_link_of_what_is_planned_now() -> None:
    chat = with_links("q1", "q3")
    rest = [slot for slot in timeline.all_slots(chat) if slot.key in ("q2", "q3")]
    planned = planning.plan_posts(chat, rest, {"x": X}, ends=chat.ends, slack=timedelta(0))
    assert [(draft.post.key, links(draft.post.text)) for draft in planned] == [("q2", []), ("q3", [])]


def test_the_houses_own_words_are_another_text_each_week() -> None:
    now, later = said(a_chat()), said(a_chat(starts=NOON + timedelta(days=7)))
    for key in ("rules", "closing"):
        assert text(now[key]) != text(later[key])
    assert text(now["rules"]) == "This is recorded. (3 March 2026, 12:00)"
    assert [text(now[key]) for key in ("q1", "q2")] == ["Q1. Question 1? #plain", "Q2. Question 2? #plain"]
    assert text(said(a_chat(), {"room": ROOM}, "room")["rules"]) == "This is recorded."


def test_the_day_is_the_one_on_the_hosts_clock() -> None:
    chat = msgspec.structs.replace(a_chat(), timezone="Pacific/Auckland")
    assert text(said(chat)["rules"]).endswith("(4 March 2026, 01:00)")


def test_two_reminders_of_a_chat_differ() -> None:
    chat = msgspec.structs.replace(a_chat(), reminders=(timedelta(days=1), timedelta(hours=1)))
    early, late = list(said(chat).values())[:2]
    assert text(early).endswith("(24h to go)")
    assert text(late).endswith("(1h to go)")
    there = list(said(chat, {"room": ROOM}, "room").values())
    assert text(there[0]) == text(there[1])


def test_the_houses_longest_words_fit_with_the_day() -> None:
    tag = "#OTalk"
    chat = msgspec.structs.replace(
        a_chat(starts=NOON.replace(month=9, day=30)), rules=wording.rules(tag), closing=wording.closing(tag)
    )
    assert not any(saying.doubt for saying in said(chat).values())
    assert all(len(saying.parts) == 1 for saying in said(chat).values())


# Two accounts on one platform ------------------------------------------------------------------------------

BOTH = {"x": X, "x2": X, "room": ROOM}


def test_the_second_account_does_not_say_the_same_again() -> None:
    found = said(a_chat(), BOTH, "x2")
    assert {saying.doubt for saying in found.values()} == {"same"}
    assert not any(saying.parts for saying in found.values())
    assert all(saying.parts for saying in said(a_chat(), BOTH, "room").values())


@pytest.mark.parametrize("words", ["Question 1?", "question 1?", "Question  1? "])
def test_capitals_and_white_space_make_no_other_text(words: str) -> None:
    assert said(saying_otherwise("x2", words), BOTH, "x2")["q1"].doubt == "same"


def test_a_wording_of_its_own_is_said() -> None:
    chat = saying_otherwise("x2", "And here: question 1?")
    assert text(said(chat, BOTH, "x2")["q1"]) == "Q1. And here: question 1? #plain"
    assert text(said(chat, BOTH)["q1"]) == "Q1. Question 1? #plain"


def test_a_wording_for_the_platform_is_for_all_its_accounts() -> None:
    chat = saying_otherwise("x", "Short?")
    assert text(said(chat, {"one": X, "x2": X}, "one")["q1"]) == "Q1. Short? #plain"
    mine = msgspec.structs.replace(chat.questions[0], says={"x": "Short?", "one": "Mine?"})
    chat = msgspec.structs.replace(chat, questions=(mine, *chat.questions[1:]))
    assert text(said(chat, {"one": X}, "one")["q1"]) == "Q1. Mine? #plain"


def saying_otherwise(place: str, words: str) -> Chat:
    chat = a_chat()
    first = msgspec.structs.replace(chat.questions[0], says={place: words})
    return msgspec.structs.replace(chat, questions=(first, *chat.questions[1:]))


# Too long --------------------------------------------------------------------------------------------------


def long() -> Chat:
    return saying_otherwise("x", "Many words. " * 30)


def test_a_long_text_is_cut_where_the_place_allows_it() -> None:
    saying = said(long())["q1"]
    assert (len(saying.parts), saying.doubt) == (2, "")
    assert all(len(part) <= X.text.limit for part in saying.parts)


def test_a_long_text_is_a_mistake_where_it_does_not() -> None:
    found = said(long(), {"x": msgspec.structs.replace(X, text=msgspec.structs.replace(X.text, splits=False))})
    assert {key: saying.doubt for key, saying in found.items() if saying.doubt} == {"q1": "long"}


def test_what_is_checked_is_what_is_planned() -> None:
    chat = msgspec.structs.replace(with_links("welcome", "q2"), reminders=(timedelta(hours=1),))
    slots: tuple[Slot, ...] = timeline.all_slots(chat)
    planned = planning.plan_posts(chat, slots, BOTH, ends=chat.ends, slack=timedelta(0))
    for place in BOTH:
        shown = [part for saying in post_texts(chat, slots, BOTH)[place] for part in saying.parts]
        assert [draft.post.text for draft in planned if draft.post.place == place] == shown


def test_of_the_parts_of_a_long_question_one_has_a_link() -> None:
    long = " ".join(f"Sentence {n} is about https://example.org/{n} and more." for n in range(12))
    chat = a_chat()
    questions = (msgspec.structs.replace(chat.questions[0], text=long), *chat.questions[1:])
    saying = said(msgspec.structs.replace(chat, questions=questions))["q1"]
    assert len(saying.parts) > 1
    assert sum(bool(links(part)) for part in saying.parts) == 1
    assert saying.doubt == "links"


def test_a_question_that_is_only_a_link_is_not_posted_without_it_in_silence() -> None:
    chat = with_links("q1")
    bare = msgspec.structs.replace(chat.questions[1], text="https://example.org/only")
    questions = (chat.questions[0], bare, *chat.questions[2:])
    assert said(msgspec.structs.replace(chat, questions=questions))["q2"].doubt == "bare"
