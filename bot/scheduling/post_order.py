"""The order of a chat's posts on a place, among those that this process has claimed.

Posts are claimed while the one before them is not out yet, so that no disk stands between two of them. Each waits here
for the one before it, and goes out only if that one did, or never will. What is claimed, the database decides.
"""

from __future__ import annotations

import asyncio

import msgspec

from bot.store.outbox import ClaimedPost, PostOutcome
from bot.store.post_states import OPENING_KINDS, SIDE_KINDS

_FINISHED = ("sent", "failed", "skipped")
"""States after which the next post may go out."""


class _Turn:
    """A claimed post: the one `before` it, whether it is `over`, and then the first post of its chat on the place."""

    def __init__(self, item: ClaimedPost, before: _Turn | None) -> None:
        self.item, self.before = item, before
        self.over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.opening = item.post.opening

    @property
    def rank(self) -> tuple[object, int]:
        return self.item.post.due, self.item.id


class PostOrder:
    """The claimed posts, from `add` until `forget`, when the outcomes are saved. `over` tells of one before."""

    def __init__(self) -> None:
        self._turns: dict[int, _Turn] = {}
        self._chats: dict[tuple[str, str], dict[int, _Turn]] = {}

    def add(self, item: ClaimedPost) -> None:
        """A post was claimed, after all that come before it and are claimed as well."""
        if item.post.kind in SIDE_KINDS:
            return
        self.forget(item.id)
        others = self._chats.setdefault((item.post.chat, item.post.place), {})
        mine = _Turn(item, None)
        earlier = (one for one in others.values() if one.rank < mine.rank)
        mine.before = max(earlier, key=lambda one: one.rank, default=None)
        self._turns[item.id] = others[item.id] = mine

    def waits(self, item: ClaimedPost) -> bool:
        """Whether the post before this one is not out yet, or has to be tried again."""
        mine = self._turns.get(item.id)
        return (
            mine is not None and mine.before is not None and not (mine.before.over.done() and mine.before.over.result())
        )

    async def turn(self, item: ClaimedPost, patience: float) -> bool:
        """Wait until the one before it has an outcome, for so many wall seconds. Whether this one may go out now."""
        mine = self._turns.get(item.id)
        if mine is None or mine.before is None:
            return True
        await asyncio.wait({mine.before.over}, timeout=max(patience, 0.0))
        return not self.waits(item)

    def complete(self, item: ClaimedPost) -> ClaimedPost:
        """The post with the first one of its chat on the place, if that was not out when this one was claimed."""
        mine = self._turns.get(item.id)
        if mine is None or mine.before is None:
            return item
        mine.opening = mine.opening or mine.before.opening
        mine.before = None
        return msgspec.structs.replace(item, post=msgspec.structs.replace(item.post, opening=mine.opening))

    def over(self, outcome: PostOutcome) -> None:
        """A post has an outcome, which is not saved yet."""
        mine = self._turns.get(outcome.id)
        if mine is not None and not mine.over.done():
            if mine.opening is None and mine.item.post.kind in OPENING_KINDS and mine.item.post.part == 1:
                mine.opening = outcome.receipt
            mine.over.set_result(outcome.state in _FINISHED)

    def forget(self, id: int) -> None:
        """A post is held no longer: its outcome is saved, or another process has it. Whoever waits does so no more."""
        mine = self._turns.pop(id, None)
        if mine is not None:
            if not mine.over.done():
                mine.over.set_result(False)
            where = mine.item.post.chat, mine.item.post.place
            del self._chats[where][id]
            if not self._chats[where]:
                del self._chats[where]
