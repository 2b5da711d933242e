"""The same events in any order of arrival, doubled or split, give the same bytes."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.live.published_events import published_form
from bot.messages import AnyEvent, event_log
from bot.reporting.contents import contents_of
from bot.reporting.event_fold import fold_events
from bot.reporting.files import LastPrepared, Report, prepare, render_page, render_wordpress
from bot.reporting.imprint import PLAIN, Imprint
from bot.reporting.pictures import question_pictures
from bot.reporting.record import Decisions, record_from
from tests.reporting.sample_events import said
from tests.reporting.test_record import some
from tests.reporting.whole_hour import whole_chat, whole_hour


def written(events: list[AnyEvent]) -> dict[str, bytes]:
    return rendered(prepare(whole_chat(), events))


def rendered(report: Report) -> dict[str, bytes]:
    found = {}
    for name, write_to in report.writers.items():
        file = io.BytesIO()
        write_to(file)
        found[name] = file.getvalue()
    return found


def every(number: int) -> list[AnyEvent]:
    """The whole hour, with more events of each kind on the same messages."""
    return [*whole_hour(), *some(number)]


@settings(max_examples=6, deadline=None)
@given(number=st.integers(0, 9999), seed=st.integers(), doubled=st.floats(0, 1), parts=st.integers(1, 3))
def test_the_order_of_arrival_and_doubles_and_the_parts_of_a_log_make_no_difference(
    number: int, seed: int, doubled: float, parts: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 -- not a secret
    events = every(number)
    expected = written(events)
    events += [one for one in events if chance.random() < doubled]
    chance.shuffle(events)
    logs = [io.BytesIO() for _ in range(parts)]
    for part, log in enumerate(logs):
        event_log.write(events[part::parts], log)
        log.seek(0)
    assert written([one for log in logs for one in event_log.decode(log, "log")]) == expected


@pytest.mark.parametrize("number", range(4))
def test_what_is_published_beside_it_gives_the_same_again(number: int) -> None:
    expected = written(every(number))
    again = written(event_log.decode(io.BytesIO(expected["events.jsonl"]), "log"))
    assert [name for name in again if again[name] != expected[name]] == []


def test_both_pages_are_the_same_whether_made_of_the_same_threads_or_each_alone() -> None:
    chat, found = whole_chat(), written(every(1))
    contents = contents_of(record_from(fold_events(chat, published_form(chat, every(1))), Decisions()))
    alone = {
        "transcript.html": render_page(contents, pictures=question_pictures(chat)),
        "transcript.wp.html": render_wordpress(contents),
    }
    for name, pieces in alone.items():
        assert found[name] == "".join(pieces).encode(), name


def test_what_was_prepared_last_is_not_prepared_again_and_gives_the_same_with_each_imprint() -> None:
    last, chat, ours = LastPrepared(), whole_chat(), Imprint(draft="Not published yet")
    first = last.prepare(chat, every(1), PLAIN, frozenset())
    again = last.prepare(chat, every(1), ours, frozenset())
    assert again.record is first.record
    assert rendered(again) == rendered(prepare(chat, every(1), imprint=ours, known=frozenset()))
    assert rendered(first) == rendered(prepare(chat, every(1), known=frozenset()))
    others = [last.prepare(chat, every(2), PLAIN, frozenset()), last.prepare(chat, every(2), PLAIN, None)]
    assert rendered(others[0]) == rendered(prepare(chat, every(2), known=frozenset()))
    assert rendered(others[1]) == rendered(prepare(chat, every(2)))


def test_a_page_of_three_hundred_posts_is_small() -> None:
    words = "We found that groups which meet online work best when everybody can hear each other well. " * 2
    talk = [
        said(
            f"p{number}",
            f"{words} #OTalk",
            10 + number / 6,
            f"{number % 40}",
            url=f"https://x.com/i/status/{number:019}",
        )
        for number in range(300)
    ]
    page = written([*whole_hour()[:10], *talk])["transcript.html"]
    assert page.count(b'class="post"') == 300
    assert len(page) < 300_000
