from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import PlatformError
from bot.messages import Post, Receipt
from bot.scheduling import post_transitions
from bot.store.outbox import ClaimedPost
from tests.fakes.clock import NOON
from tests.fakes.platform import flat_traits

X = flat_traits(platform="fake", limit=280, timeout=10, visible_after=5)
ROOM = flat_traits(platform="fake", limit=280, timeout=10, idempotent=True)
POST = Post(chat="a/b", key="q1", place="x", kind="question", text="Why?", nonce="n", due=NOON)


def item(attempts: int = 1) -> ClaimedPost:
    return ClaimedPost(id=1, post=POST, expires=NOON + timedelta(hours=1), attempts=attempts, attempted_at=NOON)


def test_a_receipt_is_an_answer_and_an_event() -> None:
    found = post_transitions.sent(item(), Receipt(id="77", url="https://example.org/77", at=NOON))
    assert (found.state, found.receipt) == ("sent", "77")
    assert found.posted
    assert (found.posted.key, found.posted.chat, found.posted.id) == ("q1", "a/b", "77")


@pytest.mark.parametrize(
    ("error", "state", "seconds"),
    [
        (PlatformError("no", permanent=True), "failed", 0),
        (PlatformError("busy", retry_after=30), "retry", 30),
        (PlatformError("busy"), "retry", 1),
        (PlatformError("who knows", ambiguous=True), "ambiguous", 15),
        (TimeoutError(), "ambiguous", 15),
        (ZeroDivisionError(), "ambiguous", 15),
    ],
)
def test_the_state_after_an_error(error: Exception, state: str, seconds: int) -> None:
    found = post_transitions.failed(item(), error, NOON, X, 1)
    assert (found.state, found.next_at) == (state, NOON + timedelta(seconds=seconds))


def test_a_lookup_waits_for_the_platform_after_a_call_that_was_given_up_late() -> None:
    late = NOON + timedelta(seconds=60)
    visible = timedelta(seconds=X.delivery.visible_after)
    assert post_transitions.failed(item(), TimeoutError(), late, X, 1).next_at == late + visible


def test_a_post_to_an_idempotent_platform_is_retried_without_a_lookup() -> None:
    assert post_transitions.failed(item(), TimeoutError(), NOON, ROOM, 1).state == "retry"


def test_pauses_grow_and_stop_growing() -> None:
    pauses = [post_transitions.failed(item(n), PlatformError(), NOON, X, 1).next_at - NOON for n in (1, 2, 3, 7, 50)]
    assert [pause.total_seconds() for pause in pauses] == [1, 2, 4, 60, 60]


def test_a_post_that_was_not_found_is_retried_unless_it_has_expired() -> None:
    assert post_transitions.not_found(item(), NOON, 1).state == "retry"
    assert post_transitions.not_found(item(), NOON + timedelta(hours=2), 1).state == "failed"


def test_a_failed_lookup_is_repeated_and_never_makes_a_second_post() -> None:
    assert post_transitions.lookup_failed(item(), TimeoutError(), NOON, 1).state == "ambiguous"
    assert post_transitions.lookup_failed(item(), TimeoutError(), NOON + timedelta(hours=2), 1).state == "failed"
    assert post_transitions.lookup_failed(item(), PlatformError(permanent=True), NOON, 1).state == "failed"


def test_a_released_claim_does_not_count_as_an_attempt() -> None:
    assert (post_transitions.released(item(1)).state, post_transitions.released(item(1)).attempts) == ("planned", 0)
    assert (post_transitions.released(item(3)).state, post_transitions.released(item(3)).attempts) == ("retry", 2)


def test_in_a_rehearsal_the_lookup_delay_is_in_wall_time() -> None:
    assert post_transitions.lookup_delay(X, 60) == timedelta(seconds=15 * 60)


def test_a_refused_lookup_waits_as_long_as_the_platform_asks() -> None:
    asked = post_transitions.lookup_failed(item(), PlatformError("Slow down.", retry_after=900), NOON, 1.0)
    assert asked.next_at - NOON == timedelta(seconds=900)
    plain = post_transitions.lookup_failed(item(), PlatformError("Not now."), NOON, 1.0)
    assert plain.next_at - NOON >= timedelta(seconds=10)
