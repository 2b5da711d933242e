"""The decisions about the messages of one batch: held, dropped, released, or taken over from a log.

They change the rows they are given, and neither read nor write a database. Without a judge nothing is judged, and only
decisions made elsewhere count, as when a log is imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bot.messages import Message, MessageDecision
from bot.moderation.judge import Judge
from bot.moderation.policy import Judgement, Reason
from bot.moderation.reasons import AnyReason
from bot.store.message_rows import Ident, MessageRow


class Decision(NamedTuple):
    """A message that was held or dropped just now. `message` is None where it was judged before, and edited since."""

    row: MessageRow
    found: Judgement
    at: datetime
    message: Message | None


class BatchDecisions:
    """The decisions of one batch.

    Of the held messages, `reworded` have another text now and `released` wait no more. `decided_elsewhere` are those
    whose verdict came with the batch.
    """

    def __init__(self, judge: Judge | None = None) -> None:
        self._judge = judge
        self._decided_at: dict[Ident, datetime] = {}
        self._decided: dict[Ident, Decision] = {}
        self.reworded: dict[Ident, Decision] = {}
        self.released: dict[Ident, None] = {}
        self.decided_elsewhere: dict[Ident, MessageRow] = {}

    @property
    def decided(self) -> list[Decision]:
        """Held and dropped messages, each with its last decision."""
        return list(self._decided.values())

    @property
    def are_judged(self) -> bool:
        """Whether messages are judged here, as they are heard."""
        return self._judge is not None

    def new(self, message: Message, row: MessageRow, *, command: bool) -> None:
        """Judge a message. One that is gone already is judged only if it is a command."""
        if row.verdict != "keep" or (row.place, row.id) in self.decided_elsewhere:
            self.decided_elsewhere[row.place, row.id] = row
        if self._judge is None or row.chat is None or (row.gone and not command):
            return
        self._decide(row, self._judge.new(message, row, command=command), message.at, message)
        self._judge.remember(row)

    def edited(self, row: MessageRow, at: datetime) -> None:
        """Judge an edited text. A held message stays held until a moderator decides; a dropped one stays dropped."""
        if self._judge is None or row.author is None or row.chat is None or row.gone:
            return
        if row.verdict != "drop":
            found = self._judge.again(row, at)
            if row.verdict == "hold" and found.verdict != "drop":
                self._reword(row, found, at)
            else:
                self.release(row)
                self._decide(row, found, at)
        self._judge.remember(row)

    def forget(self, row: MessageRow, *, gone: bool = False) -> None:
        """Forget a text that is about to go or change: it may be said again."""
        if self._judge is not None:
            self._judge.forget(row, gone=gone)

    def release(self, row: MessageRow) -> None:
        """A held message waits no more: it was deleted, emptied or dropped, or its author left."""
        if row.verdict == "hold":
            self.released[row.place, row.id] = None

    def take_over(self, event: MessageDecision, row: MessageRow) -> None:
        """Take over a decision from an imported log. The latest of several counts."""
        ident = (event.place, event.id)
        if event.at >= self._decided_at.get(ident, event.at):
            self._decided_at[ident] = event.at
            row.verdict = event.verdict
            self.decided_elsewhere[ident] = row

    def _decide(self, row: MessageRow, found: Judgement, at: datetime, message: Message | None = None) -> None:
        if found.verdict != "keep":
            row.verdict = found.verdict
            before = self._decided.get((row.place, row.id))
            self._decided[row.place, row.id] = Decision(row, found, at, before.message if before else message)

    def _reword(self, row: MessageRow, found: Judgement, at: datetime) -> None:
        """A message held in this batch has no queue number yet, so it simply waits with its new text."""
        held = self._decided.get((row.place, row.id))
        if held is None:
            self.reworded[row.place, row.id] = Decision(row, found, at, None)
        else:
            reasons = joined(held.found.reasons, found.reasons)
            self._decided[row.place, row.id] = held._replace(found=Judgement(verdict="hold", reasons=reasons))


def joined(before: Iterable[AnyReason], now: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons of an edited message. Old ones stay, but their positions hold no more in the new text."""
    kinds = {one.kind for one in now}
    return (*dict.fromkeys(Reason(kind=one.kind) for one in before if one.kind not in kinds), *now)
