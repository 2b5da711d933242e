"""Names for the ids in a text: those that came with the message, else those that are known otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.messages import Author


class Directory(NamedTuple):
    """Known names: of the `account` with an id, and of the account that wrote the `post` with an id.

    Each begins with `@`; None: not known, or not to be named.
    """

    account: Callable[[str], str | None]
    post: Callable[[str], str | None]


NOBODY = Directory(account=lambda _id: None, post=lambda _id: None)
"""A directory without a name."""


def author_name(author: Author) -> str | None:
    """An account's name as a mention shows it; None if it has neither handle nor name."""
    name = author.handle or author.name
    return f"@{name.lstrip('@')}" if name else None
