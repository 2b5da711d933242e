"""What was decided about the messages of one batch: what does not count, what is a command, what waits no more.

It changes the rows it is given, and neither reads nor writes a database. Without a bench nothing is judged: only what
was decided elsewhere is taken over, as where a log is read in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bot.live.consent import asks_out, wish
from bot.messages import Command, Message, MessageDecision
from bot.moderation.bench import BatchJudge
from bot.moderation.reasons import Reasoned
from bot.moderation.verdict import Judgement, Reason
from bot.store.message_rows import Ident, MessageRow


class Decision(NamedTuple):
    """A message that was held or dropped just now. `message` is None where it was judged before, and changed since."""

    row: MessageRow
    found: Judgement
    at: datetime
    message: Message | None


class BatchDecisions:
    """`decisions` are about messages that do not count, `commands` are for the bot.

    Of those that wait, `reworded` have another text now and `released` wait no more; `told` was decided elsewhere.
    """

    def __init__(self, judge: BatchJudge | None = None) -> None:
        self._judge = judge
        self._told_at: dict[Ident, datetime] = {}
        self._decided: dict[Ident, Decision] = {}
        self.commands: list[Command] = []
        self.reworded: dict[Ident, Decision] = {}
        self.released: dict[Ident, None] = {}
        self.told: dict[Ident, MessageRow] = {}

    @property
    def decisions(self) -> list[Decision]:
        """One a message: the last."""
        return list(self._decided.values())

    def new(self, message: Message, row: MessageRow) -> None:
        """Judge a message. A wish is no command; what is gone already is only looked at for one."""
        if row.verdict != "keep" or (row.place, row.id) in self.told:
            self.told[row.place, row.id] = row
        if self._judge is None or row.chat is None:
            return
        command = not wish(message.text) and self.command(message, row.chat)
        if row.gone and not command:
            return
        self._decide(row, self._judge.new(message, row, command=command), message.at, message)
        self._judge.note(row)

    def command(self, message: Message, chat: str | None) -> bool:
        """Take a command, if the message is one."""
        command = self._judge.command(message, chat) if self._judge is not None else None
        if command is not None:
            self.commands.append(command)
        return command is not None

    def changed(self, row: MessageRow, at: datetime) -> None:
        """Other words may have other signs in them. What is held stays so until somebody decides, what is out, out."""
        if self._judge is None or row.author is None or row.chat is None or row.gone or asks_out(row.text):
            return
        if row.verdict != "drop":
            found = self._judge.again(row, at)
            if row.verdict == "hold" and found.verdict != "drop":
                self._reword(row, found, at)
            else:
                self.gone(row)
                self._decide(row, found, at)
        self._judge.note(row)

    def forget(self, row: MessageRow) -> None:
        """These words will stand no more: they may be said again."""
        if self._judge is not None:
            self._judge.forget(row)

    def gone(self, row: MessageRow) -> None:
        """It waits no more, because of its author: taken back, left out, or not heard."""
        if row.verdict == "hold":
            self.released[row.place, row.id] = None

    def ruled(self, event: MessageDecision, row: MessageRow) -> None:
        """A decision that stands in a log which is read in. Of several the latest counts."""
        ident = (event.place, event.id)
        if event.at >= self._told_at.get(ident, event.at):
            self._told_at[ident] = event.at
            row.verdict = event.verdict
            self.told[ident] = row

    def _decide(self, row: MessageRow, found: Judgement, at: datetime, message: Message | None = None) -> None:
        if found.verdict != "keep":
            row.verdict = found.verdict
            before = self._decided.get((row.place, row.id))
            self._decided[row.place, row.id] = Decision(row, found, at, before.message if before else message)

    def _reword(self, row: MessageRow, found: Judgement, at: datetime) -> None:
        """What was held only just now has no number yet, and waits with the words that it has now."""
        held = self._decided.get((row.place, row.id))
        if held is None:
            self.reworded[row.place, row.id] = Decision(row, found, at, None)
        else:
            reasons = joined(held.found.reasons, found.reasons)
            self._decided[row.place, row.id] = held._replace(found=Judgement(verdict="hold", reasons=reasons))


def joined(before: Iterable[Reasoned], now: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Why a message waited stays when its text changes; where that stood is known only of what is seen now."""
    kinds = {one.kind for one in now}
    return (*dict.fromkeys(Reason(kind=one.kind) for one in before if one.kind not in kinds), *now)
