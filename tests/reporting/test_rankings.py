from __future__ import annotations

from bot.messages import AnyEvent
from bot.reporting.rankings import rankings_of
from bot.reporting.record import record
from tests.reporting.sample_events import chat, said, withdrew


def lists(*events: AnyEvent, **changes: object) -> dict[str, list[tuple[str, int | None]]]:
    found = rankings_of(record(chat(**changes), events))
    return {one.title: [(person.name, person.count) for person in one.people] for one in found}


EVENTS = (
    said("1", "hello @pretend_B and @PRETEND_b, write to a@pretend_c.org", followers=5),
    said("2", "@pretend_B again"),
    said("3", "@pretend_A", who="B", followers=100),
    said("4", who="C"),
    said("5", "@pretend_D late", 80, "D"),
)


def test_rankings_by_count() -> None:
    assert lists(*EVENTS) == {
        "Most posts": [("@pretend_A", 2), ("@pretend_B", 1), ("@pretend_C", 1)],
        "Most mentioned": [("@pretend_B", 3), ("@pretend_A", 1)],
        "Most impressions": [("@pretend_B", 100), ("@pretend_A", 10)],
    }


def test_ranking_by_name() -> None:
    names = [("@pretend_A", None), ("@pretend_B", None), ("@pretend_C", None)]
    assert lists(*reversed(EVENTS), lists="alphabetical") == {"Who took part": names}


def test_no_ranking() -> None:
    assert lists(*EVENTS, lists="none") == {}


def test_ten_are_enough() -> None:
    assert len(lists(*(said(f"{n}", who=f"{n:02}") for n in range(30)))["Most posts"]) == 10


def test_people_who_asked_to_be_left_out_are_in_no_ranking() -> None:
    assert lists(*EVENTS, said("6", who="B"), withdrew("B")) == {
        "Most posts": [("@pretend_A", 2), ("@pretend_C", 1)],
        "Most impressions": [("@pretend_A", 10)],
    }


def test_nobody_came() -> None:
    assert lists() == {}
