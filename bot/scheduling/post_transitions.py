"""The state machine of a post in the outbox: its next state after each attempt. Pure.

    planned ──▶ sending ──▶ sent
       │           ├──▶ retry ──▶ sending          (refused for now; retried later)
       │           ├──▶ ambiguous ──▶ sent          (no answer came: look it up first)
       │           │        └──▶ retry | failed
       │           └──▶ failed                      (refused for good; the parts after it are skipped)
       └──▶ skipped                                 (expired, or taken out of the plan)

A post whose answer never came is looked up on the platform, but not before the request's timeout and the platform's
visibility delay are over: platforms show a post late, and an early lookup misses it. The same goes for a post that got
a refusal which the platform is known to give by mistake.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.errors import PlatformError
from bot.messages import Edited, Post, Posted, Receipt
from bot.ports.platform import Traits
from bot.scheduling.post_text import split
from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.post_states import State

MAX_WAKE_DELAY = timedelta(seconds=6)
"""If we wake later than this after the recorded attempt (the machine slept), claim again with the true time.

A slow disk may take some seconds to record the attempt at a post that is due already.
"""

_MAX_PAUSE = 60.0
"""Most seconds between two attempts: a chat lasts an hour, so a question must not wait long once a place is back."""

_MAX_ASKED_PAUSE = 960.0
"""Most seconds that a platform may have us wait: X's limits last a quarter of an hour, and a chat lasts an hour."""

_MIN_LOOKUP_PAUSE = timedelta(seconds=10)
"""The shortest pause after a failed lookup: lookups don't count as attempts."""

_SHORTER = 2 / 3
"""The part of a platform's limit to which a text is cut that was refused and may be too long."""

_MAX_REASON = 500
"""Characters of a platform's reason that are stored."""

_STILL_UNKNOWN = "whether it is there is not known; look on the platform"


def lookup_delay(traits: Traits, speed: float) -> timedelta:
    """How long after an attempt a lookup is reliable, in the clock's time; 0 for an idempotent platform."""
    return (
        timedelta(0)
        if traits.delivery.idempotent
        else timedelta(seconds=traits.delivery.timeout + traits.delivery.visible_after) * speed
    )


def lease(traits: Traits, speed: float) -> timedelta:
    """How long after the recorded attempt a claim holds a post of which nothing more is heard."""
    return lookup_delay(traits, speed) + (timedelta(0) if traits.delivery.idempotent else MAX_WAKE_DELAY * speed)


def sent(item: ClaimedPost, receipt: Receipt) -> PostOutcome:
    """The outcome of an attempt that the platform accepted."""
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
        claim=item.claim,
        state="sent",
        next_at=receipt.at,
        attempts=item.attempts,
        receipt=receipt.id,
        url=receipt.url,
        sent_at=receipt.at,
        posted=posted if post.is_public or post.calendar_entry else None,
        edited=(post.chat, _edited(post, receipt)) if post.edits else None,
    )


def _edited(post: Post, receipt: Receipt) -> Edited:
    return Edited(place=post.place, at=receipt.at, id=post.edits or "", text=post.text)


def failed(item: ClaimedPost, error: BaseException, now: datetime, traits: Traits, speed: float) -> PostOutcome:
    """The outcome of an attempt that failed or had no answer, at `now`. An unexpected error counts as no answer."""
    reason = str(error) if isinstance(error, PlatformError) else type(error).__name__
    visible = now + timedelta(seconds=traits.delivery.visible_after) * speed
    if isinstance(error, PlatformError) and error.lost:  # no post is tried there until the place is back
        if error.ambiguous and not traits.delivery.idempotent:
            return _outcome(item, "ambiguous", visible, reason)
        return _retry(item, now, 0, speed, reason)
    if isinstance(error, PlatformError) and error.permanent:
        if texts := _cut_shorter(item.post, error, traits):
            return msgspec.structs.replace(_outcome(item, "retry", now, reason), cut_anew=texts)
        return _outcome(item, "failed", now, reason)
    ambiguous = error.ambiguous if isinstance(error, PlatformError) else True
    if ambiguous and not traits.delivery.idempotent:
        # this process, or the whole machine, may have stood still before the words were on their way
        return _outcome(item, "ambiguous", max(item.attempted_at + lookup_delay(traits, speed), visible), reason)
    asked = error.retry_after if isinstance(error, PlatformError) else None
    return _retry(item, now, asked, speed, reason)


def _cut_shorter(post: Post, error: PlatformError, traits: Traits) -> tuple[str, ...]:
    """The post's text in shorter parts, if it may be too long; empty if it is short already, or was cut before."""
    limit = int(traits.text.limit * _SHORTER)
    if not error.too_long or not traits.text.splits or not post.is_public or traits.text.length(post.text) <= limit:
        return ()
    return split(post.text, limit, traits.text.length)


def not_found(item: ClaimedPost, now: datetime, speed: float) -> PostOutcome:
    """The outcome of a lookup that did not find the post: retry it, unless it has expired."""
    if now >= item.expires:
        return _outcome(item, "failed", now, "its time was over")
    return _retry(item, now, 0, speed, "the answer was lost, and it was not there")


def lookup_failed(item: ClaimedPost, error: Exception, now: datetime, speed: float) -> PostOutcome:
    """The outcome of a lookup that failed: look up again later.

    An expired post is left to the host: a post that appears twice is worse than a late one.
    """
    permanent = isinstance(error, PlatformError) and error.permanent and not error.lost
    if permanent or now >= item.expires:
        return _outcome(item, "failed", now, _STILL_UNKNOWN)
    asked = error.retry_after if isinstance(error, PlatformError) else None
    pause = _asked(asked) if asked is not None else max(_pause(item.attempts), _MIN_LOOKUP_PAUSE)
    return _outcome(item, "ambiguous", now + pause * speed, type(error).__name__)


def released(item: ClaimedPost) -> PostOutcome:
    """The outcome of a claim that was released without an attempt: as if it had never been claimed."""
    state: State = "retry" if item.attempts > 1 else "planned"
    return msgspec.structs.replace(_outcome(item, state, item.attempted_at, None), attempts=item.attempts - 1)


def _retry(item: ClaimedPost, now: datetime, after: float | None, speed: float, reason: str) -> PostOutcome:
    pause = _pause(item.attempts) if after is None else _asked(after)
    return _outcome(item, "retry", now + pause * speed, reason)


def _asked(seconds: float) -> timedelta:
    """The pause that a platform asked for, within bounds."""
    return timedelta(seconds=min(seconds, _MAX_ASKED_PAUSE))


def _pause(attempts: int) -> timedelta:
    """Twice as long each time: 1 s, 2 s, 4 s and so on."""
    return timedelta(seconds=min(2.0 ** min(attempts - 1, 10), _MAX_PAUSE))


def _outcome(item: ClaimedPost, state: State, next_at: datetime, error: str | None) -> PostOutcome:
    reason = error and error.encode("utf-8", "replace").decode().replace("\0", "")[:_MAX_REASON]
    return PostOutcome(id=item.id, claim=item.claim, state=state, next_at=next_at, attempts=item.attempts, error=reason)
