"""When a record is compared with its platforms, and when what they say is believed. Pure.

No answer is not "gone": only what a platform says is deleted or withheld is taken out. And where it says so of more
than half of a chat's messages at once, and of more than ten, it is believed only if it says the same a day later, or if
a person says that it is right: an outage, or an account that lost its rights, looks just like that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.ports.platform import CurrentMessages
from bot.publication import Publication
from bot.store.resyncs import ResyncRow, Tally

AT_PUBLICATION = "publication"
"""The step just before a record is published, or right after it where it is published early."""

AHEAD = timedelta(minutes=30)
"""How long before the publication that step comes."""

DOUBT = timedelta(days=1)
"""When a platform is asked again that said that most of a chat is gone."""

TOO_OLD = timedelta(days=90)
"""How long after its end a chat is not followed any more by itself: looking costs money on some platforms."""

_MISSED = timedelta(days=7)
"""A step that is late by so much is left out: the bot was away, and the next step finds the same."""

_FEW = 10
"""Messages that may always be gone at once: one person may have deleted what they wrote."""

_MOST_ATTEMPTS = 24


def steps(
    found: Publication, ends: datetime, after: Sequence[timedelta], now: datetime
) -> Iterator[tuple[str, datetime]]:
    """The steps of a chat that can be planned by now, each with its time. `after` are counted from the publication."""
    since = found.since
    if found.phase == "withheld" or now - ends > TOO_OLD:
        return
    if since is None:
        if found.due is not None and found.phase == "waiting":
            yield AT_PUBLICATION, found.due - AHEAD
        return
    times = {AT_PUBLICATION: since} | {f"{_words(one)} after": since + one for one in after}
    yield from ((step, at) for step, at in times.items() if now - at <= _MISSED)


def add(tally: Tally, asked: Sequence[str], current: CurrentMessages, withheld_before: frozenset[str]) -> Tally:
    """The tally with a platform's answer about some messages."""
    there, deleted = set(current.there), [id for id in current.deleted if id in asked]
    withheld = [id for id in current.withheld if id in asked and id not in withheld_before]
    told = there.union(current.deleted, current.withheld)
    return Tally(
        total=tally.total,
        asked=tally.asked + len(asked),
        deleted=(*tally.deleted, *deleted),
        withheld=(*tally.withheld, *withheld),
        back=(*tally.back, *(id for id in asked if id in there and id in withheld_before)),
        edited=tally.edited,
        unanswered=tally.unanswered + sum(id not in told for id in asked),
        unpaid=tally.unpaid,
        micros=tally.micros,
    )


def is_doubtful(row: ResyncRow) -> bool:
    """Whether so much is gone that the platform is not believed yet."""
    believed = row.sure or row.state == "doubtful"
    return not believed and row.tally.gone > max(_FEW, row.tally.asked // 2)


def pause(attempts: int, asked: float | None, *, refused: bool) -> timedelta:
    """How long to wait after an attempt that failed: as the platform asked, else 1, 2, 4 … 60 minutes."""
    usual = timedelta(hours=1) if refused else timedelta(minutes=min(2 ** min(attempts, 6), 60))
    return max(usual, timedelta(seconds=asked or 0))


def gives_up(attempts: int) -> bool:
    """Whether a comparison has failed so often that it is left: after about a day."""
    return attempts >= _MOST_ATTEMPTS


def _words(length: timedelta) -> str:
    days = length / timedelta(days=1)
    return f"{days:g} day{'s' * (days != 1)}" if days >= 1 else f"{length / timedelta(hours=1):g} h"
