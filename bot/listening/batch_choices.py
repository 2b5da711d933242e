"""People's choices about the record in one batch of events: who is in it, and which messages are out of it.

It changes the rows of the batch and remembers what is to be written; it neither reads nor writes a database. Messages
that come back are counted when they are written: only the store knows which of them were deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.listening.batch_rows import BatchRows
from bot.live.consent import Request
from bot.messages import Message
from bot.moderation.decisions import BatchDecisions
from bot.store.message_rows import Ident, MessageRow

_ABOUT_ONE: tuple[Request, ...] = ("take out", "put back")
"""The requests that are about the message above."""


class BatchChoices:
    """The choices of one batch.

    `left_out` are the people who are left out, and is changed. `leaving` asked for it now, `returning` want to be in
    again, and `put_back` are the messages that their authors want in again. `accounts` returns all of the bot's
    accounts on a place's platform: a person has the same id on each.
    """

    def __init__(
        self,
        rows: BatchRows,
        left_out: set[Ident],
        *,
        accounts: Callable[[str], Collection[str]],
        decisions: BatchDecisions,
    ) -> None:
        self._rows, self.left_out, self._accounts = rows, left_out, accounts
        self._decisions = decisions
        self.leaving: dict[Ident, None] = {}
        self.returning: dict[Ident, None] = {}
        self.put_back: dict[Ident, None] = {}

    def leave(self, place: str, author: str) -> None:
        """Leave a person out, on all of the bot's accounts there."""
        for each in self._accounts(place):
            self.left_out.add((each, author))
            self.leaving[each, author] = None
            self.returning.pop((each, author), None)
            for row in self._rows.of_author(each, author):
                self._hide(row)

    def come_back(self, place: str, author: str) -> None:
        """Have a person in again, on all of the bot's accounts there."""
        for each in self._accounts(place):
            self.left_out.discard((each, author))
            self.leaving.pop((each, author), None)
            self.returning[each, author] = None

    def take_out(self, row: MessageRow) -> None:
        """Take a message out of the record."""
        self._hide(row)
        row.taken_out = True
        self.put_back.pop((row.place, row.id), None)

    def bring_back(self, row: MessageRow) -> None:
        """Have a message in again."""
        row.taken_out = False
        self._rows.touch(row)
        self.put_back[row.place, row.id] = None

    def ask(self, event: Message, new: MessageRow, request: Request, above: MessageRow | None) -> None:
        """Take the message `above` out or in again, if one asks for it. What only asks stands nowhere itself."""
        if request == "stop":
            return
        if request in _ABOUT_ONE:
            if not self._is_own(event, above) or above is None:
                return
            (self.take_out if request == "take out" else self.bring_back)(above)
        new.gone = new.taken_out = True

    def receipt(self, event: Message, request: Request, above: MessageRow | None) -> str:
        """Which receipt the author of a request is owed."""
        return request if request not in _ABOUT_ONE or self._is_own(event, above) else "not yours"

    def _is_own(self, event: Message, above: MessageRow | None) -> bool:
        """Whether the message to which one replies is by the same person."""
        if above is None or above.author is None or above.author.id != event.author.id:
            return False
        return above.place in self._accounts(event.place)

    def _hide(self, row: MessageRow) -> None:
        self._rows.count(row, -1)
        row.gone = True
        self._decisions.release(row)
        self._rows.touch(row)
