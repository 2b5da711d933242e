"""The text of a post on each place: within its limits, with one link at most, and no text twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.chat import Chat, Question, Slot
from bot.ports.platform import Traits
from bot.scheduling import planning, timeline
from bot.scheduling.post_text import PostText, post_texts, split
from tests.fakes.chats import a_chat
from tests.fakes.clock import NOON
from tests.fakes.platform import flat_traits


def links(text: str) -> list[str]:
    return re.findall(r"https://\S+", text)


X = flat_traits(platform="x", limit=280, links=links, most_links=1, unrepeated=True)
ROOM = flat_traits(platform="room", limit=2000)


def said(chat: Chat, places: Mapping[str, Traits] | None = None, place: str = "x") -> dict[str, PostText]:
    found = post_texts(chat, timeline.all_slots(chat), places or {"x": X})
    return {post_text.slot.key: post_text for post_text in found[place]}


def text(post_text: PostText) -> str:
    [only] = post_text.parts
    return only


def with_links(*keys: str) -> Chat:
    """A chat with a link in each of these posts."""
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
def test_one_post_of_a_chat_keeps_its_link_and_questions_come_first(keys: tuple[str, ...], kept: list[str]) -> None:
    found = said(with_links(*keys))
    assert [key for key, post_text in found.items() if links(text(post_text))] == kept
    assert {key for key, post_text in found.items() if post_text.doubt} == {*keys} - {*kept}
    assert all(post_text.doubt in ("", "links") for post_text in found.values())


def test_a_removed_link_leaves_the_rest_of_the_text() -> None:
    chat = msgspec.structs.replace(
        with_links("q1"), closing="Read https://example.org and https://example.org/more. Bye!"
    )
    assert text(said(chat)["closing"]).startswith("Read and Bye!")


def test_other_platforms_have_no_limit_on_links() -> None:
    found = said(with_links("welcome", "q2"), {"x": X, "room": ROOM}, "room")
    assert [key for key, post_text in found.items() if links(text(post_text))] == ["welcome", "q2"]
    assert not any(post_text.doubt for post_text in found.values())


def test_posts_that_were_sent_count_for_the_limit_on_links() -> None:
    chat = with_links("q1", "q3")
    rest = [slot for slot in timeline.all_slots(chat) if slot.key in ("q2", "q3")]
    planned = planning.plan_posts(chat, rest, {"x": X}, ends=chat.ends, slack=timedelta(0))
    assert [(draft.post.key, links(draft.post.text)) for draft in planned] == [("q2", []), ("q3", [])]


def test_the_default_texts_differ_in_each_chat() -> None:
    now, later = said(a_chat()), said(a_chat(starts=NOON + timedelta(days=7)))
    for key in ("rules", "closing"):
        assert text(now[key]) != text(later[key])
    assert text(now["rules"]) == "This is recorded. (3 March 2026, 12:00)"
    assert [text(now[key]) for key in ("q1", "q2")] == ["Q1. Question 1? #plain", "Q2. Question 2? #plain"]
    assert text(said(a_chat(), {"room": ROOM}, "room")["rules"]) == "This is recorded."


def test_the_date_is_in_the_time_zone_of_the_chat() -> None:
    chat = msgspec.structs.replace(a_chat(), timezone="Pacific/Auckland")
    assert text(said(chat)["rules"]).endswith("(4 March 2026, 01:00)")


def test_two_reminders_of_a_chat_differ() -> None:
    chat = msgspec.structs.replace(a_chat(), reminders=(timedelta(days=1), timedelta(hours=2)))
    early, late = list(said(chat).values())[:2]
    assert text(early).endswith("(24h to go)")
    assert text(late).endswith("(2h to go)")
    there = list(said(chat, {"room": ROOM}, "room").values())
    assert text(there[0]) == text(there[1])


def test_the_longest_default_texts_fit_with_the_date() -> None:
    chat = a_chat(starts=NOON.replace(month=9, day=30))
    chat = msgspec.structs.replace(
        chat, rules=wording.posted_text(chat, "rules"), closing=wording.posted_text(chat, "closing")
    )
    assert not any(post_text.doubt for post_text in said(chat).values())
    assert all(len(post_text.parts) == 1 for post_text in said(chat).values())


# Two accounts on one platform ------------------------------------------------------------------------------

BOTH = {"x": X, "x2": X, "room": ROOM}


def test_the_second_account_does_not_post_the_same_again() -> None:
    found = said(a_chat(), BOTH, "x2")
    assert {post_text.doubt for post_text in found.values()} == {"same"}
    assert not any(post_text.parts for post_text in found.values())
    assert all(post_text.parts for post_text in said(a_chat(), BOTH, "room").values())


@pytest.mark.parametrize("words", ["Question 1?", "question 1?", "Question  1? "])
def test_case_and_white_space_make_no_other_text(words: str) -> None:
    assert said(with_own_wording("x2", words), BOTH, "x2")["q1"].doubt == "same"


def test_an_account_with_its_own_wording_posts_it() -> None:
    chat = with_own_wording("x2", "And here: question 1?")
    assert text(said(chat, BOTH, "x2")["q1"]) == "Q1. And here: question 1? #plain"
    assert text(said(chat, BOTH)["q1"]) == "Q1. Question 1? #plain"


def test_a_wording_for_the_platform_is_for_all_its_accounts() -> None:
    chat = with_own_wording("x", "Short?")
    assert text(said(chat, {"one": X, "x2": X}, "one")["q1"]) == "Q1. Short? #plain"
    mine = msgspec.structs.replace(chat.questions[0], says={"x": "Short?", "one": "Mine?"})
    chat = msgspec.structs.replace(chat, questions=(mine, *chat.questions[1:]))
    assert text(said(chat, {"one": X}, "one")["q1"]) == "Q1. Mine? #plain"


def with_own_wording(place: str, words: str) -> Chat:
    chat = a_chat()
    first = msgspec.structs.replace(chat.questions[0], says={place: words})
    return msgspec.structs.replace(chat, questions=(first, *chat.questions[1:]))


# Too long --------------------------------------------------------------------------------------------------


def long() -> Chat:
    return with_own_wording("x", "Many words. " * 30)


def test_a_long_text_is_split_if_the_place_allows_it() -> None:
    post_text = said(long())["q1"]
    assert (len(post_text.parts), post_text.doubt) == (2, "")
    assert all(len(part) <= X.text.limit for part in post_text.parts)


def test_a_long_text_is_a_mistake_if_it_does_not() -> None:
    found = said(long(), {"x": msgspec.structs.replace(X, text=msgspec.structs.replace(X.text, splits=False))})
    assert {key: post_text.doubt for key, post_text in found.items() if post_text.doubt} == {"q1": "long"}


def test_the_plan_has_the_texts_that_check_shows() -> None:
    chat = msgspec.structs.replace(with_links("welcome", "q2"), reminders=(timedelta(hours=1),))
    slots: tuple[Slot, ...] = timeline.all_slots(chat)
    planned = planning.plan_posts(chat, slots, BOTH, ends=chat.ends, slack=timedelta(0))
    for place in BOTH:
        shown = [part for post_text in post_texts(chat, slots, BOTH)[place] for part in post_text.parts]
        assert [draft.post.text for draft in planned if draft.post.place == place] == shown


def test_of_the_parts_of_a_long_question_one_has_a_link() -> None:
    long = " ".join(f"Sentence {n} is about https://example.org/{n} and more." for n in range(12))
    chat = a_chat()
    questions = (msgspec.structs.replace(chat.questions[0], text=long), *chat.questions[1:])
    post_text = said(msgspec.structs.replace(chat, questions=questions))["q1"]
    assert len(post_text.parts) > 1
    assert sum(bool(links(part)) for part in post_text.parts) == 1
    assert post_text.doubt == "links"


def test_a_question_that_is_only_a_link_is_reported() -> None:
    chat = with_links("q1")
    bare = msgspec.structs.replace(chat.questions[1], text="https://example.org/only")
    questions = (chat.questions[0], bare, *chat.questions[2:])
    assert said(msgspec.structs.replace(chat, questions=questions))["q2"].doubt == "bare"


FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


def heavy(text: str) -> int:
    """The length of a text roughly as X counts it: characters beyond ASCII count double."""
    return sum(1 if one.isascii() else 2 for one in text)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ("short",)),
        ("", 10, ()),
        ("  \n ", 10, ()),
        ("one two\n\nthree four", 12, ("one two", "three four")),
        ("One two. Three four? Five.", 14, ("One two.", "Three four?", "Five.")),
        ("One two. Three. Four five.", 16, ("One two. Three.", "Four five.")),
        ("one two three", 8, ("one two", "three")),
        ("?a \né", 2, ("?a", "é")),
        ("abcdefgh", 3, ("abc", "def", "gh")),
        ("e\u0301" * 3, 3, ("e\u0301", "e\u0301", "e\u0301")),
        (FAMILY * 2, 8, (FAMILY, FAMILY)),
        ("e\u0301\u0302\u0303", 3, ("e\u0301\u0302", "\u0303")),
        ("Q1. Aaaa bbbb. Cc dd", 16, ("Q1. Aaaa bbbb.", "Cc dd")),
        ("Aaaa bbbb. Cc dd? #OTalk", 18, ("Aaaa bbbb.", "Cc dd? #OTalk")),
    ],
)
def test_a_text_is_split_at_the_best_boundary(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert split(text, limit, len) == parts


JAPANESE = "\u3069\u3046\u3057\u307e\u3059\u304b"
STOP, MARK, COMMA, QUOTE, DANDA = "\u3002", "\uff1f", "\u3001", "\u300d", "\u0964"


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        (f"Q1. {JAPANESE}{STOP}{JAPANESE}{STOP} #T", 14, (f"Q1. {JAPANESE}{STOP}", f"{JAPANESE}{STOP} #T")),
        (f"{JAPANESE}{MARK}{QUOTE}{JAPANESE}{STOP}", 10, (f"{JAPANESE}{MARK}{QUOTE}", f"{JAPANESE}{STOP}")),
        (f"{JAPANESE}{COMMA}{JAPANESE}", 10, (f"{JAPANESE}{COMMA}", JAPANESE)),
        (f"Q1. {JAPANESE * 2}", 12, (f"Q1. {JAPANESE}\u3069\u3046", JAPANESE[2:])),
        (f"Q12. {JAPANESE}", 8, (f"Q12. {JAPANESE[:3]}", JAPANESE[3:])),
        (f"Ka kha{DANDA} ga gha?", 10, (f"Ka kha{DANDA}", "ga gha?")),
    ],
)
def test_a_text_is_split_after_a_sentence_of_its_script_and_its_number_is_never_alone(
    text: str, limit: int, parts: tuple[str, ...]
) -> None:
    assert split(text, limit, len) == parts


def test_a_limit_below_one_character_is_an_error() -> None:
    with pytest.raises(ValueError, match="single character"):
        split("é", 1, heavy)


@given(st.text(alphabet=st.sampled_from("ab é.?!#\n\t字")) | st.text(), st.integers(2, 60))
def test_splitting_loses_no_word(text: str, limit: int) -> None:
    parts = split(text, limit, heavy)
    assert all(part and heavy(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(alphabet=st.sampled_from("ab é.?!\n")), st.integers(2, 60))
def test_words_stay_whole_if_they_fit(text: str, limit: int) -> None:
    words = text.split()
    if all(heavy(word) <= limit for word in words):
        assert " ".join(split(text, limit, heavy)).split() == words
