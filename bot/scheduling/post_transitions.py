"""What becomes of a post after it was tried. Pure: the only place that knows the outbox's states and their arrows.

    planned ──▶ sending ──▶ sent
       │           ├──▶ retry ──▶ sending          (refused for now; asked again later)
       │           ├──▶ ambiguous ──▶ sent          (the answer never came: look first)
       │           │        └──▶ retry | failed
       │           └──▶ failed                      (refused for good)
       └──▶ skipped                                 (its time was over, or it was taken out)

A post whose answer never came is looked for on the platform, not before the request's timeout and the platform's delay
have passed: platforms show a post late, and a look taken too early lies.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.errors import PlatformError
from bot.messages import Edited, Post, Posted, Receipt
from bot.ports.platform import Traits
from bot.store.outbox import ClaimedPost, PostOutcome, State

_LONGEST_PAUSE = 60.0
"""Most seconds between two tries: a chat lasts an hour, so a question must not wait long for a place that is back."""

_LOOK = timedelta(seconds=10)
"""Least time between two looks at a platform that refuses them: looking does not count as trying."""

_LONGEST_REASON = 500
"""Characters of a platform's reason that are kept."""

_ASK_FOR_HELP = "whether it is there is not known; look on the platform"


def wait(traits: Traits, speed: float) -> timedelta:
    """How long after an attempt a look tells the truth, in the clock's time. Nothing for an idempotent platform."""
    return (
        timedelta(0)
        if traits.delivery.idempotent
        else timedelta(seconds=traits.delivery.timeout + traits.delivery.visible_after) * speed
    )


def sent(item: ClaimedPost, receipt: Receipt) -> PostOutcome:
    """The platform has it."""
    post = item.post
    posted = Posted(
        place=post.place,
        at=receipt.at,
        id=receipt.id,
        key=post.key,
        text=post.text,
        part=post.part,
        kind=post.kind,
        url=receipt.url,
        chat=post.chat,
        repeats=post.repeats,
    )
    return PostOutcome(
        id=item.id,
        state="sent",
        next_at=receipt.at,
        attempts=item.attempts,
        receipt=receipt.id,
        url=receipt.url,
        sent_at=receipt.at,
        posted=posted if post.aloud or post.calendar_entry else None,
        amended=(post.chat, _amended(post, receipt)) if post.amends else None,
    )


def _amended(post: Post, receipt: Receipt) -> Edited:
    return Edited(place=post.place, at=receipt.at, id=post.amends or "", text=post.text)


def refused(item: ClaimedPost, error: BaseException, now: datetime, traits: Traits, speed: float) -> PostOutcome:
    """The platform did not take it, or did not say. An error nobody foresaw counts as no answer."""
    reason = str(error) if isinstance(error, PlatformError) else type(error).__name__
    if isinstance(error, PlatformError) and error.lost:
        return _again(item, now, 0, speed, reason)  # nothing is tried there until the place is back
    if isinstance(error, PlatformError) and error.permanent:
        return _outcome(item, "failed", now, reason)
    unclear = error.ambiguous if isinstance(error, PlatformError) else True
    if unclear and not traits.delivery.idempotent:
        return _outcome(item, "ambiguous", item.attempted_at + wait(traits, speed), reason)
    asked = error.retry_after if isinstance(error, PlatformError) else None
    return _again(item, now, asked, speed, reason)


def not_found(item: ClaimedPost, now: datetime, speed: float) -> PostOutcome:
    """We looked, and it is not there: say it after all, if it is still any use."""
    if now >= item.expires:
        return _outcome(item, "failed", now, "its time was over")
    return _again(item, now, 0, speed, "the answer was lost, and it was not there")


def not_looked(item: ClaimedPost, error: Exception, now: datetime, speed: float) -> PostOutcome:
    """We could not look. Look again later, and leave it to the host when its time is over: twice is worse than late."""
    permanent = isinstance(error, PlatformError) and error.permanent and not error.lost
    if permanent or now >= item.expires:
        return _outcome(item, "failed", now, _ASK_FOR_HELP)
    asked = error.retry_after if isinstance(error, PlatformError) else None
    pause = timedelta(seconds=asked) if asked is not None else max(_pause(item.attempts), _LOOK)
    return _outcome(item, "ambiguous", now + pause * speed, type(error).__name__)


def unsent(item: ClaimedPost) -> PostOutcome:
    """It was claimed and then not tried: as if nobody had touched it."""
    state: State = "retry" if item.attempts > 1 else "planned"
    return msgspec.structs.replace(_outcome(item, state, item.attempted_at, None), attempts=item.attempts - 1)


def _again(item: ClaimedPost, now: datetime, after: float | None, speed: float, reason: str) -> PostOutcome:
    pause = _pause(item.attempts) if after is None else timedelta(seconds=after)
    return _outcome(item, "retry", now + pause * speed, reason)


def _pause(attempts: int) -> timedelta:
    """Twice as long each time: 1 s, 2 s, 4 s and so on."""
    return timedelta(seconds=min(2.0 ** min(attempts - 1, 10), _LONGEST_PAUSE))


def _outcome(item: ClaimedPost, state: State, next_at: datetime, error: str | None) -> PostOutcome:
    said = error and error.encode("utf-8", "replace").decode().replace("\0", "")[:_LONGEST_REASON]
    return PostOutcome(id=item.id, state=state, next_at=next_at, attempts=item.attempts, error=said)
