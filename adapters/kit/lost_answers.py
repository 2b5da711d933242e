"""Looks for a post of ours whose answer was lost: page by page, as far back as it can be.

When to look, and what follows, is decided in `bot/scheduling/post_transitions.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.messages import Post

T = TypeVar("T")

_MARGIN = timedelta(seconds=60)
"""How much earlier than due a post is looked for: our clock and the platform's differ."""


def earliest(post: Post) -> datetime:
    """The earliest time, UTC, by the platform's clock at which the post can have been made."""
    return post.due - _MARGIN


async def find_own(
    pages: AsyncIterator[Iterable[T]], same: Callable[[T], bool], *, too_old: Callable[[T], bool] = lambda _: False
) -> T | None:
    """The first entry that is the `same` as our post. Ends at one that is `too_old`, where the newest come first."""
    async for page in pages:
        for one in page:
            if too_old(one):
                return None
            if same(one):
                return one
    return None


async def pages_by_token(
    read: Callable[[str | None], Awaitable[tuple[Iterable[T], str | None]]], most: int
) -> AsyncIterator[Iterable[T]]:
    """At most `most` pages, where each answer carries the token of the next."""
    token: str | None = None
    for _ in range(most):
        page, token = await read(token)
        yield page
        if token is None:
            return
