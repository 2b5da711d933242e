"""Confirms claims right before the calls, where several processes share a database.

Another process may have given a claim back for a command, or taken it over because this one stood still. What can't be
confirmed in time is not sent. A process that stands still between here and its socket looks at the clock there
(`bot.ports.punctuality`). Only the moment after that is beyond us: there the nonce, or a refused duplicate, has to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.errors import StoreError
from bot.ports.platform import Traits
from bot.scheduling.post_transitions import MAX_WAKE_DELAY
from bot.store import claims
from bot.store.database import Database
from bot.store.outbox import ClaimedPost


async def confirmed(database: Database, traits: Traits, items: Sequence[ClaimedPost]) -> list[ClaimedPost]:
    """Those of these posts of one place whose claims still hold; all, where no other process has the database.

    Raises StoreError if that is not known in time.
    """
    if not database.is_shared:
        return list(items)
    loop, lease, held = asyncio.get_running_loop(), _lease(traits) + MAX_WAKE_DELAY, set[int]()
    begun = loop.time()
    for claim in {item.claim for item in items if item.claim}:
        rows = [item.id for item in items if item.claim == claim]
        held |= await database.write("claims", claims.confirm, claim, rows, lease)
    if loop.time() - begun > MAX_WAKE_DELAY.total_seconds():
        raise StoreError("The claim was not confirmed in time.")
    return [item for item in items if item.id in held]


def _lease(traits: Traits) -> timedelta:
    """How long nobody else may look for a post or send it while this process calls the platform, in wall time."""
    delivery = traits.delivery
    return timedelta(seconds=1.0 if delivery.idempotent else delivery.timeout + delivery.visible_after)
