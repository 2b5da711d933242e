"""A pretend platform in memory, with a vocabulary: what it was told, and how it will answer next."""

from __future__ import annotations

from bot.messages import Post, Receipt
from bot.port import Clock, Traits


class FakePlatform:
    """Takes everything, unless told otherwise. `posted` is the ground truth: a text twice means it was said twice."""

    def __init__(self, clock: Clock, **traits: object) -> None:
        self._clock = clock
        self.traits = Traits(**({"platform": "fake", "limit": 280, "timeout": 2.0} | traits))  # type: ignore[arg-type]
        self.posted: list[str] = []
        self._ids: dict[str, str] = {}
        self._answers: list[Exception] = []
        self._hidden = 0

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    def refuses(self, *errors: Exception) -> None:
        """Answer the next sends with these errors, and take none of them."""
        self._answers += errors

    def loses_the_answer(self) -> None:
        """Take the next post, and then say nothing of it."""
        self._hidden += 1

    async def send(self, post: Post) -> Receipt:
        if self._answers:
            raise self._answers.pop(0)
        self.posted.append(post.text)
        self._ids[post.nonce] = f"id-{len(self.posted)}"
        if self._hidden:
            self._hidden -= 1
            raise ConnectionResetError
        return self._receipt(post)

    async def find(self, post: Post) -> Receipt | None:
        return self._receipt(post) if post.nonce in self._ids else None

    def _receipt(self, post: Post) -> Receipt:
        return Receipt(id=self._ids[post.nonce], url=None, at=self._clock.now())
