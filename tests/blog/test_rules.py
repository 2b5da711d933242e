"""What to do about a chat's post on the blog, and what stays of what people wrote into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blog import rules
from bot.errors import PlatformError
from bot.store.blog_posts import BlogEntry

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def entry(**more: object) -> BlogEntry:
    values = {"chat": "a/b", "state": "sent", "digest": "1", "next_at": NOW, "post": "7"} | more
    return BlogEntry(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "digest", "step"),
    [
        (None, "1", "create"),
        (entry(), "1", "nothing"),
        (entry(), "2", "update"),
        (entry(state="retry"), "1", "update"),
        (entry(state="retry", post=None), "1", "create"),
        (entry(state="sending", post=None), "1", "create"),
        (entry(state="sending", next_at=LATER), "1", "nothing"),
        (entry(state="retry", next_at=LATER), "2", "nothing"),
        (entry(state="taken"), "1", "nothing"),
        (entry(state="taken"), "2", "tell"),
    ],
)
def test_the_next_step(known: BlogEntry | None, digest: str, step: str) -> None:
    assert rules.next_step(known, digest, NOW) == step


def test_a_call_without_an_answer_is_waited_for_longer_than_the_call_may_last() -> None:
    begun = rules.begun(None, "a/b", "1", NOW)
    assert (begun.state, begun.next_at) == ("sending", NOW + rules.LOOK_AFTER)
    lost = rules.failed(begun, PlatformError("?", ambiguous=True), NOW)
    assert (lost.state, lost.next_at) == ("sending", NOW + rules.LOOK_AFTER)


@pytest.mark.parametrize(
    ("error", "attempts", "minutes"),
    [
        (PlatformError("busy"), 0, 1),
        (PlatformError("busy"), 3, 8),
        (PlatformError("busy"), 50, 60),
        (PlatformError("busy", retry_after=600), 0, 10),
        (PlatformError("password", lost=True), 0, 60),
    ],
)
def test_the_wait_after_a_refusal(error: PlatformError, attempts: int, minutes: int) -> None:
    found = rules.failed(rules.begun(entry(attempts=attempts), "a/b", "1", NOW), error, NOW)
    assert (found.state, found.next_at - NOW) == ("retry", timedelta(minutes=minutes))


@given(st.text(), st.text(), st.text(), st.text())
def test_what_people_wrote_around_the_transcript_stays(before: str, old: str, new: str, after: str) -> None:
    body = before + rules.marked(old) + after
    changed = rules.with_transcript(body, new)
    assert changed == before + rules.marked(new) + after


def test_a_transcript_with_our_marks_in_it_breaks_nothing() -> None:
    evil = rules.marked("inner") + "tail"
    body = rules.marked(evil)
    assert rules.with_transcript(f"above{body}below", "new") == f"above{rules.marked('new')}below"


def test_without_the_marks_a_post_is_left_alone() -> None:
    assert rules.with_transcript("<p>my own words</p>", "new") is None


def test_no_two_chats_share_a_slug() -> None:
    names = ["a/b-c", "a-b/c", "A/b-c", "ä/b-c", "a/" + "b" * 200, "a/" + "b" * 201]
    slugs = [rules.slug_of(name) for name in names]
    assert len(set(slugs)) == len(names)
    assert all(one.replace("-", "").isalnum() and one.isascii() and one == one.lower() for one in slugs)
