"""The batch writer: stores a batch of events and all that follows from it, in one transaction.

`EventBatch` works out the changes, `Judge` judges messages, `BatchDecisions` collects the decisions, and
`DecisionWriter` writes them. This puts them in order, and plans the receipts for people who asked to be left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.listening.attributor import Attributor
from bot.listening.command_recognition import CommandRecognizer
from bot.listening.erased_people import without_forgotten
from bot.listening.event_batch import EventBatch, FindCommand
from bot.listening.message_texts import read_texts
from bot.live.live_chats import LiveChats
from bot.live.receipts import privacy_receipt
from bot.messages import AnyEvent, Message, Value
from bot.moderation.decision_writer import DecisionWriter, Moderators, PlaceCapabilities
from bot.moderation.decisions import BatchDecisions
from bot.moderation.judge import HasRole, Judge
from bot.moderation.policy import Policy
from bot.store import author_choices, commands, messages, people, planned_posts
from bot.store.message_rows import Ident
from bot.translation import speaking

_MOST_CALLED = 50_000
"""People whose handle and name are remembered, so that only a new one costs a query."""


class RoleLookup(Value, frozen=True, kw_only=True):
    """Functions that look up roles. Both are called from any thread."""

    has_role: HasRole = lambda _message, _chat: False
    moderators: Moderators = lambda _chat: ()


class Changes(NamedTuple):
    """The changes of a batch.

    `counts` are changes under each chat's questions, 0 where only shown messages look different; `chats` are those that
    look different, `queues` those with another moderation queue, `commands` is the number of new commands; `planned`
    says that there are new posts in the outbox.
    """

    counts: dict[tuple[str, str], int]
    chats: Collection[str]
    queues: Collection[str]
    commands: int
    planned: bool


class BatchWriter:
    """Writes one batch after another. `left_out` asked to be left out; `stopped` told the bot never to write to them.

    Without a `policy` events are only stored and attributed: nothing is judged, and no message is a command.
    """

    def __init__(
        self, live_chats: LiveChats, *, policy: Policy | None, capabilities: PlaceCapabilities, roles: RoleLookup
    ) -> None:
        self.left_out: set[Ident] = set()
        self.stopped: set[Ident] = set()
        self._live_chats = live_chats
        self._attributor = Attributor(live_chats)
        self._capabilities = capabilities
        self._called: dict[Ident, tuple[tuple[str, str], datetime]] = {}
        self._judge: Judge | None = None
        self._find_command: FindCommand = _no_command
        if policy:
            self._judge = Judge(policy, live_chats, has_role=roles.has_role, accounts=capabilities.accounts)
            self._find_command = CommandRecognizer(live_chats, roles.has_role).find
        self._decision_writer = DecisionWriter(
            live_chats,
            capabilities=capabilities,
            moderators=roles.moderators,
            remind=policy.remind if policy else False,
        )

    def reload_people(self, connection: Connection) -> None:
        """Read again who is left out, and who told the bot to stop; never while a batch is written."""
        self.left_out, self.stopped = messages.excluded_people(connection), people.silenced_people(connection)

    def write(self, connection: Connection, events: Sequence[AnyEvent]) -> Changes:
        """Write a batch in the caller's transaction. If that fails, call `rollback`."""
        events = without_forgotten(connection, events)
        attributions = self._attributor.prepare(connection, events)
        events = [attributions.by_message(event) for event in events]
        said = [event for event in events if isinstance(event, Message)]
        heard = self._in_chats(said)
        attributions.find_marks(heard)
        left_out = set(self.left_out)
        if self._judge:
            self._judge.prepare(connection, events, heard, attributions.rows)
        batch = EventBatch(
            attributions,
            left_out,
            self._live_chats,
            names=people.get_authors(connection, _unnamed_authors(said)),
            accounts=self._capabilities.accounts,
            texts=read_texts(connection, events, self._live_chats, left_out=left_out, rows=attributions.rows),
            decisions=BatchDecisions(self._judge),
            find_command=self._find_command,
        )
        for event in events:
            batch.apply(event)
        if self._judge:
            self._judge.finish()
        new, changed = batch.rows.new, batch.rows.changed
        messages.append_events(connection, batch.raw)
        messages.save_rows(connection, new, changed)
        messages.save_versions(connection, attributions.new_versions)
        batch.rows.counts.update(messages.exclude_people(connection, batch.choices.leaving))
        chosen = batch.choices
        batch.rows.counts.update(author_choices.bring_back(connection, chosen.returning, chosen.put_back))
        people.save_names(connection, batch.named)
        self._rename(connection, said)
        commands.enqueue(connection, batch.commands)
        stopped = self.stopped | batch.stopping.keys()
        receipts_planned = self._plan_receipts(connection, batch, stopped)
        queues, notices_planned = self._decision_writer.write(
            connection, batch.decisions, batch.choices.leaving, stopped
        )
        self.left_out, self.stopped = left_out, self.stopped | stopped
        counts = {key: by for key, by in batch.rows.counts.items() if key[0] in self._live_chats.by_name}
        chats = {chat for chat, _ in counts} | {one.chat for one in (*new, *changed) if one.chat}
        return Changes(counts, chats, queues, len(batch.commands), receipts_planned or notices_planned)

    def _in_chats(self, said: Iterable[Message]) -> list[tuple[Message, str]]:
        """The messages that come while a chat is open, each with that chat."""
        open_chat = self._live_chats.open_chat
        return [(one, chat) for one in said if (chat := one.chat or open_chat(one.place, one.at))]

    def _rename(self, connection: Connection, said: Iterable[Message]) -> None:
        """Give earlier messages of accounts that have another handle or name by now the new one."""
        renamed = []
        for one in said:
            if not one.author.handle:
                continue
            ident, called = (one.place, one.author.id), (one.author.handle, one.author.name)
            known, since = self._called.get(ident, (None, one.at))
            if known == called or one.at < since:
                continue
            renamed.append((one.place, one.author, one.at))
            if len(self._called) > _MOST_CALLED:
                self._called.clear()
            self._called[ident] = called, one.at
        people.rename(connection, renamed)

    def rollback(self) -> None:
        """Forget a batch that could not be written."""
        self._called.clear()
        if self._judge:
            self._judge.rollback()

    def _plan_receipts(self, connection: Connection, batch: EventBatch, stopped: Collection[Ident]) -> bool:
        """Plan the receipts, but none for people who told the bot to stop. Returns whether there are any."""
        people.silence_people(connection, batch.stopping)
        wanted = []
        for chat, message, request in batch.receipts_due:
            if message.place in self._capabilities.answering and (message.place, message.author.id) not in stopped:
                private = message.place in self._capabilities.private
                with speaking(self._live_chats.language(chat)):
                    wanted.append(privacy_receipt(message, chat, request, private=private))
        planned_posts.save_plan(connection, wanted)
        return bool(wanted)


def _no_command(_message: Message, _chat: str | None) -> None:
    """Recognizes nothing."""


def _unnamed_authors(said: Iterable[Message]) -> set[Ident]:
    """The authors of messages that came without a handle and a name."""
    return {(one.place, one.author.id) for one in said if not one.author.handle and not one.author.name}
