"""The rows of the messages that a batch of events is about: which of them have to be written, and what they count.

It changes them in memory, and neither reads nor writes a database.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot.listening.batch_attributions import BatchAttributions
from bot.listening.new_rows import placeholder
from bot.store.message_rows import Ident, MessageRow


class BatchRows:
    """The rows of one batch, by place and id. `counts` are the changes to the counts, by chat and question."""

    def __init__(self, attributions: BatchAttributions) -> None:
        self._attributions, self._rows = attributions, attributions.rows
        self._stored = set(self._rows)
        self._touched: dict[Ident, None] = {}
        self.counts: Counter[tuple[str, str]] = Counter()

    @property
    def new(self) -> list[MessageRow]:
        """Messages to insert."""
        return [self._rows[ident] for ident in self._touched if ident not in self._stored]

    @property
    def changed(self) -> list[MessageRow]:
        """Messages to update."""
        return [self._rows[ident] for ident in self._touched if ident in self._stored]

    def find(self, ident: Ident) -> MessageRow | None:
        """The row of a message, if it is known."""
        return self._rows.get(ident)

    def of_author(self, place: str, author: str) -> list[MessageRow]:
        """The rows of the messages by an account."""
        return [
            row
            for row in self._rows.values()
            if row.place == place and row.author is not None and row.author.id == author
        ]

    def add(self, row: MessageRow) -> None:
        """Add a new message, or put it where its placeholder was."""
        self._rows[row.place, row.id] = row
        self.touch(row)

    def to_change(self, ident: Ident, at: datetime) -> MessageRow:
        """The row of a message that changes `at` that time, or a placeholder where the message has not come yet."""
        row = self._rows.get(ident)
        if row is None:
            row = self._rows[ident] = placeholder(*ident, at)
        self.touch(row)
        return row

    def touch(self, row: MessageRow) -> None:
        """Note that a message has to be written."""
        self._touched[row.place, row.id] = None

    def count(self, row: MessageRow, by: int) -> None:
        """Count a message under its question, or no longer."""
        if row.chat and row.counts:
            self.counts[row.chat, row.question] += by
            for question in row.also:
                self.counts[row.chat, question] += 0  # shown there, too

    def follow(self, ident: Ident) -> None:
        """Attribute the messages that refer to this one again, and those that refer to any that moved."""
        if not self._attributions.is_referred_to(ident):
            return
        waiting, seen = [ident], {ident}
        while waiting:
            for row in self._attributions.below(waiting.pop()):
                below, before = (row.place, row.id), (row.question, row.reason, row.also)
                self.count(row, -1)
                self._attributions.again(row)
                self.count(row, +1)
                if (row.question, row.reason, row.also) != before:
                    self._touched[below] = None
                    waiting += [below] if below not in seen else []
                    seen.add(below)
