"""Half-written forms of people who plan or lead chats, kept until they are sent. Values and a protocol.

It belongs to whoever has the private link, so that a reload, a restart and another device lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from bot.messages import Time, Value

MOST_KEPT = 200_000
"""Characters of a form that are kept: three times those of a page of 10,000 words."""


ANNOUNCEMENT = "announcement"
"""The form for an announcement that is not read yet, with its `text` and the `day` that was chosen in the calendar."""


class KeptText(Value, frozen=True, kw_only=True):
    """The `fields` of a `form` by name, `about` a series or a chat. `owner` is the id of their session or link.

    `revision` counts how often it was kept, 0 if it never was.
    """

    about: str
    owner: str
    form: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    revision: int = 0
    at: Time | None = None

    def __getitem__(self, field: str) -> str:
        """The value of a field, or an empty string."""
        return self.fields.get(field, "")


class KeptTexts(Protocol):
    """Keeps what is half written. Whose it is, and that they may open the page, is for the caller to know."""

    async def of(self, about: str, owner: str) -> Mapping[str, KeptText]:
        """All that somebody has half written about a series or a chat, by form. Raises StoreError."""

    async def keep(self, text: KeptText) -> KeptText:
        """Keep a form as its next revision; one with only blanks is removed.

        Raises ChangedDraftError if another is kept already, TeamError if it is too long, and StoreError.
        """

    async def remove(self, about: str, owner: str, form: str) -> None:
        """Remove a form, however often it was kept. Raises StoreError."""


class NothingKept:
    """Where nothing is kept: every form is empty."""

    async def of(self, about: str, owner: str) -> Mapping[str, KeptText]:
        """Nothing."""
        del about, owner
        return {}

    async def keep(self, text: KeptText) -> KeptText:
        """Keep nothing."""
        return text

    async def remove(self, about: str, owner: str, form: str) -> None:
        """Remove nothing."""
