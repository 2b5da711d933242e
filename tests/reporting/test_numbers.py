from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import AnyEvent, Author, Joined, Message, Posted, Repost
from bot.reporting.formatting import short_number
from bot.reporting.numbers import Numbers, count_numbers, count_reposts
from bot.reporting.record import record
from bot.reporting.rounding import divide_rounded
from bot.reporting.transcript import encode_json
from tests.reporting.sample_events import asked, at, chat, deleted, person, said, withdrew

KEYS = [
    "window_minutes",
    "posts",
    "participants",
    "posts_per_hour",
    "posts_per_participant",
    "impressions",
    "answered",
    "answered_percent",
    "busiest_minute",
    "questions",
]


def count(*events: AnyEvent, **changes: object) -> Numbers:
    return count_numbers(record(chat(**changes), events))


def test_the_chat_of_30_october_2018() -> None:
    """Its page had 270.128K impressions, 93 tweets, 23 participants, 74 per hour, 4 each."""
    starts = datetime(2018, 10, 30, 20, 0, tzinfo=UTC)
    people = [
        Author(id=f"{n}", handle=f"@pretend_{n}", name=f"Pretend participant {n}", followers=2900 if n else 3128)
        for n in range(23)
    ]
    made = [5 if n in range(1, 2) else 4 for n in range(23)]
    assert sum(made) == 93
    total = 270_128 - sum(posts * 2900 for n, posts in enumerate(made) if n)
    people[0] = Author(id="0", handle="@pretend_0", followers=total // made[0])
    assert total % made[0] == 0
    events: list[AnyEvent] = [Posted(place="x", id="b", key="q1", kind="question", at=starts)]
    for who, posts in zip(people, made, strict=True):
        for n in range(posts):
            moment = starts.replace(hour=20 + n // 4, minute=(int(who.id) * 2 + n * 7) % 60 if n < 4 else 14)
            events.append(Message(place="x", id=f"{who.id}-{n}", author=who, text="#OTalk", at=moment))
    found = count_numbers(record(chat(starts=starts), events))
    assert (found.window_minutes, found.posts, found.participants) == (75, 93, 23)
    assert (found.posts_per_hour, found.posts_per_participant, found.impressions) == (74, 4, 270_128)
    assert short_number(found.impressions) == "270.128K"
    assert len(found.places) == 1


def test_the_file_has_exactly_these_keys() -> None:
    file = json.loads(encode_json(count(said("1", followers=3), asked("q1", 10))))
    assert list(file) == [*KEYS, "places"]
    assert list(file["places"]["x"]) == KEYS
    assert file["questions"]["q2"] == {
        "posts": 0,
        "participants": 0,
        "answered_percent": 0,
        "first_answer_at": None,
        "first_answer_seconds": None,
        "median_answer_seconds": None,
    }
    assert file["busiest_minute"] == {"at": "2020-10-13T19:05:00Z", "posts": 1}
    assert list(file["questions"]) == ["q1", "q2", "q3"]


def test_nobody_came() -> None:
    found = count()
    assert (found.posts, found.participants, found.posts_per_hour, found.posts_per_participant) == (0, 0, 0, 0)
    assert (found.impressions, found.places, found.window_minutes) == (None, {}, 75)


def test_the_window_has_its_start_but_not_its_end() -> None:
    assert count(*(said(f"{m}", minutes=m) for m in (-0.01, 0, 74.99, 75))).posts == 2


def test_an_extended_chat_counts_for_longer() -> None:
    found = count(asked("closing", 70), said("1", minutes=80))
    assert (found.window_minutes, found.posts) == (85, 1)


def test_a_person_on_two_places_counts_twice() -> None:
    found = count(said("1"), said("2"), said("1", place="room"))
    assert (found.participants, found.posts) == (2, 3)
    assert {place: (one.posts, one.participants) for place, one in found.places.items()} == {
        "x": (2, 1),
        "room": (1, 1),
    }


def test_impressions_are_of_places_that_have_followers() -> None:
    found = count(said("1", followers=10), said("2", followers=100, minutes=6), said("1", place="room"))
    assert found.impressions == 200
    assert {place: one.impressions for place, one in found.places.items()} == {"room": None, "x": 200}


def test_zero_followers_are_not_unknown_followers() -> None:
    assert count(said("1", followers=0)).impressions == 0


def test_a_place_of_the_chat_without_messages_has_zeros() -> None:
    assert count(places=("x", "room")).places["room"].posts == 0


def test_unpublished_messages_are_not_counted() -> None:
    events = (said("1"), said("2"), deleted("2"), said("3", who="B"), withdrew("B"))
    assert count(*events).posts == 1


def test_questions_count_their_own_messages() -> None:
    found = count(said("1", "A1"), said("2", "A1"), said("3", "A1", who="B"), said("4", "A1", 80), said("5"))
    assert (found.questions["q1"].posts, found.questions["q1"].participants) == (3, 2)


def test_reposts_are_counted_apart() -> None:
    reposts = [Repost(place="x", id=f"{m}", author=person("B"), at=at(m)) for m in (-5, 5, 6)]
    events: list[AnyEvent] = [said("1"), Joined(place="x", author=person("C"), at=at(1)), *reposts]
    assert count(*events).posts == 1
    assert count_reposts(record(chat(), events)) == 2
    assert count_reposts(record(chat(), [*events, withdrew("B")])) == 0


@pytest.mark.parametrize(("part", "of", "result"), [(1, 2, 1), (3, 2, 2), (5, 2, 3), (9, 4, 2), (0, 5, 0), (5, 0, 0)])
def test_halves_are_rounded_up(part: int, of: int, result: int) -> None:
    assert divide_rounded(part, of) == result


@given(st.integers(0, 10**15), st.integers(1, 10**9))
def test_rounding_is_never_off_by_more_than_a_half(part: int, of: int) -> None:
    assert abs(2 * (divide_rounded(part, of) * of - part)) <= of


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "n/a"),
        (0, "0"),
        (950, "950"),
        (1000, "1.000K"),
        (270_128, "270.128K"),
        (999_999, "999.999K"),
        (1_000_000, "1.000M"),
        (1_234_567, "1.235M"),
        (999_999_499, "999.999M"),
        (999_999_500, "1.000B"),
        (10**13, "10,000.000B"),
    ],
)
def test_impressions_are_written_as_people_know_them(value: int | None, words: str) -> None:
    assert short_number(value) == words


def test_a_message_that_names_several_questions_counts_once_and_under_each() -> None:
    numbers = count(said("1", "A1/2 x", 12), said("2", "A2 y", 22), said("3", "y", 31, "B"))
    assert (numbers.posts, numbers.participants, numbers.places["x"].posts) == (3, 2, 3)
    assert {key: (one.posts, one.participants) for key, one in numbers.questions.items()} == {
        "q1": (1, 1),
        "q2": (2, 1),
        "q3": (1, 1),
    }


def test_reposts_typed_by_hand_are_counted_with_the_others_and_are_no_posts() -> None:
    typed = said("1", "RT @pretend_A: A1 x", 12, "B")
    reposted = Repost(place="x", id="2", at=at(13), author=person("C"))
    found = record(chat(), [typed, reposted, said("3", "A1 x", 11)])
    assert (count_reposts(found), count_numbers(found).posts, count_numbers(found).participants) == (2, 1, 1)
